/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pcapng: blocks in both byte orders, interfaces, times, lost packets, and lengths that lie. */
#include "frames.h"

#include "pcapng.h"

/* Writes blocks into a build in the byte order that `big` says. */
struct writer {
    struct build out;
    bool big;
    uint32_t block; /* where the open block begins */
};

static void w8(struct writer *writer, unsigned value) { put8(&writer->out, value); }

static void w16(struct writer *writer, unsigned value)
{
    put8(&writer->out, writer->big ? value >> 8 : value);
    put8(&writer->out, writer->big ? value : value >> 8);
}

static void w32(struct writer *writer, uint32_t value)
{
    w16(writer, writer->big ? value >> 16 : value & 0xffff);
    w16(writer, writer->big ? value & 0xffff : value >> 16);
}

static void w64(struct writer *writer, uint64_t value)
{
    w32(writer, (uint32_t)(writer->big ? value >> 32 : value));
    w32(writer, (uint32_t)(writer->big ? value : value >> 32));
}

static void pad(struct writer *writer)
{
    while (writer->out.length % 4 != 0)
        w8(writer, 0);
}

static void open_block(struct writer *writer, uint32_t type)
{
    writer->block = writer->out.length;
    w32(writer, type);
    w32(writer, 0);
}

static void close_block(struct writer *writer)
{
    pad(writer);
    uint32_t end = writer->out.length + 4;
    uint32_t length = end - writer->block;
    w32(writer, length);
    writer->out.length = writer->block + 4;
    w32(writer, length);
    writer->out.length = end;
}

static void option(struct writer *writer, unsigned code, const void *value, unsigned length)
{
    w16(writer, code);
    w16(writer, length);
    put(&writer->out, value, length);
    pad(writer);
}

static void option64(struct writer *writer, unsigned code, uint64_t value)
{
    w16(writer, code);
    w16(writer, 8);
    w64(writer, value);
}

static void section(struct writer *writer)
{
    open_block(writer, 0x0a0d0d0a);
    w32(writer, 0x1a2b3c4d);
    w16(writer, 1);
    w16(writer, 0);
    w64(writer, UINT64_MAX);
    close_block(writer);
}

static void open_interface(struct writer *writer, unsigned link_type, uint32_t snap_length)
{
    open_block(writer, 1);
    w16(writer, link_type);
    w16(writer, 0);
    w32(writer, snap_length);
}

static void interface(struct writer *writer, unsigned link_type)
{
    open_interface(writer, link_type, 0);
    close_block(writer);
}

static void open_packet(struct writer *writer, uint32_t id, uint64_t time, const char *data, uint32_t wire)
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

static void packet(struct writer *writer, uint32_t id, uint64_t time, const char *data)
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

static ssize_t read_source(void *user, void *octets, size_t size)
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

static void start(struct reading *reading, const void *octets, size_t length, size_t step)
{
    *reading = (struct reading){.source = {exactly(octets, length), length, 0, step, false}};
    reading->pcapng = pcapng_open(read_source, &reading->source);
    assert_non_null(reading->pcapng);
}

static void start_writer(struct reading *reading, const struct writer *writer)
{
    start(reading, writer->out.data, writer->out.length, 7);
}

static void stop(struct reading *reading)
{
    pcapng_close(reading->pcapng);
    free(reading->source.octets);
}

static enum capture_result next(struct reading *reading) { return pcapng_next(reading->pcapng, &reading->frame); }

static void check_frame(const struct reading *reading, uint64_t number, const char *data)
{
    assert_int_equal(reading->frame.number, number);
    assert_int_equal(reading->frame.captured, strlen(data));
    assert_memory_equal(reading->frame.data, data, strlen(data));
}

static void test_packet_blocks(void **state)
{
    (void)state;
    for (int big = 0; big < 2; big++) {
        struct writer writer = {.big = big};
        struct reading reading;
        section(&writer);
        interface(&writer, 113);
        open_packet(&writer, 0, UINT64_C(1600000000123456), "enhanced", 99);
        close_block(&writer);
        open_block(&writer, 2);
        w16(&writer, 0);
        w16(&writer, 3);
        w32(&writer, 0);
        w32(&writer, 5000001);
        w32(&writer, 8);
        w32(&writer, 8);
        put(&writer.out, "obsolete", 8);
        close_block(&writer);
        open_block(&writer, 3);
        w32(&writer, 6);
        put(&writer.out, "simple", 6);
        close_block(&writer);
        start_writer(&reading, &writer);
        assert_int_equal(next(&reading), CAPTURE_FRAME);
        check_frame(&reading, 1, "enhanced");
        assert_int_equal(reading.frame.wire, 99);
        assert_int_equal(reading.frame.seconds, 1600000000);
        assert_int_equal(reading.frame.nanoseconds, 123456000);
        assert_int_equal(reading.frame.precision, 6);
        assert_int_equal(reading.frame.link_type, 113);
        assert_int_equal(reading.frame.dropped, 0);
        assert_int_equal(next(&reading), CAPTURE_FRAME);
        check_frame(&reading, 2, "obsolete");
        assert_int_equal(reading.frame.seconds, 5);
        assert_int_equal(reading.frame.nanoseconds, 1000);
        assert_int_equal(reading.frame.dropped, 3);
        assert_int_equal(next(&reading), CAPTURE_FRAME);
        check_frame(&reading, 3, "simple");
        assert_int_equal(reading.frame.precision, 0);
        assert_int_equal(reading.frame.seconds, 0);
        assert_int_equal(reading.frame.dropped, 0);
        assert_int_equal(next(&reading), CAPTURE_END);
        assert_string_equal(pcapng_error(reading.pcapng), "");
        size_t count;
        assert_int_equal(pcapng_interfaces(reading.pcapng, &count)->frames, 3);
        assert_int_equal(pcapng_interfaces(reading.pcapng, &count)->dropped, 3);
        stop(&reading);
    }
}

static void test_simple_packet_snap_length(void **state)
{
    (void)state;
    struct writer writer = {.big = false};
    struct reading reading;
    section(&writer);
    open_interface(&writer, 1, 4);
    close_block(&writer);
    open_block(&writer, 3);
    w32(&writer, 1000);
    put(&writer.out, "abcd", 4);
    close_block(&writer);
    start_writer(&reading, &writer);
    assert_int_equal(next(&reading), CAPTURE_FRAME);
    check_frame(&reading, 1, "abcd");
    assert_int_equal(reading.frame.wire, 1000);
    stop(&reading);
}

static void test_resolutions(void **state)
{
    (void)state;
    static const struct {
        uint8_t resolution;
        uint64_t time;
        int64_t offset, seconds;
        uint32_t nanoseconds;
        uint8_t precision;
    } cases[] = {
        {0, 77, 0, 77, 0, 6},
        {3, 77001, 0, 77, 1000000, 6},
        {6, 77000001, 0, 77, 1000, 6},
        {6, 77000001, 1600000000, 1600000077, 1000, 6},
        {6, 77000001, -78, -1, 1000, 6},
        {7, 770000001, 0, 77, 100, 9},
        {9, UINT64_C(1600000000123456789), 0, 1600000000, 123456789, 9},
        {12, UINT64_C(1600000123456789012), 0, 1600000, 123456789, 9},
        {19, UINT64_MAX, 0, 1, 844674407, 9},
        {28, UINT64_MAX, 0, 0, 1, 9},
        {29, UINT64_MAX, 0, 0, 0, 9},
        {127, UINT64_MAX, 0, 0, 0, 9},
        {0x80, 77, 0, 77, 0, 6},
        {0x81, 155, 0, 77, 500000000, 6},
        {0x93, (UINT64_C(77) << 19) + 1, 0, 77, 1907, 6},
        {0x94, (UINT64_C(77) << 20) + 1, 0, 77, 953, 9},
        {0x9e, (UINT64_C(77) << 30) + 1073741823, 0, 77, 999999999, 9},
        {0xa0, (UINT64_C(77) << 32) + (1u << 31), 0, 77, 500000000, 9},
        {0xbf, UINT64_C(3) << 62, 0, 1, 500000000, 9},
        {0xc0, UINT64_C(1) << 63, 0, 0, 500000000, 9},
        {0xff, UINT64_MAX, 0, 0, 0, 9},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct writer writer = {.big = i % 2};
        struct reading reading;
        section(&writer);
        open_interface(&writer, 1, 0);
        option(&writer, 9, &cases[i].resolution, 1);
        if (cases[i].offset != 0)
            option64(&writer, 14, (uint64_t)cases[i].offset);
        close_block(&writer);
        packet(&writer, 0, cases[i].time, "x");
        start_writer(&reading, &writer);
        assert_int_equal(next(&reading), CAPTURE_FRAME);
        assert_int_equal(reading.frame.seconds, cases[i].seconds);
        assert_int_equal(reading.frame.nanoseconds, cases[i].nanoseconds);
        assert_int_equal(reading.frame.precision, cases[i].precision);
        stop(&reading);
    }
}

static void test_interfaces_and_sections(void **state)
{
    (void)state;
    struct writer writer = {.big = false};
    struct reading reading;
    static const struct {
        int link_type;
        uint32_t interface;
    } expected[] = {{101, 1}, {1, 0}, {276, 2}};
    section(&writer);
    interface(&writer, 1);
    open_interface(&writer, 101, 96);
    option(&writer, 2, "outside", 7);
    option(&writer, 3, "to the Internet", 15);
    option(&writer, 0, "", 0);
    close_block(&writer);
    packet(&writer, 1, 1, "b");
    packet(&writer, 0, 2, "a");
    writer.big = true; /* a second section numbers its interfaces from 0 again */
    section(&writer);
    interface(&writer, 276);
    packet(&writer, 0, 3, "c");
    start_writer(&reading, &writer);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(next(&reading), CAPTURE_FRAME);
        assert_int_equal(reading.frame.link_type, expected[i].link_type);
        assert_int_equal(reading.frame.interface, expected[i].interface);
    }
    assert_int_equal(next(&reading), CAPTURE_END);
    size_t count;
    const struct capture_interface *interfaces = pcapng_interfaces(reading.pcapng, &count);
    assert_int_equal(count, 3);
    assert_null(interfaces[0].name);
    assert_string_equal(interfaces[1].name, "outside");
    assert_string_equal(interfaces[1].description, "to the Internet");
    assert_int_equal(interfaces[1].snap_length, 96);
    assert_int_equal(interfaces[1].section, 0);
    assert_int_equal(interfaces[2].section, 1);
    assert_int_equal(interfaces[2].frames, 1);
    stop(&reading);
}

static void test_loss(void **state)
{
    (void)state;
    for (int big = 0; big < 2; big++) {
        struct writer writer = {.big = big};
        struct reading reading;
        section(&writer);
        interface(&writer, 1);
        for (unsigned i = 1; i <= 2; i++) {
            open_packet(&writer, 0, i, "abc", 3);
            w16(&writer, 2);
            w16(&writer, 4);
            w32(&writer, 0x80000001);
            option(&writer, 1, "a comment", 9);
            option64(&writer, 4, UINT64_C(5000000000));
            close_block(&writer);
        }
        open_block(&writer, 5);
        w32(&writer, 0);
        w64(&writer, 0);
        option64(&writer, 4, 1000);
        option64(&writer, 5, UINT64_C(0x100000002));
        option64(&writer, 7, 3);
        option64(&writer, 8, 995);
        close_block(&writer);
        start_writer(&reading, &writer);
        assert_int_equal(next(&reading), CAPTURE_FRAME);
        assert_int_equal(reading.frame.flags, 0x80000001);
        assert_int_equal(reading.frame.dropped, UINT64_C(5000000000));
        assert_int_equal(next(&reading), CAPTURE_FRAME);
        assert_int_equal(next(&reading), CAPTURE_END);
        size_t count;
        const struct capture_interface *interface_ = pcapng_interfaces(reading.pcapng, &count);
        assert_int_equal(interface_->dropped, UINT64_C(10000000000));
        assert_int_equal(interface_->known, 1 << CAPTURE_RECEIVED | 1 << CAPTURE_IF_DROPPED | 1 << CAPTURE_OS_DROPPED |
                                                1 << CAPTURE_DELIVERED);
        assert_int_equal(interface_->count[CAPTURE_RECEIVED], 1000);
        assert_int_equal(interface_->count[CAPTURE_IF_DROPPED], UINT64_C(0x100000002));
        assert_int_equal(interface_->count[CAPTURE_OS_DROPPED], 3);
        assert_int_equal(interface_->count[CAPTURE_DELIVERED], 995);
        stop(&reading);
    }
}

/* Wireshark numbers some blocks that hold no packet; the others are passed over. */
static void test_other_blocks(void **state)
{
    (void)state;
    static const struct {
        uint32_t type;
        bool numbered;
    } cases[] = {{4, false}, {10, false}, {0x1234, false}, {9, true}, {0xbad, true}, {0x40000bad, true}, {0x204, true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct writer writer = {.big = i % 2};
        struct reading reading;
        section(&writer);
        interface(&writer, 1);
        packet(&writer, 0, 1, "first");
        open_block(&writer, cases[i].type);
        for (unsigned n = 0; n < 10000; n++)
            w32(&writer, n);
        close_block(&writer);
        packet(&writer, 0, 2, "second");
        start_writer(&reading, &writer);
        assert_int_equal(next(&reading), CAPTURE_FRAME);
        assert_int_equal(next(&reading), CAPTURE_FRAME);
        check_frame(&reading, cases[i].numbered ? 3 : 2, "second");
        assert_int_equal(pcapng_frames(reading.pcapng), reading.frame.number);
        stop(&reading);
    }
}

/* A packet larger than the first buffer, then one that has to be moved to its beginning. */
static void test_large_packets(void **state)
{
    (void)state;
    enum { LARGE = 1 << 20 };
    size_t length = 28 + 20 + 2 * (32 + LARGE);
    uint8_t *octets = calloc(1, length);
    struct writer writer = {.big = false};
    struct reading reading;
    section(&writer);
    interface(&writer, 1);
    memcpy(octets, writer.out.data, writer.out.length);
    size_t at = writer.out.length;
    for (unsigned i = 0; i < 2; i++) {
        const uint32_t words[] = {6, 32 + LARGE, 0, 0, i, LARGE, LARGE};
        writer.out.length = 0;
        for (unsigned n = 0; n < 7; n++)
            w32(&writer, words[n]);
        w32(&writer, 32 + LARGE);
        memcpy(octets + at, writer.out.data, 28);
        memset(octets + at + 28, 'a' + (int)i, LARGE);
        memcpy(octets + at + 28 + LARGE, writer.out.data + 28, 4);
        at += 32 + LARGE;
    }
    assert_int_equal(at, length);
    start(&reading, octets, length, 100000);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(next(&reading), CAPTURE_FRAME);
        assert_int_equal(reading.frame.captured, LARGE);
        assert_int_equal(reading.frame.data[0], 'a' + i);
        assert_int_equal(reading.frame.data[LARGE - 1], 'a' + i);
    }
    assert_int_equal(next(&reading), CAPTURE_END);
    stop(&reading);
    free(octets);
}

/* Writes a file of one frame and a second packet block; returns where that block begins. */
static uint32_t two_packets(struct writer *writer)
{
    section(writer);
    interface(writer, 1);
    packet(writer, 0, 1, "first");
    uint32_t at = writer->out.length;
    packet(writer, 0, 2, "second");
    return at;
}

static void overwrite(struct writer *writer, uint32_t at, uint32_t value)
{
    uint32_t length = writer->out.length;
    writer->out.length = at;
    w32(writer, value);
    writer->out.length = length;
}

/* Lengths and numbers that lie: the frame before stays, the reason has its place. */
static void test_lies(void **state)
{
    (void)state;
    static const struct {
        uint32_t at, value; /* a word of the second packet block */
        const char *error;
    } cases[] = {
        {4, 0, "the block at byte 88 states a length below 12; 1 frame was read"},
        {4, 8, "the block at byte 88 states a length below 12; 1 frame was read"},
        {4, 12, "the block at byte 88 ends with another length than it begins with; 1 frame was read"},
        {4, 0xffffffff, "the block at byte 88 states a length above 16,777,216; 1 frame was read"},
        {4, 0x7ffffffc, "the block at byte 88 states a length above 16,777,216; 1 frame was read"},
        {4, 16 << 20, "the file ends inside frame 2; 1 frame was read"},
        {4, (16 << 20) + 1, "the block at byte 88 states a length above 16,777,216; 1 frame was read"},
        {36, 44, "the block at byte 88 ends with another length than it begins with; 1 frame was read"},
        {8, 1, "the block at byte 88 names an interface that was not described; 1 frame was read"},
        {8, 0xffffffff, "the block at byte 88 names an interface that was not described; 1 frame was read"},
        {20, 9, "the block at byte 88 is shorter than its packet; 1 frame was read"},
        {20, 0xffffffff, "the block at byte 88 is shorter than its packet; 1 frame was read"},
        {0, 3, NULL}, /* a simple packet now */
        {0, 5, NULL}, /* interface statistics now */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct writer writer = {.big = i % 2};
        struct reading reading;
        uint32_t at = two_packets(&writer);
        assert_int_equal(at, 88);
        overwrite(&writer, at + cases[i].at, cases[i].value);
        start_writer(&reading, &writer);
        assert_int_equal(next(&reading), CAPTURE_FRAME);
        check_frame(&reading, 1, "first");
        enum capture_result result = next(&reading);
        if (cases[i].error != NULL) {
            assert_int_equal(result, CAPTURE_ERROR);
            assert_string_equal(pcapng_error(reading.pcapng), cases[i].error);
        }
        stop(&reading);
    }
}

static void test_bad_sections(void **state)
{
    (void)state;
    static const struct {
        uint32_t at, value;
        const char *error;
    } cases[] = {
        {0, 6, "the block at byte 0 is not a section header; 0 frames were read"},
        {4, 24, "the block at byte 0 is too short for a section header; 0 frames were read"},
        {8, 0x12345678, "the block at byte 0 is a section header of unknown byte order; 0 frames were read"},
        {12, 0x00020002, "the block at byte 0 begins a section of an unknown pcapng version; 0 frames were read"},
        {32, 16, "the block at byte 28 is too short for an interface description; 0 frames were read"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct writer writer = {.big = i % 2};
        struct reading reading;
        two_packets(&writer);
        overwrite(&writer, cases[i].at, cases[i].value);
        if (cases[i].at % 28 == 4) /* the length at the end agrees */
            overwrite(&writer, cases[i].at - 4 + cases[i].value - 4, cases[i].value);
        start_writer(&reading, &writer);
        assert_int_equal(next(&reading), CAPTURE_ERROR);
        assert_string_equal(pcapng_error(reading.pcapng), cases[i].error);
        stop(&reading);
    }
}

/* A huge block of no interest is skipped, not held; when the file ends first, that is said. */
static void test_huge_unknown_block(void **state)
{
    (void)state;
    struct writer writer = {.big = false};
    struct reading reading;
    section(&writer);
    w32(&writer, 0x1234);
    w32(&writer, 0xfffffffc);
    w32(&writer, 0);
    start_writer(&reading, &writer);
    assert_int_equal(next(&reading), CAPTURE_ERROR);
    assert_string_equal(pcapng_error(reading.pcapng),
                        "the block at byte 28 is cut short by the end of the file; 0 frames were read");
    stop(&reading);
}

static void test_option_lengths(void **state)
{
    (void)state;
    static const uint8_t lying[] = {2, 0, 0xff, 0xff, 'e', 't', 'h', '0'};
    struct writer writer = {.big = false};
    struct reading reading;
    section(&writer);
    open_interface(&writer, 1, 0);
    option(&writer, 3, "good", 4);
    put(&writer.out, lying, sizeof lying);
    close_block(&writer);
    packet(&writer, 0, 1, "x");
    start_writer(&reading, &writer);
    assert_int_equal(next(&reading), CAPTURE_FRAME);
    size_t count;
    const struct capture_interface *interfaces = pcapng_interfaces(reading.pcapng, &count);
    assert_string_equal(interfaces->description, "good");
    assert_null(interfaces->name);
    stop(&reading);
}

static void test_truncated_anywhere(void **state)
{
    (void)state;
    struct writer writer = {.big = false};
    uint32_t second = two_packets(&writer);
    for (uint32_t n = 0; n < writer.out.length; n++) {
        struct reading reading;
        start(&reading, writer.out.data, n, 1000);
        unsigned frames = 0;
        enum capture_result result;
        while ((result = next(&reading)) == CAPTURE_FRAME)
            frames++;
        assert_int_equal(frames, n >= second);
        bool whole = n == 0 || n == 28 || n == 48 || n == second;
        assert_int_equal(result, whole ? CAPTURE_END : CAPTURE_ERROR);
        assert_int_equal(*pcapng_error(reading.pcapng) == '\0', whole);
        if (n >= second + 12)
            assert_string_equal(pcapng_error(reading.pcapng), "the file ends inside frame 2; 1 frame was read");
        stop(&reading);
    }
}

static void test_source_fails(void **state)
{
    (void)state;
    struct writer writer = {.big = false};
    struct reading reading;
    two_packets(&writer);
    start(&reading, writer.out.data, 100, 1000);
    reading.source.fails = true;
    assert_int_equal(next(&reading), CAPTURE_FRAME);
    assert_int_equal(next(&reading), CAPTURE_ERROR);
    assert_string_equal(pcapng_error(reading.pcapng), "");
    stop(&reading);
}

static void test_interfaces_are_bounded(void **state)
{
    (void)state;
    struct writer writer = {.big = false};
    struct reading reading;
    section(&writer);
    interface(&writer, 1);
    size_t length = 28 + 20 * (PCAPNG_MAX_INTERFACES + 1);
    uint8_t *octets = malloc(length);
    memcpy(octets, writer.out.data, 28);
    for (size_t at = 28; at < length; at += 20)
        memcpy(octets + at, writer.out.data + 28, 20);
    start(&reading, octets, length, 100000);
    assert_int_equal(next(&reading), CAPTURE_ERROR);
    assert_non_null(strstr(pcapng_error(reading.pcapng), "more interfaces"));
    stop(&reading);
    free(octets);
}

static void test_mutations(void **state)
{
    (void)state;
    uint64_t seed = 9;
    for (unsigned round = 0; round < 20000; round++) {
        struct writer writer = {.big = round % 2};
        struct reading reading;
        two_packets(&writer);
        for (unsigned n = next_random(&seed) % 5 + 1; n > 0; n--)
            writer.out.data[next_random(&seed) % writer.out.length] = (uint8_t)next_random(&seed);
        start(&reading, writer.out.data, writer.out.length - next_random(&seed) % 8, next_random(&seed) % 90 + 1);
        unsigned frames = 0;
        while (next(&reading) == CAPTURE_FRAME) {
            free(exactly(reading.frame.data, reading.frame.captured));
            assert_true(++frames <= 2);
        }
        stop(&reading);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_packet_blocks),  cmocka_unit_test(test_simple_packet_snap_length),
        cmocka_unit_test(test_resolutions),    cmocka_unit_test(test_interfaces_and_sections),
        cmocka_unit_test(test_loss),           cmocka_unit_test(test_other_blocks),
        cmocka_unit_test(test_large_packets),  cmocka_unit_test(test_lies),
        cmocka_unit_test(test_bad_sections),   cmocka_unit_test(test_huge_unknown_block),
        cmocka_unit_test(test_option_lengths), cmocka_unit_test(test_truncated_anywhere),
        cmocka_unit_test(test_source_fails),   cmocka_unit_test(test_interfaces_are_bounded),
        cmocka_unit_test(test_mutations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
