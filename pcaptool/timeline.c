/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "timeline.h"

#include <glib.h>

static void halve(struct timeline *t)
{
    for (int i = 0; i < TIMELINE_BINS / 2; i++)
        t->bins[i] = t->bins[2 * i] + t->bins[2 * i + 1];
    memset(t->bins + TIMELINE_BINS / 2, 0, sizeof t->bins / 2);
    t->width *= 2;
}

/* Makes room at the front for times earlier than the first: captures are not always in order. */
static void shift(struct timeline *t, int64_t seconds)
{
    int64_t missing = (t->origin - seconds + t->width - 1) / t->width;
    while (missing > TIMELINE_BINS / 4) {
        halve(t);
        missing = (t->origin - seconds + t->width - 1) / t->width;
    }
    if (t->bins[TIMELINE_BINS - (size_t)missing] || t->last_seconds >= t->origin + t->width * (TIMELINE_BINS - missing)) {
        halve(t);
        missing = (t->origin - seconds + t->width - 1) / t->width;
    }
    memmove(t->bins + missing, t->bins, sizeof *t->bins * (size_t)(TIMELINE_BINS - missing));
    memset(t->bins, 0, sizeof *t->bins * (size_t)missing);
    t->origin -= missing * t->width;
}

/* Another second than that of the message before. False: no time. */
static bool turn_to(struct timeline *t, int64_t seconds, uint32_t nanoseconds)
{
    const int64_t limit = INT64_C(1) << 40; /* far beyond any clock, and safe to subtract */
    if (seconds < -limit || seconds > limit)
        return false;
    if (!t->any) {
        t->any = true;
        t->origin = t->first_seconds = t->last_seconds = seconds;
        t->first_nanoseconds = t->last_nanoseconds = nanoseconds;
        t->width = 1;
    }
    if (seconds < t->origin)
        shift(t, seconds);
    while ((seconds - t->origin) / t->width >= TIMELINE_BINS)
        halve(t);
    t->bin = &t->bins[(seconds - t->origin) / t->width];
    t->second = seconds;
    t->here = &t->recent[(uint64_t)seconds % TIMELINE_RECENT];
    if (t->here->second != seconds)
        *t->here = (struct timeline_second){.second = seconds};
    return true;
}

void timeline_add(struct timeline *t, int64_t seconds, uint32_t nanoseconds)
{
    if ((!t->any || seconds != t->second) && !turn_to(t, seconds, nanoseconds))
        return;
    if (seconds < t->first_seconds || (seconds == t->first_seconds && nanoseconds < t->first_nanoseconds)) {
        t->first_seconds = seconds;
        t->first_nanoseconds = nanoseconds;
    }
    if (seconds > t->last_seconds || (seconds == t->last_seconds && nanoseconds > t->last_nanoseconds)) {
        t->last_seconds = seconds;
        t->last_nanoseconds = nanoseconds;
    }
    ++*t->bin;
    if (++t->here->count > t->peak)
        t->peak = t->here->count;
}

double timeline_span(const struct timeline *t)
{
    return (double)(t->last_seconds - t->first_seconds) + ((double)t->last_nanoseconds - (double)t->first_nanoseconds) / 1e9;
}

void timeline_bars(const struct timeline *t, struct timeline_bars *bars)
{
    int64_t width = t->width ? t->width : 1;
    int64_t first = (t->first_seconds - t->origin) / width;
    int64_t used = t->any ? (t->last_seconds - t->origin) / width + 1 - first : 0;
    int64_t bins = MAX(1, (used + TIMELINE_BARS - 1) / TIMELINE_BARS); /* of a bar */
    *bars = (struct timeline_bars){.from = t->origin + first * width, .each = bins * width};
    for (int64_t at = 0; at < used; at++) {
        bars->count = (unsigned)(at / bins + 1);
        bars->messages[at / bins] += t->bins[first + at];
    }
}

void timeline_draw(const struct timeline_bars *bars, struct buffer *buffer)
{
    static const char *const blocks[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    uint64_t highest = 0;
    for (unsigned i = 0; i < bars->count; i++)
        highest = MAX(highest, bars->messages[i]);
    for (unsigned i = 0; i < bars->count; i++)
        buffer_text(buffer, blocks[bars->messages[i] ? 1 + (bars->messages[i] * 7 + highest / 2) / highest : 0]);
}
