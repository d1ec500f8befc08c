/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts by key in bounded memory: past the bound new keys are counted together. */
#ifndef FTDPCAP_TALLY_H
#define FTDPCAP_TALLY_H

#include <glib.h>
#include <stdint.h>

enum { TALLY_KEYS_MAX = 16384, TALLY_KEY_LENGTH_MAX = 256 };

struct tally {
    GHashTable *counts; /* GBytes → struct tally_row */
    uint64_t others;    /* keys that came when there was no room */
};

struct tally_row {
    const char *key; /* terminated; owned by the tally */
    size_t length;
    uint64_t count;
};

void tally_init(struct tally *tally);
void tally_clear(struct tally *tally);
void tally_add(struct tally *tally, const void *key, size_t length, uint64_t count);

/* Rows, the highest count first, then by key. Free with g_free(). */
const struct tally_row **tally_sorted(const struct tally *tally, size_t *count);

#endif
