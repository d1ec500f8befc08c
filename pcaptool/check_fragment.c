/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Datagrams whose fragments did not all arrive. */
#include "check.h"

enum { FRESH = 1000 * 1000 * 1000 /* ns: still on their way when the capture ended */ };

struct state {
    uint64_t later; /* fragments that are not the first of their datagram */
    struct {
        struct address from, to;
        struct hit *hit;
        uint64_t missing;
        bool known;  /* ports, or the only syslog between these two */
        bool odd;    /* parts that contradict each other, or reach beyond what a datagram may have */
    } pairs[256];
    unsigned count;
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

static void lost(struct check *check, void *user, const struct fragments_lost *lost)
{
    struct state *state = user;
    int64_t time = check_time(lost->first_seconds, lost->first_nanoseconds);
    if (lost->protocol != 17 || !is_syslog(check, lost) || (lost->why == FRAGMENTS_AT_END && check->now - time < FRESH))
        return;
    struct address from = address_of(lost->version, lost->src), to = address_of(lost->version, lost->dst);
    unsigned i = 0;
    while (i < state->count && (memcmp(&state->pairs[i].from, &from, sizeof from) != 0 || memcmp(&state->pairs[i].to, &to, sizeof to) != 0))
        i++;
    if (i == G_N_ELEMENTS(state->pairs)) {
        check->flows->untracked++;
        return;
    }
    if (i == state->count) {
        state->count++;
        state->pairs[i].from = from;
        state->pairs[i].to = to;
    }
    check_hit_at(&state->pairs[i].hit, 1, check->sight.file, lost->first_frame, time, lost->precision);
    state->pairs[i].missing += lost->missing;
    state->pairs[i].known |= lost->has_ports;
    state->pairs[i].odd |= lost->why == FRAGMENTS_OVERLAP || lost->why == FRAGMENTS_OVERSIZED;
}

static void finish(struct check *check, void *user)
{
    static check_text detail = {
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
    struct state *state = user;
    for (unsigned i = 0; i < state->count; i++) {
        const struct sender *sender = flows_sender(check->flows, state->pairs[i].from.version, state->pairs[i].from.octets, false);
        const char *name = sender ? check_sender(check, sender) : check_address(check, &state->pairs[i].from);
        bool seen = state->later > 0;
        struct finding *finding =
            check_raise(check, CHECK_FRAGMENT_MISSING, name, state->pairs[i].hit, !seen ? CHECK_POSSIBLE : state->pairs[i].known ? CHECK_CERTAIN : CHECK_LIKELY,
                        !seen ? filtered : state->pairs[i].missing ? detail : state->pairs[i].odd ? contradictory : endless, "n", check_number(check, state->pairs[i].hit->count), "to",
                        check_address(check, &state->pairs[i].to), "octets", check_number(check, state->pairs[i].missing), NULL);
        if (!seen)
            finding->severity = CHECK_NOTE;
        g_free(state->pairs[i].hit);
    }
}

const struct check_family check_fragment = {.sees = SEES_OTHERS, .state = sizeof(struct state), .packet = packet, .lost = lost, .finish = finish};
