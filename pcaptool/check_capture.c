/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the capture can carry a verdict: what it lost itself, and what it cut. */
#include "check.h"

struct state {
    struct hit *drops, *cut, *cut_others; /* drops: where they were told */
    uint64_t lost, interface_drops, os_drops, block_drops;
    bool told, untold; /* an interface said how many it dropped, if only 0; one did not */
    bool any_cut;
    uint32_t shortest; /* of the cut frames known to hold syslog; 0: none */
};

static void see_length(struct check *check, struct state *state)
{
    const struct sight *s = &check->sight;
    const struct frame *frame = s->frame;
    const struct packet *p = s->packet;
    bool cut = p->reassembled ? p->payload_captured < p->payload_wire : frame->captured < frame->wire;
    if (!cut)
        return;
    state->any_cut = true;
    if (s->datagram && frame->captured < frame->wire && (state->shortest == 0 || frame->captured < state->shortest))
        state->shortest = frame->captured;
    /* Whether a fragment is one of syslog is known when its datagram is whole. */
    if (p->kind != PACKET_FRAGMENT || p->protocol != 17)
        check_hit(check, s->datagram ? &state->cut : &state->cut_others, 1);
}

static void packet(struct check *check, void *user)
{
    struct state *state = user;
    const struct sight *s = &check->sight;
    see_length(check, state);
    if (s->packet->reassembled)
        return;
    if (s->frame->dropped)
        check_hit(check, &state->drops, 1);
}

/* A file may claim any number. */
static void add(uint64_t *sum, uint64_t more) { *sum += MIN(more, UINT64_MAX - *sum); }

static void end(struct check *check, void *user, const struct capture_interface *interfaces, size_t count)
{
    const unsigned bits = 1u << CAPTURE_IF_DROPPED | 1u << CAPTURE_OS_DROPPED;
    struct state *state = user;
    for (size_t i = 0; i < count; i++) {
        const struct capture_interface *interface = &interfaces[i];
        uint64_t dropped = interface->count[CAPTURE_IF_DROPPED];
        add(&dropped, interface->count[CAPTURE_OS_DROPPED]);
        state->told |= (interface->known & bits) != 0;
        state->untold |= interface->frames && !(interface->known & bits);
        add(&state->interface_drops, interface->count[CAPTURE_IF_DROPPED]);
        add(&state->os_drops, interface->count[CAPTURE_OS_DROPPED]);
        add(&state->block_drops, interface->dropped);
        /* Packet blocks and statistics count the same losses: the larger number holds. */
        add(&state->lost, MAX(dropped, interface->dropped));
    }
    if (state->lost && !state->drops)
        check_hit_at(&state->drops, 1, check->sight.file, 0, check->timed ? check->now : 0, 0);
}

static void raise_drops(struct check *check, const struct state *state)
{
    static sentence_text detail = {
        "The capture itself lost {n} packet{s} (interface {interface}, kernel {kernel}, told with packets {blocks}): what is missing here need not be missing on the wire.",
        "キャプチャ自体が {n} パケットを失いました (インターフェイス {interface}、カーネル {kernel}、パケットとともに記録 {blocks})。ここにないものが回線上にもなかったとは限りません。"};
    struct hit hit = *state->drops;
    hit.count = state->lost;
    check_raise(check, CHECK_CAPTURE_DROPS, "", &hit, CHECK_CERTAIN, detail, "n", check_number(check, hit.count), "interface",
                check_number(check, state->interface_drops), "kernel", check_number(check, state->os_drops), "blocks",
                check_number(check, state->block_drops), NULL);
}

static void finish_drops(struct check *check, const struct state *state)
{
    static sentence_text complete = {"complete (0 drops reported)", "欠落なし (廃棄 0 件と記録)"};
    static sentence_text partly = {"0 drops reported, but not recorded everywhere", "廃棄 0 件と記録、ただし一部に記録なし"};
    static sentence_text unknown = {"drops not recorded (no statistics in the file)", "廃棄数の記録なし (ファイルに統計なし)"};
    static sentence_text lossy = {"the capture lost packets itself", "パケットの欠落あり"};
    static sentence_text nothing = {"", ""};
    if (state->lost) {
        check->limited = true;
        check_remark(check, check->trust, NULL, lossy, nothing);
        raise_drops(check, state);
    } else if (state->told && state->untold) {
        check_remark(check, check->trust, NULL, partly, nothing);
    } else {
        check_remark(check, check->trust, NULL, state->told ? complete : unknown, nothing);
    }
}

/* Where only fragments are cut, the last one may be whole. */
static const char *say_shortest(struct check *check, uint32_t octets)
{
    static sentence_text shortest = {", the shortest to {length} octets", " (最短 {length} オクテット) "};
    const char *const names[] = {"length", check_number(check, octets), NULL};
    if (octets == 0)
        return "";
    char *text = sentence_filled(shortest[check->view->lang], names);
    const char *kept = g_string_chunk_insert(check->strings, text);
    g_free(text);
    return kept;
}

static void finish_cuts(struct check *check, struct state *state)
{
    static sentence_text detail = {
        "{n} frame{s} {were} captured shorter than on the wire{shortest}: the text behind is unknown, which is no fault of the device.",
        "{n} フレームが回線上より短く{shortest}キャプチャされました。これらのメッセージの末尾は不明で、デバイスの問題ではありません。"};
    static sentence_text others = {"{n} frame{s} not known to hold syslog {were} captured shorter than on the wire.",
                                "syslog かどうか分からない {n} フレームが回線上より短くキャプチャされました。"};
    static sentence_text full = {"full length", "切れたフレームなし"}, cut = {"frames cut by the snap length", "スナップ長で切れたフレームあり"}, nothing = {"", ""};
    enum check_code code = (enum check_code)(CHECK_MESSAGE + MSGT_F_SNAPLEN);
    check_remark(check, check->trust, NULL, state->any_cut ? cut : full, nothing);
    if (state->cut)
        check_raise(check, code, "", state->cut, CHECK_CERTAIN, detail, "n", check_number(check, state->cut->count), "shortest",
                    say_shortest(check, state->shortest), NULL);
    if (state->cut_others)
        check_raise(check, code, "", state->cut_others, CHECK_CERTAIN, others, "n",
                    check_number(check, state->cut_others->count), NULL)
            ->severity = CHECK_NOTE;
}

static void finish(struct check *check, void *user)
{
    struct state *state = user;
    if (check->frames > 0 || state->lost)
        finish_drops(check, state);
    if (check->frames > 0)
        finish_cuts(check, state);
    g_free(state->drops);
    g_free(state->cut);
    g_free(state->cut_others);
}

const struct check_family check_capture = {.state = sizeof(struct state), .packet = packet, .end = end, .finish = finish};
