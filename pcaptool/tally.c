/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tally.h"

#include <stdlib.h>
#include <string.h>

/* The row is its own key: hash and equality look at the octets. */
static guint hash_row(gconstpointer key)
{
    const struct tally_row *row = key;
    guint32 hash = 2166136261u;
    for (size_t i = 0; i < row->length; i++)
        hash = (hash ^ (guint8)row->key[i]) * 16777619u;
    return hash;
}

static gboolean same_row(gconstpointer a, gconstpointer b)
{
    const struct tally_row *left = a, *right = b;
    return left->length == right->length && memcmp(left->key, right->key, left->length) == 0;
}

void tally_init(struct tally *tally)
{
    tally->counts = g_hash_table_new_full(hash_row, same_row, g_free, NULL);
    tally->others = 0;
}

void tally_clear(struct tally *tally)
{
    g_hash_table_unref(tally->counts);
    tally->counts = NULL;
}

void tally_add(struct tally *tally, const void *key, size_t length, uint64_t count)
{
    if (length > TALLY_KEY_LENGTH_MAX)
        length = TALLY_KEY_LENGTH_MAX;
    const struct tally_row probe = {.key = key, .length = length};
    struct tally_row *row = g_hash_table_lookup(tally->counts, &probe);
    if (!row && g_hash_table_size(tally->counts) >= TALLY_KEYS_MAX) {
        tally->others += count;
        return;
    }
    if (!row) {
        char *block = g_malloc(sizeof *row + length + 1);
        char *copy = block + sizeof *row;
        memcpy(copy, key, length);
        copy[length] = 0;
        row = (struct tally_row *)(void *)block;
        *row = (struct tally_row){.key = copy, .length = length};
        g_hash_table_add(tally->counts, row);
    }
    row->count += count;
}

static int by_count(const void *a, const void *b)
{
    const struct tally_row *left = *(const struct tally_row *const *)a, *right = *(const struct tally_row *const *)b;
    if (left->count != right->count)
        return left->count < right->count ? 1 : -1;
    size_t common = left->length < right->length ? left->length : right->length;
    int order = memcmp(left->key, right->key, common);
    return order ? order : (left->length > right->length) - (left->length < right->length);
}

const struct tally_row **tally_sorted(const struct tally *tally, size_t *count)
{
    *count = g_hash_table_size(tally->counts);
    const struct tally_row **rows = g_new(const struct tally_row *, *count + 1);
    GHashTableIter iter;
    gpointer row;
    size_t n = 0;
    g_hash_table_iter_init(&iter, tally->counts);
    while (g_hash_table_iter_next(&iter, &row, NULL))
        rows[n++] = row;
    if (n)
        qsort(rows, n, sizeof *rows, by_count);
    return rows;
}
