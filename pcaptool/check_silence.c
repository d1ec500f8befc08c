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

static void count_ids(const struct check *check, struct id_count *count)
{
    const struct sight *s = &check->sight;
    bool counted = s->flow && s->packet->version == 4 && !s->packet->reassembled;
    *count = (struct id_count){.flow = counted ? s->flow : NULL};
    for (int i = 0; counted && i < 2; i++) {
        const struct counter *c = i ? &s->flow->ids : &s->flow->sender->ids;
        count->of[i].missing = c->missing;
        count->of[i].far = c->far;
    }
}

/* What they counted on since the device's last message. */
static struct id_count ids_since(const struct check *check, const struct device *device, struct id_count now)
{
    const struct id_count *last = &device->last_ids;
    if (now.flow != last->flow || device->last_input != check->input)
        now.flow = NULL;
    for (int i = 0; now.flow && i < 2; i++) {
        if (now.of[i].missing < last->of[i].missing) /* some were late */
            now.flow = NULL;
        now.of[i].missing -= last->of[i].missing;
        now.of[i].far -= last->of[i].far;
    }
    return now;
}

/* OTHERS: messages of other devices since its last one. */
static void keep_gap(struct device *device, int64_t length, uint64_t others, struct id_count ids)
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
    device->gaps[at].ids = ids;
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
            keep_gap(device, gap, state->messages - device->others_at, (struct id_count){0});
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
    struct id_count ids;
    count_ids(check, &ids);
    if (follows) {
        if (gap > device->gaps[SILENCE_GAPS - 1].length)
            keep_gap(device, gap, check->messages - device->others_at - 1, ids_since(check, device, ids));
        device->gaps_seen++;
        device->gaps_total += (double)gap;
        device->gap_bins[bin_of(gap)]++;
    }
    device->last_run = check->run;
    device->last_input = check->input;
    device->last_ids = ids;
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

/* Whether the IDs go on without a gap: nothing was sent; or skip about the WANTED messages: these were. */
enum ids_tell { IDS_NOTHING, IDS_UNSENT, IDS_LOST };

static enum ids_tell ids_tell(const struct id_count *ids, double wanted, uint64_t *missing)
{
    enum { NEVER_WRAPS = 1 << 15 };
    const struct flow *flow = ids->flow;
    if (!flow || flow->sender->many_names || wanted > NEVER_WRAPS)
        return IDS_NOTHING;
    bool own = counter_kind(&flow->sender->ids) != COUNTER_SEQUENTIAL;
    if (own && counter_kind(&flow->ids) != COUNTER_SEQUENTIAL)
        return IDS_NOTHING;
    *missing = ids->of[own].missing;
    if (*missing == 0)
        return ids->of[own].far ? IDS_NOTHING : IDS_UNSENT;
    return (double)*missing <= 2 * wanted && 2 * (double)*missing >= wanted ? IDS_LOST : IDS_NOTHING;
}

static sentence_text tells[] = {
    [IDS_NOTHING] = {"", ""},
    [IDS_UNSENT] = {" Its IP IDs go on without a gap: it sent nothing in that time, and nothing was lost on the way.",
                    "IP ID が欠けずに続いているため、その間デバイスは何も送っておらず、途中での損失はありません。"},
    [IDS_LOST] = {" Its IP IDs skip {missing} in that time: it did send, and what it sent did not come here.",
                  "その間に IP ID が {missing} 個飛んでいるため、デバイスは送信していたのに、ここへ届いていません。"},
};
static sentence_text advices[] = {
    [IDS_UNSENT] = {"Look at the device, not at the network: was it told to log less, or to another collector? `show running-config logging`, `show logging`, `show logging queue`, `show failover` (FTD: the same in the diagnostic CLI; FMC: Devices > Platform Settings > Syslog).",
                    "ネットワークではなくデバイスを調べます。ログが減るように、または別のコレクタへ送るように設定されていないか。`show running-config logging`、`show logging`、`show logging queue`、`show failover` (FTD は診断 CLI で同様。FMC: Devices > Platform Settings > Syslog)。"},
    [IDS_LOST] = {"Look at the network, not at the device's settings: routing, interface drops on the way (`show interface`, `ethtool -S`), and a capture at the device compared with this one (`ftdpcap compare device.pcap this.pcap`).",
                  "デバイスの設定ではなくネットワークを調べます。経路、途中のインターフェイスの廃棄 (`show interface`、`ethtool -S`)。デバイス側のキャプチャとも比較します (`ftdpcap compare device.pcap this.pcap`)。"},
};

static void conclude(struct check *check, const struct device *device)
{
    static sentence_text detail = {
        "{device} says something every {mean} on average and fell silent {n} time{s}: the longest silence lasted {length} from {from}, in which about {missing} message{s} would have come and {others} of other devices did.{told}",
        "{device} は平均 {mean} ごとに送信しますが、{n} 回沈黙しました。最長の沈黙は {from} に始まり {length} 続きました。その間に約 {missing} 件が来るはずでした (ほかのデバイスからは {others} 件届いています)。{told}"};
    static sentence_text rhythm = {"rhythm", "送信間隔"}, few = {"too few messages", "メッセージが少なすぎます"};
    if (check->part_selected || device->gaps_seen < ENOUGH) {
        check_remark(check, check->unusable, device->name, rhythm, check->part_selected ? check_part_selected : few);
        return;
    }
    unsigned count = count_silences(device);
    double mean = device->gaps[0].mean;
    struct hit *hit = NULL;
    uint64_t others = 0, missing = 0;
    bool unsent = true;
    for (unsigned i = 0; i < count; i++) {
        check_hit_at(&hit, 1, device->gaps[i].file, device->gaps[i].frame, device->gaps[i].from, device->gaps[i].precision);
        others += device->gaps[i].others;
        unsent &= ids_tell(&device->gaps[i].ids, (double)device->gaps[i].length / mean, &missing) == IDS_UNSENT;
    }
    if (!hit)
        return;
    double wanted = (double)device->gaps[0].length / mean;
    enum ids_tell tell = ids_tell(&device->gaps[0].ids, wanted, &missing);
    const char *const names[] = {"missing", check_number(check, missing), NULL};
    char *told = sentence_filled(tells[tell][check->view->lang], names);
    struct finding *finding = check_raise(
        check, CHECK_SILENCE, device->name, hit, others > 10 || tell ? CHECK_LIKELY : CHECK_POSSIBLE, detail, "device", device->name, "mean",
        check_duration(check, mean / 1e9), "n", check_number(check, count), "length",
        check_duration(check, (double)device->gaps[0].length / 1e9), "from", check_start(check, device->gaps[0].from), "missing",
        check_number(check, (uint64_t)wanted), "others", check_number(check, device->gaps[0].others), "told", told, NULL);
    if (tell)
        check_advise(check, finding, advices[tell]);
    check->unsent += unsent;
    g_free(told);
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
