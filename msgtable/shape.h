/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Headers that look like one before. A device writes the same in front of each tag but for the digits of the time: where only these differ,
 * and are still a time, the parts of the header are where they were.
 */
#ifndef MSGTABLE_SHAPE_H
#define MSGTABLE_SHAPE_H

#include "msgtable.h"

/* The octets [from, tag) between priority and tag of the message that ends at END. */
struct prefix {
    const uint8_t *datagram;
    size_t from, tag, end;
};

/* The shape that this prefix may have, or NULL: too long, too short, or no memory. */
struct msgt_shape *shape_of(struct msgt_memory *memory, const struct prefix *prefix);

/* Reads the prefix by the shape; false when it has another one, and the record is as it was. */
bool shape_read(const struct msgt_shape *shape, const struct prefix *prefix, struct msgt_record *record);

/* Keeps the shape of a prefix that was read into the record: its time is the only one and stands at TIME, with LENGTH octets and no zone word. FINDINGS were
 * found in it. */
void shape_learn(struct msgt_shape *shape, const struct prefix *prefix, size_t time, size_t length, uint32_t findings, const struct msgt_record *record);

#endif
