/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rates with a flat top: a device that wants to say more than it is allowed to. */
#include "check.h"

/* BUSY: a limit below is not told from a rhythm. */
enum { BUSY = 10, ENOUGH = 10, SECOND = NANOSECONDS };

/* What still counts as the same number of messages in a second. */
static uint32_t slack(uint32_t count) { return MAX(count / 50, 1u); }

static void end_second(struct feed *feed, int64_t next)
{
    uint32_t count = feed->rate.count, before = feed->rate.before;
    feed->rate.before = next == feed->rate.second + 1 ? count : 0;
    if (count < BUSY) {
        feed->rate.low += count > 0;
        return;
    }
    bool flat = count + slack(count) >= before && before + slack(count) >= count;
    if (count > feed->rate.highest + slack(count) && feed->rate.top)
        feed->rate.top->count = 0; /* starts anew */
    feed->rate.highest = MAX(feed->rate.highest, count);
    feed->rate.low += count * 2 < feed->rate.highest;
    if (!flat || count >= RATE_MAX)
        return;
    if (!feed->rate.seconds)
        feed->rate.seconds = g_new0(uint32_t, RATE_MAX);
    feed->rate.seconds[count]++;
    if (count + slack(count) >= feed->rate.highest)
        check_hit_at(&feed->rate.top, 1, feed->rate.file, feed->rate.frame, feed->rate.second * SECOND, feed->rate.precision);
}

static void record(struct check *check, void *user, struct device *device, const struct record *record)
{
    int64_t second = check->sight.time / SECOND;
    struct feed *feed = check->sight.feed;
    (void)user, (void)device;
    if (!feed || !record->datagram->precision)
        return;
    if (second != feed->rate.second || !feed->rate.count) {
        end_second(feed, second);
        feed->rate.second = second;
        feed->rate.count = 0;
        feed->rate.precision = record->datagram->precision;
        feed->rate.frame = record->datagram->frame;
        feed->rate.file = check->sight.file;
    }
    feed->rate.count++;
}

static uint32_t seconds_of(const struct feed *feed, uint32_t from, uint32_t to)
{
    uint32_t sum = 0;
    for (uint32_t count = from; count <= to && count < RATE_MAX; count++)
        sum += feed->rate.seconds[count];
    return sum;
}

static void conclude(struct check *check, const struct feed *feed)
{
    static sentence_text detail = {
        "{device} sent {most} messages a second, never more, in {n} second{s} of equally busy ones, and hardly ever a few less: most likely a limit of {most} a second (`logging rate-limit`) that drops the rest.",
        "{device} の送信は毎秒 {most} 件を超えず、直前の秒と同程度に多い秒のうち {n} 秒でほぼこの数に達し、少しだけ下回る秒はほとんどありません。毎秒 {most} 件の制限 (`logging rate-limit`) で残りが捨てられている可能性が高いです。"};
    static sentence_text rates = {"rates", "送信数"};
    uint32_t highest = feed->rate.highest, around = slack(highest);
    if (!feed->rate.seconds || !feed->rate.top || highest >= RATE_MAX)
        return;
    uint32_t top = seconds_of(feed, highest - around, highest);
    uint32_t below = seconds_of(feed, highest > 5 * around ? highest - 5 * around : 0, highest - around - 1);
    if (top < ENOUGH || below * 3 > top || feed->rate.low < ENOUGH)
        return;
    const char *name = check_feed(check, feed);
    if (check->part_selected) {
        check_remark(check, check->unusable, name, rates, check_part_selected);
        return;
    }
    check_raise(check, CHECK_RATE_PLATEAU, name, feed->rate.top, CHECK_POSSIBLE, detail, "device", name, "most",
                check_number(check, highest), "n", check_number(check, top), NULL);
}

static void finish(struct check *check, void *user)
{
    (void)user;
    check_feeds(check, conclude);
}

const struct check_family check_rate = {.record = record, .finish = finish};
