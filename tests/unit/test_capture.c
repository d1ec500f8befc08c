/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Captures as users have them: formats, pipes, filters, and files that are damaged. */
#include "capture_file.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>

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

/* What only the kernel knows of a frame is in no file: a filter that asks for it is refused, as tcpdump does. */
static void test_filter_of_what_is_in_no_file(void **state)
{
    (void)state;
    static const char *const filters[] = {"inbound", "not outbound", "ifindex 1"};
    static const uint32_t link_types[] = {1, 12, 101, 228, 0};
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++)
        for (size_t j = 0; j < sizeof link_types / sizeof *link_types; j++) {
            struct build build = {.length = 0};
            pcap_header(&build, 0xa1b2c3d4, false, link_types[j]);
            write_file(build.data, build.length);
            open_fails(path, filters[i], "the filter: ");
        }
}

/* The address family of LINKTYPE_NULL is in the order of the host that captured, which need not be this one's. */
static void test_filter_of_either_order(void **state)
{
    (void)state;
    for (unsigned big = 0; big < 2; big++) {
        struct build build = {.length = 0}, frame = {.length = 0};
        char error[CAPTURE_ERROR_SIZE];
        pcap_header(&build, 0xa1b2c3d4, big, 0);
        put_order(&frame, 2, big);
        put_ipv4_udp(&frame, "<166>%FTD-6-1: x");
        pcap_record(&build, big, 0, &frame);
        write_file(build.data, build.length);
        assert_int_equal(count_frames(open_ok(path, "udp dst port 1514"), error), 1);
        assert_int_equal(count_frames(open_ok(path, "ip6"), error), 0);
        assert_string_equal(error, "");
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
    assert_int_equal(capture_next(capture, &frame), CAPTURE_ERROR);
    assert_string_equal(capture_error(capture), "1 of 3 frames could not be read: link type 105 (IEEE802_11) is not supported");
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
        cmocka_unit_test(test_filter_of_what_is_in_no_file),
        cmocka_unit_test(test_filter_of_either_order),
        cmocka_unit_test(test_pcapng),
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
