/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Octets from the wire shown to people: nothing that a terminal would act on, and columns that line up. */
#ifndef FTDPCAP_TEXT_H
#define FTDPCAP_TEXT_H

#include "buffer.h"

/* Length of the run of printable ASCII that needs no escape in JSON. */
size_t text_plain_run(const uint8_t *text, size_t length);

/* Length of the run of printable ASCII. */
size_t text_printable_run(const uint8_t *text, size_t length);

/* Appends the text with control octets and what is no UTF-8 as \xHH, what else msgt_unsafe_character() names as \u{…}. */
void text_safe(struct buffer *buffer, const void *text, size_t length);

/* The output of any format once more, with what is not ASCII as JSON escapes it: \u00db. */
void text_ascii(struct buffer *buffer, const void *text, size_t length);

/* As text_safe(), with every double quote twice. */
void text_doubled(struct buffer *buffer, const void *text, size_t length);

/* As text_safe(), in double quotes when it is empty or holds a blank or a quote. */
void text_value(struct buffer *buffer, const void *text, size_t length);

/* Columns of a terminal that the octets take (East Asian wide characters take two). */
size_t text_width(const char *text, size_t length);

/* Appends the text and blanks up to WIDTH columns. */
void text_padded(struct buffer *buffer, const char *text, size_t width);

/* Appends the text, broken at blanks (in Japanese at any character) so that lines fit into COLUMNS; each further line
 * starts with INDENT blanks. The first line starts at column INDENT. No line feed at the end. */
void text_wrapped(struct buffer *buffer, const char *text, size_t indent, size_t columns);

#endif
