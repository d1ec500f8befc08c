/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Headers that look like one before. A device writes the same in front of each tag all day but for the digits of the clock: where only these differ,
 * and are still a time, the parts of the header are where they were.
 */
#ifndef MSGTABLE_SHAPE_H
#define MSGTABLE_SHAPE_H

#include "msgtable.h"

/* The octets [from, tag) between priority and tag. */
struct prefix {
    const uint8_t *datagram;
    size_t from, tag;
    bool emblem; /* which is read otherwise */
};

/* Reads the prefix by the shape of one before into a record without a time; false when none looks like it, and the record is as it was. MEMORY may
 * be NULL. */
bool shape_read(struct msgt_memory *memory, const struct prefix *prefix, struct msgt_record *record);

/* Keeps the shape of a prefix that was read into the record: its first and last time start at FIRST and LAST, which may be one; a clock between
 * them has to stay. FINDINGS were found in it. */
void shape_learn(struct msgt_memory *memory, const struct prefix *prefix, size_t first, size_t last, uint32_t findings, const struct msgt_record *record);

#endif
