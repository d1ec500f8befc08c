/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counts by key in bounded memory: past the bound new keys are counted together.
 *
 *     slots, by hash (open addressing) ──► rows, in the order in which their keys came ──► keys
 */
#ifndef FTDPCAP_TALLY_H
#define FTDPCAP_TALLY_H

#include <stddef.h>
#include <stdint.h>

enum { TALLY_KEYS_MAX = 16384, TALLY_KEY_LENGTH_MAX = 256 };

struct tally_row {
    char *key; /* terminated; owned by the tally */
    size_t length;
    uint64_t count;
};

struct tally {
    struct tally_row *rows;
    size_t count, capacity;
    struct tally_slot {
        uint32_t hash;
        uint32_t row; /* its index + 1; 0: free */
    } *slots;         /* twice as many as there is room for rows */
    unsigned slot_bits; /* there are 1 << slot_bits of them */
    uint64_t seed;
    uint64_t others;  /* counts of keys that came when there was no room */
};

void tally_init(struct tally *tally);
void tally_clear(struct tally *tally);
void tally_add(struct tally *tally, const void *key, size_t length, uint64_t count);

/* At most so many rows, and how many: the highest count first, then by key. Few of many cost less than all. Free with g_free(). */
const struct tally_row **tally_first(const struct tally *tally, size_t most, size_t *count);

#endif
