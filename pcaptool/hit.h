/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where something was found: what `check` counts, with the places to look at. */
#ifndef FTDPCAP_HIT_H
#define FTDPCAP_HIT_H

#include <stdint.h>

enum { HIT_FRAMES = 20 };

/* How often, first when, and the first frames of that file. */
struct hit {
    uint64_t count;
    const char *file; /* not owned */
    uint64_t frame;   /* from 1; 0: none */
    int64_t time;     /* nanoseconds since 1970 */
    uint8_t precision; /* digits of the fraction; 0: no time */
    uint8_t frame_count;
    uint64_t frames[HIT_FRAMES];
};

#endif
