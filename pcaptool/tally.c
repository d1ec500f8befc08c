/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tally.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

#include "words.h"

enum { FIRST_BITS = 6, HASH_BITS = 32 };

static uint64_t spread(uint64_t hash, uint64_t word) { return (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15); }

/* The upper half depends on all bits. */
static uint32_t fold(uint64_t hash) { return (uint32_t)(hash >> HASH_BITS); }

/* Differs from one run to the next: keys come from the wire, and whoever sends them must not choose where they fall. */
static uint64_t random_seed(void)
{
    const uint8_t *octets = (const uint8_t *)(uintptr_t)getauxval(AT_RANDOM);
    return octets ? word64_at(octets) : 0;
}

/* Up to eight octets; in the middle they may overlap. */
static uint64_t word_of(const uint8_t *key, size_t length)
{
    if (length >= 4)
        return (uint64_t)word32_at(key) << 32 | word32_at(key + length - 4);
    return length ? (uint64_t)key[0] << 16 | (uint64_t)key[length / 2] << 8 | key[length - 1] : 0;
}

/* Eight octets at a time; the last ones may overlap those in front of them. */
static uint32_t hash_of(uint64_t seed, const uint8_t *key, size_t length)
{
    uint64_t hash = seed ^ length;
    for (; length > 8; key += 8, length -= 8) {
        hash = spread(hash, word64_at(key));
        hash ^= hash >> 32;
    }
    return fold(spread(hash, word_of(key, length)));
}

static size_t first_slot(const struct tally *tally, uint32_t hash) { return hash >> (HASH_BITS - tally->slot_bits); }

static size_t next_slot(const struct tally *tally, size_t at) { return (at + 1) & (((size_t)1 << tally->slot_bits) - 1); }

/* The slot of the key, or the free one where it belongs. */
static struct tally_slot *find(const struct tally *tally, const void *key, size_t length, uint32_t hash)
{
    for (size_t at = first_slot(tally, hash);; at = next_slot(tally, at)) {
        struct tally_slot *slot = &tally->slots[at];
        if (slot->row == 0)
            return slot;
        if (slot->hash != hash)
            continue;
        const struct tally_row *row = &tally->rows[slot->row - 1];
        if (row->length == length && memcmp(row->key, key, length) == 0)
            return slot;
    }
}

static void grow(struct tally *tally)
{
    struct tally_slot *old = tally->slots;
    size_t old_count = old ? (size_t)1 << tally->slot_bits : 0;
    tally->slot_bits = old ? tally->slot_bits + 1 : FIRST_BITS;
    tally->capacity = (size_t)1 << (tally->slot_bits - 1);
    tally->rows = g_renew(struct tally_row, tally->rows, tally->capacity);
    tally->slots = g_new0(struct tally_slot, 2 * tally->capacity);
    for (size_t i = 0; i < old_count; i++) {
        if (old[i].row == 0)
            continue;
        size_t at = first_slot(tally, old[i].hash);
        while (tally->slots[at].row)
            at = next_slot(tally, at);
        tally->slots[at] = old[i];
    }
    g_free(old);
}

void tally_init(struct tally *tally)
{
    *tally = (struct tally){.seed = random_seed()};
    grow(tally);
}

void tally_clear(struct tally *tally)
{
    for (size_t i = 0; i < tally->count; i++)
        g_free(tally->rows[i].key);
    g_free(tally->rows);
    g_free(tally->slots);
    *tally = (struct tally){0};
}

void tally_add(struct tally *tally, const void *key, size_t length, uint64_t count)
{
    if (length > TALLY_KEY_LENGTH_MAX)
        length = TALLY_KEY_LENGTH_MAX;
    uint32_t hash = hash_of(tally->seed, key, length);
    struct tally_slot *slot = find(tally, key, length, hash);
    if (slot->row) {
        tally->rows[slot->row - 1].count += count;
        return;
    }
    if (tally->count == TALLY_KEYS_MAX) {
        tally->others += count;
        return;
    }
    if (tally->count == tally->capacity) {
        grow(tally);
        slot = find(tally, key, length, hash);
    }
    char *copy = g_malloc(length + 1);
    memcpy(copy, key, length);
    copy[length] = 0;
    tally->rows[tally->count] = (struct tally_row){copy, length, count};
    *slot = (struct tally_slot){hash, (uint32_t)++tally->count};
}

static int order_of(const struct tally_row *left, const struct tally_row *right)
{
    if (left->count != right->count)
        return left->count < right->count ? 1 : -1;
    size_t common = left->length < right->length ? left->length : right->length;
    int order = memcmp(left->key, right->key, common);
    return order ? order : (left->length > right->length) - (left->length < right->length);
}

static int by_order(const void *a, const void *b) { return order_of(*(const struct tally_row *const *)a, *(const struct tally_row *const *)b); }

/* In its place among COUNT rows; there is room for one more. */
static void insert(const struct tally_row **rows, size_t count, const struct tally_row *row)
{
    size_t at = count;
    for (; at > 0 && order_of(row, rows[at - 1]) < 0; at--)
        rows[at] = rows[at - 1];
    rows[at] = row;
}

const struct tally_row **tally_first(const struct tally *tally, size_t most, size_t *count)
{
    *count = MIN(most, tally->count);
    const struct tally_row **rows = g_new(const struct tally_row *, *count + 1);
    if (most < tally->count) {
        for (size_t i = 0; i < tally->count; i++)
            insert(rows, MIN(i, most), &tally->rows[i]);
        return rows;
    }
    for (size_t i = 0; i < tally->count; i++)
        rows[i] = &tally->rows[i];
    if (tally->count)
        qsort(rows, tally->count, sizeof *rows, by_order);
    return rows;
}
