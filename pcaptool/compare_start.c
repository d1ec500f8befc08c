/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "compare.h"

/* AHEAD_MAX: items of each side that are looked through before the start, as far as a shelf would hold them; further ones are only
 * read for some that fit these. UNEVEN_MAX: of delays, at the start. ROW: of fits, one after the other, so many are kept. LONG_ROW: as
 * many are no chance, where what is said every hour may be said so often at once. FEW: as many must stand behind one that is to be left
 * out, or agree with it. */
enum { AHEAD_MAX = 4096, UNEVEN_MAX = NANOSECONDS, BACK = 256, ROW = 8, LONG_ROW = 64, FEW = 3 };

struct fit {
    uint64_t a, b; /* orders, from 1 */
    int64_t time;  /* of A's */
};

struct meeting {
    enum item_key key;
    GHashTable *known; /* key → struct item of the side that is known; NULL: more than one has it */
    int64_t deltas[DELTAS];
    unsigned count;
    struct fit row[ROW], best[ROW]; /* the first ones of those that rise on both sides, one after the other: the present row, and the longest so far */
    struct fit last;                /* of the present row */
    unsigned row_count, best_count; /* how long they are */
};

struct item *compare_read(struct compare *compare, int side)
{
    struct item *item;
    while ((item = g_queue_pop_head(&compare->ahead[side])) || (item = input_next(compare->input[side]))) {
        if (side == 0 || item->order >= compare->skip_b)
            return item;
        compare->totals.outside += item->selected;
        compare->totals.items[side] += item->selected;
        compare->totals.tagged[side] += item->tagged;
        g_free(item);
    }
    return NULL;
}

static void read_ahead(struct compare *compare, int side)
{
    size_t octets = 0;
    while (compare->ahead[side].length < AHEAD_MAX && octets < SHELF_OCTETS) {
        struct item *item = input_next(compare->input[side]);
        compare->whole[side] = !item;
        if (!item)
            return;
        octets += item->size;
        g_queue_push_tail(&compare->ahead[side], item);
    }
}

static void learn(struct meeting *meeting, const GQueue *items)
{
    meeting->known = g_hash_table_new(g_int64_hash, g_int64_equal);
    meeting->row_count = 0;
    for (GList *at = items->head; at; at = at->next) {
        struct item *item = at->data;
        bool twice = g_hash_table_contains(meeting->known, &item->key[meeting->key]);
        if (item->tagged && item->text_length)
            g_hash_table_insert(meeting->known, &item->key[meeting->key], twice ? NULL : item);
    }
}

/* An old line with a text that comes again leads far from where those after it lead. */
static void note_fit(struct meeting *meeting, const struct fit *fit)
{
    const struct fit *last = meeting->row_count ? &meeting->last : NULL;
    bool again = last && (fit->a == last->a || fit->b == last->b);
    if (again && meeting->row_count > 1)
        return;
    if (last && (fit->a <= last->a || fit->b <= last->b))
        meeting->row_count = 0;
    if (meeting->row_count < ROW)
        meeting->row[meeting->row_count] = *fit;
    meeting->last = *fit;
    if (++meeting->row_count <= meeting->best_count)
        return;
    meeting->best_count = meeting->row_count;
    memcpy(meeting->best, meeting->row, sizeof meeting->best);
}

/* Enough is known of where the sides meet. */
static bool met_enough(const struct compare *compare, const struct meeting *meeting)
{
    return compare->log ? meeting->best_count >= LONG_ROW : meeting->count >= FEW;
}

/* SIDE is that of ITEM. */
static void look(struct meeting *meeting, int side, const struct item *item)
{
    const struct item *known = g_hash_table_lookup(meeting->known, &item->key[meeting->key]);
    if (!known || !item->tagged || item_other_datagram(known, item))
        return;
    const struct item *a = side == 0 ? item : known, *b = side == 0 ? known : item;
    note_fit(meeting, &(struct fit){a->order, b->order, a->own_time});
    if (meeting->count < DELTAS)
        meeting->deltas[meeting->count++] = b->own_time - a->own_time;
}

static int by_value(const void *a, const void *b)
{
    const int64_t *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

static void meet_ahead(struct compare *compare, struct meeting *meeting)
{
    learn(meeting, &compare->ahead[0]);
    for (GList *at = compare->ahead[1].head; at; at = at->next)
        look(meeting, 1, at->data);
    g_hash_table_unref(meeting->known);
}

/* Reads SIDE once more, for what fits the first items of the other side. */
static void meet_later(struct compare *compare, struct meeting *meeting, int side, const char *path)
{
    char *wrong = NULL;
    if (strcmp(path, "-") == 0 || compare->whole[side])
        return;
    struct input *input = input_open(compare->options, path, side == 1 && compare->log, &wrong);
    g_free(wrong);
    if (!input)
        return;
    struct item *item;
    learn(meeting, &compare->ahead[!side]);
    while ((compare->log ? !met_enough(compare, meeting) : meeting->count < DELTAS) && (item = input_next(input))) {
        look(meeting, side, item);
        g_free(item);
    }
    g_hash_table_unref(meeting->known);
    input_close(input);
}

static int64_t first_time(const struct compare *compare, int side)
{
    const struct item *first = g_queue_peek_head((GQueue *)&compare->ahead[side]);
    return first ? first->own_time : G_MININT64 / 4;
}

/* Further from the next than all those after it from one another. */
static bool apart(uint64_t first, uint64_t next, uint64_t last) { return next - first > BACK && next - first > 4 * (last - next); }

/* The time of the first item of A that B can hold: in front of where they meet B has as many lines at most. */
static int64_t begin_time(const struct compare *compare, const struct fit *start)
{
    uint64_t order = start->a > start->b ? start->a - start->b + 1 : 1;
    for (GList *at = compare->ahead[0].head; at; at = at->next)
        if (((struct item *)at->data)->order == order)
            return ((struct item *)at->data)->own_time;
    return start->time;
}

/* Lines have no time: a log begins at its first line that fits, and A with the message that this line holds. */
static void set_orders(struct compare *compare, const struct meeting *meeting)
{
    const struct fit *start = meeting->best, *last = start + CLAMP(meeting->best_count, 1u, ROW) - 1;
    while (last - start >= FEW && (apart(start->a, start[1].a, last->a) || apart(start->b, start[1].b, last->b)))
        start++;
    compare->now[1] = compare->met ? begin_time(compare, start) : compare->now[0];
    uint64_t back = BACK + 2 * start->a; /* what A has in front of it may be there, too, among lines of others */
    compare->skip_b = start->b > back ? start->b - back : 0;
    compare->first_met = start->b;
    compare->first_met_a = start->a;
    for (int i = 0; i < AGREEING; i++)
        compare->met_times[i] = compare->now[1];
}

/* Two captures never start at the same instant. Where the later one starts, what was on its way then, with a delay longer or shorter
 * than most, is in one of them only and not lost. */
static void set_clock(struct compare *compare, struct meeting *meeting)
{
    int64_t *deltas = meeting->deltas, shortest = 0, longest = 0;
    if (meeting->count) {
        qsort(deltas, meeting->count, sizeof *deltas, by_value);
        compare->offset = deltas[meeting->count / 2];
        shortest = MAX(deltas[0], compare->offset - UNEVEN_MAX) - compare->offset;
        longest = MIN(deltas[meeting->count - 1], compare->offset + UNEVEN_MAX) - compare->offset;
    }
    compare->now[1] = first_time(compare, 1) - compare->offset;
    compare->first_b = compare->now[1] - shortest;
    compare->first_a += longest;
}

void compare_meet(struct compare *compare, const char *a, const char *b)
{
    struct meeting meeting = {.key = compare->log ? KEY_TEXT : KEY_PAYLOAD};
    for (int side = 0; side < 2; side++)
        read_ahead(compare, side);
    meet_ahead(compare, &meeting);
    if (meeting.count == 0 && !compare->log) {
        meeting.key = KEY_TEXT;
        meet_ahead(compare, &meeting);
    }
    const char *const paths[2] = {a, b};
    for (int side = 1; side >= 0 && !met_enough(compare, &meeting); side--)
        meet_later(compare, &meeting, side, paths[side]);
    compare->met = meeting.count > 0;
    compare->first_a = compare->now[0] = first_time(compare, 0);
    if (compare->log)
        set_orders(compare, &meeting);
    else
        set_clock(compare, &meeting);
}
