/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Captures as users have them: formats, compression, pipes, filters, and files that are damaged. */
#include "frames.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#ifndef FTDPCAP_NO_LIBARCHIVE
#include <archive.h>
#include <archive_entry.h>
#endif

#include "capture.h"
#include "filter.h"
#include "link.h"

enum { FRAMES = 3 };

static char path[] = "/tmp/test_capture.XXXXXX";

static int make_path(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int remove_path(void **state)
{
    (void)state;
    return unlink(path);
}

static void write_file(const void *octets, size_t length)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(octets, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static void put_order(struct build *build, uint32_t value, bool big)
{
    for (unsigned i = 0; i < 4; i++)
        put8(build, value >> (big ? 24 - 8 * i : 8 * i));
}

static void pcap_header(struct build *build, uint32_t magic, bool big, uint32_t link_type)
{
    put_order(build, magic, big);
    put_order(build, big ? 0x00020004 : 0x00040002, big);
    put_order(build, 0, big);
    put_order(build, 0, big);
    put_order(build, 65535, big);
    put_order(build, link_type, big);
}

static void pcap_record(struct build *build, bool big, uint32_t fraction, const struct build *frame)
{
    put_order(build, 0xf0000000, big); /* beyond 2038 */
    put_order(build, fraction, big);
    put_order(build, frame->length, big);
    put_order(build, frame->length + 4, big);
    put(build, frame->data, frame->length);
}

/* A raw IPv4 syslog frame whose last octet is `last`; even ones go to port 514, odd ones to 1514. */
static void syslog_frame(struct build *frame, unsigned last)
{
    frame->length = 0;
    put_ipv4_udp(frame, "<166>%FTD-6-1: x");
    frame->data[frame->length - 1] = (uint8_t)last;
    set16(frame, 22, last % 2 ? 1514 : 514);
}

static void small_pcap(struct build *build, uint32_t magic, bool big)
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
static struct filter *filter_of(const char *expression)
{
    static struct filter *filter;
    filter_free(filter);
    filter = expression != NULL ? filter_new(expression) : NULL;
    return filter;
}

static struct capture *open_ok(const char *name, const char *filter)
{
    char error[CAPTURE_ERROR_SIZE];
    struct capture *capture = capture_open(name, filter_of(filter), error);
    if (capture == NULL)
        fail_msg("%s", error);
    assert_string_equal(error, "");
    return capture;
}

static void open_fails(const char *name, const char *filter, const char *expected)
{
    char error[CAPTURE_ERROR_SIZE];
    assert_null(capture_open(name, filter_of(filter), error));
    assert_non_null(strstr(error, expected));
}

/* Reads to the end, all frames of small_pcap(), and closes. */
static void read_all(struct capture *capture)
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
static unsigned count_frames(struct capture *capture, char *error)
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

static void test_pcap_variants(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        bool big = i & 1, nano = i & 2;
        struct build build;
        struct frame frame;
        small_pcap(&build, nano ? 0xa1b23c4d : 0xa1b2c3d4, big);
        write_file(build.data, build.length);
        struct capture *capture = open_ok(path, NULL);
        assert_int_equal(capture_next(capture, &frame), CAPTURE_FRAME);
        assert_int_equal(frame.precision, nano ? 9 : 6);
        assert_int_equal(frame.seconds, 0xf0000000);
        assert_int_equal(frame.nanoseconds, nano ? 123456 : 123456000);
        capture_close(capture);
        read_all(open_ok(path, NULL));
    }
}

static void test_position_and_interface(void **state)
{
    (void)state;
    struct build build;
    struct frame frame;
    uint64_t done, total;
    size_t count;
    small_pcap(&build, 0xa1b2c3d4, false);
    write_file(build.data, build.length);
    struct capture *capture = open_ok(path, NULL);
    while (capture_next(capture, &frame) == CAPTURE_FRAME)
        continue;
    assert_true(capture_position(capture, &done, &total));
    assert_int_equal(done, build.length);
    assert_int_equal(total, build.length);
    const struct capture_interface *interface_ = capture_interfaces(capture, &count);
    assert_int_equal(count, 1);
    assert_int_equal(interface_->link_type, 101);
    assert_int_equal(interface_->frames, FRAMES);
    assert_int_equal(interface_->known, 0);
    capture_close(capture);
}

static void test_what_is_no_capture(void **state)
{
    (void)state;
    struct build build = {.length = 0};
    open_fails("/nonexistent/file", NULL, "No such file or directory");
    open_fails("/tmp", NULL, "is a directory");
    write_file("", 0);
    open_fails(path, NULL, "the file is empty");
    write_file("x", 1);
    open_fails(path, NULL, "not a capture file (neither pcap nor pcapng)");
    write_file("Sep 30 2020 09:06:09 fw1 : %FTD-6-722051: text", 46);
    open_fails(path, NULL, "not a capture file (neither pcap nor pcapng)");
    pcap_header(&build, 0xa1b2c3d4, false, 105);
    write_file(build.data, build.length);
    open_fails(path, NULL, "link type 105 (IEEE802_11) is not supported");
    for (uint32_t n = 4; n < 24; n++) {
        write_file(build.data, n);
        open_fails(path, NULL, "the file ends inside its header");
    }
}

static void test_truncated_pcap(void **state)
{
    (void)state;
    struct build build;
    char error[CAPTURE_ERROR_SIZE];
    small_pcap(&build, 0xa1b2c3d4, false);
    uint32_t record = (build.length - 24) / FRAMES;
    for (uint32_t n = 24; n < build.length; n++) {
        write_file(build.data, n);
        unsigned whole = (n - 24) / record;
        assert_int_equal(count_frames(open_ok(path, NULL), error), whole);
        if ((n - 24) % record == 0)
            assert_string_equal(error, "");
        else if (whole == 1)
            assert_string_equal(error, "the file ends inside frame 2; 1 frame was read");
        else
            assert_non_null(strstr(error, "the file ends inside frame "));
    }
}

static void test_damaged_pcap(void **state)
{
    (void)state;
    struct build build;
    char error[CAPTURE_ERROR_SIZE];
    small_pcap(&build, 0xa1b2c3d4, false);
    uint32_t record = (build.length - 24) / FRAMES;
    memset(build.data + 24 + 2 * record + 8, 0xff, 4);
    write_file(build.data, build.length);
    assert_int_equal(count_frames(open_ok(path, NULL), error), 2);
    assert_string_equal(error, "frame 3 is damaged; 2 frames were read");
}

static void test_filter(void **state)
{
    (void)state;
    struct build build;
    struct frame frame;
    small_pcap(&build, 0xa1b2c3d4, false);
    write_file(build.data, build.length);
    struct capture *capture = open_ok(path, "udp dst port 514");
    assert_int_equal(capture_next(capture, &frame), CAPTURE_FRAME);
    assert_int_equal(frame.number, 2); /* as Wireshark counts, not 1 */
    assert_int_equal(capture_next(capture, &frame), CAPTURE_END);
    assert_int_equal(capture_frames(capture), FRAMES);
    capture_close(capture);
    open_fails(path, "udp dst prot 514", "the filter: ");
}

static void block(struct build *build, uint32_t type, const void *body, uint32_t length)
{
    uint32_t padded = (length + 3) & ~3u;
    put_order(build, type, false);
    put_order(build, padded + 12, false);
    put(build, body, length);
    put(build, "\0\0\0", padded - length);
    put_order(build, padded + 12, false);
}

/* pcapng: an Ethernet, a raw IP and, if asked for, an unsupported interface, a frame from each. */
static void small_pcapng(struct build *build, bool supported)
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

static void test_pcapng(void **state)
{
    (void)state;
    struct build build;
    struct frame frame;
    struct packet packet;
    char error[CAPTURE_ERROR_SIZE];
    small_pcapng(&build, true);
    write_file(build.data, build.length);
    struct capture *capture = open_ok(path, NULL);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(capture_next(capture, &frame), CAPTURE_FRAME);
        enum packet_kind kind = packet_parse(frame.link_type, frame.data, frame.captured, frame.wire, &packet);
        assert_int_equal(kind, i < 2 ? PACKET_UDP : PACKET_NONE);
        assert_int_equal(packet.fault, i < 2 ? PACKET_WHOLE : PACKET_UNKNOWN_LINK);
    }
    assert_int_equal(capture_next(capture, &frame), CAPTURE_END);
    size_t count;
    capture_interfaces(capture, &count);
    assert_int_equal(count, 3);
    capture_close(capture);
    /* The filter is compiled for each link type, and does not fit the last. */
    capture = open_ok(path, "udp port 514");
    assert_int_equal(capture_next(capture, &frame), CAPTURE_FRAME);
    assert_int_equal(capture_next(capture, &frame), CAPTURE_FRAME);
    assert_int_equal(frame.link_type, 101);
    capture_close(capture);
    assert_int_equal(count_frames(open_ok(path, "tcp or ether proto 1"), error), 0);
    write_file(build.data, build.length - 1);
    assert_int_equal(count_frames(open_ok(path, NULL), error), 2);
    assert_string_equal(error, "the file ends inside frame 3; 2 frames were read");
    small_pcapng(&build, false);
    write_file(build.data, build.length);
    assert_int_equal(count_frames(open_ok(path, NULL), error), 1);
    assert_string_equal(error, "link type 105 (IEEE802_11) is not supported");
}

#ifndef FTDPCAP_NO_LIBARCHIVE

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
            if (capture != NULL)
                assert_true(count_frames(capture, error) <= FRAMES);
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

#endif

/* Standard input becomes a pipe into which a child writes slowly, a few octets at a time. */
static pid_t slow_pipe(const struct build *build, uint32_t step, bool stays_open)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(ends[0]);
        for (uint32_t at = 0; at < build->length; at += step) {
            uint32_t count = build->length - at < step ? build->length - at : step;
            if (write(ends[1], build->data + at, count) != (ssize_t)count)
                _exit(1);
            usleep(300);
        }
        while (stays_open)
            pause();
        _exit(0);
    }
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    return child;
}

static struct capture *volatile stoppable;

static void on_alarm(int number)
{
    (void)number;
    if (stoppable != NULL)
        capture_stop(stoppable);
}

/* Signals every millisecond, or one after 50, that interrupt what waits. */
static void set_alarm(bool repeated)
{
    struct sigaction action = {.sa_handler = on_alarm};
    struct itimerval timer = {.it_value = {0, repeated ? 1000 : 50000}, .it_interval = {0, repeated ? 1000 : 0}};
    sigemptyset(&action.sa_mask);
    assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
    assert_int_equal(setitimer(ITIMER_REAL, &timer, NULL), 0);
}

static void clear_alarm(void)
{
    struct itimerval none = {.it_value = {0, 0}};
    setitimer(ITIMER_REAL, &none, NULL);
}

static void test_standard_input(void **state)
{
    (void)state;
    struct build build;
    char error[CAPTURE_ERROR_SIZE];
    int saved = dup(STDIN_FILENO);
    for (unsigned i = 0; i < 3; i++) {
        if (i == 0)
            small_pcap(&build, 0xa1b2c3d4, true);
        else
            small_pcapng(&build, true);
        bool blocking = i < 2;
        pid_t child = slow_pipe(&build, 5, false);
        if (!blocking)
            assert_int_equal(fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK), 0);
        set_alarm(true);
        struct capture *capture = open_ok("-", NULL);
        uint64_t done, total;
        assert_false(capture_position(capture, &done, &total));
        if (i == 0)
            read_all(capture);
        else
            assert_int_equal(count_frames(capture, error), 3);
        clear_alarm();
        waitpid(child, NULL, 0);
    }
    dup2(saved, STDIN_FILENO);
    close(saved);
}

/* Redirected, from where the file stands. */
static void test_standard_input_is_a_file(void **state)
{
    (void)state;
    struct build build, file = {.length = 0};
    int saved = dup(STDIN_FILENO);
    small_pcap(&build, 0xa1b2c3d4, false);
    put(&file, "skip", 4);
    put(&file, build.data, build.length);
    write_file(file.data, file.length);
    int fd = open(path, O_RDONLY);
    dup2(fd, STDIN_FILENO);
    assert_int_equal(lseek(STDIN_FILENO, 4, SEEK_SET), 4);
    read_all(open_ok("-", NULL));
    close(fd);
    dup2(saved, STDIN_FILENO);
    close(saved);
}

/* A signal ends the wait for a pipe: the end, no damage. */
static void test_stop(void **state)
{
    (void)state;
    struct build build;
    int saved = dup(STDIN_FILENO);
    for (unsigned i = 0; i < 2; i++) {
        if (i == 0)
            small_pcap(&build, 0xa1b2c3d4, false);
        else
            small_pcapng(&build, true);
        build.length -= 3;
        pid_t child = slow_pipe(&build, 1000, true);
        char error[CAPTURE_ERROR_SIZE];
        struct capture *capture = open_ok("-", NULL);
        stoppable = capture;
        set_alarm(false);
        assert_true(count_frames(capture, error) <= 2);
        assert_string_equal(error, "");
        stoppable = NULL;
        clear_alarm();
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
    }
    dup2(saved, STDIN_FILENO);
    close(saved);
}

static void test_no_such_interface(void **state)
{
    (void)state;
    char error[CAPTURE_ERROR_SIZE];
    assert_null(capture_open_live("no-such-interface", NULL, error));
    assert_string_not_equal(error, "");
}

static void test_grouped(void **state)
{
    (void)state;
    char text[CAPTURE_GROUPED_SIZE];
    assert_string_equal(capture_grouped(0, text), "0");
    assert_string_equal(capture_grouped(999, text), "999");
    assert_string_equal(capture_grouped(1000, text), "1,000");
    assert_string_equal(capture_grouped(UINT64_MAX, text), "18,446,744,073,709,551,615");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pcap_variants),
        cmocka_unit_test(test_position_and_interface),
        cmocka_unit_test(test_what_is_no_capture),
        cmocka_unit_test(test_truncated_pcap),
        cmocka_unit_test(test_damaged_pcap),
        cmocka_unit_test(test_filter),
        cmocka_unit_test(test_pcapng),
#ifndef FTDPCAP_NO_LIBARCHIVE
        cmocka_unit_test(test_compressed),
        cmocka_unit_test(test_truncated_compressed),
        cmocka_unit_test(test_damaged_compressed),
        cmocka_unit_test(test_gzip_members),
#endif
        cmocka_unit_test(test_standard_input),
        cmocka_unit_test(test_standard_input_is_a_file),
        cmocka_unit_test(test_stop),
        cmocka_unit_test(test_no_such_interface),
        cmocka_unit_test(test_grouped),
    };
    int failed = cmocka_run_group_tests(tests, make_path, remove_path);
    filter_of(NULL);
    return failed;
}
