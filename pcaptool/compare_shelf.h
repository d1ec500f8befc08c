/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The items of one side that wait for a partner: by age, and by each of their keys. */
#ifndef FTDPCAP_COMPARE_SHELF_H
#define FTDPCAP_COMPARE_SHELF_H

#include "compare_item.h"

/* SHELF_STEPS: how far a bucket is followed. */
enum { SHELF_ITEMS = 1 << 17, SHELF_OCTETS = 64 << 20, SHELF_BUCKETS = 1 << 14, SHELF_STEPS = 512 };

struct shelf {
    struct item *oldest, *newest;
    size_t count, octets;
    struct {
        struct item *first, *last;
    } buckets[ITEM_KEYS][SHELF_BUCKETS];
};

void shelf_add(struct shelf *shelf, struct item *item);
void shelf_remove(struct shelf *shelf, struct item *item);
static inline bool shelf_full(const struct shelf *shelf) { return shelf->count >= SHELF_ITEMS || shelf->octets >= SHELF_OCTETS; }
void shelf_clear(struct shelf *shelf);

/* The oldest item with the key of WANTED that FITS. */
typedef bool shelf_fits(const struct item *wanted, const struct item *found, void *user);
struct item *shelf_find(const struct shelf *shelf, enum item_key key, const struct item *wanted, shelf_fits *fits, void *user);

#endif
