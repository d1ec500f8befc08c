/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers that the messages carry: RFC 5424 sequenceId, or a counter in front of the header. */
#include "check.h"

/* NEAR_END: of the range, where what is before its end and what is behind are told from a restart. */
enum { RFC5424_BITS = 31, COUNTER_BITS = 32, NEAR_END = 1 << 16 };

/* The digits at TEXT; false when there are none, or more than 32 bits hold. */
static bool read_number(const char *text, size_t length, uint32_t *number)
{
    uint64_t value = 0;
    size_t i = 0;
    for (; i < length && value <= UINT32_MAX && g_ascii_isdigit(text[i]); i++)
        value = value * 10 + (uint64_t)(text[i] - '0');
    *number = (uint32_t)value;
    return i > 0 && value <= UINT32_MAX;
}

static bool find_number(const struct record *record, uint32_t *number, unsigned *bits)
{
    static const char key[] = "sequenceId=\"";
    const struct msgt_record *m = &record->message;
    *bits = m->sequence.length ? COUNTER_BITS : RFC5424_BITS;
    if (m->sequence.length)
        return read_number(record_octets(record, m->sequence.offset), m->sequence.length, number);
    if (m->message.offset <= m->datagram.offset + 56) /* too short for one */
        return false;
    const char *header = record_octets(record, m->datagram.offset);
    size_t length = m->message.offset - m->datagram.offset;
    const char *at = memmem(header, length, key, sizeof key - 1);
    return at && read_number(at + sizeof key - 1, (size_t)(header + length - at) - (sizeof key - 1), number);
}

/* As check_count(), where whatever goes far back is a restart, however large the numbers are. */
static void take_number(struct check *check, struct counter *counter, uint32_t number, unsigned bits)
{
    uint32_t mask = UINT32_MAX >> (32 - bits);
    number &= mask;
    bool follows = counter->any && counter->input == check->input;
    bool wraps = follows && counter->last > mask - NEAR_END && number < NEAR_END;
    if (wraps && bits == RFC5424_BITS && number > 0)
        counter->last = (counter->last + 1) & mask; /* 1 comes after the highest (RFC 5424, 7.3.1) */
    if (follows && !wraps && number < counter->last && counter->last - number > COUNTER_LATE) {
        counter->seen++;
        counter->far++;
        counter->any = false;
    }
    check_count(check, counter, number, bits);
}

/* ---- Ways ---- */

static struct series *new_series(struct check *check, struct device *device, const struct flow *flow)
{
    if (device->series_count == SERIES_MAX || check->flows->series_count == FLOW_TABLE_MAX) {
        device->series_full = true;
        return NULL;
    }
    struct series *series = g_new0(struct series, 1);
    series->flow = flow;
    series->next = device->series;
    device->series = series;
    device->series_count++;
    check->flows->series_count++;
    return series;
}

static struct series *find_series(const struct device *device, const struct flow *flow)
{
    struct series *series = device->series;
    while (series && series->flow != flow)
        series = series->next;
    return series;
}

/* All numbers so far came this one way. */
static void split_series(struct check *check, struct device *device)
{
    struct series *series = new_series(check, device, device->numbered_in);
    if (!series)
        return;
    series->numbers = device->numbers;
    if (series->numbers.skips) {
        series->numbers.skips = g_new(struct skip, COUNTER_SKIPS);
        memcpy(series->numbers.skips, device->numbers.skips, COUNTER_SKIPS * sizeof *series->numbers.skips);
    }
}

/* What the number says of the way before: one count for both, or another. */
static void count_turn(struct device *device, const struct counter *before, uint32_t number, unsigned bits)
{
    uint32_t mask = UINT32_MAX >> (32 - bits), back = (before->last - number) & mask, on = (number - before->last) & mask;
    if (back <= COUNTER_LATE && counter_saw(before, back))
        device->turns.shared++;
    else if (back <= COUNTER_LATE || on <= COUNTER_LATE)
        device->turns.joined++;
    else
        device->turns.apart++;
}

static void take_in_series(struct check *check, struct device *device, uint32_t number, unsigned bits)
{
    const struct flow *flow = check->sight.flow;
    if (!flow)
        return;
    if (!device->series)
        split_series(check, device);
    struct series *series = find_series(device, flow), *before = find_series(device, device->numbered_in);
    if (!series)
        series = new_series(check, device, flow);
    if (before && before != series && before->numbers.input == check->input)
        count_turn(device, &before->numbers, number & (UINT32_MAX >> (32 - bits)), bits);
    if (series)
        take_number(check, &series->numbers, number, bits);
}

static void record(struct check *check, void *user, struct device *device, const struct record *record)
{
    uint32_t number;
    unsigned bits;
    const struct flow *flow = check->sight.flow;
    (void)user;
    if (!find_number(record, &number, &bits))
        return;
    if (device->series || (device->numbered_in && device->numbered_in != flow))
        take_in_series(check, device, number, bits);
    device->numbered_in = flow;
    take_number(check, &device->numbers, number, bits);
}

/* ---- Conclusions ---- */

/* What counts: the device, over all its ways; each of these, for it says everything to several collectors, or is several devices with
 * one name; or neither is sure. */
enum counted { COUNTED_TOGETHER, COUNTED_APART, COUNTED_UNSURE };

static enum counted counted(const struct device *device)
{
    uint64_t shared = device->turns.shared, apart = device->turns.apart, turns = shared + apart + device->turns.joined;
    if (shared * 4 >= turns && shared > 0)
        return COUNTED_APART;
    if (apart * 2 > turns)
        return COUNTED_APART;
    return apart * 8 <= turns ? COUNTED_TOGETHER : COUNTED_UNSURE;
}

/* Numbers are made for this purpose: less proof is needed than for IP IDs, and no pause disturbs them. Small steps are loss, were it
 * most of them; but behind a relay they may be those of a number that its devices share. */
enum { ENOUGH = 16 }; /* steps of one */

static bool counts(const struct counter *c, const struct flow *flow)
{
    bool relayed = flow && flow->sender->many_names;
    uint64_t steps = c->next + (relayed ? 0 : c->near);
    return c->next >= ENOUGH && steps * 10 >= (c->next + c->near + c->far) * 7;
}

static void conclude_counter(struct check *check, const char *name, const struct counter *c, bool usable)
{
    static sentence_text detail = {
        "{n} sequence number{s} of {device} {are} missing, in {places} place{s} among {all} messages: made, and not come here.",
        "{device} から届いた {all} メッセージの間に、{places} か所で計 {n} 個のシーケンス番号が欠けています。付番されたのにここへ届いていません。"};
    static sentence_text why = {"not counting by one", "1 ずつ増えていません"}, few = {"too few numbers", "番号が少なすぎます"};
    check->numbered |= usable;
    if (c->missing == 0)
        return;
    if (!usable) {
        check_unusable(check, TOPIC_SEQUENCE, name, c->next < ENOUGH ? few : why);
        return;
    }
    struct hit hit = check_missing(c, false);
    check_raise(check, CHECK_SEQUENCE_GAP, name, &hit, CHECK_LIKELY, detail, "n", check_number(check, hit.count), "device", name, "places",
                check_number(check, c->places), "all", check_number(check, c->seen + 1), NULL);
}

static void conclude(struct check *check, const struct device *device)
{
    static sentence_text mixed = {"one name, and several counts", "1 つの名前に複数の系列があります"};
    enum counted how = counted(device);
    if (check->part_selected) {
        if (device->numbers.any)
            check_unusable(check, TOPIC_SEQUENCE, device->name, check_part_selected);
        return;
    }
    if (how == COUNTED_TOGETHER)
        conclude_counter(check, device->name, &device->numbers, counts(&device->numbers, device->numbered_in));
    else if (how == COUNTED_UNSURE || device->series_full)
        check_unusable(check, TOPIC_SEQUENCE, device->name, mixed);
    else
        for (const struct series *series = device->series; series; series = series->next)
            conclude_counter(check, check_series(check, device, series), &series->numbers, counts(&series->numbers, series->flow));
}

static void finish(struct check *check, void *user)
{
    (void)user;
    check_devices(check, conclude);
}

const struct check_family check_sequence = {.record = record, .finish = finish};
