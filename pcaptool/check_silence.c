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
static double median(const struct feed *feed)
{
    uint64_t sum = 0;
    unsigned bin = 0;
    while (bin < GAP_BINS - 1 && (sum += feed->gap_bins[bin]) * 2 < feed->gaps_seen)
        bin++;
    return 1000 * pow(2, (bin + 1) / 2.0);
}

/* The mean pause so far, when that is a rhythm, if need be without the longest, and LENGTH is far beyond what it would bring. */
static double rhythm_before(const struct feed *feed, int64_t longest, int64_t length)
{
    double count = (double)feed->gaps_seen, steady = UNSTEADY * median(feed), mean = feed->gaps_total / count;
    if (mean > steady)
        mean = (feed->gaps_total - (double)longest) / (count - 1);
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
static struct id_count ids_since(const struct check *check, const struct feed *feed)
{
    const struct id_count *last = &feed->last_ids;
    struct id_count now;
    count_ids(check, &now);
    if (now.flow != last->flow || feed->last_input != check->input)
        now.flow = NULL;
    for (int i = 0; now.flow && i < 2; i++) {
        if (now.of[i].missing < last->of[i].missing) /* some were late */
            now.flow = NULL;
        now.of[i].missing -= last->of[i].missing;
        now.of[i].far -= last->of[i].far;
    }
    return now;
}

/* OTHERS, ELSEWHERE: messages of other devices, and to other collectors, so far. */
static void keep_gap(struct feed *feed, int64_t length, uint64_t others, uint64_t elsewhere, struct id_count ids)
{
    unsigned at = SILENCE_GAPS;
    int64_t longest = feed->longest_gap;
    feed->longest_gap = MAX(longest, length);
    if (feed->gaps_seen < ENOUGH)
        return;
    while (at > 0 && feed->gaps[at - 1].length < length)
        at--;
    if (at == SILENCE_GAPS)
        return;
    memmove(&feed->gaps[at + 1], &feed->gaps[at], (SILENCE_GAPS - 1 - at) * sizeof *feed->gaps);
    feed->gaps[at].length = length;
    feed->gaps[at].from = feed->last_time;
    feed->gaps[at].frame = feed->last_frame;
    feed->gaps[at].precision = feed->last_precision;
    feed->gaps[at].file = feed->last_file;
    feed->gaps[at].mean = rhythm_before(feed, longest, length);
    feed->gaps[at].others = others - feed->others_at;
    feed->gaps[at].elsewhere = elsewhere - feed->elsewhere_at;
    feed->gaps[at].ids = ids;
}

/* Those that never spoke again have been silent up to the end of the run. */
static void end_feed(const struct state *state, struct feed *feed)
{
    const struct device *device = feed->device;
    int64_t gap = state->latest - feed->last_time;
    if (feed->last_run == state->run && gap > feed->gaps[SILENCE_GAPS - 1].length)
        keep_gap(feed, gap, state->messages - device->messages, device->messages - feed->messages, (struct id_count){0});
}

static void end_run(struct check *check, const struct state *state)
{
    GHashTableIter iter;
    gpointer row;
    g_hash_table_iter_init(&iter, check->flows->devices);
    while (g_hash_table_iter_next(&iter, NULL, &row))
        for (struct feed *feed = ((struct device *)row)->feeds; feed; feed = feed->next)
            end_feed(state, feed);
}

/* The pause in front of the message at hand. Where its stamps say that far less time went by, it is the capture's clock that stepped, or the message was late. */
static int64_t pause_of(const struct feed *feed, const struct device *device, int64_t gap)
{
    if (gap <= LEAST || feed->last_stamp == NO_STAMP || device->stamp != feed->last_stamp)
        return gap;
    double told = (double)gap + (device->offset - feed->last_offset) * NANOSECONDS;
    return told < (double)gap / 2 ? (int64_t)MAX(told, 0) : gap;
}

static void record(struct check *check, void *user, struct device *device, const struct record *record)
{
    struct state *state = user;
    const struct datagram *d = record->datagram;
    struct feed *feed = check->sight.feed;
    if (!feed)
        return;
    uint64_t others = check->messages - device->messages - 1, elsewhere = device->messages - feed->messages;
    int64_t time = check->sight.time, gap = time - feed->last_time;
    bool follows = feed->last_run == check->run;
    if (!d->precision || (follows && gap < 0)) /* out of order: the pause goes on from the latest time */
        return;
    if (state->run != check->run) {
        if (state->run)
            end_run(check, state);
        state->run = check->run;
        state->latest = INT64_MIN;
    }
    if (follows) {
        gap = pause_of(feed, device, gap);
        if (gap > feed->gaps[SILENCE_GAPS - 1].length)
            keep_gap(feed, gap, others, elsewhere, ids_since(check, feed));
        feed->gaps_seen++;
        feed->gaps_total += (double)gap;
        feed->gap_bins[bin_of(gap)]++;
    }
    feed->last_stamp = device->stamp;
    feed->last_offset = device->offset;
    feed->last_run = check->run;
    feed->last_input = check->input;
    count_ids(check, &feed->last_ids);
    feed->last_file = check->sight.file;
    feed->last_time = time;
    feed->last_frame = d->frame;
    feed->last_precision = d->precision;
    feed->others_at = others;
    feed->elsewhere_at = elsewhere;
}

/* How many of the longest pauses stand apart from all others, of before and after. */
static unsigned count_silences(const struct feed *feed)
{
    unsigned found = 0;
    for (unsigned i = 0; i + 1 < SILENCE_GAPS; i++) {
        if (feed->gaps[i].length <= LEAST || feed->gaps[i].mean <= 0)
            break;
        if (feed->gaps[i].length / OUTLIER > feed->gaps[i + 1].length)
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
    [IDS_UNSENT] = {" Its IP IDs go on without a gap: it sent nothing here in that time, and nothing was lost on the way.",
                    "IP ID が欠けずに続いているため、その間デバイスはここへ何も送っておらず、途中での損失はありません。"},
    [IDS_LOST] = {" Its IP IDs skip {missing} in that time: it did send, and what it sent did not come here.",
                  "その間に IP ID が {missing} 個飛んでいるため、デバイスは送信していたのに、ここへ届いていません。"},
};
static sentence_text to_others = {" To other collectors it sent {n} message{s} meanwhile.", "その間、ほかのコレクタへは {n} 件送っています。"};
static sentence_text advices[] = {
    [IDS_UNSENT] = {"Look at the device, not at the network: was it told to log less, or to another collector? `show running-config logging`, `show logging`, `show logging queue`, `show failover` (FTD: the same in the diagnostic CLI; FMC: Devices > Platform Settings > Syslog).",
                    "ネットワークではなくデバイスを調べます。ログが減るように、または別のコレクタへ送るように設定されていないか。`show running-config logging`、`show logging`、`show logging queue`、`show failover` (FTD は診断 CLI で同様。FMC: Devices > Platform Settings > Syslog)。"},
    [IDS_LOST] = {"Look at the network, not at the device's settings: routing, interface drops on the way (`show interface`, `ethtool -S`), and a capture at the device compared with this one (`ftdpcap compare device.pcap this.pcap`).",
                  "デバイスの設定ではなくネットワークを調べます。経路、途中のインターフェイスの廃棄 (`show interface`、`ethtool -S`)。デバイス側のキャプチャとも比較します (`ftdpcap compare device.pcap this.pcap`)。"},
};

static void conclude(struct check *check, const struct feed *feed)
{
    static sentence_text detail = {
        "{device} says something every {mean} on average and fell silent {n} time{s}: the longest silence lasted {length} from {from}, in which about {missing} message{s} would have come and {others} of other devices did.{spoke}{told}",
        "{device} は平均 {mean} ごとに送信しますが、{n} 回沈黙しました。最長の沈黙は {from} に始まり {length} 続きました。その間に約 {missing} 件が来るはずでした (ほかのデバイスからは {others} 件届いています)。{spoke}{told}"};
    if (check->part_selected || feed->gaps_seen < ENOUGH)
        return;
    unsigned count = count_silences(feed);
    double mean = feed->gaps[0].mean;
    struct hit *hit = NULL;
    uint64_t others = 0, missing = 0;
    bool unsent = true;
    for (unsigned i = 0; i < count; i++) {
        check_hit_at(&hit, 1, feed->gaps[i].file, feed->gaps[i].frame, feed->gaps[i].from, feed->gaps[i].precision);
        others += feed->gaps[i].others + feed->gaps[i].elsewhere;
        unsent &= ids_tell(&feed->gaps[i].ids, (double)feed->gaps[i].length / mean, &missing) == IDS_UNSENT;
    }
    if (!hit)
        return;
    double wanted = (double)feed->gaps[0].length / mean;
    enum ids_tell tell = ids_tell(&feed->gaps[0].ids, wanted, &missing);
    const char *const names[] = {"missing", check_number(check, missing), "n", check_number(check, feed->gaps[0].elsewhere), NULL};
    const char *name = check_feed(check, feed);
    char *spoke = sentence_filled(feed->gaps[0].elsewhere ? to_others[check->view->lang] : "", names);
    char *told = sentence_filled(tells[tell][check->view->lang], names);
    struct finding *finding = check_raise(
        check, CHECK_SILENCE, name, hit, others > 10 || tell ? CHECK_LIKELY : CHECK_POSSIBLE, detail, "device", name, "mean",
        check_duration(check, mean / 1e9), "n", check_number(check, count), "length",
        check_duration(check, (double)feed->gaps[0].length / 1e9), "from", check_start(check, feed->gaps[0].from), "missing",
        check_number(check, (uint64_t)wanted), "others", check_number(check, feed->gaps[0].others), "spoke", spoke,
        "told", told, NULL);
    if (tell)
        check_advise(check, finding, advices[tell]);
    check->unsent += unsent;
    g_free(spoke);
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

/* A device is not judged where none of its feeds is. */
static void conclude_device(struct check *check, const struct device *device)
{
    static sentence_text few = {"too few messages", "メッセージが少なすぎます"};
    const struct feed *feed = device->feeds;
    while (feed && (check->part_selected || feed->gaps_seen < ENOUGH))
        feed = feed->next;
    if (!feed)
        check_unusable(check, TOPIC_RHYTHM, device->name, check->part_selected ? check_part_selected : few);
}

static void finish(struct check *check, void *user)
{
    end_run(check, user);
    check_devices(check, conclude_device);
    check_feeds(check, conclude);
}

const struct check_family check_silence = {.state = sizeof(struct state), .record = record, .end = end, .finish = finish};
