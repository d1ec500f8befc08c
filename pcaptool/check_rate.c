/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rates with a flat top: a device that wants to say more than it is allowed to. */
#include "check.h"

/* BUSY: a limit below is not told from a rhythm. */
enum { BUSY = 10, ENOUGH = 10, SECOND = NANOSECONDS };

/* What still counts as the same number of messages in a second. */
static uint32_t slack(uint32_t count) { return MAX(count / 50, 1u); }

static void end_second(struct device *device, int64_t next)
{
    uint32_t count = device->rate.count, before = device->rate.before;
    device->rate.before = next == device->rate.second + 1 ? count : 0;
    if (count < BUSY) {
        device->rate.low += count > 0;
        return;
    }
    bool flat = count + slack(count) >= before && before + slack(count) >= count;
    if (count > device->rate.highest + slack(count) && device->rate.top)
        device->rate.top->count = 0; /* starts anew */
    device->rate.highest = MAX(device->rate.highest, count);
    device->rate.low += count * 2 < device->rate.highest;
    if (!flat || count >= RATE_MAX)
        return;
    if (!device->rate.seconds)
        device->rate.seconds = g_new0(uint32_t, RATE_MAX);
    device->rate.seconds[count]++;
    if (count + slack(count) >= device->rate.highest)
        check_hit_at(&device->rate.top, 1, device->rate.file, device->rate.frame, device->rate.second * SECOND, device->rate.precision);
}

static void record(struct check *check, void *user, struct device *device, const struct record *record)
{
    int64_t second = check->sight.time / SECOND;
    (void)user;
    if (!record->datagram->precision)
        return;
    if (second != device->rate.second || !device->rate.count) {
        end_second(device, second);
        device->rate.second = second;
        device->rate.count = 0;
        device->rate.precision = record->datagram->precision;
        device->rate.frame = record->datagram->frame;
        device->rate.file = check->sight.file;
    }
    device->rate.count++;
}

static uint32_t seconds_of(const struct device *device, uint32_t from, uint32_t to)
{
    uint32_t sum = 0;
    for (uint32_t count = from; count <= to && count < RATE_MAX; count++)
        sum += device->rate.seconds[count];
    return sum;
}

static void conclude(struct check *check, const struct device *device)
{
    static sentence_text detail = {
        "{device} sent {most} messages a second, never more, in {n} second{s} of equally busy ones, and hardly ever a few less: most likely a limit of {most} a second (`logging rate-limit`) that drops the rest.",
        "{device} の送信は毎秒 {most} 件を超えず、直前の秒と同程度に多い秒のうち {n} 秒でほぼこの数に達し、少しだけ下回る秒はほとんどありません。毎秒 {most} 件の制限 (`logging rate-limit`) で残りが捨てられている可能性が高いです。"};
    static sentence_text rates = {"rates", "送信数"};
    uint32_t highest = device->rate.highest, around = slack(highest);
    if (!device->rate.seconds || !device->rate.top || highest >= RATE_MAX)
        return;
    uint32_t top = seconds_of(device, highest - around, highest);
    uint32_t below = seconds_of(device, highest > 5 * around ? highest - 5 * around : 0, highest - around - 1);
    if (top < ENOUGH || below * 3 > top || device->rate.low < ENOUGH)
        return;
    if (check->part_selected) {
        check_remark(check, check->unusable, device->name, rates, check_part_selected);
        return;
    }
    check_raise(check, CHECK_RATE_PLATEAU, device->name, device->rate.top, CHECK_POSSIBLE, detail, "device", device->name, "most",
                check_number(check, highest), "n", check_number(check, top), NULL);
}

static void finish(struct check *check, void *user)
{
    (void)user;
    check_devices(check, conclude);
}

const struct check_family check_rate = {.record = record, .finish = finish};
