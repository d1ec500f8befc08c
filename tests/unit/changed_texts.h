/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts changed at random, and whether they are decoded the same with a memory as without. */
#ifndef FTD_TEST_CHANGED_TEXTS_H
#define FTD_TEST_CHANGED_TEXTS_H

#include "unit.h"

#include <glib.h>
#include <stdio.h>

#include "table.h"

enum { TEXT_MAX = 4096 };

static uint64_t random_state = 1;

static inline uint32_t draw(uint32_t limit)
{
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((random_state >> 32) * limit >> 32);
}

/* How many octets, of ROOM that there are. */
static inline size_t draw_count(uint32_t limit, size_t room)
{
    size_t count = 1 + draw(limit);
    return MIN(count, room);
}

/* ---- What a decode gives ---- */

static inline bool same_value(const struct msgt_value *a, const struct msgt_value *b)
{
    return a->offset == b->offset && a->length == b->length && a->field == b->field && a->kind == b->kind &&
           (a->kind != MSGT_KIND_NUMBER || a->as.number == b->as.number) && (a->kind != MSGT_KIND_IPV4 || memcmp(a->as.address, b->as.address, 4) == 0) &&
           (a->kind != MSGT_KIND_IPV6 || memcmp(a->as.address, b->as.address, 16) == 0);
}

static inline bool same_record(const struct msgt_record *a, const struct msgt_record *b)
{
    bool same = a->status == b->status && a->findings == b->findings && a->count == b->count && a->template_index == b->template_index &&
                a->diverges == b->diverges && a->expected == b->expected && a->expected_length == b->expected_length && a->expected_field == b->expected_field;
    for (unsigned i = 0; same && i < a->count; i++)
        same = same_value(&a->values[i], &b->values[i]);
    return same;
}

/* Decodes the text of a message with what is remembered, to WITH, and without. */
static inline bool is_decoded_the_same(struct msgt_memory *memory, const struct msgt_table *table, uint32_t id, const char *text, size_t length, unsigned flags,
                                       struct msgt_record *with)
{
    static char datagram[TEXT_MAX + 64];
    struct msgt_record without;
    size_t front = (size_t)snprintf(datagram, sizeof datagram, "<166>%%FTD-6-%06u: ", id);
    memcpy(datagram + front, text, length);
    const uint8_t *octets = (const uint8_t *)datagram;
    size_t a = msgt_decode(table, octets, front + length, 0, flags, &without);
    size_t b = msgt_decode_with(&(struct msgt_hints){.memory = memory}, table, octets, front + length, 0, flags, with);
    return a == b && same_record(with, &without);
}

/* What is left alone for a while is tried. */
static inline void waken(struct msgt_memory *memory, size_t message)
{
    struct msgt_trail *trail = &memory->trails[message % MSGT_TRAILS];
    trail->misses = trail->rest = trail->dull = 0;
}

/* ---- Changes ---- */

/* What a text may have in another place: most kinds of octets that decide anything. */
static inline size_t change(char *text, size_t length)
{
    static const char octets[] = " .:/-<>()[]'\",;=x0a9%\t\\";
    size_t at = draw((uint32_t)length), other = draw((uint32_t)length), count;
    switch (draw(5)) {
    case 0:
        text[at] = octets[draw(sizeof octets - 1)];
        return length;
    case 1: /* one less */
        memmove(text + at, text + at + 1, length - at - 1);
        return length - 1;
    case 2: /* one more */
        memmove(text + at + 1, text + at, length - at);
        text[at] = octets[draw(sizeof octets - 1)];
        return length + 1;
    case 3: /* what stands elsewhere once more */
        count = draw_count(12, MIN(length - at, length - other));
        memmove(text + at, text + other, count);
        return length;
    default: /* cut */
        return at ? at : length;
    }
}

static inline size_t change_much(char *text, size_t length)
{
    for (unsigned changes = 1 + draw(3); changes && length > 1 && length < TEXT_MAX - 1; changes--)
        length = change(text, length);
    return length;
}

/* Another value in its place: what ends it, or leads elsewhere, is what stands around it. */
static inline size_t put_value(char *to, const char *text, size_t length, size_t at, size_t count)
{
    static const char *const odd[] = {"",      ".",       "a.",        " ",         "x ",          " x",    "-",    ":",    "::",  "1.2.3.4", "1.2.3.4:5", "1.2.3.4-5", "2001:db8::1",
                                      "any",   "0x1f",    "99999",     "-5",        "3.5",         "a b",   "x/y",  "x:y",  "<a>", "(b)",     "'c'",       "[d]",       "a\tb",
                                      "65536", "1.2.3.4.", "fe80::1%if", "10.1.1.256", "0001.5e00.5301", "\"e\"", "a, b", "a: b"};
    size_t behind = at + count, n = 0;
    switch (draw(4)) {
    case 0:
        n = strlen(strcpy(to, odd[draw(G_N_ELEMENTS(odd))]));
        break;
    case 1: /* a part of the text */
        at = draw((uint32_t)length);
        n = draw_count(12, length - at);
        memcpy(to, text + at, n);
        break;
    case 2: /* the start of what is behind it */
        n = draw_count(10, length - behind);
        memcpy(to, text + behind, n);
        break;
    default: /* itself, and what is behind it, in part */
        memcpy(to, text + at, count);
        n = draw_count(10, length - behind);
        memcpy(to + count, text + behind, n);
        n += count;
        break;
    }
    if (n > 0 && draw(4) == 0)
        to[n++] = "x1. :"[draw(5)];
    return n;
}

/* The text with other values, each of them with one chance in two. */
static inline size_t change_values(char *to, const char *text, size_t length, const struct msgt_record *record)
{
    size_t n = 0, done = 0;
    for (unsigned i = 0; i < record->count; i++) {
        size_t at = record->values[i].offset - record->message.offset, count = record->values[i].length;
        memcpy(to + n, text + done, at - done);
        n += at - done;
        done = at + count;
        if (draw(2) == 0 || n > TEXT_MAX - 1024) {
            memcpy(to + n, text + at, count);
            n += count;
        } else {
            n += put_value(to + n, text, length, at, count);
        }
    }
    memcpy(to + n, text + done, length - done);
    return n + length - done;
}

#endif
