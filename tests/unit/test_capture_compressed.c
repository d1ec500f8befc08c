/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compressed captures: every format, cut, damaged, and several in a row. */
#include "capture_file.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib.h>

static const struct compression {
    const char *name;
    int (*add)(struct archive *archive);
} compressions[] = {
    {"gzip", archive_write_add_filter_gzip},   {"xz", archive_write_add_filter_xz},
    {"zstd", archive_write_add_filter_zstd},   {"lz4", archive_write_add_filter_lz4},
    {"bzip2", archive_write_add_filter_bzip2},
};

/* Writes the octets compressed to the path; false when this libarchive cannot. */
static bool write_compressed(const struct compression *compression, const void *octets, size_t length)
{
    struct archive *archive = archive_write_new();
    struct archive_entry *entry = archive_entry_new();
    bool done = compression->add(archive) == ARCHIVE_OK;
    archive_write_set_format_raw(archive);
    archive_entry_set_filetype(entry, AE_IFREG);
    if (done) {
        assert_int_equal(archive_write_open_filename(archive, path), ARCHIVE_OK);
        assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
        assert_int_equal(archive_write_data(archive, octets, length), length);
        assert_int_equal(archive_write_close(archive), ARCHIVE_OK);
    }
    archive_entry_free(entry);
    archive_write_free(archive);
    return done;
}

static void test_compressed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof compressions / sizeof *compressions; i++) {
        struct build build;
        struct stat status;
        char error[CAPTURE_ERROR_SIZE];
        uint64_t done, total;
        print_message("%s\n", compressions[i].name);
        small_pcap(&build, 0xa1b2c3d4, false);
        if (!write_compressed(&compressions[i], build.data, build.length))
            continue;
        read_all(open_ok(path, NULL));
        assert_int_equal(stat(path, &status), 0);
        struct capture *capture = open_ok(path, NULL);
        assert_true(capture_position(capture, &done, &total));
        assert_int_equal(total, status.st_size);
        assert_true(done > 0 && done <= total);
        capture_close(capture);
        small_pcapng(&build, true);
        write_compressed(&compressions[i], build.data, build.length);
        assert_int_equal(count_frames(open_ok(path, NULL), error), 3);
        write_compressed(&compressions[i], "only text", 9);
        open_fails(path, NULL, "not a capture file (neither pcap nor pcapng)");
    }
}

/* Nothing, compressed, is as good as nothing. (libarchive's own lz4 writer cannot make it.) */
static void test_empty_compressed(void **state)
{
    (void)state;
    static const char *const files[] = {
        "1f8b0800000000000003 03000000000000000000",
        "fd377a585a000004e6d6b446 00000000 1cdf44211fb6f37d0100000000 04595a",
        "28b52ffd24000100 0099e9d851",
        "04224d186440a7 00000000 05 5dcc02",
        "425a6839 17724538509000000000",
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct build build = {.length = 0};
        put_hex(&build, files[i]);
        write_file(build.data, build.length);
        open_fails(path, NULL, "the file is empty");
        write_file(build.data, build.length - 1);
        assert_null(capture_open(path, NULL, (char[CAPTURE_ERROR_SIZE]){0}));
    }
}

/* Every prefix of every compressed file: an error at opening or at reading, never a crash or an end. */
static void test_truncated_compressed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof compressions / sizeof *compressions; i++) {
        struct build build;
        small_pcap(&build, 0xa1b2c3d4, false);
        if (!write_compressed(&compressions[i], build.data, build.length))
            continue;
        struct stat status;
        assert_int_equal(stat(path, &status), 0);
        bool gzip = i == 0;
        unsigned most = 0;
        for (off_t n = status.st_size - 1; n > 4; n--) {
            char error[CAPTURE_ERROR_SIZE];
            assert_int_equal(truncate(path, n), 0);
            struct capture *capture = capture_open(path, NULL, error);
            unsigned frames = capture != NULL ? count_frames(capture, error) : 0;
            most = frames > most ? frames : most;
            assert_true(frames <= FRAMES);
            assert_string_not_equal(error, "");
            if (gzip && frames > 0)
                assert_non_null(strstr(error, "the compressed data end early; "));
        }
        if (gzip) /* what was there before the end was read */
            assert_int_equal(most, FRAMES);
    }
}

/* What was decompressed in front of the break is handed out, less the block at hand: of a megabyte nearly all. */
static void test_long_truncated_compressed(void **state)
{
    enum { RECORDS = 1000, OCTETS = 1000, ENOUGH = 800, CUT = 10 };
    (void)state;
    uint64_t seed = 5;
    GByteArray *file = g_byte_array_new();
    struct build record = {.length = 0}, frame = {.length = 0};
    pcap_header(&record, 0xa1b2c3d4, false, 101);
    for (unsigned i = 0; i < RECORDS; i++) {
        frame.length = 0;
        for (unsigned n = 0; n < OCTETS; n++)
            put8(&frame, next_random(&seed));
        pcap_record(&record, false, 123456, &frame);
        g_byte_array_append(file, record.data, record.length);
        record.length = 0;
    }
    for (size_t i = 0; i < sizeof compressions / sizeof *compressions; i++) {
        struct stat status;
        char error[CAPTURE_ERROR_SIZE];
        if (strcmp(compressions[i].name, "lz4") == 0 || /* blocks of 4 MiB */
            !write_compressed(&compressions[i], file->data, file->len))
            continue;
        assert_int_equal(count_frames(open_ok(path, NULL), error), RECORDS);
        assert_int_equal(stat(path, &status), 0);
        assert_int_equal(truncate(path, status.st_size - CUT), 0);
        assert_in_range(count_frames(open_ok(path, NULL), error), ENOUGH, RECORDS);
        assert_non_null(strstr(error, "the compressed data end early; "));
    }
    g_byte_array_unref(file);
}

static void test_damaged_compressed(void **state)
{
    (void)state;
    uint64_t seed = 77;
    struct build build, file = {.length = 0};
    small_pcap(&build, 0xa1b2c3d4, false);
    for (size_t i = 0; i < sizeof compressions / sizeof *compressions; i++) {
        if (!write_compressed(&compressions[i], build.data, build.length))
            continue;
        FILE *input = fopen(path, "rb");
        file.length = (uint32_t)fread(file.data, 1, sizeof file.data, input);
        fclose(input);
        for (unsigned round = 0; round < 300; round++) {
            char error[CAPTURE_ERROR_SIZE];
            uint32_t at = next_random(&seed) % file.length;
            uint8_t before = file.data[at];
            file.data[at] = (uint8_t)next_random(&seed);
            write_file(file.data, file.length);
            struct capture *capture = capture_open(path, NULL, error);
            unsigned frames = capture != NULL ? count_frames(capture, error) : 0;
            assert_true(frames <= FRAMES || *error != '\0'); /* a checksum may come behind what it is of */
            file.data[at] = before;
        }
    }
}

/* gzip files put one after the other are one (RFC 1952); what follows and is none is passed over. */
static void test_gzip_members(void **state)
{
    (void)state;
    struct build build, file = {.length = 0};
    small_pcap(&build, 0xa1b2c3d4, false);
    for (unsigned half = 0; half < 2; half++) {
        uint32_t from = half ? 100 : 0, to = half ? build.length : 100;
        write_compressed(&compressions[0], build.data + from, to - from);
        FILE *input = fopen(path, "rb");
        file.length += (uint32_t)fread(file.data + file.length, 1, sizeof file.data - file.length, input);
        fclose(input);
    }
    write_file(file.data, file.length);
    read_all(open_ok(path, NULL));
    put_hex(&file, "00000000");
    write_file(file.data, file.length);
    read_all(open_ok(path, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_compressed),
        cmocka_unit_test(test_empty_compressed),
        cmocka_unit_test(test_truncated_compressed),
        cmocka_unit_test(test_long_truncated_compressed),
        cmocka_unit_test(test_damaged_compressed),
        cmocka_unit_test(test_gzip_members),
    };
    int failed = cmocka_run_group_tests(tests, make_path, remove_path);
    filter_of(NULL);
    return failed;
}
