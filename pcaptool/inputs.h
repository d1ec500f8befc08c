/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inputs that are opened ahead, while the process may still open files. Descriptors are those of the whole process, and so is this
 * list. "-" is standard input and is never opened.
 */
#ifndef FTDPCAP_INPUTS_H
#define FTDPCAP_INPUTS_H

#include <stdbool.h>

/*
 * Opens PATH for one later inputs_take(), which also tells what went wrong. Named pipes do not wait here for somebody who writes.
 * False: the process may have no more files open; PATH will be opened when it is taken.
 */
bool inputs_open(const char *path);

/* The oldest descriptor that was opened for PATH and not yet taken, the caller's to close; -1 with errno. Opens it if there is none. */
int inputs_take(const char *path);

/* LOOK for each descriptor that waits to be taken. */
void inputs_each(void (*look)(int fd));

/* Closes what was not taken. */
void inputs_close(void);

/* How a sentence names it. */
const char *inputs_shown(const char *path);

/*
 * Closes every descriptor but standard output, standard error, KEPT (-1: none) and those that wait to be taken; standard input
 * becomes /dev/null unless STDIN_TOO.
 */
void inputs_close_others(bool stdin_too, int kept);

#endif
