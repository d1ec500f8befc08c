/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The system calls that are left to a process which reads what nobody vouches for: reading and writing what is open, memory, threads,
 * time and the end. Any other ends the process with a sentence on standard error and status 2.
 *
 * FTDPCAP_NO_SANDBOX builds without: sanitizers and coverage open files when the process ends. Under valgrind, which needs calls of
 * its own, nothing is entered either; only who starts the process can arrange for that.
 */
#ifndef FTDPCAP_SANDBOX_H
#define FTDPCAP_SANDBOX_H

#include <stdbool.h>

struct sandbox {
    bool opens;    /* further files may be opened, for reading only */
    int socket;    /* a live capture's: read, asked, never written to; -1: none */
    int directory; /* new files may be made and old ones removed here; -1: none */
};

/* How a file is made below sandbox.directory: the very flags that openat(2) may have. */
int sandbox_create_flags(void);

/*
 * All threads enter, for good; the process can gain no privilege by execve(2) any more. False: not built in, or the kernel cannot,
 * and nothing has changed.
 */
bool sandbox_enter(const struct sandbox *sandbox);

#endif
