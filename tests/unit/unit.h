/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every unit test includes. */
#ifndef UNIT_H
#define UNIT_H

/* cmocka wants these in front of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* The octets in a block of exactly their size, so that a sanitizer sees any step beyond. */
static inline uint8_t *exactly(const void *octets, size_t length)
{
    uint8_t *copy = malloc(length); /* of no octets: a pointer that may not be read */
    assert_non_null(copy);
    memcpy(copy, octets, length);
    return copy;
}

#endif
