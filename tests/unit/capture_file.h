/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A capture in a file of its own, and reading it. */
#ifndef FTD_TEST_CAPTURE_FILE_H
#define FTD_TEST_CAPTURE_FILE_H

#include "frames.h"

#include <stdio.h>
#include <unistd.h>

#include "capture.h"
#include "filter.h"
#include "link.h"

enum { FRAMES = 3 };

static char path[] = "/tmp/test_capture.XXXXXX";

static inline int make_path(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static inline int remove_path(void **state)
{
    (void)state;
    return unlink(path);
}

static inline void write_file(const void *octets, size_t length)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(octets, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static inline void put_order(struct build *build, uint32_t value, bool big)
{
    for (unsigned i = 0; i < 4; i++)
        put8(build, value >> (big ? 24 - 8 * i : 8 * i));
}

static inline void pcap_header(struct build *build, uint32_t magic, bool big, uint32_t link_type)
{
    put_order(build, magic, big);
    put_order(build, big ? 0x00020004 : 0x00040002, big);
    put_order(build, 0, big);
    put_order(build, 0, big);
    put_order(build, 65535, big);
    put_order(build, link_type, big);
}

static inline void pcap_record(struct build *build, bool big, uint32_t fraction, const struct build *frame)
{
    put_order(build, 0xf0000000, big); /* beyond 2038 */
    put_order(build, fraction, big);
    put_order(build, frame->length, big);
    put_order(build, frame->length + 4, big);
    put(build, frame->data, frame->length);
}

/* A raw IPv4 syslog frame whose last octet is `last`; even ones go to port 514, odd ones to 1514. */
static inline void syslog_frame(struct build *frame, unsigned last)
{
    frame->length = 0;
    put_ipv4_udp(frame, "<166>%FTD-6-1: x");
    frame->data[frame->length - 1] = (uint8_t)last;
    set16(frame, 22, last % 2 ? 1514 : 514);
}

static inline void small_pcap(struct build *build, uint32_t magic, bool big)
{
    build->length = 0;
    pcap_header(build, magic, big, 101);
    for (unsigned i = 1; i <= FRAMES; i++) {
        struct build frame;
        syslog_frame(&frame, i);
        pcap_record(build, big, 123456, &frame);
    }
}

/* The filter that is in use; one at a time. */
static inline struct filter *filter_of(const char *expression)
{
    static struct filter *filter;
    filter_free(filter);
    filter = expression != NULL ? filter_new(expression) : NULL;
    return filter;
}

static inline struct capture *open_ok(const char *name, const char *filter)
{
    char error[CAPTURE_ERROR_SIZE];
    struct capture *capture = capture_open(name, filter_of(filter), error);
    if (capture == NULL)
        fail_msg("%s", error);
    assert_string_equal(error, "");
    return capture;
}

static inline void open_fails(const char *name, const char *filter, const char *expected)
{
    char error[CAPTURE_ERROR_SIZE];
    assert_null(capture_open(name, filter_of(filter), error));
    assert_non_null(strstr(error, expected));
}

/* Reads to the end, all frames of small_pcap(), and closes. */
static inline void read_all(struct capture *capture)
{
    struct frame frame;
    for (unsigned i = 1; i <= FRAMES; i++) {
        assert_int_equal(capture_next(capture, &frame), CAPTURE_FRAME);
        assert_int_equal(frame.number, i);
        assert_int_equal(frame.data[frame.captured - 1], i);
        assert_int_equal(frame.wire, frame.captured + 4);
        assert_int_equal(frame.link_type, 101);
    }
    assert_int_equal(capture_next(capture, &frame), CAPTURE_END);
    assert_int_equal(capture_next(capture, &frame), CAPTURE_END);
    assert_string_equal(capture_error(capture), "");
    assert_int_equal(capture_frames(capture), FRAMES);
    capture_close(capture);
}

/* Counts frames until the end or an error, which it leaves in `error`. */
static inline unsigned count_frames(struct capture *capture, char *error)
{
    struct frame frame;
    unsigned count = 0;
    enum capture_result result;
    while ((result = capture_next(capture, &frame)) == CAPTURE_FRAME) {
        free(exactly(frame.data, frame.captured));
        count++;
    }
    assert_int_equal(result == CAPTURE_ERROR, *capture_error(capture) != '\0');
    snprintf(error, CAPTURE_ERROR_SIZE, "%s", capture_error(capture));
    assert_int_equal(capture_next(capture, &frame), result);
    capture_close(capture);
    return count;
}

static inline void block(struct build *build, uint32_t type, const void *body, uint32_t length)
{
    uint32_t padded = (length + 3) & ~3u;
    put_order(build, type, false);
    put_order(build, padded + 12, false);
    put(build, body, length);
    put(build, "\0\0\0", padded - length);
    put_order(build, padded + 12, false);
}

/* pcapng: an Ethernet, a raw IP and, if asked for, an unsupported interface, a frame from each. */
static inline void small_pcapng(struct build *build, bool supported)
{
    static const uint8_t links[] = {1, 101, 105};
    static const uint8_t section[16] = {0x4d, 0x3c, 0x2b, 0x1a, 1};
    build->length = 0;
    block(build, 0x0a0d0d0a, section, sizeof section);
    for (unsigned i = supported ? 0 : 2; i < 3; i++)
        block(build, 1, (const uint8_t[8]){links[i]}, 8);
    for (unsigned i = supported ? 0 : 2; i < 3; i++) {
        struct build body = {.length = 0}, ip;
        syslog_frame(&ip, 2);
        put_order(&body, supported ? i : 0, false);
        put_hex(&body, "00000000 00000000");
        put_order(&body, ip.length + (i == 0 ? 14 : 0), false);
        put_order(&body, ip.length + (i == 0 ? 14 : 0), false);
        if (i == 0)
            put_hex(&body, "020000000001 020000000002 0800");
        put(&body, ip.data, ip.length);
        block(build, 6, body.data, body.length);
    }
}

#endif
