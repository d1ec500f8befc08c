/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Octets as text (RFC 3629): what is odd about them. */
#ifndef MSGTABLE_UTF8_H
#define MSGTABLE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct utf8_facts {
    bool control;    /* C0 or DEL inside */
    bool invalid;    /* not valid UTF-8 */
    bool cut_at_end; /* the only fault is a character that the end cuts */
};

/* What a run of printable ASCII holds, at most: both may also come from octets behind it, and from some that are counted twice. */
struct utf8_plain {
    bool escapes; /* a quotation mark or backslash */
    unsigned percents;
};

/* Length of the run of printable ASCII at the start. */
size_t utf8_plain_run(const uint8_t *text, size_t length, struct utf8_plain *plain);

struct utf8_facts utf8_examine(const uint8_t *text, size_t length);

#endif
