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

/* True when a message of its own starts at FROM. */
bool header_starts_message(const uint8_t *datagram, size_t from, size_t length);

#endif
