/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For LD_PRELOAD: memory ends. NOMEMORY=N: the first N allocations are granted, none after that. At a regular end the last line on
 * standard error is the number of allocations.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

static atomic_long count;
static long limit = -1;

/* Environment in place of getenv(3), which may not be used as early as memory is. */
extern char **environ;

static int refused(void)
{
    static atomic_int known;
    if (!known) {
        for (char **variable = environ; variable && *variable; variable++)
            if (strncmp(*variable, "NOMEMORY=", 9) == 0)
                limit = strtol(*variable + 9, NULL, 10);
        known = environ != NULL;
    }
    long number = ++count;
    if (limit < 0 || number <= limit)
        return 0;
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t size) { return refused() ? NULL : __libc_malloc(size); }
void *calloc(size_t n, size_t size) { return refused() ? NULL : __libc_calloc(n, size); }
void *realloc(void *old, size_t size) { return refused() ? NULL : __libc_realloc(old, size); }

__attribute__((destructor)) static void tell(void)
{
    char text[32];
    int length = snprintf(text, sizeof text, "allocations: %ld\n", (long)count);
    ssize_t written = write(STDERR_FILENO, text, (size_t)length);
    (void)written;
}
