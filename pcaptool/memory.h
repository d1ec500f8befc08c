/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory that is not there ends the program in one way, whoever asked for it (GLib would abort): what was decoded is still written,
 * a sentence says how far it came, and the status is 2.
 */
#ifndef FTDPCAP_MEMORY_H
#define FTDPCAP_MEMORY_H

#include <stddef.h>

/* Makes the failures of libraries end here, too. Once, at the start. */
void memory_watch(void);

/* What is to be done at the end, in the thread that found no memory; it must not allocate, and need not return. NULL: nothing. */
struct memory_end {
    void (*finish)(void *user);
    void *user;
};
void memory_at_end(struct memory_end end);

_Noreturn void memory_exhausted(void);

/* SIZE octets that are zero, for free(); never NULL. In a thread that decodes GLib's functions will not do: without memory they take the stack. */
void *memory_new(size_t size);

#endif
