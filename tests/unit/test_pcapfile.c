/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pcap files read by pcapfile.c and by libpcap, damaged in every way: the same frames, and the same judgement of the end. */
#include "frames.h"

#include <pcap/pcap.h>
#include <stdio.h>

#include "pcapfile.h"

/* DAMAGES: in one file, each of which may put in INSERTED octets. */
enum { ROUNDS = 20000, FRAMES = 12, HEADER = 24, RECORD = 16, DAMAGES = 4, INSERTED = 20 };

struct file {
    uint8_t *octets;
    size_t length, at;
    size_t record[FRAMES]; /* where each began before it was damaged */
};

static const uint32_t telling[] = {0, 1, 4, 100, 65535, 65536, 262143, 262144, 262145, INT32_MAX, UINT32_C(0x80000000), UINT32_MAX};

static void put_number(struct build *build, bool big, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        put8(build, value >> 8 * (big ? 3 - i : i) & 0xff);
}

static void put_record(struct build *build, bool big, uint32_t time, uint32_t captured, uint32_t wire)
{
    put_number(build, big, time);
    put_number(build, big, time % 1000000);
    put_number(build, big, captured);
    put_number(build, big, wire);
    for (uint32_t i = 0; i < captured; i++)
        put8(build, (i ^ time) & 0xff);
}

static struct file make(bool big, bool nanoseconds, uint32_t snap_length, uint32_t link_type, uint64_t *state)
{
    static struct build build;
    struct file file = {0};
    build.length = 0;
    put_number(&build, big, nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4);
    put_number(&build, big, big ? 2u << 16 | 4 : 4u << 16 | 2);
    put_number(&build, big, 0);
    put_number(&build, big, 0);
    put_number(&build, big, snap_length);
    put_number(&build, big, link_type);
    for (unsigned i = 0; i < FRAMES; i++) {
        uint32_t length = next_random(state) % 200;
        file.record[i] = build.length;
        put_record(&build, big, UINT32_C(1601457000) + next_random(state) % 1000, length, length + next_random(state) % 3 * 7);
    }
    file.octets = malloc(build.length + DAMAGES * INSERTED);
    assert_non_null(file.octets);
    memcpy(file.octets, build.data, build.length);
    file.length = build.length;
    return file;
}

static uint32_t any_of(uint64_t *state, uint32_t count) { return next_random(state) % count; }

static void damage(struct file *file, bool big, uint64_t *state)
{
    size_t at = any_of(state, (uint32_t)file->length), count = any_of(state, INSERTED) + 1;
    switch (any_of(state, 5)) {
    case 0:
        file->octets[at] = (uint8_t)next_random(state);
        return;
    case 1: { /* a number of a record, or of the file's header */
        size_t number = any_of(state, 5) == 0 ? 4u + 4 * any_of(state, 5) : file->record[any_of(state, FRAMES)] + 4 * any_of(state, 4);
        uint32_t value = telling[any_of(state, sizeof telling / sizeof *telling)];
        for (size_t i = 0; i < 4 && number + i < file->length; i++)
            file->octets[number + i] = (uint8_t)(value >> 8 * (big ? 3 - i : i));
        return;
    }
    case 2:
        file->length = at + 1;
        return;
    case 3:
        count = count < file->length - at ? count : file->length - at - 1;
        memmove(file->octets + at, file->octets + at + count, file->length - at - count);
        file->length -= count;
        return;
    default:
        memmove(file->octets + at + count, file->octets + at, file->length - at);
        file->length += count;
    }
}

static ssize_t read_file(void *source, void *octets, size_t size)
{
    struct file *file = source;
    size_t left = file->length - file->at, count = size < left ? size : left;
    count = count < 333 ? count : 333;
    memcpy(octets, file->octets + file->at, count);
    file->at += count;
    return (ssize_t)count;
}

/* libpcap takes the fraction of a second for signed, but in files of the other byte order, where 2^32 are to be taken off again. */
static void expect_same_frame(const struct frame *ours, const struct pcap_pkthdr *theirs, const uint8_t *data)
{
    struct frame frame = {0};
    int64_t scale = ours->precision == 6 ? 1000 : 1, fraction = (int32_t)(theirs->ts.tv_usec / scale);
    frame_set_time(&frame, (int64_t)(uint32_t)theirs->ts.tv_sec, fraction * scale);
    assert_int_equal(ours->seconds, frame.seconds);
    assert_int_equal(ours->nanoseconds, frame.nanoseconds);
    assert_int_equal(ours->captured, theirs->caplen);
    assert_int_equal(ours->wire, theirs->len < theirs->caplen ? theirs->caplen : theirs->len);
    if (theirs->caplen)
        assert_memory_equal(ours->data, data, theirs->caplen);
}

/* Returns how many frames both read; `broken` counts files that ended in an error. */
static unsigned expect_same(struct file *file, unsigned *broken)
{
    char reason[PCAP_ERRBUF_SIZE];
    unsigned count = 0;
    FILE *stream = fmemopen(file->octets, file->length, "rb");
    assert_non_null(stream);
    pcap_t *theirs = pcap_fopen_offline_with_tstamp_precision(stream, PCAP_TSTAMP_PRECISION_NANO, reason);
    assert_non_null(theirs);
    file->at = 0;
    struct pcapfile *ours = pcapfile_open(read_file, file, file->octets);
    assert_non_null(ours);
    int datalink = pcap_datalink(theirs);
    assert_int_equal(pcapfile_interface(ours)->link_type, datalink == DLT_RAW ? 101 : datalink);
    for (;; count++) {
        struct frame frame;
        struct pcap_pkthdr *header;
        const uint8_t *data;
        enum capture_result result = pcapfile_next(ours, &frame);
        int status = pcap_next_ex(theirs, &header, &data);
        assert_int_equal(result, status == 1 ? CAPTURE_FRAME : status == PCAP_ERROR_BREAK ? CAPTURE_END : CAPTURE_ERROR);
        if (result != CAPTURE_FRAME) {
            bool cut = status == PCAP_ERROR && strncmp(pcap_geterr(theirs), "truncated dump file", 19) == 0;
            assert_int_equal(strstr(pcapfile_error(ours), "the file ends inside") != NULL, cut);
            *broken += result == CAPTURE_ERROR;
            break;
        }
        assert_int_equal(frame.number, count + 1);
        expect_same_frame(&frame, header, data);
    }
    pcapfile_close(ours);
    pcap_close(theirs);
    return count;
}

static void test_damaged(void **state)
{
    (void)state;
    static const uint32_t snap_lengths[] = {262144, 65535, 100, 0}, link_types[] = {1, 101, 113, 276, 12};
    uint64_t random = 1;
    unsigned read = 0, broken = 0, frames = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        bool big = any_of(&random, 2);
        struct file file = make(big, any_of(&random, 2), snap_lengths[any_of(&random, 4)], link_types[any_of(&random, 5)], &random);
        for (unsigned times = any_of(&random, DAMAGES + 1); times > 0 && file.length > HEADER + 1; times--)
            damage(&file, big, &random);
        if (pcapfile_knows(file.octets, file.length)) { /* others are libpcap's */
            frames += expect_same(&file, &broken);
            read++;
        }
        free(file.octets);
    }
    assert_true(read > ROUNDS / 2 && broken > ROUNDS / 8 && frames > ROUNDS);
}

/* The longest frame there may be, and one octet more. */
static void test_longest(void **state)
{
    (void)state;
    for (uint32_t more = 0; more < 2; more++) {
        uint64_t random = 1;
        unsigned broken = 0;
        struct file file = make(false, false, 0, 1, &random);
        uint32_t length = CAPTURE_SNAP_LENGTH + more;
        uint8_t record[RECORD] = {[8] = (uint8_t)length, (uint8_t)(length >> 8), (uint8_t)(length >> 16), 0,
                                  (uint8_t)length, (uint8_t)(length >> 8), (uint8_t)(length >> 16), 0};
        file.octets = realloc(file.octets, file.length + RECORD + length);
        assert_non_null(file.octets);
        memcpy(file.octets + file.length, record, RECORD);
        memset(file.octets + file.length + RECORD, 'x', length);
        file.length += RECORD + length;
        assert_int_equal(expect_same(&file, &broken), FRAMES + 1 - more);
        assert_int_equal(broken, more);
        free(file.octets);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_damaged), cmocka_unit_test(test_longest)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
