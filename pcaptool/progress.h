/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One line on standard error that rewrites itself, only on a terminal and only when the reading takes long. */
#ifndef FTDPCAP_PROGRESS_H
#define FTDPCAP_PROGRESS_H

#include "capture.h"

struct progress {
    bool wanted;
    bool shown;
    unsigned steps;
    int64_t started, last; /* microseconds of the monotonic clock; 0: not yet */
};

/* After each frame; cheap. */
void progress_step(struct progress *progress, struct capture *capture);
/* Clears the line; the next file goes on with the same clock. */
void progress_end(struct progress *progress);

#endif
