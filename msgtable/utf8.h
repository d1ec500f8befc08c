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

/* Length of the run of printable ASCII at the start. *ESCAPES: false when none of it is a quotation mark or backslash; true may also come from
 * octets behind the run. */
size_t utf8_plain_run(const uint8_t *text, size_t length, bool *escapes);

struct utf8_facts utf8_examine(const uint8_t *text, size_t length);

#endif
