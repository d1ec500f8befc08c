/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Colours carry severity and nothing else. */
#ifndef FTDPCAP_COLOR_H
#define FTDPCAP_COLOR_H

#include "buffer.h"

enum { COLOR_EMPHASIS = 8, COLOR_FAINT = 9 };

/* The start of the colour of a severity (0-7) or of one of the above, and the end of it: nothing when ON is false. Each takes less than COLOR_ROOM octets. */
enum { COLOR_ROOM = 8 };

static inline const char *color_start(bool on, int which)
{
    static const char codes[][COLOR_ROOM] = {
        "\033[1;41m", "\033[1;31m", "\033[1;31m", "\033[31m", "\033[33m",
        "\033[36m",   "\033[32m",   "\033[90m",   "\033[1m",  "\033[90m",
    };
    return on && which >= 0 && which < (int)(sizeof codes / sizeof *codes) ? codes[which] : "";
}

static inline const char *color_end(bool on, int which) { return on && which >= 0 ? "\033[0m" : ""; }

static inline void color_on(struct buffer *buffer, bool on, int which) { buffer_text(buffer, color_start(on, which)); }
static inline void color_off(struct buffer *buffer, bool on, int which) { buffer_text(buffer, color_end(on, which)); }

#endif
