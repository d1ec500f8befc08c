/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Work on several threads that comes out in order.
 *
 *     caller fills a batch ──► any thread works on it ──► the caller's thread finishes it, in the order of filling
 *
 * A ring of batches bounds the memory. While the caller's thread waits for the oldest batch it works, too.
 */
#ifndef FTDPCAP_PIPELINE_H
#define FTDPCAP_PIPELINE_H

#include <stddef.h>

struct pipeline;

struct pipeline_stages {
    size_t batch;                                       /* its size; all zero at first */
    unsigned batches;                                   /* for each thread, 2 or more */
    size_t own;                                         /* size of what each thread has of its own; all zero at first */
    void (*work)(void *batch, void *own, void *user);   /* on any thread: may change nothing but the batch and what is the thread's own */
    void (*finish)(void *batch, void *own, void *user); /* leaves it empty for the next filling; what is the caller's own */
    void (*release)(void *batch, void *user);           /* frees what it holds */
    void *user;
};

/* Starts THREADS - 1 further threads, or as many as there may be. */
struct pipeline *pipeline_new(const struct pipeline_stages *stages, unsigned threads);

/* The batch to fill. */
void *pipeline_batch(const struct pipeline *pipeline);

/* Hands it to the others, and finishes those that are done. pipeline_batch() is another one then. */
void pipeline_submit(struct pipeline *pipeline);

/* Finishes all that was submitted. */
void pipeline_drain(struct pipeline *pipeline);

/*
 * Without memory: finishes what was done, up to the first gap; the batch within which memory ended is finished as it stands. Called by
 * the thread that found none; returns in the caller's thread only.
 */
void pipeline_rescue(struct pipeline *pipeline);

/* Ends the threads and frees. What was not finished is dropped. */
void pipeline_free(struct pipeline *pipeline);

#endif
