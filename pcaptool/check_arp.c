/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ARP (RFC 826) and neighbour discovery (RFC 4861) that nobody answers: for the collector's address, or for that of the next hop
 * on the way to it. A next hop is the host whose card the frames with syslog go to, asked for by the card that they come from.
 */
#include "check.h"
#include "octets.h"

enum { TARGETS_MAX = 512, ENOUGH = 3, PATIENCE = NANOSECONDS };

struct target {
    struct address address;
    uint64_t waiting; /* requests not yet answered, not yet too old */
    int64_t asked, last_unanswered;
    uint64_t asked_frame;
    const char *asked_file;
    uint8_t asker[6], card[6]; /* Ethernet addresses: who asked last, and the one that was answered */
    bool has_card;
    uint8_t precision;
    uint64_t answers;
    struct hit *hit;
};

struct state {
    struct target targets[TARGETS_MAX];
    unsigned count;
    uint64_t answers;
};

/* MAKE: whose room is counted where there is none, or NULL. */
static struct target *find_target(struct state *state, uint8_t version, const uint8_t *octets, struct check *make)
{
    const struct address address = address_of(version, octets);
    for (unsigned i = 0; i < state->count; i++)
        if (memcmp(&state->targets[i].address, &address, sizeof address) == 0)
            return &state->targets[i];
    if (!make)
        return NULL;
    if (state->count == TARGETS_MAX) {
        make->flows->untracked++;
        return NULL;
    }
    state->targets[state->count].address = address;
    return &state->targets[state->count++];
}

static void settle(struct target *target, int64_t now)
{
    if (target->waiting && now - target->asked > PATIENCE) {
        check_hit_at(&target->hit, target->waiting, target->asked_file, target->asked_frame, target->asked, target->precision);
        target->last_unanswered = target->asked;
        target->waiting = 0;
    }
}

static void ask(struct check *check, struct state *state, uint8_t version, const uint8_t *octets, const uint8_t *card)
{
    const struct sight *s = &check->sight;
    struct target *target = find_target(state, version, octets, check);
    if (!target)
        return;
    settle(target, s->time);
    if (card)
        memcpy(target->asker, card, sizeof target->asker);
    target->waiting++;
    target->asked = s->time;
    target->asked_frame = s->frame->number;
    target->asked_file = s->file;
    target->precision = s->frame->precision;
}

static void answer(struct check *check, struct state *state, uint8_t version, const uint8_t *octets, const uint8_t *card)
{
    struct target *target = find_target(state, version, octets, NULL);
    state->answers++;
    if (!target)
        return;
    settle(target, check->sight.time);
    target->waiting = 0;
    target->answers++;
    target->has_card = target->has_card || card;
    if (card)
        memcpy(target->card, card, sizeof target->card);
}

static void take_arp(struct check *check, struct state *state)
{
    const struct packet *p = check->sight.packet;
    const uint8_t *arp = p->payload;
    if (p->payload_captured < 28 || be16(arp) != 1 || be16(arp + 2) != ETHERTYPE_IPV4 || arp[4] != 6 || arp[5] != 4)
        return;
    const uint8_t *sender = arp + 14, *target = arp + 24;
    if (be16(arp + 6) == 1 && memcmp(sender, target, 4) != 0)
        ask(check, state, 4, target, arp + 8);
    /* Whoever asks or answers is there. */
    if (be16(arp + 6) == 2 || find_target(state, 4, sender, NULL))
        answer(check, state, 4, sender, arp + 8);
}

static void take_neighbour(struct check *check, struct state *state)
{
    enum { SOLICITATION = 135, ADVERTISEMENT = 136, OPTIONS = 24 };
    static const uint8_t unspecified[16];
    const struct packet *p = check->sight.packet;
    const uint8_t *message = p->transport, *option = message + OPTIONS;
    if (p->transport_captured < OPTIONS)
        return;
    /* The first option, which is the only one in practice: source (1) or target (2) link-layer address. */
    bool has_card = p->transport_captured >= OPTIONS + 8 && option[0] == message[0] - 134 && option[1] == 1;
    if (message[0] == SOLICITATION && memcmp(p->src, unspecified, 16) != 0)
        ask(check, state, 6, message + 8, has_card ? option + 2 : NULL);
    if (message[0] == ADVERTISEMENT)
        answer(check, state, 6, message + 8, has_card ? option + 2 : NULL);
}

static void packet(struct check *check, void *user)
{
    const struct sight *s = &check->sight;
    if (s->flow && s->datagram && s->frame->link_type == LINKTYPE_ETHERNET && s->frame->captured >= sizeof s->flow->cards) {
        s->flow->on_ethernet = true;
        memcpy(s->flow->cards, s->frame->data, sizeof s->flow->cards);
    } else if (s->packet->kind == PACKET_ARP) {
        take_arp(check, user);
    } else if (s->packet->kind == PACKET_ICMP6) {
        take_neighbour(check, user);
    }
}

/* A flow to the target, else one by way of it. */
static const struct flow *flow_to(const struct check *check, const struct target *target)
{
    const struct flow *via = NULL;
    GHashTableIter iter;
    gpointer row;
    g_hash_table_iter_init(&iter, check->flows->flows);
    while (g_hash_table_iter_next(&iter, &row, NULL)) {
        const struct flow *flow = row;
        if (memcmp(&flow->to, &target->address, sizeof flow->to) == 0)
            return flow;
        if (flow->on_ethernet && target->has_card && memcmp(flow->cards, target->card, 6) == 0 &&
            memcmp(flow->cards + 6, target->asker, 6) == 0 && (!via || flow->datagrams > via->datagrams))
            via = flow;
    }
    return via;
}

static void conclude(struct check *check, const struct state *state, const struct target *target, const struct flow *flow)
{
    static check_text collector = {
        "{n} request{s} for the hardware address of the collector {to} had no answer {period}, while syslog is sent to it: what was sent meanwhile went nowhere.",
        "コレクター {to} のハードウェア アドレスへの要求 {n} 回に {period} 応答がなく、その間も syslog が送られています。その間のものは届いていません。"};
    static check_text next_hop = {
        "{n} request{s} for the hardware address of {to}, the next hop on the way to the collector {collector}, had no answer {period}: what was sent meanwhile went nowhere.",
        "コレクター {collector} への次ホップ {to} のハードウェア アドレスへの要求 {n} 回に {period} 応答がありません。その間のものは届いていません。"};
    static check_text blind = {
        "{n} request{s} for the hardware address of the collector {to} had no answer, but this capture holds no answer at all: it may not see them.",
        "コレクター {to} のハードウェア アドレスへの要求 {n} 回に応答がありませんが、このキャプチャには応答が 1 つもなく、映っていないだけかもしれません。"};
    const char *to = check_address(check, &target->address);
    bool direct = memcmp(&flow->to, &target->address, sizeof flow->to) == 0;
    struct finding *finding =
        check_raise(check, CHECK_ARP_UNANSWERED, to, target->hit, state->answers ? CHECK_LIKELY : CHECK_POSSIBLE,
                    !state->answers ? blind : direct ? collector : next_hop, "n", check_number(check, target->hit->count), "to", to,
                    "period", check_period(check, target->hit->time, target->last_unanswered), "collector", check_address(check, &flow->to), NULL);
    if (!state->answers)
        finding->severity = CHECK_NOTE;
}

static void finish(struct check *check, void *user)
{
    struct state *state = user;
    for (unsigned i = 0; i < state->count; i++) {
        struct target *target = &state->targets[i];
        settle(target, check->now);
        const struct flow *flow = target->hit && target->hit->count >= ENOUGH ? flow_to(check, target) : NULL;
        if (flow)
            conclude(check, state, target, flow);
        g_free(target->hit);
    }
}

const struct check_family check_arp = {.state = sizeof(struct state), .packet = packet, .finish = finish};
