/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stream.h"

enum { WAYS = 3 };

/* How the octets come: as a file, through a pipe in one piece, through a pipe a few at a time. */
static struct stream *open_way(int way, const uint8_t *octets, size_t length, pid_t *writer)
{
    char error[STREAM_ERROR_SIZE], name[] = "/tmp/test_stream.XXXXXX";
    int ends[2];
    *writer = 0;
    if (way == 0) {
        int fd = mkstemp(name);
        assert_true(fd >= 0 && unlink(name) == 0);
        assert_int_equal(write(fd, octets, length), length);
        assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
        return stream_open_fd(fd, error);
    }
    assert_int_equal(pipe(ends), 0);
    if ((*writer = fork()) == 0) {
        size_t piece = way == 1 ? length : 7, at = 0;
        close(ends[0]);
        while (at < length) {
            ssize_t count = write(ends[1], octets + at, piece < length - at ? piece : length - at);
            if (count < 0)
                _exit(1);
            at += (size_t)count;
        }
        _exit(0);
    }
    close(ends[1]);
    return stream_open_fd(ends[0], error);
}

static size_t read_all(struct stream *stream, uint8_t *octets, size_t room)
{
    size_t have = 0;
    ssize_t count;
    while ((count = stream_read(stream, octets + have, room - have)) > 0)
        have += (size_t)count;
    assert_int_equal(count, 0);
    return have;
}

static size_t read_file(struct stream *stream, uint8_t *octets, size_t room)
{
    FILE *file = stream_file(stream);
    assert_non_null(file);
    size_t have = fread(octets, 1, room, file);
    fclose(file);
    return have;
}

/* Octets that no decoder knows come out as they went in, once, however they come. */
static void expect_plain(const uint8_t *octets, size_t length)
{
    uint8_t *found = malloc(length + 64);
    assert_non_null(found);
    for (int way = 0; way < WAYS; way++)
        for (int as_file = 0; as_file < 2; as_file++) {
            pid_t writer;
            const uint8_t *head;
            struct stream *stream = open_way(way, octets, length, &writer);
            assert_non_null(stream);
            size_t size = stream_head(stream, &head);
            assert_int_equal(size, length < STREAM_HEAD_SIZE ? length : STREAM_HEAD_SIZE);
            assert_memory_equal(head, octets, size);
            size_t have = (as_file ? read_file : read_all)(stream, found, length + 64);
            assert_int_equal(have, length);
            assert_memory_equal(found, octets, length);
            stream_close(stream);
            if (writer)
                waitpid(writer, NULL, 0);
        }
    free(found);
}

static void test_text(void **state)
{
    static const char line[] = "Sep 30 09:06:09 fw1 %FTD-6-722051: Group <Staff>\n";
    size_t size = 300000;
    uint8_t *text = malloc(size);
    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i < size; i++)
        text[i] = (uint8_t)line[i % (sizeof line - 1)];
    const size_t lengths[] = {0, 1, 2, 15, 16, 17, 33, 1000, 65536, 65552, 70000, size};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        expect_plain(text, lengths[i]);
    free(text);
}

/* What only looks like a compressed file at first. */
static void test_looks_compressed(void **state)
{
    static const char *const starts[] = {"BZh", "BZh9 is how bzip2 begins, and this line", "LZIP", "LZIP up the log", "\x5d\x00\x00", ("\xfd" "7zXZ")};
    (void)state;
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        size_t length = i == 4 ? 3 : strlen(starts[i]);
        uint8_t *octets = exactly(starts[i], length);
        expect_plain(octets, length);
        free(octets);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_text), cmocka_unit_test(test_looks_compressed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
