/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Device time against capture time: a steady offset, drift, steps. */
#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "check.h"

enum { SETTLED = 8, STRAYS = 3 };

/* Jumps of several devices within so long are one. */
#define ALIKE (INT64_C(60) * NANOSECONDS)

struct state {
    const struct clock_level *common; /* a jump that all devices share, told; NULL: none yet */
    unsigned tried;                   /* jumps that were not it */
};

static const double step_size = 2.5, skew_size = 3, drift_size = 2; /* seconds */

static uint16_t year_of(int64_t seconds)
{
    struct tm tm;
    time_t time = (time_t)seconds;
    return gmtime_r(&time, &tm) ? (uint16_t)(tm.tm_year + 1900) : 1970;
}

/* Minutes east of UTC at that local time. Where clocks go back an hour it comes twice: the one nearer to the capture. False: it never
 * comes. */
static bool zone_near(GTimeZone *zone, int64_t local, int64_t capture, int *minutes)
{
    int64_t apart = INT64_MAX;
    for (int type = G_TIME_TYPE_STANDARD; type <= G_TIME_TYPE_DAYLIGHT; type++) {
        int interval = g_time_zone_find_interval(zone, (GTimeType)type, local);
        int east = interval < 0 ? 0 : g_time_zone_get_offset(zone, interval) / 60;
        int64_t off = llabs(local - east * 60 - capture);
        if (interval < 0 || off >= apart)
            continue;
        apart = off;
        *minutes = east;
    }
    return apart < INT64_MAX;
}

/* Seconds since 1970 at the start of the stamp's minute. Without a year it gets the one that is nearest to the capture. */
static int64_t minute_of(const struct check *check, const struct msgt_time *stamp, int64_t capture, bool *zoned)
{
    struct msgt_time time = *stamp;
    time.second = 0;
    int zone = time.zone_known ? time.zone : 0;
    *zoned = time.zone_known;
    if (time.year == 0) {
        uint16_t best = year_of(capture / NANOSECONDS);
        time.year = best;
        int64_t apart = llabs(msgt_time_epoch(&time, zone) - capture / NANOSECONDS);
        for (int i = -1; i <= 1; i += 2) {
            time.year = (uint16_t)(best + i);
            if (llabs(msgt_time_epoch(&time, zone) - capture / NANOSECONDS) < apart) {
                best = time.year;
                break;
            }
        }
        time.year = best;
    }
    if (!time.zone_known && check->view->zone)
        *zoned = zone_near(check->view->zone, msgt_time_epoch(&time, 0), capture / NANOSECONDS, &zone);
    return msgt_time_epoch(&time, zone);
}

static bool same_minute(const struct msgt_time *a, const struct msgt_time *b)
{
    return a->minute == b->minute && a->hour == b->hour && a->day == b->day && a->month == b->month && a->year == b->year &&
           a->zone_known == b->zone_known && a->zone == b->zone;
}

/* Seconds since 1970 of the device's stamp. */
static double device_time(const struct check *check, struct device *device, const struct msgt_time *stamp, int64_t capture, bool *zoned)
{
    const int64_t near = INT64_C(1800) * NANOSECONDS; /* the same minute may come twice in a night, an hour later */
    struct clock_minute *minute = &device->minutes[2 * (stamp->year != 0) + stamp->zone_known];
    if (!same_minute(stamp, &minute->stamp) || llabs(capture - minute->near) > near) {
        minute->epoch = minute_of(check, stamp, capture, &minute->zoned);
        minute->stamp = *stamp;
        minute->near = capture;
    }
    *zoned = minute->zoned;
    return (double)(minute->epoch + stamp->second) + (double)stamp->nanosecond / 1e9;
}

static void settle(struct clock_level *clock, double offset, int64_t time, uint32_t input)
{
    clock->strays = 0;
    clock->input = input;
    clock->last_time = time;
    clock->settled += clock->settled < 16;
    clock->level += (offset - clock->level) / clock->settled;
    if (clock->settled == SETTLED) {
        clock->first = clock->level;
        clock->first_time = time;
    }
}

/* An offset that the level does not explain: one is a message that was late, three that agree are a step, unless the file is another
 * one: the clock of who captured it may be another, too. */
static void stray(struct check *check, struct clock_level *clock, double offset)
{
    const struct sight *s = &check->sight;
    clock->lone++;
    if (clock->strays == 0 || fabs(offset - clock->stray) > step_size) {
        clock->strays = 1;
        clock->stray = offset;
        clock->stray_frame = s->frame->number;
        clock->stray_time = s->time;
        return;
    }
    if (++clock->strays < STRAYS)
        return;
    if (clock->settled >= SETTLED) {
        clock->lone -= STRAYS;
        if (clock->input != check->input) {
            clock->widest = fabs(clock->level) > fabs(clock->widest) ? clock->level : clock->widest;
        } else {
            check_hit_at(&clock->jump, 1, s->file, clock->stray_frame, clock->stray_time, s->frame->precision);
            g_clear_pointer(&clock->skew, g_free); /* what is off by the new level is so from here on */
            check_hit_at(&clock->skew, STRAYS - 1, s->file, clock->stray_frame, clock->stray_time, s->frame->precision);
            if (clock->steps++ == 0) {
                clock->step = offset - clock->level;
                clock->paused = (double)(clock->stray_time - clock->last_time) / 1e9;
            }
        }
    }
    clock->settled = 0;
    settle(clock, offset, s->time, check->input);
}

static void take_offset(struct check *check, struct clock_level *clock, double offset, bool zoned, bool given)
{
    if (clock->stamps == 0) {
        clock->zoned = zoned;
        clock->given = given;
        clock->level = offset;
    }
    if (clock->stamps++ == 0 || fabs(offset - clock->level) <= step_size)
        settle(clock, offset, check->sight.time, check->input);
    else
        stray(check, clock, offset);
    if (clock->stamps == 1)
        check_hit(check, &clock->skew, 1);
    else
        clock->skew->count++;
}

/* ---- Senders with one name ---- */

static struct unit *new_unit(struct check *check, struct device *device, const struct sender *sender)
{
    if (device->unit_count == SERIES_MAX || check->flows->unit_count == FLOW_TABLE_MAX) {
        device->units_full = true;
        return NULL;
    }
    struct unit *unit = g_new0(struct unit, 1);
    unit->sender = sender;
    unit->next = device->units;
    device->units = unit;
    device->unit_count++;
    check->flows->unit_count++;
    return unit;
}

static struct hit *copy_hit(const struct hit *hit)
{
    struct hit *copy = hit ? g_new(struct hit, 1) : NULL;
    if (copy)
        *copy = *hit;
    return copy;
}

/* All stamps so far came from this one sender. */
static void split_units(struct check *check, struct device *device)
{
    struct unit *unit = new_unit(check, device, device->stamped_by);
    if (!unit)
        return;
    unit->last_time = device->last_time;
    for (int i = 0; i < 2; i++) {
        unit->clocks[i] = device->clocks[i];
        unit->clocks[i].jump = copy_hit(device->clocks[i].jump);
        unit->clocks[i].skew = copy_hit(device->clocks[i].skew);
    }
}

static void take_by_unit(struct check *check, struct device *device, bool zoned, bool given)
{
    const struct sender *sender = check->sight.sender;
    if (!device->units)
        split_units(check, device);
    struct unit *unit = device->units;
    while (unit && unit->sender != sender)
        unit = unit->next;
    if (!unit)
        unit = new_unit(check, device, sender);
    if (!unit)
        return;
    unit->last_time = MAX(unit->last_time, check->sight.time);
    take_offset(check, &unit->clocks[zoned], device->offset, zoned, given);
}

static void record(struct check *check, void *user, struct device *device, const struct record *record)
{
    (void)user;
    device->stamp = NO_STAMP;
    if (!record->message.time.valid || !record->datagram->precision || record->message.status == MSGT_NO_TAG)
        return;
    const struct sender *sender = check->sight.sender;
    bool zoned, given;
    double offset = device_time(check, device, &record->message.time, check->sight.time, &zoned) - (double)check->sight.time / 1e9;
    given = zoned && !record->message.time.zone_known;
    /* A stamp is cut to what it shows. */
    if (record->message.time.digits == 0)
        offset += 0.5;
    device->offset = offset;
    device->stamp = zoned ? STAMP_WITH_ZONE : STAMP_WITHOUT_ZONE;
    if (device->units || (device->stamped_by && sender && device->stamped_by != sender))
        take_by_unit(check, device, zoned, given);
    device->last_time = MAX(device->last_time, check->sight.time);
    device->stamped_by = sender;
    take_offset(check, &device->clocks[zoned], offset, zoned, given);
}

/* ---- Conclusions ---- */

/* A clock, and whose it is. */
struct subject {
    const struct device *device;
    const struct unit *unit; /* NULL: the device has one clock, whoever sends its messages */
    const struct clock_level *clock;
    int64_t last_time;
};

static const char *name_of(struct check *check, const struct subject *subject)
{
    const char *name = subject->device->name;
    return subject->unit ? check_named(check, name, &subject->unit->sender->address) : name;
}

static void conclude_skew(struct check *check, const char *name, const struct clock_level *clock, double level)
{
    static sentence_text local = {"{device} sends local time without naming its zone: {offset} against the capture, {zone}.",
                               "{device} はゾーンを示さず現地時刻を送っています。キャプチャとの差は {offset} で、{zone} に相当します。"};
    static sentence_text wrong = {"{device} names a zone and is off by {offset}, the size of a zone: local time of {zone} sent as if it were UTC, or the wrong zone configured.",
                               "{device} はゾーンを示していますが {offset} ずれています。{zone} の現地時刻を UTC として送っているか、ゾーン設定の誤りです。"};
    static sentence_text other = {"{device} names no zone, and with that of --tz its times are off by {offset}, the size of a zone: the zone of --tz is not that of {device}.",
                               "{device} の時刻にはゾーンがなく、--tz のゾーンとして読むと {offset} ずれます。ゾーン 1 つ分の差であり、--tz は {device} のゾーンではありません。"};
    static sentence_text off = {"The clock of {device} is off by {offset} against the capture, steadily over {n} messages.",
                             "{device} の時計はキャプチャに対して {offset} ずれており、{n} メッセージにわたり一定です。"};
    bool zone = check_is_zone(level);
    const char *offset = check_offset(check, level), *place = check_zone(check, level);
    struct finding *finding =
        check_raise(check, CHECK_CLOCK_SKEW, name, clock->skew, zone ? CHECK_LIKELY : CHECK_CERTAIN,
                    !zone ? off : clock->given ? other : clock->zoned ? wrong : local, "device", name, "offset", offset, "zone", place, "n",
                    check_number(check, clock->stamps), NULL);
    if (zone && (!clock->zoned || clock->given))
        finding->severity = CHECK_NOTE;
}

static void conclude_drift(struct check *check, const char *name, const struct clock_level *clock, int64_t last_time)
{
    static sentence_text detail = {"The clock of {device} drifts by {by}: {from} at first, {to} at the end, {ppm} millionths.",
                                "{device} の時計のずれが {by} 変化しました。最初は {from}、最後は {to} で、{ppm} ppm にあたります。"};
    const char *from = check_offset(check, clock->first), *to = check_offset(check, clock->level), *by = check_offset(check, clock->level - clock->first);
    double span = (double)(last_time - clock->first_time) / 1e9;
    check_raise(check, CHECK_CLOCK_SKEW, name, clock->skew, CHECK_LIKELY, detail, "device", name, "by", by, "from", from, "to", to,
                "ppm", check_decimal(check, span > 0 ? (clock->level - clock->first) / span * 1e6 : 0, 0), NULL);
}

static void conclude_jump(struct check *check, const char *name, const struct clock_level *clock)
{
    static sentence_text detail = {"The clock of {device} stepped {n} time{s} against the capture, first by {step} at {at}{summer}.",
                                "{device} の時計がキャプチャに対して {n} 回跳びました。最初は {at} に {step}{summer}。"};
    static sentence_text summer = {": one hour, as daylight saving does", " (夏時間と同じ 1 時間)"}, none = {"", ""};
    const char *step = check_offset(check, clock->step);
    bool hour = fabs(fabs(clock->step) - 3600) < step_size;
    check_raise(check, CHECK_CLOCK_JUMP, name, clock->jump, CHECK_LIKELY, detail, "device", name, "n",
                check_number(check, clock->steps), "step", step, "at", check_start(check, clock->jump->time), "summer",
                (hour ? summer : none)[check->view->lang], NULL);
}

/* The one of two clocks that most of the stamps have. */
static const struct clock_level *clock_of(const struct clock_level clocks[2]) { return &clocks[clocks[1].stamps > clocks[0].stamps]; }

static bool is_usable(const struct clock_level *clock)
{
    return clock->stamps >= SETTLED && clock->settled >= SETTLED && (clock->lone + STRAYS * clock->steps) * 10 <= clock->stamps;
}

static bool jumped_alike(const struct clock_level *clock, const struct clock_level *other)
{
    return clock->steps == 1 && llabs(clock->jump->time - other->jump->time) <= ALIKE && fabs(clock->step - other->step) <= step_size;
}

/* Of those that can be judged; STAMPS gets theirs. */
static uint64_t steps_of_units(const struct device *device, uint64_t *stamps)
{
    uint64_t steps = 0;
    *stamps = 0;
    for (const struct unit *unit = device->units; unit; unit = unit->next) {
        const struct clock_level *clock = clock_of(unit->clocks);
        if (!is_usable(clock))
            continue;
        steps += clock->steps;
        *stamps += clock->stamps;
    }
    return steps;
}

/* Whether the senders with the device's name have a clock each: with one for all, its times would step more often than those of each
 * do, or follow nothing. */
static bool has_clocks_apart(const struct device *device)
{
    const struct clock_level *all = clock_of(device->clocks);
    uint64_t stamps, steps = steps_of_units(device, &stamps);
    return stamps * 2 > all->stamps && (!is_usable(all) || steps < all->steps);
}

typedef void take_clock(struct check *check, void *user, const struct subject *subject);

static void each_clock_of(struct check *check, const struct device *device, take_clock *take, void *user)
{
    const struct subject all = {.device = device, .clock = clock_of(device->clocks), .last_time = device->last_time};
    if (!device->units || !has_clocks_apart(device)) {
        take(check, user, &all);
        return;
    }
    for (const struct unit *unit = device->units; unit; unit = unit->next) {
        const struct subject one = {.device = device, .unit = unit, .clock = clock_of(unit->clocks), .last_time = unit->last_time};
        take(check, user, &one);
    }
}

static void each_clock(struct check *check, take_clock *take, void *user)
{
    GHashTableIter iter;
    gpointer device;
    g_hash_table_iter_init(&iter, check->flows->devices);
    while (g_hash_table_iter_next(&iter, NULL, &device))
        each_clock_of(check, device, take, user);
}

/* ---- A step of the capture's clock ---- */

/* What the devices that jumped alike tell of who jumped. */
struct alike {
    const struct clock_level *first;
    uint64_t count;
    bool unlike;     /* another one did not */
    bool of_capture; /* capture time itself ran back, or leapt on by far more than the device's */
    bool of_devices; /* a device's time ran back, while the capture's went on */
};

static void add_alike(struct check *check, void *user, const struct subject *subject)
{
    struct alike *alike = user;
    const struct clock_level *clock = subject->clock, *first = alike->first;
    bool later = clock->steps == 0 && clock->first_time > first->jump->time;
    (void)check;
    if (!is_usable(clock) || later || subject->last_time < first->jump->time)
        return;
    double told = clock->paused + clock->step; /* device time that went by */
    alike->count++;
    alike->unlike |= !jumped_alike(clock, first);
    alike->of_devices |= told < -step_size;
    alike->of_capture |= clock->paused < -fabs(clock->step) / 2 || told <= clock->paused / 2;
}

/* Where CLOCK jumped once, and so did all others that spoke before and after, at the same time and as far, and by the capture times it
 * is the capture that jumped: how many did, or 0. */
static uint64_t count_alike(struct check *check, const struct clock_level *clock)
{
    struct alike alike = {.first = clock};
    each_clock(check, add_alike, &alike);
    return alike.count >= 2 && !alike.unlike && alike.of_capture && !alike.of_devices ? alike.count : 0;
}

static void conclude_common_jump(struct check *check, const struct clock_level *clock, uint64_t devices)
{
    static sentence_text detail = {"At {at} the times of all {n} devices moved by {step} against the capture at once: the clock that stepped is that of the capture, not theirs.",
                                "{at} に {n} 台すべてのデバイスの時刻がキャプチャに対して一斉に {step} 動きました。跳んだのはデバイスではなく、キャプチャした側の時計です。"};
    static sentence_text advice = {"Let the clock of the capturing host run steadily (`chronyc tracking`, `timedatectl`). What this report says of times and durations across the step is off by as much.",
                                "キャプチャするホストの時計を安定させます (`chronyc tracking`、`timedatectl`)。この跳びをまたぐ時刻と時間の長さは、本レポートでもその分ずれています。"};
    const char *step = check_offset(check, clock->step);
    struct finding *finding = check_raise(check, CHECK_CLOCK_JUMP, "", clock->jump, CHECK_LIKELY, detail, "at", check_start(check, clock->jump->time),
                                          "n", check_number(check, devices), "step", step, NULL);
    finding->severity = CHECK_NOTE;
    check_advise(check, finding, advice);
}

/* If all share one, any of theirs is it, but for those of devices that others do not overlap: a few are tried. */
static void find_common_jump(struct check *check, struct state *state, const struct clock_level *clock)
{
    enum { TRIES = 4 };
    if (state->common || clock->steps != 1 || state->tried++ >= TRIES)
        return;
    uint64_t alike = count_alike(check, clock);
    if (alike == 0)
        return;
    state->common = clock;
    conclude_common_jump(check, clock, alike);
}

/* NULL: the clock tells. */
static const char *why_unusable(const struct check *check, const struct subject *subject)
{
    static sentence_text few = {"too few stamps", "タイムスタンプが少なすぎます"},
                      unrelated = {"its times do not follow the capture's", "時刻がキャプチャの時刻と連動しません"},
                      mixed = {"several clocks under one name", "1 つの名前に複数の時計があります"};
    const struct clock_level *clock = subject->clock;
    enum msgt_lang lang = check->view->lang;
    uint64_t stamps;
    if (!is_usable(clock))
        return (clock->stamps < 2 * SETTLED ? few : unrelated)[lang];
    bool unsure = !subject->unit && subject->device->units && clock->steps > steps_of_units(subject->device, &stamps);
    return unsure ? mixed[lang] : NULL;
}

static void conclude(struct check *check, void *user, const struct subject *subject)
{
    struct state *state = user;
    const struct clock_level *clock = subject->clock;
    double level = fabs(clock->widest) > fabs(clock->level) ? clock->widest : clock->level;
    if (clock->stamps == 0)
        return;
    const char *name = name_of(check, subject), *why = why_unusable(check, subject);
    if (why) {
        check_unusable(check, TOPIC_CLOCKS, name, (sentence_text){why, why});
        return;
    }
    g_ptr_array_add(check->clocks, g_strdup_printf("%s %s", name, check_offset(check, level)));
    find_common_jump(check, state, clock);
    if (state->common && jumped_alike(clock, state->common))
        return;
    if (clock->steps)
        conclude_jump(check, name, clock);
    if (!clock->steps && fabs(clock->level - clock->first) >= drift_size)
        conclude_drift(check, name, clock, subject->last_time);
    else if (fabs(level) >= skew_size && (clock->steps == 0 || check_is_zone(level)))
        conclude_skew(check, name, clock, level);
}

static gint by_name(gconstpointer a, gconstpointer b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }

static void finish(struct check *check, void *user)
{
    each_clock(check, conclude, user);
    g_ptr_array_sort(check->clocks, by_name);
}

const struct check_family check_clock = {.state = sizeof(struct state), .record = record, .finish = finish};
