/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON (RFC 8259) written into a buffer. What is no valid UTF-8 becomes U+FFFD. */
#ifndef FTDPCAP_JSON_H
#define FTDPCAP_JSON_H

#include "buffer.h"

/* Writes the text in double quotes at TO, where json_room(LENGTH) octets fit; returns the octet behind it. */
char *json_put(char *to, const void *text, size_t length);
static inline size_t json_room(size_t length) { return 6 * length + 2; }

/* The same for text that is known to need no escape. */
static inline char *json_put_plain(char *to, const void *text, size_t length)
{
    *to = '"';
    memcpy(to + 1, text, length);
    to[length + 1] = '"';
    return to + length + 2;
}

/* Beyond that a double, and so many a reader, is no longer exact: such numbers are written as text. */
static inline bool json_is_exact(int64_t number) { return number <= INT64_C(1) << 53 && number >= -(INT64_C(1) << 53); }

/* The text in double quotes. */
void json_string(struct buffer *buffer, const void *text, size_t length);

/* Keys are literals of ours: lower_snake_case, nothing to escape. Each writes a comma first unless an object or array was just
 * opened. */
void json_key(struct buffer *buffer, const char *key);
void json_key_text(struct buffer *buffer, const char *key, const char *text);
void json_key_octets(struct buffer *buffer, const char *key, const void *text, size_t length);
void json_key_uint(struct buffer *buffer, const char *key, uint64_t number);
void json_key_int(struct buffer *buffer, const char *key, int64_t number);
void json_separate(struct buffer *buffer);

/* RFC 4648, section 4, in double quotes. */
void json_base64(struct buffer *buffer, const uint8_t *octets, size_t length);

#endif
