/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages decoded ahead on other threads, for commands that look at them in the order of the capture: `check` and `summary`.
 *
 *     source ──► packets and datagrams, copied into batches ──► decoded on any thread ──► told again in order, on the caller's thread
 *
 * What a command is told, and in which order, is the same as without.
 */
#ifndef FTDPCAP_AHEAD_H
#define FTDPCAP_AHEAD_H

#include "run.h"

struct ahead;

/* Starts THREADS - 1 further threads. WATCH: whom to tell of packets, or NULL; TAKE: of the selected records. */
struct ahead *ahead_new(const struct options *options, unsigned threads, const struct source_watch *watch, run_fn *take, void *user);
void ahead_free(struct ahead *ahead);

/* Stands between the source and the one who watches; for source_options.watch. */
struct source_watch ahead_watch(struct ahead *ahead);

/* Takes a copy of the datagram. False when the command wants no more. */
bool ahead_add(struct ahead *ahead, const struct datagram *datagram);

/* Tells all that was added. */
void ahead_flush(struct ahead *ahead);

#endif
