/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "memory.h"

#include <errno.h>
#include <glib.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static struct memory_end at_end;

void memory_at_end(struct memory_end end) { at_end = end; }

void memory_exhausted(void)
{
    static _Thread_local int depth;
    static const char sentence[] = "ftdpcap: out of memory\n";
    if (depth++ == 0 && at_end.finish)
        at_end.finish(at_end.user);
    ssize_t written = write(STDERR_FILENO, sentence, sizeof sentence - 1);
    (void)written;
    _exit(2);
}

void *memory_new(size_t size)
{
    void *octets = calloc(1, size);
    if (!octets)
        memory_exhausted();
    return octets;
}

/* What GLib says before it aborts, if there is memory for the sentence. */
static GLogWriterOutput look(GLogLevelFlags level, const GLogField *fields, gsize count, gpointer user)
{
    const char *message = NULL;
    for (gsize i = 0; i < count; i++)
        if (strcmp(fields[i].key, "MESSAGE") == 0)
            message = fields[i].value;
    if (level & G_LOG_LEVEL_ERROR && (!message || strstr(message, "allocat")))
        memory_exhausted();
    return g_log_writer_default(level, fields, count, user);
}

#ifdef FTDPCAP_SANITIZED /* which has a handler of its own */

static void watch_stack(void) {}

#else

/*
 * How libraries take it. GLib, without memory for its sentence, calls itself to say so until the stack of the reading thread ends:
 * nothing else here goes deep, so an address below the stack's start, in what it may ever grow to, means that. Others abort, or use
 * what they did not get, while errno still says why.
 */
enum { STACK_MOST = 8 << 20, MARGIN = 1 << 20 };

static const char *stack_top;
static char other_stack[1 << 16];

static void on_fault(int number, siginfo_t *info, void *context)
{
    const char *at = info->si_addr;
    bool deep = number == SIGSEGV && at < stack_top && at > stack_top - STACK_MOST - MARGIN;
    (void)context;
    if (deep || errno == ENOMEM)
        memory_exhausted();
    signal(number, SIG_DFL); /* comes again */
}

static void watch_stack(void)
{
    struct rlimit limit;
    stack_t stack = {.ss_sp = other_stack, .ss_size = sizeof other_stack};
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    if (getrlimit(RLIMIT_STACK, &limit) != 0)
        return;
    if (limit.rlim_cur > STACK_MOST) {
        limit.rlim_cur = STACK_MOST;
        setrlimit(RLIMIT_STACK, &limit);
    }
    stack_top = __builtin_frame_address(0);
    if (sigaltstack(&stack, NULL) == 0)
        sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGABRT, &action, NULL);
}

#endif

void memory_watch(void)
{
    g_log_set_writer_func(look, NULL, NULL);
    watch_stack();
}
