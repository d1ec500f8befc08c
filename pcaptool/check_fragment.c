/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Datagrams whose fragments did not all arrive. */
#include "check.h"

enum { EDGE = NANOSECONDS };

/* A filter by port hides later fragments, which have none. What proves that they are there to be seen, the least first. */
enum evidence { NO_EVIDENCE, OF_OTHERS, OF_THE_PAIR, EVIDENCE };

/* Datagrams that stayed incomplete. */
struct loss {
    struct hit *hit;
    uint64_t missing; /* octets, at least */
    bool known;       /* ports, or the only syslog between these two */
    bool odd;         /* parts that contradict each other, or reach beyond what a datagram may have */
};

struct way {
    struct address from, to;
};

struct pair {
    struct way way;
    struct loss now, by[EVIDENCE]; /* of this file, and of those before */
};

struct state {
    struct way later[256];       /* of UDP fragments in this file that are not the first of their datagram */
    unsigned later_count;
    bool many_later;             /* and others */
    struct pair pairs[256];
    unsigned count;
    uint64_t evicted;            /* datagrams given up here for want of room */
    bool crowded;                /* of this file were some */
    int64_t evict_from, evict_to; /* when */
};

static struct way way_of(uint8_t version, const uint8_t *src, const uint8_t *dst)
{
    return (struct way){address_of(version, src), address_of(version, dst)};
}

static bool same_way(const struct way *a, const struct way *b) { return same_address(&a->from, &b->from) && same_address(&a->to, &b->to); }

static void packet(struct check *check, void *user)
{
    struct state *state = user;
    const struct packet *p = check->sight.packet;
    if (p->kind != PACKET_FRAGMENT || p->fragment_offset == 0 || p->protocol != 17)
        return;
    const struct way way = way_of(p->version, p->src, p->dst);
    unsigned i = state->later_count; /* most likely the one before */
    while (i > 0 && !same_way(&state->later[i - 1], &way))
        i--;
    if (i > 0)
        return;
    if (state->later_count < G_N_ELEMENTS(state->later))
        state->later[state->later_count++] = way;
    else
        state->many_later = true;
}

static enum evidence find_evidence(const struct state *state, const struct way *way)
{
    enum evidence best = state->many_later ? OF_OTHERS : NO_EVIDENCE;
    for (unsigned i = 0; i < state->later_count; i++) {
        if (same_way(&state->later[i], way))
            return OF_THE_PAIR;
        if (same_address(&state->later[i].to, &way->to))
            best = OF_OTHERS;
    }
    return best;
}

/* Whether the lost datagram was syslog: by its port, or, without its first fragment, by what else goes that way. */
static bool is_syslog(struct check *check, const struct fragments_lost *lost)
{
    if (lost->has_ports)
        return is_syslog_port(lost->src_port, lost->dst_port) ||
               flows_flow(check->flows, lost->version, lost->src, lost->dst, lost->dst_port, false);
    const struct sender *sender = flows_sender(check->flows, lost->version, lost->src, false);
    const struct address to = address_of(lost->version, lost->dst);
    const struct flow *flow = sender ? sender->flows : NULL;
    while (flow && !same_address(&flow->to, &to))
        flow = flow->older;
    return flow != NULL;
}

/* NULL, and counted: there is no room. */
static struct pair *find_pair(struct check *check, struct state *state, const struct fragments_lost *lost)
{
    const struct way way = way_of(lost->version, lost->src, lost->dst);
    for (unsigned i = 0; i < state->count; i++)
        if (same_way(&state->pairs[i].way, &way))
            return &state->pairs[i];
    if (state->count == G_N_ELEMENTS(state->pairs)) {
        check->flows->untracked++;
        return NULL;
    }
    state->pairs[state->count].way = way;
    return &state->pairs[state->count++];
}

/* Whether it is incomplete for want of room: given up, or the rest of what was. */
static bool is_evicted(struct state *state, const struct fragments_lost *lost, int64_t first, int64_t now)
{
    const int64_t patience = (int64_t)FRAGMENTS_SECONDS * NANOSECONDS;
    if (lost->why != FRAGMENTS_EVICTED)
        return state->crowded && first >= state->evict_from && first - state->evict_to < patience;
    if (!state->crowded)
        state->evict_from = state->evict_to = now;
    state->crowded = true;
    state->evict_from = MIN(state->evict_from, now);
    state->evict_to = MAX(state->evict_to, now);
    return true;
}

/* A file does not hold the first fragment that came before it began, nor what was still on its way when it ended. */
static bool is_at_edge(const struct check *check, const struct fragments_lost *lost, int64_t first)
{
    if (lost->why != FRAGMENTS_TIMED_OUT && lost->why != FRAGMENTS_AT_END)
        return false;
    if (check->latest_here == INT64_MIN || (!lost->has_ports && first - check->began_here < EDGE))
        return true;
    return lost->why == FRAGMENTS_AT_END && check->latest_here - first < EDGE;
}

static void lost(struct check *check, void *user, const struct fragments_lost *lost)
{
    struct state *state = user;
    int64_t time = check_time(lost->first_seconds, lost->first_nanoseconds);
    if (lost->protocol != 17 || !is_syslog(check, lost) || is_at_edge(check, lost, time))
        return;
    if (is_evicted(state, lost, time, check->sight.time)) {
        state->evicted++;
        return;
    }
    struct pair *pair = find_pair(check, state, lost);
    if (!pair)
        return;
    check_hit_at(&pair->now.hit, 1, check->sight.file, lost->first_frame, time, lost->precision);
    pair->now.missing += lost->missing;
    pair->now.known |= lost->has_ports;
    pair->now.odd |= lost->why == FRAGMENTS_OVERLAP || lost->why == FRAGMENTS_OVERSIZED;
}

/* Only at its end is known what a file holds. */
static void end(struct check *check, void *user, const struct capture_interface *interfaces, size_t count)
{
    struct state *state = user;
    (void)check, (void)interfaces, (void)count;
    for (unsigned i = 0; i < state->count; i++) {
        struct loss *now = &state->pairs[i].now;
        if (!now->hit)
            continue;
        struct loss *all = &state->pairs[i].by[find_evidence(state, &state->pairs[i].way)];
        check_hit_join(&all->hit, now->hit);
        all->missing += now->missing;
        all->known |= now->known;
        all->odd |= now->odd;
        *now = (struct loss){0};
    }
    state->later_count = 0;
    state->many_later = state->crowded = false;
}

/* What became of the datagrams of a pair. */
static const char *const *detail_of(const struct check *check, const struct loss *loss, enum evidence evidence)
{
    static sentence_text missing = {
        "{n} datagram{s} to {to} never completed: at least {octets} octets in fragments are missing, so the collector got nothing.",
        "{to} 宛てのデータグラム {n} 件が組み立てられませんでした。フラグメントの少なくとも {octets} オクテットが欠けているため、コレクタはこれらを受け取っていません。"};
    static sentence_text endless = {
        "{n} datagram{s} to {to} never completed: the last fragment did not come, so the collector got nothing.",
        "{to} 宛てのデータグラム {n} 件が組み立てられませんでした。最後のフラグメントが届かなかったため、コレクタはこれらを受け取っていません。"};
    static sentence_text filtered = {
        "{n} fragmented datagram{s} to {to} {have} the first fragment only, and the capture holds no later fragment of UDP to that address: most likely a capture filter by port hides them.",
        "{to} 宛ての断片化した {n} データグラムには最初のフラグメントしかなく、このアドレス宛ての UDP の 2 個目以降のフラグメントがキャプチャに 1 つもありません。ポート指定のキャプチャ フィルタが隠した可能性が高いです。"};
    static sentence_text contradictory = {
        "{n} datagram{s} to {to} cannot be put together: fragments overlap with other octets, or reach beyond a datagram's end, so the collector got nothing.",
        "{to} 宛てのデータグラム {n} 件は組み立てられません。フラグメントの重なりの内容が食い違うか、データグラムの上限を超えているため、コレクタはこれらを受け取っていません。"};
    static sentence_text unsure = {
        "{n} datagram{s} to {to} never completed here. The capture itself lost packets: the fragments that are missing may have reached the collector.",
        "{to} 宛てのデータグラム {n} 件が組み立てられませんでした。キャプチャ自体がパケットを失っているため、欠けているフラグメントはコレクタに届いたかもしれません。"};
    if (evidence == NO_EVIDENCE)
        return filtered;
    if (check->limited && !loss->odd)
        return unsure;
    if (loss->missing)
        return missing;
    return loss->odd ? contradictory : endless;
}

static sentence_text unfiltered = {
    "Capture again with `or ip[6:2] & 0x1fff != 0 or ip6[6] = 44` behind the filter, for later fragments have no port. Where there still are none, something on the way drops them: a filter by port, or ASA `fragment chain 1 INTERFACE`.",
    "2 個目以降のフラグメントにはポートがないため、フィルタの後ろに `or ip[6:2] & 0x1fff != 0 or ip6[6] = 44` を付けて取り直します。それでも現れなければ、経路のポート フィルタまたは ASA の `fragment chain 1 INTERFACE` が捨てています。"};

static void conclude(struct check *check, const struct way *way, const struct loss *loss, enum evidence evidence)
{
    const struct sender *sender = flows_sender(check->flows, way->from.version, way->from.octets, false);
    const char *name = sender ? check_sender(check, sender) : check_address(check, &way->from);
    enum check_confidence confidence = evidence == OF_THE_PAIR && loss->known ? CHECK_CERTAIN : CHECK_LIKELY;
    if (evidence == NO_EVIDENCE)
        confidence = CHECK_POSSIBLE;
    struct finding *finding = check_raise(check, CHECK_FRAGMENT_MISSING, name, loss->hit, confidence, detail_of(check, loss, evidence), "n",
                                          check_number(check, loss->hit->count), "to", check_address(check, &way->to), "octets",
                                          check_number(check, loss->missing), NULL);
    if (evidence != NO_EVIDENCE)
        return;
    finding->severity = CHECK_NOTE;
    check_advise(check, finding, unfiltered);
}

static void finish(struct check *check, void *user)
{
    static sentence_text full = {"more incomplete datagrams at a time than there is room for", "未完成のデータグラムが同時に保持できる数を超えました"};
    struct state *state = user;
    if (state->evicted)
        check_unusable(check, TOPIC_FRAGMENTS, NULL, full);
    for (unsigned i = 0; i < state->count; i++)
        for (int evidence = 0; evidence < EVIDENCE; evidence++) {
            struct loss *loss = &state->pairs[i].by[evidence];
            if (loss->hit)
                conclude(check, &state->pairs[i].way, loss, (enum evidence)evidence);
            g_free(loss->hit);
        }
}

const struct check_family check_fragment = {
    .sees = SEES_OTHERS, .state = sizeof(struct state), .packet = packet, .lost = lost, .end = end, .finish = finish};
