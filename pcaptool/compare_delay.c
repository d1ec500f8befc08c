/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * B's clock, the way, and what comes on top. The shortest of many delays is the clock's offset with the shortest way. Where that of
 * each part of the capture moves by far more than delays do within a part, it is no delay: a clock drifts or was set.
 */
#include <stdlib.h>

#include "compare.h"

/* MOVED: nanoseconds; STANDS_OUT: so many times what 95 % of a part stay within. */
enum { PARTS = 16, PART_LEAST = 8, MOVED = NANOSECONDS / 10, STANDS_OUT = 4 };

/* Every delay, or when there are many every second, fourth, … */
void delay_add(struct compare *compare, int64_t delay)
{
    if (compare->delay_seen++ % compare->delay_step)
        return;
    if (compare->delay_count == DELAYS) {
        for (unsigned i = 0; i < DELAYS / 2; i++)
            compare->delays[i] = compare->delays[2 * i];
        compare->delay_count = DELAYS / 2;
        compare->delay_step *= 2;
    }
    compare->delays[compare->delay_count++] = delay;
}

static int by_value(const void *a, const void *b)
{
    const int64_t *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

/* COUNT of them, above what is each part's shortest. */
static void spread(int64_t *delays, unsigned count, unsigned parts, struct delays *d)
{
    int64_t *above = g_new(int64_t, count);
    d->shortest = G_MAXINT64;
    d->longest_short = G_MININT64;
    for (unsigned part = 0; part < parts; part++) {
        unsigned from = (unsigned)((uint64_t)count * part / parts), to = (unsigned)((uint64_t)count * (part + 1) / parts);
        int64_t shortest = delays[from];
        for (unsigned i = from; i < to; i++)
            shortest = MIN(shortest, delays[i]);
        for (unsigned i = from; i < to; i++)
            above[i] = delays[i] - shortest;
        d->shortest = MIN(d->shortest, shortest);
        d->longest_short = MAX(d->longest_short, shortest);
    }
    qsort(above, count, sizeof *above, by_value);
    d->median = above[count / 2];
    d->most = above[(count - 1) * 95ull / 100];
    g_free(above);
}

struct delays delay_measure(struct compare *compare)
{
    struct delays d = {0};
    unsigned count = compare->delay_count;
    if (count == 0)
        return d;
    spread(compare->delays, count, CLAMP(count / PART_LEAST, 1u, (unsigned)PARTS), &d);
    int64_t moved = d.longest_short - d.shortest;
    d.moved = moved > MOVED && moved > STANDS_OUT * d.most;
    if (!d.moved)
        spread(compare->delays, count, 1, &d);
    d.known = true;
    return d;
}
