/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A device that stops for longer than its own rhythm explains. */
#include <math.h>

#include "check.h"

enum { ENOUGH = 20, OUTLIER = 6, BEYOND = 3, UNSTEADY = 8, LEAST = NANOSECONDS };

/* Twice the logarithm of the microseconds to base two, cut. */
static unsigned bin_of(int64_t gap)
{
    if (gap <= 1000)
        return 0;
    unsigned power = 63 - (unsigned)__builtin_clzll((uint64_t)gap / 1000);
    bool upper = (double)gap / 1000 >= (double)(UINT64_C(1) << power) * G_SQRT2;
    return MIN(2 * power + upper, GAP_BINS - 1u);
}

/* Upper edge of the bin that holds the middle. */
static double median(const struct device *device)
{
    uint64_t sum = 0;
    unsigned bin = 0;
    while (bin < GAP_BINS - 1 && (sum += device->gap_bins[bin]) * 2 < device->gaps_seen)
        bin++;
    return 1000 * pow(2, (bin + 1) / 2.0);
}

/* The mean pause so far, when that is a rhythm, if need be without the longest, and LENGTH is far beyond what it would bring. */
static double rhythm_before(const struct device *device, int64_t longest, int64_t length)
{
    double count = (double)device->gaps_seen, steady = UNSTEADY * median(device), mean = device->gaps_total / count;
    if (mean > steady)
        mean = (device->gaps_total - (double)longest) / (count - 1);
    if (mean > steady)
        return 0;
    return (double)length > BEYOND * mean * log(count) ? mean : 0;
}

/* The last run of files in which somebody spoke. */
struct state {
    uint32_t run;
    int64_t latest;    /* of its capture times */
    uint64_t messages; /* up to its end */
};

/* OTHERS: messages of other devices since its last one. */
static void keep_gap(struct device *device, int64_t length, uint64_t others)
{
    unsigned at = SILENCE_GAPS;
    int64_t longest = device->longest_gap;
    device->longest_gap = MAX(longest, length);
    if (device->gaps_seen < ENOUGH)
        return;
    while (at > 0 && device->gaps[at - 1].length < length)
        at--;
    if (at == SILENCE_GAPS)
        return;
    memmove(&device->gaps[at + 1], &device->gaps[at], (SILENCE_GAPS - 1 - at) * sizeof *device->gaps);
    device->gaps[at].length = length;
    device->gaps[at].from = device->last_time;
    device->gaps[at].frame = device->last_frame;
    device->gaps[at].precision = device->last_precision;
    device->gaps[at].file = device->last_file;
    device->gaps[at].mean = rhythm_before(device, longest, length);
    device->gaps[at].others = others;
}

/* Those that never spoke again have been silent up to the end of the run. */
static void end_run(struct check *check, struct state *state)
{
    GHashTableIter iter;
    gpointer row;
    g_hash_table_iter_init(&iter, check->flows->devices);
    while (g_hash_table_iter_next(&iter, NULL, &row)) {
        struct device *device = row;
        if (device->last_run != state->run)
            continue;
        int64_t gap = state->latest - device->last_time;
        if (gap > device->gaps[SILENCE_GAPS - 1].length)
            keep_gap(device, gap, state->messages - device->others_at);
    }
}

static void record(struct check *check, void *user, struct device *device, const struct record *record)
{
    struct state *state = user;
    const struct datagram *d = record->datagram;
    int64_t time = check->sight.time, gap = time - device->last_time;
    bool follows = device->last_run == check->run;
    if (!d->precision || (follows && gap < 0)) /* out of order: the pause goes on from the latest time */
        return;
    if (state->run != check->run) {
        if (state->run)
            end_run(check, state);
        state->run = check->run;
        state->latest = INT64_MIN;
    }
    if (follows) {
        if (gap > device->gaps[SILENCE_GAPS - 1].length)
            keep_gap(device, gap, check->messages - device->others_at - 1);
        device->gaps_seen++;
        device->gaps_total += (double)gap;
        device->gap_bins[bin_of(gap)]++;
    }
    device->last_run = check->run;
    device->last_file = check->sight.file;
    device->last_time = time;
    device->last_frame = d->frame;
    device->last_precision = d->precision;
    device->others_at = check->messages;
}

/* How many of the longest pauses stand apart from all others, of before and after. */
static unsigned count_silences(const struct device *device)
{
    unsigned found = 0;
    for (unsigned i = 0; i + 1 < SILENCE_GAPS; i++) {
        if (device->gaps[i].length <= LEAST || device->gaps[i].mean <= 0)
            break;
        if (device->gaps[i].length / OUTLIER > device->gaps[i + 1].length)
            found = i + 1;
    }
    return found;
}

static void conclude(struct check *check, const struct device *device)
{
    static sentence_text detail = {
        "{device} says something every {mean} on average and fell silent {n} time{s}: the longest silence lasted {length} from {from}, in which about {missing} message{s} would have come and {others} of other devices did.",
        "{device} は平均 {mean} ごとに送信しますが、{n} 回沈黙しました。最長の沈黙は {from} に始まり {length} 続きました。その間に約 {missing} 件が来るはずでした (ほかのデバイスからは {others} 件届いています)。"};
    static sentence_text rhythm = {"rhythm", "送信間隔"}, few = {"too few messages", "メッセージが少なすぎます"};
    if (check->part_selected || device->gaps_seen < ENOUGH) {
        check_remark(check, check->unusable, device->name, rhythm, check->part_selected ? check_part_selected : few);
        return;
    }
    unsigned count = count_silences(device);
    double mean = device->gaps[0].mean;
    struct hit *hit = NULL;
    uint64_t others = 0;
    for (unsigned i = 0; i < count; i++) {
        check_hit_at(&hit, 1, device->gaps[i].file, device->gaps[i].frame, device->gaps[i].from, device->gaps[i].precision);
        others += device->gaps[i].others;
    }
    if (!hit)
        return;
    check_raise(check, CHECK_SILENCE, device->name, hit, others > 10 ? CHECK_LIKELY : CHECK_POSSIBLE, detail, "device", device->name,
                "mean", check_duration(check, mean / 1e9), "n", check_number(check, count), "length",
                check_duration(check, (double)device->gaps[0].length / 1e9), "from", check_start(check, device->gaps[0].from),
                "missing", check_number(check, (uint64_t)((double)device->gaps[0].length / mean)), "others",
                check_number(check, device->gaps[0].others), NULL);
    g_free(hit);
}

static void end(struct check *check, void *user, const struct capture_interface *interfaces, size_t count)
{
    struct state *state = user;
    (void)interfaces, (void)count;
    if (state->run != check->run)
        return;
    state->latest = MAX(state->latest, check->latest_here);
    state->messages = check->messages;
}

static void finish(struct check *check, void *user)
{
    end_run(check, user);
    check_devices(check, conclude);
}

const struct check_family check_silence = {.state = sizeof(struct state), .record = record, .end = end, .finish = finish};
