/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shape.h"

#include <string.h>

#include "octets.h"
#include "timestamp.h"

_Static_assert(MSGT_SHAPES == 1 << 8, "a number of eight bits");

/* The five octets in front of the tag, mostly the end of the host, tell one device from another; further ones may be of the time. */
struct msgt_shape *shape_of(struct msgt_memory *memory, const struct prefix *prefix)
{
    size_t length = prefix->tag - prefix->from;
    if (!memory || length < 8 || length > MSGT_SHAPE_OCTETS || prefix->end - prefix->from < MSGT_SHAPE_OCTETS)
        return NULL;
    uint64_t five = load64(prefix->datagram + prefix->tag - 8) >> 24;
    return &memory->shapes[(five + length) * UINT64_C(0x9e3779b97f4a7c15) >> 56];
}

static bool looks_alike(const struct msgt_shape *shape, const uint8_t *octets)
{
    uint64_t different = 0;
    for (size_t i = 0; i < MSGT_SHAPE_OCTETS; i += sizeof different)
        different |= (load64(octets + i) ^ load64(shape->octets + i)) & load64(shape->mask + i);
    return different == 0;
}

bool shape_read(const struct msgt_shape *shape, const struct prefix *prefix, struct msgt_record *record)
{
    const uint8_t *octets = prefix->datagram + prefix->from;
    size_t length = prefix->tag - prefix->from;
    struct msgt_time time;
    if (shape->length != length || !looks_alike(shape, octets) ||
        timestamp_read(octets + shape->time, length - shape->time, &time) != shape->time_length)
        return false;
    if (shape->stamp_length > shape->time_length) {
        time.zone_known = shape->zone_known;
        time.zone = shape->zone;
    }
    record->time = time;
    record->timestamp = (struct msgt_span){(uint32_t)prefix->from + shape->time, shape->stamp_length};
    if (shape->host_length)
        record->hostname = (struct msgt_span){(uint32_t)prefix->from + shape->host, shape->host_length};
    record->findings |= shape->findings;
    return true;
}

void shape_learn(struct msgt_shape *shape, const struct prefix *prefix, size_t time, size_t length, uint32_t findings, const struct msgt_record *record)
{
    const uint8_t *octets = prefix->datagram + prefix->from;
    const size_t all = prefix->tag - prefix->from;
    *shape = (struct msgt_shape){.length = (uint8_t)all,
                                 .time = (uint8_t)(time - prefix->from),
                                 .time_length = (uint8_t)length,
                                 .stamp_length = (uint8_t)record->timestamp.length,
                                 .host = (uint8_t)(record->hostname.length ? record->hostname.offset - prefix->from : 0),
                                 .host_length = (uint8_t)record->hostname.length,
                                 .zone_known = record->time.zone_known,
                                 .zone = record->time.zone,
                                 .findings = findings};
    memcpy(shape->octets, octets, all);
    memset(shape->mask, 0xff, all);
    for (size_t i = shape->time; i < (size_t)shape->time + length; i++)
        if (is_digit(octets[i]))
            shape->mask[i] = 0xf0; /* the digits differ only in the rest */
}
