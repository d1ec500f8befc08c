/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ARP (RFC 826) and neighbour discovery (RFC 4861) for the collector's address that nobody answers. */
#include "check.h"
#include "octets.h"

enum { TARGETS_MAX = 512, ENOUGH = 3, PATIENCE = 1000 * 1000 * 1000 /* ns */ };

struct target {
    struct address address;
    uint64_t waiting; /* requests not yet answered, not yet too old */
    int64_t asked, last_unanswered;
    uint64_t asked_frame;
    const char *asked_file;
    uint8_t precision;
    uint64_t answers;
    struct hit *hit;
};

struct state {
    struct target targets[TARGETS_MAX];
    unsigned count;
    uint64_t others, answers;
};

static struct target *find_target(struct state *state, uint8_t version, const uint8_t *octets, bool make)
{
    struct address address = {.version = version};
    memcpy(address.octets, octets, version == 6 ? 16 : 4);
    for (unsigned i = 0; i < state->count; i++)
        if (memcmp(&state->targets[i].address, &address, sizeof address) == 0)
            return &state->targets[i];
    if (!make)
        return NULL;
    if (state->count == TARGETS_MAX) {
        state->others++;
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

static void ask(struct check *check, struct state *state, uint8_t version, const uint8_t *octets)
{
    const struct sight *s = &check->sight;
    struct target *target = find_target(state, version, octets, true);
    if (!target)
        return;
    settle(target, s->time);
    target->waiting++;
    target->asked = s->time;
    target->asked_frame = s->frame->number;
    target->asked_file = s->file;
    target->precision = s->frame->precision;
}

static void answer(struct check *check, struct state *state, uint8_t version, const uint8_t *octets)
{
    struct target *target = find_target(state, version, octets, false);
    state->answers++;
    if (!target)
        return;
    settle(target, check->sight.time);
    target->waiting = 0;
    target->answers++;
}

static void take_arp(struct check *check, struct state *state)
{
    const struct packet *p = check->sight.packet;
    const uint8_t *arp = p->payload;
    if (p->payload_captured < 28 || be16(arp) != 1 || be16(arp + 2) != ETHERTYPE_IPV4 || arp[4] != 6 || arp[5] != 4)
        return;
    const uint8_t *sender = arp + 14, *target = arp + 24;
    if (be16(arp + 6) == 1 && memcmp(sender, target, 4) != 0)
        ask(check, state, 4, target);
    /* Whoever asks or answers is there. */
    if (be16(arp + 6) == 2 || find_target(state, 4, sender, false))
        answer(check, state, 4, sender);
}

static void packet(struct check *check, void *user)
{
    const struct packet *p = check->sight.packet;
    if (p->kind == PACKET_ARP)
        take_arp(check, user);
    if (p->kind != PACKET_ICMP6 || p->transport_captured < 24)
        return;
    static const uint8_t unspecified[16];
    if (p->transport[0] == 135 && memcmp(p->src, unspecified, 16) != 0)
        ask(check, user, 6, p->transport + 8);
    if (p->transport[0] == 136)
        answer(check, user, 6, p->transport + 8);
}

static const struct flow *flow_to(const struct check *check, const struct address *address)
{
    GHashTableIter iter;
    gpointer row;
    g_hash_table_iter_init(&iter, check->flows->flows);
    while (g_hash_table_iter_next(&iter, &row, NULL))
        if (memcmp(&((const struct flow *)row)->to, address, sizeof *address) == 0)
            return row;
    return NULL;
}

static void finish(struct check *check, void *user)
{
    static check_text detail = {
        "{n} request{s} for the hardware address of the collector {to} had no answer between {from} and {until}, while syslog is sent to it: what was sent meanwhile went nowhere.",
        "コレクター {to} のハードウェア アドレスへの要求 {n} 回に、{from} から {until} まで応答がなく、その間も syslog が送られています。その間のものは届いていません。"};
    static check_text blind = {
        "{n} request{s} for the hardware address of the collector {to} had no answer, but this capture holds no answer at all: it may not see them.",
        "コレクター {to} のハードウェア アドレスへの要求 {n} 回に応答がありませんが、このキャプチャには応答が 1 つもなく、映っていないだけかもしれません。"};
    struct state *state = user;
    for (unsigned i = 0; i < state->count; i++) {
        struct target *target = &state->targets[i];
        settle(target, check->now);
        if (target->hit && target->hit->count >= ENOUGH && flow_to(check, &target->address)) {
            const char *to = check_address(check, &target->address);
            struct finding *finding =
                check_raise(check, CHECK_ARP_UNANSWERED, to, target->hit, state->answers ? CHECK_LIKELY : CHECK_POSSIBLE,
                            state->answers ? detail : blind, "n", check_number(check, target->hit->count), "to", to, "from",
                            check_clock_text(check, target->hit->time), "until", check_clock_text(check, target->last_unanswered), NULL);
            if (!state->answers)
                finding->severity = CHECK_NOTE;
        }
        g_free(target->hit);
    }
}

const struct check_family check_arp = {.state = sizeof(struct state), .packet = packet, .finish = finish};
