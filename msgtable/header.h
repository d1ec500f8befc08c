/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The header of a message. Devices and relays write it in many forms, so the tag is found first and the rest is read from there:
 *
 *     <PRI> [1] [:] [counters] [time [zone]] [host] [program[pid]] [:] %FTD-class-severity-ID:
 */
#ifndef MSGTABLE_HEADER_H
#define MSGTABLE_HEADER_H

#include "msgtable.h"

/* A tag, offsets into the datagram. */
struct tag {
    struct msgt_span whole, product, class_word;
    uint8_t severity;
    uint32_t id;
};

/* Finds the first tag that starts in [from, limit). */
bool header_find_tag(const uint8_t *datagram, size_t from, size_t limit, size_t length, struct tag *tag);

/* Reads the header of the message in [from, end) into the record: everything up to and with the message's start. MEMORY may be NULL. */
void header_read(struct msgt_memory *memory, const uint8_t *datagram, size_t from, size_t end, struct msgt_record *record);

/* True when a message of its own starts at FROM. */
bool header_starts_message(const uint8_t *datagram, size_t from, size_t length);

#endif
