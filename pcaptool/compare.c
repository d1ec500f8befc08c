/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "compare.h"

#include "inputs.h"

/* LEAD_ITEMS: of A, read ahead of a log however long A was quiet. AT_ONCE: in nanoseconds. */
enum { UNMET_MAX = 256, LEAD_ITEMS = 1024, AT_ONCE = 2000000 };

struct compare *compare_new(struct options *options, const char *a, const char *b, bool log, uint64_t window, char **wrong)
{
    const char *const paths[2] = {a, b};
    struct compare *compare = g_new0(struct compare, 1);
    compare->options = options;
    compare->log = log;
    compare->window = (int64_t)window * NANOSECONDS;
    compare->json = strcmp(options->format->name, "json") == 0;
    compare->delay_step = 1;
    compare->examples = g_array_new(FALSE, FALSE, sizeof(struct example));
    options->style.full_time = true; /* examples stand alone */
    compare->writer.style = &options->style;
    compare->writer.day = compare->writer.first_day = WRITER_NO_DAY;
    for (int side = 0; side < 2; side++) {
        char *why = NULL;
        compare->shelf[side] = g_new0(struct shelf, 1);
        compare->now[side] = G_MININT64;
        g_queue_init(&compare->ahead[side]);
        if (*wrong || (compare->input[side] = input_open(options, paths[side], side == 1 && log, &why)))
            continue;
        *wrong = g_strdup_printf("%s: %s", inputs_shown(paths[side]), why);
        g_free(why);
    }
    if (!*wrong) {
        compare_meet(compare, a, b);
        return compare;
    }
    compare_free(compare);
    return NULL;
}

void compare_free(struct compare *compare)
{
    if (!compare)
        return;
    for (int side = 0; side < 2; side++) {
        input_close(compare->input[side]);
        shelf_clear(compare->shelf[side]);
        g_free(compare->shelf[side]);
        g_queue_clear_full(&compare->ahead[side], g_free);
        g_free(compare->next[side]);
    }
    order_free(compare);
    buffer_free(&compare->out);
    g_array_unref(compare->examples);
    buffer_free(&compare->writer.buffer);
    g_free(compare);
}

bool compare_found(const struct compare *compare)
{
    const struct compare_totals *t = &compare->totals;
    bool apart = t->items[SIDE_A] > 0 && (compare->last_met_a == 0 || compare_judged(t) == 0);
    return apart || t->only[SIDE_A] + t->only[SIDE_B] + t->changed + t->duplicated + t->reordered > 0;
}

bool compare_asked(const struct compare *compare, int side)
{
    bool filtered = compare->options->source.filter && !(side == SIDE_B && compare->log); /* which takes no part of a log */
    return filtered || compare->totals.tagged[side] > 0;
}

/* ---- Pairs ---- */

/* What copies of a datagram have in common: flow and IP ID, or where there is none flow and payload. */
static uint64_t copy_of(const struct item *item) { return item->key[KEY_FLOW_ID] ^ (item->has_flow ? 0 : item->key[KEY_PAYLOAD]); }

static uint64_t recent_hash(const struct compare *compare, const struct item *item)
{
    return compare->log ? item->key[KEY_TEXT] ^ item->id : item->key[KEY_PAYLOAD];
}

/* Where both sides begin. */
static void widen(struct compare *compare, const struct item *a, const struct item *b)
{
    if (compare->first_met && (a->order > compare->first_met_a || b->order > compare->first_met))
        return;
    compare->first_met = b->order;
    compare->first_met_a = a->order;
}

/* Lines are as far as the last pairs agree: one alone may be an old line, and what lies between would be given up. */
static void move_on(struct compare *compare, const struct item *a)
{
    compare->met_times[compare->met_count++ % AGREEING] = a->time;
    int64_t agreed = a->time;
    for (int i = 0; i < AGREEING; i++)
        agreed = MIN(agreed, compare->met_times[i]);
    compare->now[1] = MAX(compare->now[1], agreed);
}

static struct trace trace_of(const struct compare *compare, const struct item *a)
{
    const struct packet *packet = &a->packet;
    return (struct trace){.hash = recent_hash(compare, a), .copy_of = copy_of(a), .payload = a->key[KEY_PAYLOAD], .time = a->time,
                          .sender = address_of(packet->version, packet->src), .receiver = address_of(packet->version, packet->dst),
                          .ip_id = a->has_flow ? packet->ip_id : 0, .port = packet->dst_port, .hops = packet->ttl, .used = true};
}

static void remember(struct compare *compare, const struct item *a, const struct item *b)
{
    struct trace trace = trace_of(compare, a);
    compare->recent[trace.hash & (RECENT - 1)] = trace;
    compare->last_met_a = MAX(compare->last_met_a, a->order);
    compare->last_met = MAX(compare->last_met, b->order);
    widen(compare, a, b);
    compare->unmet = 0;
    if (compare->log)
        move_on(compare, a);
}

static int64_t last_time(const struct compare *compare) { return compare->met_times[(compare->met_count + AGREEING - 1) % AGREEING]; }

/* Without IP ID a device may have sent the same octets again: captured twice is what passed a router on the way, or came at once. */
static bool captured_twice(const struct item *item, int hops, int64_t apart)
{
    return item->has_flow || (hops == 0 && apart <= AT_ONCE) || ((hops == 1 || hops == -1) && apart <= NANOSECONDS);
}

bool compare_came_before(const struct compare *compare, const struct item *item, bool same)
{
    uint64_t hash = recent_hash(compare, item);
    size_t slot = hash & (RECENT - 1);
    int64_t apart = ABS(compare->recent[slot].time - item->time);
    return compare->recent[slot].used && compare->recent[slot].hash == hash && apart <= compare->window &&
           (!same || (compare->recent[slot].copy_of == copy_of(item) &&
                      captured_twice(item, compare->recent[slot].hops - item->packet.ttl, apart)));
}

/* The same message of A with other addresses: those of a NAT's other side, or, as a log does not tell which one it got, those of
 * another collector. One that sends to two with one IP ID has the same hop limit to both. */
static bool is_otherwise(const struct compare *compare, const struct trace *a, const struct trace *before)
{
    if (a->payload != before->payload || a->copy_of == before->copy_of || ABS(a->time - before->time) > NANOSECONDS)
        return false;
    bool same_id = a->ip_id && a->ip_id == before->ip_id;
    if (!same_address(&a->sender, &before->sender))
        return same_id;
    bool to_another = a->port != before->port || !same_address(&a->receiver, &before->receiver);
    return to_another && (compare->log || (same_id && a->hops != before->hops));
}

struct otherwise {
    const struct compare *compare;
    struct trace trace;
};

static bool fits_otherwise(const struct item *wanted, const struct item *found, void *user)
{
    const struct otherwise *otherwise = user;
    const struct trace before = trace_of(otherwise->compare, found);
    return is_otherwise(otherwise->compare, &otherwise->trace, &before) && item_same_payload(wanted, found);
}

/* Whether the other one waits, or found its partner. */
static bool came_otherwise(const struct compare *compare, const struct item *a)
{
    struct otherwise otherwise = {compare, trace_of(compare, a)};
    const struct trace *before = &compare->recent[otherwise.trace.hash & (RECENT - 1)];
    return (before->used && is_otherwise(compare, &otherwise.trace, before)) ||
           shelf_find(compare->shelf[SIDE_A], KEY_PAYLOAD, a, fits_otherwise, &otherwise);
}

static bool fits_other(const struct item *wanted, const struct item *found, void *user)
{
    return found != user && item_same_text(wanted, found);
}

/* Whether the line may be that of another message as well: then it tells nothing about the order. */
static bool is_one_of_several(const struct compare *compare, struct item *a, const struct item *b)
{
    return b->log && shelf_find(compare->shelf[SIDE_A], KEY_TEXT, a, fits_other, a);
}

/* B is kept while it stands for further messages: true. */
static bool pair(struct compare *compare, struct item *a, struct item *b, enum compare_cause cause)
{
    bool further = b->repeat > 1;
    remember(compare, a, b);
    if (!is_one_of_several(compare, a, b))
        order_watch(compare, a, b);
    cause_arrived(compare, a);
    if (a->precision && b->precision)
        delay_add(compare, b->own_time - a->own_time);
    if (a->selected && cause == CAUSE_NONE)
        compare->totals.same++;
    else if (a->selected)
        report_item(compare, SIDE_CHANGED, (struct reason){.lasting = cause}, a, b);
    if (a->selected && !b->log && !item_same_flow(a, b))
        compare->totals.translated++;
    if (b->log) /* has no address to be selected by, but its partner may */
        compare->totals.items[SIDE_B] += (uint64_t)a->selected - b->selected;
    if (further) {
        b->repeat--;
        compare->totals.items[SIDE_B] += b->selected;
    }
    for (int side = 0; side < (further ? 1 : 2); side++) {
        struct item *item = side ? b : a;
        if (compare->shelf[side]->oldest == item || item->older)
            shelf_remove(compare->shelf[side], item);
        g_free(item);
    }
    return further;
}

/* ---- Without a partner ---- */

/* The same on both sides, each without a partner when the window had passed: B's clock was set, or it took that long. */
static void note_alone(struct compare *compare, enum compare_side side, const struct item *item)
{
    uint64_t hash = recent_hash(compare, item);
    size_t slot = hash & (ALONE - 1);
    bool both = compare->alone[slot].used && compare->alone[slot].hash == hash && compare->alone[slot].side != side;
    compare->totals.beyond += both;
    compare->alone[slot].hash = hash;
    compare->alone[slot].side = (uint8_t)side;
    compare->alone[slot].used = !both;
}

static void give_up_a(struct compare *compare, struct item *a)
{
    if (!a->selected)
        return;
    bool outside = compare->log ? a->order < compare->first_met_a : a->time < compare->first_b;
    if (a->copy || compare_came_before(compare, a, true)) {
        compare->totals.copies++;
    } else if (outside) {
        compare->totals.outside++;
    } else {
        note_alone(compare, SIDE_A, a);
        report_item(compare, SIDE_A, cause_of_miss(compare, a), a, NULL);
    }
}

static void give_up_b(struct compare *compare, struct item *b)
{
    if (!b->selected)
        return;
    bool outside = compare->log ? !compare->first_met || b->order < compare->first_met || b->order > compare->last_met
                                : b->time < compare->first_a || (compare->ended[0] && compare->now[0] < b->time);
    if (compare_came_before(compare, b, false)) {
        report_item(compare, SIDE_B, (struct reason){.lasting = CAUSE_DUPLICATE}, NULL, b);
        return;
    }
    if (!outside || !compare->log) /* an old line may say the same; the octets of a datagram hardly come again */
        note_alone(compare, SIDE_B, b);
    if (outside)
        compare->totals.outside++;
    else
        report_item(compare, SIDE_B, (struct reason){.lasting = CAUSE_NONE}, NULL, b);
}

/* The oldest of a side: a last look for a partner that changed, then it is told. */
static void settle(struct compare *compare, int side)
{
    struct item *item = compare->shelf[side]->oldest;
    enum compare_cause cause = CAUSE_NONE;
    bool twice = item->copy || compare_came_before(compare, item, side == 0);
    struct item *other = twice ? NULL : partner_changed(compare, side, item, &cause);
    if (other) {
        struct item *a = side == 0 ? item : other, *b = side == 0 ? other : item;
        struct item *rest = cause == CAUSE_TRUNCATED ? partner_rest(a, b) : NULL;
        if (rest) {
            cause = CAUSE_SPLIT;
            shelf_remove(compare->shelf[SIDE_B], rest);
            g_free(rest);
        }
        pair(compare, a, b, cause);
        return;
    }
    if (side == 0)
        give_up_a(compare, item);
    else
        give_up_b(compare, item);
    shelf_remove(compare->shelf[side], item);
    g_free(item);
}

static void settle_old(struct compare *compare)
{
    int64_t both = MIN(compare->ended[0] ? G_MAXINT64 : compare->now[0], compare->ended[1] ? G_MAXINT64 : compare->now[1]);
    if (both == G_MAXINT64 || both == G_MININT64)
        return;
    for (int side = 0; side < 2; side++)
        while (compare->shelf[side]->oldest && compare->shelf[side]->oldest->time < both - compare->window)
            settle(compare, side);
}

/* ---- In step ---- */

/* One, or for a line that stands for several messages as many as there are; true: nothing is left of ITEM. */
static bool find_partners(struct compare *compare, int side, struct item *item)
{
    bool left = true;
    struct item *other = partner_same(compare, side, item);
    if (!other && item_unfold(item))
        other = partner_same(compare, side, item);
    while (other) {
        item->older = item->newer = NULL;
        left = pair(compare, side ? other : item, side ? item : other, CAUSE_NONE) && side == SIDE_B;
        other = left ? partner_same(compare, side, item) : NULL;
    }
    return !left;
}

static void take(struct compare *compare, int side)
{
    struct item *item = compare->next[side];
    compare->next[side] = NULL;
    item->copy = side == 0 && came_otherwise(compare, item);
    if (item->copy && compare->log) { /* its line may be that of another message that says the same */
        compare->totals.items[0] += item->selected;
        compare->totals.copies += item->selected;
        g_free(item);
        return;
    }
    if (side == 0 && compare->log) /* the order is what counts, also where A's clock was set back */
        item->time = MAX(item->time, compare->now[0]);
    if (side == 0 && !item->copy) {
        cause_sent(compare, item);
    } else if (side == 1) {
        // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): taken only where there is a next one
        item->time = compare->log ? last_time(compare) : item->own_time - compare->offset;
        compare->unmet += item->tagged;
    }
    compare->totals.items[side] += item->selected;
    compare->totals.tagged[side] += item->tagged;
    if (side == 0 || !compare->log)
        compare->now[side] = MAX(compare->now[side], item->time);
    if (find_partners(compare, side, item))
        return;
    while (shelf_full(compare->shelf[side])) {
        compare->totals.evicted += compare->shelf[side]->oldest->selected;
        settle(compare, side);
    }
    shelf_add(compare->shelf[side], item);
}

/* A is read a little further than B. Lines have no time that could be trusted: theirs is that of the last pair, and when many lines
 * in a row found none, A may have lost a long stretch: then the two are read in turn. */
static int choose(const struct compare *compare, int last)
{
    if (!compare->next[0] || !compare->next[1])
        return compare->next[0] ? 0 : 1;
    if (shelf_full(compare->shelf[0]) && !shelf_full(compare->shelf[1])) /* or what B would match is evicted */
        return 1;
    if (compare->log && compare->shelf[0]->count < LEAD_ITEMS)
        return 0;
    if (compare->log && compare->unmet > UNMET_MAX)
        return !last;
    int64_t lead = compare->log ? compare->window / 2 : MIN(compare->window / 2, NANOSECONDS);
    int64_t b = compare->log ? compare->now[1] : compare->next[1]->own_time - compare->offset;
    return compare->next[0]->time <= b + lead ? 0 : 1;
}

void compare_run(struct compare *compare)
{
    int side = 0;
    for (;;) {
        for (int i = 0; i < 2; i++) {
            if (!compare->next[i] && !compare->ended[i])
                compare->next[i] = compare_read(compare, i);
            compare->ended[i] = !compare->next[i];
        }
        if (compare->ended[0] && compare->ended[1])
            break;
        side = choose(compare, side);
        take(compare, side);
        settle_old(compare);
    }
    for (int i = 0; i < 2; i++)
        while (compare->shelf[i]->oldest)
            settle(compare, i);
}
