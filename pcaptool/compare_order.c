/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How many messages came out of order: the fewest that, taken out, leave those of a flow in the same order in A and in B. That is all
 * less the longest row that rises on both sides, found as in patience sorting: as pairs come in the order of B, the end number n is the
 * lowest place in A at which a row of n can end. Only the last ends are kept; what is further behind counts, and moves nothing.
 */
#include "compare.h"

static uint64_t flow_hash(const struct item *a)
{
    uint64_t hash = a->packet.version;
    for (int i = 0; i < 16; i++)
        hash = hash * 31 + a->packet.src[i] + (uint64_t)a->packet.dst[i] * 7;
    return hash * 65599 + a->packet.src_port * 31u + a->packet.dst_port;
}

static struct course *course_of(struct compare *compare, const struct item *a)
{
    uint64_t hash = flow_hash(a);
    struct course *course = &compare->courses[(hash ^ hash >> 17) & (FLOWS - 1)];
    if (!course->ends)
        course->ends = g_new0(struct course_end, COURSE_ENDS);
    if (course->hash != hash) {
        course->hash = hash;
        course->count = 0;
        course->whole = true;
        course->latest = 0;
    }
    return course;
}

static void insert(struct course *course, unsigned at, const struct course_end *end)
{
    if (course->count == COURSE_ENDS) {
        course->count /= 2;
        memmove(course->ends, course->ends + course->count, course->count * sizeof *course->ends);
        course->whole = false;
        at = at > course->count ? at - course->count : 0;
    }
    memmove(course->ends + at + 1, course->ends + at, (course->count - at) * sizeof *course->ends);
    course->ends[at] = *end;
    course->count++;
}

/* A pair that was found when A came, or the window had passed: in order, if it stands between the same ones in A and in B. AT: of the
 * first end behind it in A. */
static bool take_belated(struct course *course, unsigned at, const struct course_end *end)
{
    if ((at > 0 && course->ends[at - 1].b > end->b) || (at < course->count && course->ends[at].b < end->b))
        return false;
    if (at > 0 || course->whole)
        insert(course, at, end);
    return true;
}

void order_watch(struct compare *compare, const struct item *a, const struct item *b)
{
    if (!a->selected)
        return;
    struct course *course = course_of(compare, a);
    const struct course_end end = {a->order, b->order};
    unsigned at = course->count;
    while (at > 0 && course->ends[at - 1].a > end.a)
        at--;
    if (end.b < course->latest) {
        compare->totals.reordered += !take_belated(course, at, &end);
        return;
    }
    course->latest = end.b;
    if (at == course->count) {
        insert(course, at, &end);
        return;
    }
    compare->totals.reordered++;
    if (at > 0 || course->whole)
        course->ends[at] = end;
}

void order_free(struct compare *compare)
{
    for (int i = 0; i < FLOWS; i++)
        g_free(compare->courses[i].ends);
}
