/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "counter.h"

#include <glib.h>
#include <string.h>

/* NEAR: the longest step that is a small one; also, how many are the first numbers of a counter. PROVEN: steps that show its kind.
 * EARLY: a number so little in front of the first one seen may have been sent before it. */
enum { NEAR = 64, PROVEN = 32, EARLY = 16 };

void counter_free(struct counter *counter)
{
    g_free(counter->skips);
    g_free(counter->lates);
}

/* The window moves on by so many numbers, all of them seen or none. */
static void move_window(struct counter *counter, uint64_t count, bool seen)
{
    enum { WORDS = COUNTER_WINDOW / 64 };
    uint64_t *word = counter->unseen, fill = seen ? 0 : UINT64_MAX;
    unsigned words = (unsigned)MIN(count / 64, WORDS), bits = (unsigned)(count % 64);
    for (unsigned i = WORDS; i-- > 0;) {
        uint64_t newer = i > words ? word[i - words - 1] : fill, older = i >= words ? word[i - words] : fill;
        word[i] = bits ? older << bits | newer >> (64 - bits) : older;
    }
}

static void catch_up(struct counter *counter)
{
    move_window(counter, counter->next - counter->unseen_at, true);
    counter->unseen_at = counter->next;
}

static void forget_gaps(struct counter *counter)
{
    memset(counter->unseen, 0, sizeof counter->unseen);
    counter->unseen_at = counter->next;
}

static bool is_unseen(const struct counter *counter, uint32_t back) { return counter->unseen[back / 64] >> back % 64 & 1; }

static void forget_skip(struct counter *counter, unsigned i)
{
    counter->skip_count--;
    memmove(&counter->skips[i], &counter->skips[i + 1], (counter->skip_count - i) * sizeof *counter->skips);
}

/* A leap takes the place of the last one that is none. */
void counter_keep(struct counter *counter, const struct skip *skip)
{
    unsigned i = counter->skip_count;
    if (!counter->skips)
        counter->skips = g_new0(struct skip, COUNTER_SKIPS);
    while (skip->leap && counter->skip_count == COUNTER_SKIPS && i-- > 0)
        if (!counter->skips[i].leap)
            forget_skip(counter, i);
    if (counter->skip_count < COUNTER_SKIPS)
        counter->skips[counter->skip_count++] = *skip;
}

/* One number of a place is not missing any more. */
static void fill_skip(struct counter *counter, uint32_t number, uint32_t mask)
{
    unsigned i = counter->skip_count;
    while (i > 0 && ((number - counter->skips[i - 1].from) & mask) >= counter->skips[i - 1].count)
        i--;
    if (i == 0)
        return;
    counter->skips[i - 1].leap = false;
    if (--counter->skips[i - 1].open == 0)
        forget_skip(counter, i - 1);
}

/* A number out of the latest leap: it was counted, so nothing began anew there. */
static void trust_leap(struct counter *counter, uint32_t number, uint32_t mask)
{
    if (((number - counter->leap_from) & mask) >= counter->leap_count)
        return;
    counter->leapt -= counter->leap_count;
    counter->leaps--;
    counter->leap_count = 0;
}

/* A number out of a recent gap: it was late, not lost. One that is late twice was a copy. */
static bool fill_gap(struct counter *counter, uint32_t number, uint32_t back, uint32_t mask)
{
    catch_up(counter);
    if (!is_unseen(counter, back))
        return false;
    trust_leap(counter, number, mask);
    counter->unseen[back / 64] &= ~(UINT64_C(1) << back % 64);
    counter->places += (uint64_t)is_unseen(counter, back - 1) + is_unseen(counter, back + 1);
    counter->places--;
    counter->missing--;
    counter->late++;
    fill_skip(counter, number, mask);
    return true;
}

/* In front of the number at hand. */
static void open_gap(struct counter *counter, uint32_t count)
{
    catch_up(counter);
    move_window(counter, count, false);
    move_window(counter, 1, true);
    counter->missing += count;
    counter->places += count > 0;
}

/* A little forward. */
static int64_t step_on(struct counter *counter, uint32_t number, uint32_t step, int64_t time)
{
    bool idle = time - counter->time > COUNTER_PAUSE;
    counter->last = number;
    counter->time = time;
    counter->seen++;
    counter->idle += idle;
    if (step == 1) {
        counter->next++;
        counter->idle_next += idle;
        return 0;
    }
    counter->near++;
    open_gap(counter, step - 1);
    return step - 1;
}

enum back { BACK_FILLS = -1, BACK_STRAY, BACK_ANEW };

/* A little back: the counting goes on where it was, or begins anew. */
static enum back step_back(struct counter *counter, uint32_t number, uint32_t back, uint32_t mask)
{
    if (fill_gap(counter, number, back, mask)) {
        counter->seen++;
        return BACK_FILLS;
    }
    if (counter->next <= back)
        return back <= EARLY ? BACK_STRAY : BACK_ANEW; /* sent before the first one that was seen, or a start */
    counter->seen++;
    counter->far++;
    return counter->next > PROVEN && counter->next > 8 * counter->far ? BACK_STRAY : BACK_ANEW;
}

/* Whether so many numbers may all be lost: about as many as its rate brings in that time, and not the first ones of a counter. */
static bool is_loss(const struct counter *counter, uint32_t number, uint32_t count, int64_t time)
{
    enum { APART = 4 };
    double numbers = (double)(counter->next + counter->near + counter->missing - counter->leapt + counter->late);
    double spent = counter->spent + (double)(counter->time - counter->began);
    double wanted = spent > 0 ? numbers / spent * (double)(time - counter->time) : 0;
    return number >= NEAR && count <= APART * wanted && count * (double)APART >= wanted;
}

static void begin_anew(struct counter *counter, int64_t time)
{
    if (counter->any)
        counter->spent += (double)(counter->time - counter->began);
    counter->began = time;
    counter->leap_count = 0;
    forget_gaps(counter);
}

/* Far forward, by COUNT more than one. Those with more bits begin with low numbers, which is a step back. */
static void leap_on(struct counter *counter, uint32_t number, uint32_t count, uint32_t mask, int64_t time)
{
    if (count > COUNTER_LATE && mask == UINT16_MAX && !is_loss(counter, number, count, time)) {
        counter->leapt += count;
        counter->leaps++;
        counter->leap_from = (number - count) & mask;
        counter->leap_count = count;
        counter->spent += (double)(counter->time - counter->began);
        counter->began = time;
    }
    open_gap(counter, count);
}

int64_t counter_take(struct counter *counter, uint32_t number, uint32_t modulus_bits, int64_t time, uint32_t input)
{
    uint32_t mask = modulus_bits >= 32 ? UINT32_MAX : (1u << modulus_bits) - 1;
    uint32_t step = (number - counter->last) & mask;
    uint32_t back = (counter->last - number) & mask;
    bool follows = counter->any && counter->input == input, near_behind = follows && back > 0 && back <= COUNTER_LATE;
    if (follows && step > 0 && step <= NEAR)
        return step_on(counter, number, step, time);
    enum back kind = near_behind ? step_back(counter, number, back, mask) : BACK_ANEW;
    if (kind != BACK_ANEW)
        return kind;
    bool idle = follows && time - counter->time > COUNTER_PAUSE;
    bool anew = !follows || near_behind || step > mask / 2;
    if (anew)
        begin_anew(counter, time);
    else if (step > 0)
        leap_on(counter, number, step - 1, mask, time);
    counter->any = true;
    counter->last = number;
    counter->input = input;
    counter->time = time;
    if (!follows || near_behind)
        return 0;
    counter->seen++;
    counter->same += step == 0;
    if (step == 0)
        return 0;
    counter->idle += idle;
    counter->far++;
    return anew ? 0 : step - 1;
}

enum counter_kind counter_kind(const struct counter *counter)
{
    uint64_t moves = counter->seen - counter->same;
    if (counter->seen < PROVEN / 2)
        return COUNTER_UNKNOWN;
    if (moves <= counter->seen / 20)
        return COUNTER_CONSTANT;
    if (moves < PROVEN)
        return COUNTER_UNKNOWN;
    bool ticks = counter->idle >= 8 && counter->idle_next * 10 < counter->idle * 7;
    if (counter->next * 10 >= moves * 7 && !ticks && counter->far * 20 <= moves)
        return COUNTER_SEQUENTIAL;
    return (counter->next + counter->near) * 10 >= moves * 7 ? COUNTER_SHARED : COUNTER_RANDOM;
}
