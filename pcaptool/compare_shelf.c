/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "compare_shelf.h"

static size_t bucket_of(uint64_t key) { return (size_t)(key ^ key >> 32) & (SHELF_BUCKETS - 1); }

void shelf_add(struct shelf *shelf, struct item *item)
{
    item->older = shelf->newest;
    item->newer = NULL;
    if (shelf->newest)
        shelf->newest->newer = item;
    else
        shelf->oldest = item;
    shelf->newest = item;
    shelf->count++;
    shelf->octets += item->size;
    for (int k = 0; k < ITEM_KEYS; k++) {
        size_t b = bucket_of(item->key[k]);
        item->before[k] = shelf->buckets[k][b].last;
        item->after[k] = NULL;
        if (item->before[k])
            item->before[k]->after[k] = item;
        else
            shelf->buckets[k][b].first = item;
        shelf->buckets[k][b].last = item;
    }
}

void shelf_remove(struct shelf *shelf, struct item *item)
{
    *(item->older ? &item->older->newer : &shelf->oldest) = item->newer;
    *(item->newer ? &item->newer->older : &shelf->newest) = item->older;
    shelf->count--;
    shelf->octets -= item->size;
    for (int k = 0; k < ITEM_KEYS; k++) {
        size_t b = bucket_of(item->key[k]);
        *(item->before[k] ? &item->before[k]->after[k] : &shelf->buckets[k][b].first) = item->after[k];
        *(item->after[k] ? &item->after[k]->before[k] : &shelf->buckets[k][b].last) = item->before[k];
    }
}

void shelf_clear(struct shelf *shelf)
{
    while (shelf->oldest) {
        struct item *item = shelf->oldest;
        shelf_remove(shelf, item);
        g_free(item);
    }
}

struct item *shelf_find(const struct shelf *shelf, enum item_key key, const struct item *wanted, shelf_fits *fits, void *user)
{
    struct item *item = shelf->buckets[key][bucket_of(wanted->key[key])].first;
    for (unsigned steps = 0; item && steps < SHELF_STEPS; item = item->after[key], steps++)
        if (item->key[key] == wanted->key[key] && fits(wanted, item, user))
            return item;
    return NULL;
}
