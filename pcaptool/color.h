/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Colours carry severity and nothing else. */
#ifndef FTDPCAP_COLOR_H
#define FTDPCAP_COLOR_H

#include "buffer.h"

enum { COLOR_EMPHASIS = 8, COLOR_FAINT = 9 };

/* Appends the start of the colour of a severity (0-7) or of one of the above; nothing when ON is false. */
static inline void color_on(struct buffer *buffer, bool on, int which)
{
    static const char *const codes[] = {
        "\033[1;41m", "\033[1;31m", "\033[1;31m", "\033[31m", "\033[33m",
        "\033[36m",   "\033[32m",   "\033[90m",   "\033[1m",  "\033[90m",
    };
    if (on && which >= 0 && which < (int)(sizeof codes / sizeof *codes))
        buffer_text(buffer, codes[which]);
}

static inline void color_off(struct buffer *buffer, bool on, int which)
{
    if (on && which >= 0)
        buffer_text(buffer, "\033[0m");
}

#endif
