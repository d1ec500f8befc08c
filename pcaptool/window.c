/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "window.h"

#include <stdlib.h>
#include <string.h>

#include "capture.h"

enum { FIRST_CAPACITY = 256 << 10 };

/* Gives the buffer room for `size` octets from start on, and lets reads be large. */
static bool reserve(struct window *window, size_t size)
{
    size_t held = window->end - window->start;
    if (window->capacity >= size) {
        if (window->start > 0)
            memmove(window->buffer, window->buffer + window->start, held);
    } else {
        size_t capacity = window->capacity > 0 ? window->capacity : FIRST_CAPACITY;
        while (capacity < size)
            capacity *= 2;
        uint8_t *buffer = malloc(capacity + FRAME_SPARE);
        if (buffer == NULL)
            return false;
        if (held > 0)
            memcpy(buffer, window->buffer + window->start, held);
        free(window->buffer);
        window->buffer = buffer;
        window->capacity = capacity;
    }
    window->start = 0;
    window->end = held;
    return true;
}

ssize_t window_fill(struct window *window, size_t size)
{
    if (!reserve(window, size))
        return -1;
    while (window->end - window->start < size) {
        ssize_t count = window->read(window->source, window->buffer + window->end, window->capacity - window->end);
        if (count < 0)
            return -1;
        if (count == 0)
            break;
        window->end += (size_t)count;
    }
    size_t held = window->end - window->start;
    return (ssize_t)(held < size ? held : size);
}

int window_skip(struct window *window, uint64_t count)
{
    while (count > 0) {
        ssize_t one = window_want(window, 1);
        if (one < 1)
            return (int)one;
        size_t held = window->end - window->start;
        size_t step = held < count ? held : (size_t)count;
        window_consume(window, step);
        count -= step;
    }
    return 1;
}
