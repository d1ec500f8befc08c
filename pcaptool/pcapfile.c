/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pcapfile.h"

#include <stdio.h>
#include <stdlib.h>

#include "link.h"

#define MICROSECONDS UINT32_C(0xa1b2c3d4)
#define NANOSECONDS UINT32_C(0xa1b23c4d)

enum {
    RECORD_HEADER = 16,
    LINK_RAW = 101,
    LINK_RAW_AS_DLT = 12 /* what some programs write for it */
};

struct pcapfile {
    struct window window;
    bool big;
    struct capture_interface interface;
    char error[CAPTURE_ERROR_SIZE];
};

static uint32_t get32(const uint8_t *at, bool big)
{
    uint32_t a = at[0], b = at[1], c = at[2], d = at[3];
    return big ? a << 24 | b << 16 | c << 8 | d : d << 24 | c << 16 | b << 8 | a;
}

static uint16_t get16(const uint8_t *at, bool big) { return (uint16_t)(big ? at[0] << 8 | at[1] : at[1] << 8 | at[0]); }

static bool is_magic(uint32_t magic) { return magic == MICROSECONDS || magic == NANOSECONDS; }

bool pcapfile_knows(const uint8_t *head, size_t size)
{
    if (size < PCAPFILE_HEADER)
        return false;
    bool big = is_magic(get32(head, true));
    if (!big && !is_magic(get32(head, false)))
        return false;
    return get16(head + 4, big) == 2 && get16(head + 6, big) == 4 && link_supported((int)(get32(head + 20, big) & INT32_MAX)) &&
           get32(head + 20, big) <= UINT16_MAX;
}

struct pcapfile *pcapfile_open(window_read_fn *read, void *source, const uint8_t *head)
{
    struct pcapfile *p = calloc(1, sizeof *p);
    if (p == NULL)
        return NULL;
    p->window = (struct window){.read = read, .source = source};
    p->big = is_magic(get32(head, true));
    uint32_t snap_length = get32(head + 16, p->big), link_type = get32(head + 20, p->big);
    p->interface = (struct capture_interface){
        .link_type = link_type == LINK_RAW_AS_DLT ? LINK_RAW : (int)link_type,
        .snap_length = snap_length == 0 || snap_length > INT32_MAX ? CAPTURE_SNAP_LENGTH : snap_length,
        .precision = get32(head, p->big) == NANOSECONDS ? 9 : 6,
    };
    if (window_want(&p->window, PCAPFILE_HEADER) == PCAPFILE_HEADER) {
        window_consume(&p->window, PCAPFILE_HEADER);
        return p;
    }
    pcapfile_close(p);
    return NULL;
}

void pcapfile_close(struct pcapfile *p)
{
    if (p == NULL)
        return;
    free(p->window.buffer);
    free(p);
}

static enum capture_result fail(struct pcapfile *p, const char *format)
{
    char number[CAPTURE_GROUPED_SIZE];
    snprintf(p->error, sizeof p->error, format, capture_grouped(p->interface.frames + 1, number));
    return CAPTURE_ERROR;
}

enum capture_result pcapfile_next(struct pcapfile *p, struct frame *frame)
{
    ssize_t held = window_want(&p->window, RECORD_HEADER);
    if (held < RECORD_HEADER)
        return held < 0 ? CAPTURE_ERROR : held == 0 ? CAPTURE_END : fail(p, "the file ends inside frame %s");
    const uint8_t *header = window_at(&p->window);
    uint32_t captured = get32(header + 8, p->big), wire = get32(header + 12, p->big);
    int64_t fraction = (int32_t)get32(header + 4, p->big);
    frame_set_time(frame, get32(header, p->big), p->interface.precision == 6 ? fraction * 1000 : fraction);
    if (captured > CAPTURE_SNAP_LENGTH)
        return fail(p, "frame %s is damaged");
    size_t size = RECORD_HEADER + (size_t)captured;
    held = window_want(&p->window, size);
    if (held < 0)
        return CAPTURE_ERROR;
    if ((size_t)held < size)
        return fail(p, "the file ends inside frame %s");
    frame->data = window_at(&p->window) + RECORD_HEADER;
    window_consume(&p->window, size);
    frame->number = ++p->interface.frames;
    frame->captured = captured < p->interface.snap_length ? captured : p->interface.snap_length;
    frame->wire = wire < frame->captured ? frame->captured : wire;
    frame->link_type = p->interface.link_type;
    frame->interface = 0;
    frame->precision = p->interface.precision;
    frame->flags = 0;
    frame->dropped = 0;
    return CAPTURE_FRAME;
}

const char *pcapfile_error(const struct pcapfile *p) { return p->error; }

struct capture_interface *pcapfile_interface(struct pcapfile *p) { return &p->interface; }
