/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Building pcapng files block by block, and reading them from memory. */
#ifndef FTD_TEST_PCAPNG_BLOCKS_H
#define FTD_TEST_PCAPNG_BLOCKS_H

#include "frames.h"

#include "pcapng.h"

/* Writes blocks into a build in the byte order that `big` says. */
struct writer {
    struct build out;
    bool big;
    uint32_t block; /* where the open block begins */
};

static inline void w8(struct writer *writer, unsigned value) { put8(&writer->out, value); }

static inline void w16(struct writer *writer, unsigned value)
{
    put8(&writer->out, writer->big ? value >> 8 : value);
    put8(&writer->out, writer->big ? value : value >> 8);
}

static inline void w32(struct writer *writer, uint32_t value)
{
    w16(writer, writer->big ? value >> 16 : value & 0xffff);
    w16(writer, writer->big ? value & 0xffff : value >> 16);
}

static inline void w64(struct writer *writer, uint64_t value)
{
    w32(writer, (uint32_t)(writer->big ? value >> 32 : value));
    w32(writer, (uint32_t)(writer->big ? value : value >> 32));
}

static inline void pad(struct writer *writer)
{
    while (writer->out.length % 4 != 0)
        w8(writer, 0);
}

static inline void open_block(struct writer *writer, uint32_t type)
{
    writer->block = writer->out.length;
    w32(writer, type);
    w32(writer, 0);
}

static inline void close_block(struct writer *writer)
{
    pad(writer);
    uint32_t end = writer->out.length + 4;
    uint32_t length = end - writer->block;
    w32(writer, length);
    writer->out.length = writer->block + 4;
    w32(writer, length);
    writer->out.length = end;
}

static inline void option(struct writer *writer, unsigned code, const void *value, unsigned length)
{
    w16(writer, code);
    w16(writer, length);
    put(&writer->out, value, length);
    pad(writer);
}

static inline void option64(struct writer *writer, unsigned code, uint64_t value)
{
    w16(writer, code);
    w16(writer, 8);
    w64(writer, value);
}

static inline void section(struct writer *writer)
{
    open_block(writer, 0x0a0d0d0a);
    w32(writer, 0x1a2b3c4d);
    w16(writer, 1);
    w16(writer, 0);
    w64(writer, UINT64_MAX);
    close_block(writer);
}

static inline void open_interface(struct writer *writer, unsigned link_type, uint32_t snap_length)
{
    open_block(writer, 1);
    w16(writer, link_type);
    w16(writer, 0);
    w32(writer, snap_length);
}

static inline void interface(struct writer *writer, unsigned link_type)
{
    open_interface(writer, link_type, 0);
    close_block(writer);
}

static inline void open_packet(struct writer *writer, uint32_t id, uint64_t time, const char *data, uint32_t wire)
{
    open_block(writer, 6);
    w32(writer, id);
    w32(writer, (uint32_t)(time >> 32));
    w32(writer, (uint32_t)time);
    w32(writer, (uint32_t)strlen(data));
    w32(writer, wire);
    put(&writer->out, data, strlen(data));
    pad(writer);
}

static inline void packet(struct writer *writer, uint32_t id, uint64_t time, const char *data)
{
    open_packet(writer, id, time, data, (uint32_t)strlen(data));
    close_block(writer);
}

/* A source that hands out an exactly sized copy in small pieces. */
struct source {
    uint8_t *octets;
    size_t length, at, step;
    bool fails; /* instead of ending */
};

static inline ssize_t read_source(void *user, void *octets, size_t size)
{
    struct source *source = user;
    size_t left = source->length - source->at;
    if (left == 0 && source->fails)
        return -1;
    size_t count = size < source->step ? size : source->step;
    count = count < left ? count : left;
    memcpy(octets, source->octets + source->at, count);
    source->at += count;
    return (ssize_t)count;
}

struct reading {
    struct source source;
    struct pcapng *pcapng;
    struct frame frame;
};

static inline void start(struct reading *reading, const void *octets, size_t length, size_t step)
{
    *reading = (struct reading){.source = {exactly(octets, length), length, 0, step, false}};
    reading->pcapng = pcapng_open(read_source, &reading->source);
    assert_non_null(reading->pcapng);
}

static inline void start_writer(struct reading *reading, const struct writer *writer)
{
    start(reading, writer->out.data, writer->out.length, 7);
}

static inline void stop(struct reading *reading)
{
    pcapng_close(reading->pcapng);
    free(reading->source.octets);
}

static inline enum capture_result next(struct reading *reading) { return pcapng_next(reading->pcapng, &reading->frame); }

static inline void check_frame(const struct reading *reading, uint64_t number, const char *data)
{
    assert_int_equal(reading->frame.number, number);
    assert_int_equal(reading->frame.captured, strlen(data));
    assert_memory_equal(reading->frame.data, data, strlen(data));
}

#endif
