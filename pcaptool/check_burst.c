/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Would the collector's socket have held them? The arrivals at each collector are replayed into a queue that is read at a steady
 * rate; once as large as --rcvbuf and once without bound, which tells the size that would have done. The queue is kept as a
 * number of datagrams and of octets: what is read is charged at the average of what waits.
 */
#include "check.h"

enum { QUEUES_MAX = 256 };

struct queue {
    double count, octets; /* waiting */
};

struct receiver {
    struct address to;
    uint16_t port;
    int64_t time;
    uint32_t input;
    struct queue bounded, unbounded;
    double peak;          /* octets of the unbounded queue */
    int64_t began;        /* when the unbounded queue was empty last */
    uint64_t arrived;     /* since then */
    uint64_t peak_arrived, peak_frame;
    int64_t peak_began, peak_time;
    double dropped;
    struct hit *hit;
};

struct state {
    struct receiver receivers[QUEUES_MAX];
    unsigned count;
};

/* struct sk_buff and its data on 64-bit Linux, by octets of payload. */
static double charge(uint32_t length)
{
    if (length <= 172)
        return 832;
    return length <= 400 ? 1280 : 2304.0 * ((length + 1399) / 1400);
}

static struct receiver *find_receiver(struct check *check, struct state *state, struct flow *flow)
{
    if (flow->receiver)
        return &state->receivers[flow->receiver - 1];
    for (unsigned i = 0; i < state->count; i++)
        if (state->receivers[i].port == flow->port && same_address(&state->receivers[i].to, &flow->to))
            return &state->receivers[(flow->receiver = (uint16_t)(i + 1)) - 1];
    if (state->count == QUEUES_MAX) {
        check->flows->untracked++;
        return NULL;
    }
    struct receiver *r = &state->receivers[state->count++];
    r->to = flow->to;
    r->port = flow->port;
    return r;
}

static void drain(struct queue *queue, double messages)
{
    double left = queue->count - messages;
    queue->octets = left > 0 ? queue->octets * left / queue->count : 0;
    queue->count = left > 0 ? left : 0;
}

static void packet(struct check *check, void *user)
{
    const struct sight *s = &check->sight;
    if (!s->flow || s->duplicate || s->other_leg || !s->frame->precision)
        return;
    struct receiver *r = find_receiver(check, user, s->flow);
    if (!r)
        return;
    double elapsed = s->time > r->time ? (double)(s->time - r->time) * 1e-9 : 0, cost = charge(s->packet->payload_wire);
    drain(&r->bounded, elapsed * (double)check->drain);
    drain(&r->unbounded, elapsed * (double)check->drain);
    if (r->input != check->input)
        r->bounded = r->unbounded = (struct queue){0};
    r->input = check->input;
    r->time = s->time;
    if (r->unbounded.count <= 0) {
        r->began = s->time;
        r->arrived = 0;
    }
    r->began = MIN(r->began, s->time); /* times may run back */
    r->arrived++;
    r->unbounded.count++;
    r->unbounded.octets += cost;
    if (r->unbounded.octets > r->peak) {
        r->peak = r->unbounded.octets;
        r->peak_arrived = r->arrived;
        r->peak_frame = s->frame->number;
        r->peak_began = r->began;
        r->peak_time = s->time;
    }
    /* Some kernels take one more, which passes the limit. */
    if (r->bounded.octets + cost > (double)check->rcvbuf) {
        r->dropped++;
        check_hit(check, &r->hit, 1);
    } else {
        r->bounded.count++;
        r->bounded.octets += cost;
    }
}

static void conclude(struct check *check, const struct receiver *r)
{
    static sentence_text detail = {
        "{arrived} message{s} came within {span} (frame {frame}); read at {drain} a second, a receive buffer of {rcvbuf} octets overflows and loses about {n}, {need} octets would have held all.",
        "{span} の間に {arrived} 件が届きました (フレーム {frame})。毎秒 {drain} 件の読み出しでは {rcvbuf} オクテットの受信バッファがあふれ、約 {n} 件が失われる計算です。{need} オクテットあればすべて保持できます。"};
    uint64_t size = 1 << 18;
    while ((double)size < r->peak * 1.25 && size < UINT64_C(1) << 40)
        size *= 2;
    char *place = g_strdup_printf("%s:%u", check_address(check, &r->to), r->port);
    char *human = size >= 1 << 20 ? g_strdup_printf("%" G_GUINT64_FORMAT " MiB", size >> 20) : g_strdup_printf("%" G_GUINT64_FORMAT " KiB", size >> 10);
    char *option = size >= 1 << 20 ? g_strdup_printf("%" G_GUINT64_FORMAT "m", size >> 20) : g_strdup_printf("%" G_GUINT64_FORMAT "k", size >> 10);
    char *octets = g_strdup_printf("%" G_GUINT64_FORMAT, size);
    check_raise(check, CHECK_BURST, place, r->hit, CHECK_POSSIBLE, detail, "arrived", check_number(check, r->peak_arrived), "span",
                check_duration(check, (double)(r->peak_time - r->peak_began) / 1e9), "frame", check_number(check, r->peak_frame),
                "drain", check_number(check, check->drain), "rcvbuf", check_number(check, check->rcvbuf), "n",
                check_number(check, r->hit->count), "need", check_number(check, (uint64_t)r->peak), "size", human, "octets", octets,
                "size_option", option, NULL);
    g_free(place);
    g_free(human);
    g_free(option);
    g_free(octets);
}

static void finish(struct check *check, void *user)
{
    struct state *state = user;
    for (unsigned i = 0; i < state->count; i++) {
        if (state->receivers[i].hit)
            conclude(check, &state->receivers[i]);
        g_free(state->receivers[i].hit);
    }
}

const struct check_family check_burst = {.sees = SEES_SYSLOG, .state = sizeof(struct state), .packet = packet, .finish = finish};
