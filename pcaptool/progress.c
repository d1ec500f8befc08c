/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "progress.h"

#include <glib.h>
#include <stdio.h>

enum { STEPS = 4096, FIRST_MICROSECONDS = 1000000, EVERY_MICROSECONDS = 200000 };

void progress_step(struct progress *progress, struct capture *capture)
{
    if (!progress->wanted || ++progress->steps % STEPS)
        return;
    int64_t now = g_get_monotonic_time();
    if (progress->started == 0)
        progress->started = now;
    if (now - progress->started < FIRST_MICROSECONDS || now - progress->last < EVERY_MICROSECONDS)
        return;
    uint64_t done = 0, total = 0;
    char frames[CAPTURE_GROUPED_SIZE];
    capture_grouped(capture_frames(capture), frames);
    if (capture_position(capture, &done, &total) && total)
        fprintf(stderr, "\r%3.0f %%  %s frames\033[K", 100.0 * (double)done / (double)total, frames);
    else
        fprintf(stderr, "\r%s frames\033[K", frames);
    progress->shown = true;
    progress->last = now;
}

void progress_end(struct progress *progress)
{
    if (progress->shown)
        fputs("\r\033[K", stderr);
    progress->shown = false;
}
