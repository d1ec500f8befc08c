/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A number that a sender may count up by one for each packet or message (IP ID, sequence number): how many were skipped, which of
 * them came late, and whether it counts at all.
 *
 *     … 96 97 98 [99 100] 101 102      99 and 100 are missing, in one place; when 99 comes now, it was late, and 100 is missing
 *
 * A counter is all zeros at first. Each of the last COUNTER_WINDOW numbers is known to be seen or not; what is missing further back
 * stays so. A leap, far forward and no likely loss, may be a start of the counting anew: its numbers are missing, and counted apart.
 */
#ifndef FTDPCAP_COUNTER_H
#define FTDPCAP_COUNTER_H

#include <stdbool.h>
#include <stdint.h>

enum { COUNTER_WINDOW = 256, COUNTER_SKIPS = 32 };

/* A number so far behind the last one may be late: whether those on both sides of it were seen is known. */
enum { COUNTER_LATE = COUNTER_WINDOW - 2 };

/* After a longer one the sender was idle. */
enum { COUNTER_PAUSE = 50 * 1000 * 1000 /* ns */ };

/* Where numbers were skipped, some of which were not seen since. */
struct skip {
    uint32_t from, count; /* the first of them, and how many */
    uint32_t open;        /* not seen since */
    bool leap;            /* see struct counter */
    const char *file;     /* not owned */
    uint64_t frame;       /* of the number behind them */
    int64_t time;         /* nanoseconds since 1970 */
    uint8_t precision;    /* digits of its fraction */
};

struct counter {
    bool any;            /* whether `last` is one */
    uint32_t last;
    uint32_t input;      /* the file that `last` is of */
    int64_t time;        /* of `last`, nanoseconds since 1970 */
    uint64_t seen;       /* numbers compared with their predecessor */
    uint64_t same, next; /* by 0, by 1 */
    uint64_t near, far;  /* by 2 to 64; by anything else that is no step back by a little */
    uint64_t idle, idle_next; /* after a pause, and of these by 1: clocks that tick into the counter show here */
    uint64_t missing;    /* numbers skipped and not seen since */
    uint64_t places;     /* runs of these */
    uint64_t leapt, leaps; /* of these, what a start of the counting anew explains as well */
    uint32_t leap_from, leap_count; /* the latest of these leaps, as long as none of its numbers was seen; 0: none */
    int64_t began; /* since when it counts without such a leap */
    double spent;  /* nanoseconds in which it did before, and in other files: the sum of many may be larger than a time */
    uint64_t late;       /* numbers that came after a higher one, and filled a gap */
    uint64_t unseen[COUNTER_WINDOW / 64]; /* a bit for each of the last numbers, the newest in the lowest; as of when `next` was */
    uint64_t unseen_at;                   /* this: those that followed by one were all seen */
    struct skip *skips;  /* COUNTER_SKIPS, made when needed: the first ones with numbers that are missing still */
    unsigned skip_count;
    struct hit *lates;   /* made when needed, by whoever takes the numbers */
};

/* Frees what is behind the counter, not the counter. */
void counter_free(struct counter *counter);

/* Takes the next number, of MODULUS_BITS bits (1 to 32: it is below two to the power of that), seen at TIME (nanoseconds since 1970)
 * in the file INPUT (from 1): the first number of another file has no predecessor. Returns how many were skipped: 0 when none was,
 * -1 when the number is one of those skipped before. */
int64_t counter_take(struct counter *counter, uint32_t number, uint32_t modulus_bits, int64_t time, uint32_t input);

/* As counter_take() for the usual case: the same number or the next, in the same file, after no pause. False when it is another
 * case, and nothing was taken. */
static inline bool counter_next(struct counter *counter, uint32_t number, int64_t time, uint32_t input)
{
    uint32_t step = number - counter->last;
    if (step > 1 || !counter->any || counter->input != input || time - counter->time > COUNTER_PAUSE)
        return false;
    counter->last = number;
    counter->time = time;
    counter->seen++;
    counter->same += 1 - step;
    counter->next += step;
    return true;
}

/* Whether the number so far (up to COUNTER_LATE) behind the last one was seen; before the first one all were. */
static inline bool counter_saw(const struct counter *counter, uint32_t back)
{
    uint64_t moved = counter->next - counter->unseen_at; /* these were all seen */
    return back < moved || !(counter->unseen[(back - moved) / 64] >> (back - moved) % 64 & 1);
}

/* Keeps where the numbers were skipped that counter_take() returned last; *SKIP is copied. */
void counter_keep(struct counter *counter, const struct skip *skip);

/* UNKNOWN: too few numbers; SHARED: a number that others count up as well, or a clock does. */
enum counter_kind { COUNTER_UNKNOWN, COUNTER_SEQUENTIAL, COUNTER_CONSTANT, COUNTER_SHARED, COUNTER_RANDOM };
enum counter_kind counter_kind(const struct counter *counter);

#endif
