/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the targets share. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

_Noreturn void fuzz_fail(const char *file, int line, const char *condition)
{
    fprintf(stderr, "%s:%d: not so: %s\n", file, line, condition);
    abort();
}

void fuzz_touch(const void *octets, size_t length)
{
    static volatile uint8_t sink;
    const uint8_t *at = octets;
    uint8_t all = 0;
    for (size_t i = 0; i < length; i++)
        all ^= at[i];
    sink = all;
    (void)sink;
}

static int memory_file(const char *name)
{
    int fd = memfd_create(name, MFD_CLOEXEC);
    CHECK(fd >= 0);
    return fd;
}

const char *fuzz_file(unsigned slot, const uint8_t *octets, size_t length)
{
    static struct {
        int fd;
        char path[40];
    } files[2];
    if (!files[slot].fd) {
        files[slot].fd = memory_file("fuzz");
        snprintf(files[slot].path, sizeof files[slot].path, "/proc/self/fd/%d", files[slot].fd);
    }
    CHECK(ftruncate(files[slot].fd, 0) == 0);
    CHECK(length == 0 || pwrite(files[slot].fd, octets, length, 0) == (ssize_t)length);
    return files[slot].path;
}

static int output_fd;

void fuzz_catch_output(void)
{
    if (output_fd)
        return;
    output_fd = memory_file("output");
    CHECK(dup2(output_fd, STDOUT_FILENO) == STDOUT_FILENO);
}

void fuzz_output(struct buffer *output)
{
    off_t length = lseek(output_fd, 0, SEEK_CUR);
    CHECK(length >= 0);
    output->length = 0;
    buffer_need(output, (size_t)length + 1);
    CHECK(pread(output_fd, output->data, (size_t)length, 0) == length);
    output->length = (size_t)length;
    CHECK(ftruncate(output_fd, 0) == 0 && lseek(output_fd, 0, SEEK_SET) == 0);
}
