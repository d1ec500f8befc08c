/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pcapng: lengths that lie, files that end anywhere, and what has to be bounded. */
#include "pcapng_blocks.h"

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

/* However many sections describe them. */
static void test_interfaces_are_bounded(void **state)
{
    (void)state;
    enum { SECTION = 28, INTERFACE = 20 };
    for (size_t sections = 0; sections < 2; sections++) {
        struct writer writer = {.big = false};
        struct reading reading;
        section(&writer);
        interface(&writer, 1);
        size_t begin = sections ? 0 : SECTION, step = SECTION + INTERFACE - begin;
        size_t length = SECTION + step * (PCAPNG_MAX_INTERFACES + 2);
        uint8_t *octets = malloc(length);
        memcpy(octets, writer.out.data, SECTION);
        for (size_t at = SECTION; at < length; at += step)
            memcpy(octets + at, writer.out.data + begin, step);
        start(&reading, octets, length, 100000);
        assert_int_equal(next(&reading), CAPTURE_ERROR);
        assert_non_null(strstr(pcapng_error(reading.pcapng), "describes more interfaces than the 65,536 that a file may have"));
        stop(&reading);
        free(octets);
    }
}

/* Names and descriptions of many interfaces take little, and end with a whole character. */
static void test_texts_are_bounded(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t expected;
    } cases[] = {{"x", PCAPNG_MAX_TEXT}, {"\xc3\xbc", PCAPNG_MAX_TEXT - 1}, {"\xf0\x9f\x94\xa5", PCAPNG_MAX_TEXT - 3}, {"\x80", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct writer writer = {.big = false};
        struct reading reading;
        static char text[60000];
        size_t count, step = strlen(cases[i].text);
        for (size_t at = 0; at < sizeof text; at++)
            text[at] = cases[i].text[at % step];
        section(&writer);
        open_interface(&writer, 1, 0);
        option(&writer, 2, text, sizeof text);
        option(&writer, 3, text, PCAPNG_MAX_TEXT);
        close_block(&writer);
        start_writer(&reading, &writer);
        assert_int_equal(next(&reading), CAPTURE_END);
        const struct capture_interface *interfaces = pcapng_interfaces(reading.pcapng, &count);
        assert_int_equal(count, 1);
        assert_int_equal(strlen(interfaces->name), cases[i].expected);
        assert_memory_equal(interfaces->name, text, cases[i].expected);
        assert_int_equal(strlen(interfaces->description), PCAPNG_MAX_TEXT);
        stop(&reading);
    }
}

/* Statistics of an interface that nobody described: the packets behind them are as good as ever. */
static void test_statistics_of_nobody(void **state)
{
    (void)state;
    struct writer writer = {.big = false};
    struct reading reading;
    section(&writer);
    interface(&writer, 1);
    packet(&writer, 0, 1, "first");
    open_block(&writer, 5);
    w32(&writer, 9);
    w64(&writer, 0);
    option64(&writer, 5, 7);
    close_block(&writer);
    packet(&writer, 0, 2, "second");
    start_writer(&reading, &writer);
    assert_int_equal(next(&reading), CAPTURE_FRAME);
    assert_int_equal(next(&reading), CAPTURE_FRAME);
    check_frame(&reading, 2, "second");
    assert_int_equal(next(&reading), CAPTURE_END);
    size_t count;
    assert_int_equal(pcapng_interfaces(reading.pcapng, &count)->known, 0);
    stop(&reading);
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
        cmocka_unit_test(test_lies),
        cmocka_unit_test(test_bad_sections),
        cmocka_unit_test(test_huge_unknown_block),
        cmocka_unit_test(test_option_lengths),
        cmocka_unit_test(test_truncated_anywhere),
        cmocka_unit_test(test_source_fails),
        cmocka_unit_test(test_interfaces_are_bounded),
        cmocka_unit_test(test_texts_are_bounded),
        cmocka_unit_test(test_statistics_of_nobody),
        cmocka_unit_test(test_mutations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
