/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Datagrams whose fragments did not all arrive. */
#include "check.h"

enum { FRESH = NANOSECONDS /* ns: still on their way when the capture ended */ };

/* Datagrams that stayed incomplete on one way. */
struct pair {
    struct address from, to;
    struct hit *hit;
    uint64_t missing; /* octets, at least */
    bool known;       /* ports, or the only syslog between these two */
    bool odd;         /* parts that contradict each other, or reach beyond what a datagram may have */
};

struct state {
    uint64_t later; /* fragments that are not the first of their datagram */
    struct pair pairs[256];
    unsigned count;
    uint64_t evicted;            /* datagrams given up here for want of room */
    bool crowded;                /* of this file were some */
    int64_t evict_from, evict_to; /* when */
};

static void packet(struct check *check, void *user)
{
    struct state *state = user;
    const struct packet *p = check->sight.packet;
    state->later += p->kind == PACKET_FRAGMENT && p->fragment_offset > 0;
}

/* Whether the lost datagram was syslog: by its port, or, without its first fragment, by what else goes that way. */
static bool is_syslog(struct check *check, const struct fragments_lost *lost)
{
    const struct sender *sender = flows_sender(check->flows, lost->version, lost->src, false);
    if (lost->has_ports)
        return lost->dst_port == SYSLOG_PORT || flows_flow(check->flows, lost->version, lost->src, lost->dst, lost->dst_port, false);
    return sender && sender->syslog && lost->protocol == 17 &&
           flows_flow(check->flows, lost->version, lost->src, lost->dst, SYSLOG_PORT, false);
}

/* NULL, and counted: there is no room. */
static struct pair *find_pair(struct check *check, struct state *state, const struct fragments_lost *lost)
{
    const struct address from = address_of(lost->version, lost->src), to = address_of(lost->version, lost->dst);
    for (unsigned i = 0; i < state->count; i++)
        if (memcmp(&state->pairs[i].from, &from, sizeof from) == 0 && memcmp(&state->pairs[i].to, &to, sizeof to) == 0)
            return &state->pairs[i];
    if (state->count == G_N_ELEMENTS(state->pairs)) {
        check->flows->untracked++;
        return NULL;
    }
    state->pairs[state->count].from = from;
    state->pairs[state->count].to = to;
    return &state->pairs[state->count++];
}

/* Whether it is incomplete for want of room: given up, or the rest of what was. */
static bool is_evicted(struct state *state, const struct fragments_lost *lost, int64_t first, int64_t now)
{
    const int64_t patience = INT64_C(30) * NANOSECONDS; /* of fragments.h */
    if (lost->why != FRAGMENTS_EVICTED)
        return state->crowded && first >= state->evict_from && first - state->evict_to < patience;
    if (!state->crowded)
        state->evict_from = state->evict_to = now;
    state->crowded = true;
    state->evict_from = MIN(state->evict_from, now);
    state->evict_to = MAX(state->evict_to, now);
    return true;
}

static void lost(struct check *check, void *user, const struct fragments_lost *lost)
{
    struct state *state = user;
    int64_t time = check_time(lost->first_seconds, lost->first_nanoseconds);
    if (lost->protocol != 17 || !is_syslog(check, lost) || (lost->why == FRAGMENTS_AT_END && check->now - time < FRESH))
        return;
    if (is_evicted(state, lost, time, check->sight.time)) {
        state->evicted++;
        return;
    }
    struct pair *pair = find_pair(check, state, lost);
    if (!pair)
        return;
    check_hit_at(&pair->hit, 1, check->sight.file, lost->first_frame, time, lost->precision);
    pair->missing += lost->missing;
    pair->known |= lost->has_ports;
    pair->odd |= lost->why == FRAGMENTS_OVERLAP || lost->why == FRAGMENTS_OVERSIZED;
}

/* What became of the datagrams of a pair; SEEN: the capture holds later fragments at all. */
static const char *const *detail_of(const struct pair *pair, bool seen)
{
    static check_text missing = {
        "{n} datagram{s} to {to} never completed: at least {octets} octets in fragments are missing, so the collector got nothing.",
        "{to} 宛ての {n} データグラムが完成しませんでした。フラグメントの少なくとも {octets} オクテットが欠け、コレクターには何も届いていません。"};
    static check_text endless = {
        "{n} datagram{s} to {to} never completed: the last fragment did not come, so the collector got nothing.",
        "{to} 宛ての {n} データグラムが完成しませんでした。最後のフラグメントが届かず、コレクターには何も届いていません。"};
    static check_text filtered = {
        "{n} fragmented datagram{s} to {to} {have} the first fragment only, and the capture holds no later fragment at all: most likely a capture filter by port hides them.",
        "{to} 宛ての断片化した {n} データグラムには最初のフラグメントしかなく、キャプチャに 2 個目以降が 1 つもありません。ポート指定のキャプチャ フィルターが隠した可能性が高いです。"};
    static check_text contradictory = {
        "{n} datagram{s} to {to} cannot be put together: fragments overlap with other octets, or reach beyond a datagram's end, so the collector got nothing.",
        "{to} 宛ての {n} データグラムは組み立てられません。フラグメントの重なりの内容が食い違うか、データグラムの上限を超えており、コレクターには何も届いていません。"};
    if (!seen)
        return filtered;
    if (pair->missing)
        return missing;
    return pair->odd ? contradictory : endless;
}

static void end(struct check *check, void *user, const struct capture_interface *interfaces, size_t count)
{
    struct state *state = user;
    (void)check, (void)interfaces, (void)count;
    state->crowded = false;
}

static void finish(struct check *check, void *user)
{
    static check_text fragments = {"fragments", "フラグメント"};
    static check_text full = {"more incomplete datagrams at a time than there is room for", "未完成のデータグラムが同時に保持できる数を超えました"};
    struct state *state = user;
    if (state->evicted)
        check_remark(check, check->unusable, NULL, fragments, full);
    bool seen = state->later > 0;
    for (unsigned i = 0; i < state->count; i++) {
        const struct pair *pair = &state->pairs[i];
        const struct sender *sender = flows_sender(check->flows, pair->from.version, pair->from.octets, false);
        const char *name = sender ? check_sender(check, sender) : check_address(check, &pair->from);
        enum check_confidence confidence = !seen ? CHECK_POSSIBLE : pair->known ? CHECK_CERTAIN : CHECK_LIKELY;
        struct finding *finding = check_raise(check, CHECK_FRAGMENT_MISSING, name, pair->hit, confidence, detail_of(pair, seen), "n",
                                              check_number(check, pair->hit->count), "to", check_address(check, &pair->to), "octets",
                                              check_number(check, pair->missing), NULL);
        if (!seen)
            finding->severity = CHECK_NOTE;
        g_free(pair->hit);
    }
}

const struct check_family check_fragment = {.sees = SEES_OTHERS, .state = sizeof(struct state), .packet = packet, .lost = lost, .end = end, .finish = finish};
