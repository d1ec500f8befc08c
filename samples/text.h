/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of a message line: escapes and {placeholders} become the octets of a datagram. */
#ifndef MKSAMPLE_TEXT_H
#define MKSAMPLE_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "buffer.h"

enum {
    TEXT_MAX = 60000 /* octets of one message */
};

struct text_values {
    int64_t device_time; /* nanoseconds since 1970 on the device's clock */
    unsigned number;     /* {n} */
};

/* Appends the octets of `text` to *out. On an error returns false and points *why to a sentence. */
bool text_expand(const char *text, const struct text_values *values, struct buffer *out, const char **why);

/* Parses a decimal number of seconds such as "0.250" to nanoseconds; false unless it is one, to the end. */
bool text_seconds(const char *text, int64_t *nanoseconds);

/* Parses "2020-09-30T09:06:09.254798Z" likewise. */
bool text_time(const char *text, int64_t *nanoseconds);

#endif
