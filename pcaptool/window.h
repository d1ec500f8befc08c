/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The octets of a source that a parser looks at now: contiguous, refilled from behind, and with FRAME_SPARE octets behind them that may be read. */
#ifndef FTDPCAP_WINDOW_H
#define FTDPCAP_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Reads up to `size` octets; 0 at the end, -1 when that failed (the source knows why). */
typedef ssize_t window_read_fn(void *source, void *octets, size_t size);

struct window {
    window_read_fn *read;
    void *source;
    uint8_t *buffer; /* octets start to end are held */
    size_t capacity;
    size_t start;
    size_t end;
    uint64_t offset; /* of buffer[start] in the source */
};

/* Where the parser stands. Moved by the functions below. */
static inline const uint8_t *window_at(const struct window *window) { return window->buffer + window->start; }

static inline void window_consume(struct window *window, size_t count)
{
    window->start += count;
    window->offset += count;
}

/* The same as window_want() when not all are held. */
ssize_t window_fill(struct window *window, size_t size);

/* Reads until `size` octets are held; returns how many of these there are, or -1. */
static inline ssize_t window_want(struct window *window, size_t size)
{
    return window->end - window->start >= size ? (ssize_t)size : window_fill(window, size);
}

/* Passes over `count` octets without holding them; 1, or 0 when the source ends before, or -1. */
int window_skip(struct window *window, uint64_t count);

#endif
