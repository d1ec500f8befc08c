/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The header of a message. Devices and relays write it in many forms, so the tag is found first and the rest is read from there:
 *
 *     <PRI> [1] [:] [counters] [time [zone]] [host] [program[pid]] [:] %FTD-class-severity-ID:
 */
#ifndef MSGTABLE_HEADER_H
#define MSGTABLE_HEADER_H

#include "msgtable.h"

/* Finds the first tag that starts in [from, limit). */
bool header_find_tag(const uint8_t *datagram, size_t from, size_t limit, size_t length, struct msgt_tag *tag);

/* Reads the header of the message in [from, end) into the record: everything up to and with the message's start. The hints as
 * for msgt_decode_with(). */
void header_read(const struct msgt_hints *hints, const uint8_t *datagram, size_t from, size_t end, struct msgt_record *record);

/* What header_starts_message() knows of the octets ahead. */
struct header_ahead {
    size_t tag;      /* start of the next tag, SIZE_MAX: none is known */
    size_t line;     /* start of that tag's line */
    size_t searched; /* no other tag starts in front of it */
};
#define HEADER_AHEAD ((struct header_ahead){.tag = SIZE_MAX})

/* True when a message of its own starts at FROM: its tag starts before END, which is behind FROM, and ends before LENGTH. Asked for one place behind
 * the other with the same AHEAD, it searches no octet twice. */
bool header_starts_message(const uint8_t *datagram, size_t from, size_t end, size_t length, struct header_ahead *ahead);

#endif
