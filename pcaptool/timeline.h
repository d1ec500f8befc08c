/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages over time in a fixed number of bins, whatever the span: when it grows past them, neighbours are joined. */
#ifndef FTDPCAP_TIMELINE_H
#define FTDPCAP_TIMELINE_H

#include "buffer.h"

enum { TIMELINE_BINS = 4096, TIMELINE_RECENT = 256, TIMELINE_BARS = 72 };

struct timeline {
    bool any;
    int64_t first_seconds, last_seconds;
    uint32_t first_nanoseconds, last_nanoseconds;
    int64_t origin;    /* seconds of bin 0 */
    int64_t width;     /* seconds of a bin, a power of two */
    uint64_t bins[TIMELINE_BINS];
    int64_t second;
    uint64_t *bin; /* of that second */
    /* The busiest second, exact as long as time does not run backwards by more than there are recent ones, each at its number
     * modulo that. */
    struct timeline_second {
        int64_t second;
        uint64_t count;
    } recent[TIMELINE_RECENT], *here; /* that of `second` */
    uint64_t peak;
};

void timeline_add(struct timeline *timeline, int64_t seconds, uint32_t nanoseconds);

double timeline_span(const struct timeline *timeline); /* seconds */

/* The time in equal parts. */
struct timeline_bars {
    int64_t from, each; /* seconds since 1970 of the first; seconds of one */
    unsigned count;
    uint64_t messages[TIMELINE_BARS];
};

void timeline_bars(const struct timeline *timeline, struct timeline_bars *bars);
/* Blocks from ▁ to █. */
void timeline_draw(const struct timeline_bars *bars, struct buffer *buffer);

#endif
