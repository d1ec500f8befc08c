/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The frames of the samples as small captures: fuzzers are fastest on those. */
#include <string.h>

#include "link.h"
#include "seeds.h"

enum { GROUP = 3 };

static GByteArray *out;
static bool big; /* byte order */

static void put(const void *octets, size_t length) { g_byte_array_append(out, octets, (guint)length); }

static void put16(unsigned number)
{
    const uint8_t octets[] = {(uint8_t)(big ? number >> 8 : number), (uint8_t)(big ? number : number >> 8)};
    put(octets, sizeof octets);
}

static void put32(uint64_t number)
{
    put16((unsigned)(big ? number >> 16 : number) & 0xffff);
    put16((unsigned)(big ? number : number >> 16) & 0xffff);
}

static void start(void) { out = g_byte_array_new(); }

static void end(void)
{
    seed(out->data, out->len);
    g_byte_array_unref(out);
    big = !big;
}

/* Calls BEGIN and FRAME for the frames of a sample, GROUP at a time, so that those who need each other stay together mostly. */
static void each_group(const char *path, void (*begin)(const struct frame *), void (*take)(const struct frame *))
{
    char error[CAPTURE_ERROR_SIZE];
    struct capture *capture = capture_open(path, NULL, error);
    struct frame frame;
    unsigned in_group = 0;
    int link_type = 0;
    while (capture && capture_next(capture, &frame) == CAPTURE_FRAME) {
        if (in_group == GROUP || (in_group && frame.link_type != link_type)) {
            end();
            in_group = 0;
        }
        if (in_group++ == 0) {
            start();
            begin(&frame);
        }
        link_type = frame.link_type;
        take(&frame);
    }
    if (in_group)
        end();
    capture_close(capture);
}

static void whole_file(const char *path)
{
    char *octets;
    gsize length;
    if (!g_file_get_contents(path, &octets, &length, NULL))
        return;
    if (length <= 8192)
        seed(octets, length);
    g_free(octets);
}

/* ---- pcap ---- */

static void pcap_begin(const struct frame *frame)
{
    put32(0xa1b2c3d4);
    put16(2);
    put16(4);
    put32(0);
    put32(0);
    put32(65535);
    put32((uint64_t)frame->link_type);
}

static void pcap_frame(const struct frame *frame)
{
    put32((uint64_t)frame->seconds);
    put32(frame->nanoseconds / 1000);
    put32(frame->captured);
    put32(frame->wire);
    put(frame->data, frame->captured);
}

static void pcap_of(const char *path)
{
    whole_file(path);
    each_group(path, pcap_begin, pcap_frame);
}

void seeds_pcap(void) { each_sample(pcap_of); }

/* ---- pcapng ---- */

static void put_padded(const void *octets, size_t length)
{
    put(octets, length);
    put("\0\0\0", (4 - length % 4) % 4);
}

static void put_option(unsigned code, const void *octets, size_t length)
{
    put16(code);
    put16((unsigned)length);
    put_padded(octets, length);
}

static guint block_start;

static void block(uint64_t type)
{
    block_start = out->len;
    put32(type);
    put32(0);
}

/* The length in front is known now. */
static void block_end(void)
{
    guint length = out->len - block_start + 4;
    put32(length);
    memcpy(out->data + block_start + 4, out->data + out->len - 4, 4);
}

static void pcapng_begin(const struct frame *frame)
{
    block(0x0a0d0d0a);
    put32(0x1a2b3c4d);
    put16(1);
    put16(0);
    put32(0xffffffff);
    put32(0xffffffff);
    block_end();
    block(1);
    put16((unsigned)frame->link_type);
    put16(0);
    put32(0);
    put_option(2, "eth0", 4);
    put_option(9, big ? "\x09" : "\x06", 1);
    put32(0);
    block_end();
    block(5); /* statistics */
    put32(0);
    put32(0);
    put32(0);
    put_option(5, "\1\0\0\0\0\0\0\0", 8);
    put32(0);
    block_end();
}

static void pcapng_frame(const struct frame *frame)
{
    uint64_t time = (uint64_t)frame->seconds * 1000000 + frame->nanoseconds / 1000;
    block(6);
    put32(0);
    put32(time >> 32);
    put32(time);
    put32(frame->captured);
    put32(frame->wire);
    put_padded(frame->data, frame->captured);
    put_option(4, "\0\0\0\0\0\0\0\1", 8); /* lost in front of it */
    put32(0);
    block_end();
    block(3); /* the same as a simple packet */
    put32(frame->wire);
    put_padded(frame->data, frame->captured);
    block_end();
}

static void pcapng_of(const char *path)
{
    if (g_str_has_suffix(path, ".pcapng"))
        whole_file(path);
    each_group(path, pcapng_begin, pcapng_frame);
}

void seeds_pcapng(void) { each_sample(pcapng_of); }

/* ---- Frames, as frames.c reads them ---- */

static void frames_begin(const struct frame *frame) { (void)frame; }

static void frames_frame(const struct frame *frame)
{
    uint8_t head[5] = {0, 0, 0, (uint8_t)(frame->captured >> 8), (uint8_t)frame->captured};
    for (int type = 0; type < frame->link_type; type++)
        head[0] = (uint8_t)(head[0] + link_supported(type));
    put(head, sizeof head);
    put(frame->data, frame->captured);
}

static void frames_of(const char *path) { each_group(path, frames_begin, frames_frame); }

void seeds_frames(void) { each_sample(frames_of); }
