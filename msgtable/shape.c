/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "shape.h"

#include <string.h>

#include "octets.h"
#include "timestamp.h"

_Static_assert(MSGT_SHAPES == 1 << 6, "a number of six bits");

/* The octets in front of the tag that tell one device from another: mostly the end of its name. */
enum { TELLING = 5 };
_Static_assert(MSGT_SHAPE_OCTETS < 1 << 7, "the form is the eighth bit of the length");
#define ALL_BITS UINT64_MAX
#define NO_DIGITS UINT64_C(0xf0f0f0f0f0f0f0f0) /* the bits that all digits share */

static inline size_t length_of(const struct prefix *prefix) { return prefix->tag - prefix->from; }

static inline bool may_have_shape(const struct msgt_memory *memory, const struct prefix *prefix)
{
    return memory && length_of(prefix) >= sizeof(uint64_t) && length_of(prefix) <= MSGT_SHAPE_OCTETS;
}

/* What RFC 5424 writes for parts that are not there tells nothing: the octets in front of it do. */
static inline const uint8_t *end_of_telling(const struct prefix *prefix)
{
    static const char absent[] = " - - - - ";
    const uint8_t *tag = prefix->datagram + prefix->tag;
    bool nothing = length_of(prefix) >= sizeof(uint64_t) + sizeof absent - 1 && memcmp(tag - (sizeof absent - 1), absent, sizeof absent - 1) == 0;
    return nothing ? tag - (sizeof absent - 1) : tag;
}

/* The given BITS of the telling octets, the length, and the form; never 0. */
static inline uint64_t key_of(const struct prefix *prefix, uint64_t bits)
{
    uint64_t telling = load64_little(end_of_telling(prefix) - sizeof telling) & bits;
    return telling >> 8 * (sizeof telling - TELLING) << 8 | (uint64_t)prefix->emblem << 7 | length_of(prefix);
}

static inline size_t set_of(uint64_t key) { return (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 58); }

static inline uint64_t difference(const struct msgt_shape *shape, const uint8_t *octets, size_t at)
{
    return (load64(octets + at) ^ load64(shape->octets + at)) & load64(shape->mask + at);
}

static inline bool looks_alike(const struct msgt_shape *shape, const uint8_t *octets, size_t length)
{
    size_t last = length - sizeof(uint64_t);
    if (difference(shape, octets, last))
        return false;
    for (size_t at = 0; at < last; at += sizeof(uint64_t))
        if (difference(shape, octets, at))
            return false;
    return true;
}

static inline bool read_clock(const struct msgt_shape *shape, unsigned i, const uint8_t *octets, struct msgt_time *time)
{
    const uint8_t *clock = octets + shape->clocks[i].at;
    size_t fraction = shape->clocks[i].length - (size_t)TIMESTAMP_CLOCK;
    *time = shape->time;
    return timestamp_clock(clock, time) && (fraction == 0 || timestamp_fraction(clock + TIMESTAMP_CLOCK, fraction, time) == fraction);
}

/* Also leaves the time of the last clock. */
static inline bool read_clocks(const struct msgt_shape *shape, const uint8_t *octets, struct msgt_time *time)
{
    return (shape->clocks[1].length == 0 || read_clock(shape, 1, octets, time)) && read_clock(shape, 0, octets, time);
}

static inline const struct msgt_shape *known(struct msgt_memory *memory, const struct prefix *prefix, uint64_t bits)
{
    uint64_t key = key_of(prefix, bits);
    size_t set = set_of(key);
    for (unsigned i = 0; i < MSGT_SHAPES_ALIKE; i++)
        if (memory->keys[set][i] == key && looks_alike(&memory->shapes[set][i], prefix->datagram + prefix->from, length_of(prefix)))
            return &memory->shapes[set][i];
    return NULL;
}

bool shape_read(struct msgt_memory *memory, const struct prefix *prefix, struct msgt_record *record)
{
    if (!may_have_shape(memory, prefix))
        return false;
    const uint8_t *octets = prefix->datagram + prefix->from;
    const struct msgt_shape *shape = known(memory, prefix, ALL_BITS);
    if (!shape)
        shape = known(memory, prefix, NO_DIGITS);
    if (!shape)
        return false;
    if (!read_clocks(shape, octets, &record->time)) {
        record->time = (struct msgt_time){0};
        return false;
    }
    record->timestamp = (struct msgt_span){(uint32_t)prefix->from + shape->stamp, shape->stamp_length};
    if (shape->host_length)
        record->hostname = (struct msgt_span){(uint32_t)prefix->from + shape->host, shape->host_length};
    record->findings |= shape->findings;
    return true;
}

/* The I-th clock is that of the time at AT. */
static void learn_clock(struct msgt_shape *shape, unsigned i, size_t at, size_t end)
{
    struct msgt_time time = {0};
    const uint8_t *colon = memchr(shape->octets + at, ':', end - at);
    size_t from = (size_t)(colon - shape->octets) - 2, behind = from + TIMESTAMP_CLOCK;
    behind += timestamp_fraction(shape->octets + behind, end - behind, &time);
    shape->clocks[i].at = (uint8_t)from;
    shape->clocks[i].length = (uint8_t)(behind - from);
    for (size_t n = from; n < behind; n++)
        if (is_digit(shape->octets[n]))
            shape->mask[n] = (uint8_t)NO_DIGITS;
}

void shape_learn(struct msgt_memory *memory, const struct prefix *prefix, size_t first, size_t last, uint32_t findings, const struct msgt_record *record)
{
    if (!may_have_shape(memory, prefix))
        return;
    size_t length = length_of(prefix);
    struct msgt_shape shape = {.stamp = (uint8_t)(record->timestamp.offset - prefix->from),
                               .stamp_length = (uint8_t)record->timestamp.length,
                               .host = (uint8_t)(record->hostname.length ? record->hostname.offset - prefix->from : 0),
                               .host_length = (uint8_t)record->hostname.length,
                               .time = record->time,
                               .findings = findings};
    memcpy(shape.octets, prefix->datagram + prefix->from, length);
    memset(shape.mask, 0xff, length);
    learn_clock(&shape, 0, last - prefix->from, length);
    if (first != last)
        learn_clock(&shape, 1, first - prefix->from, length);
    shape.time.nanosecond = shape.time.digits = 0;
    bool clock_tells = shape.clocks[0].at + shape.clocks[0].length + (size_t)TELLING > length;
    uint64_t key = key_of(prefix, clock_tells ? NO_DIGITS : ALL_BITS);
    size_t set = set_of(key), place = memory->learned[set]++ % MSGT_SHAPES_ALIKE;
    memory->keys[set][place] = key;
    memory->shapes[set][place] = shape;
}
