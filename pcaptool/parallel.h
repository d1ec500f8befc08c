/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decoding on several cores, with the output of one. The caller's thread reads and writes; batches of datagrams go round:
 *
 *     reading ──► batch ──► any thread renders it ──► written in order
 *
 * A batch owns copies of its datagrams. Their number is fixed, so memory is bounded; when all are on their way the reading thread
 * renders, too.
 */
#ifndef FTDPCAP_PARALLEL_H
#define FTDPCAP_PARALLEL_H

#include "options.h"

struct parallel;

/* Starts THREADS - 1 further threads. */
struct parallel *parallel_new(const struct options *options, unsigned threads);

/* Takes a copy of the datagram. False when the output is closed. */
bool parallel_add(struct parallel *parallel, const struct datagram *datagram);

/* Renders and writes all that was added. */
void parallel_flush(struct parallel *parallel);

/*
 * Without memory: what was rendered is written, up to the first gap. Called by the thread that found none; returns in the reading
 * thread only.
 */
void parallel_rescue(struct parallel *parallel);

/* Ends the threads and frees; returns how many records were selected. */
uint64_t parallel_free(struct parallel *parallel);

#endif
