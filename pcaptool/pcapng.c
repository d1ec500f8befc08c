/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pcapng.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FRAMING = 12, /* octets of a block around its body: type and both lengths */
    SECTION_HEADER = 0x0a0d0d0a,
    ORDER_MAGIC = 0x1a2b3c4d
};

enum option {
    OPTION_END = 0,
    IF_NAME = 2,
    IF_DESCRIPTION = 3,
    IF_TSRESOL = 9,
    IF_TSOFFSET = 14,
    PACKET_FLAGS = 2,
    PACKET_DROPCOUNT = 4
};

/* What only the reader knows of an interface: its texts, owned, and how it tells time. */
struct details {
    char *name;
    char *description;
    uint8_t exponent; /* units per second: a power of 10, or of 2 */
    bool binary;
    int64_t offset; /* seconds */
};

struct pcapng {
    struct window window;
    uint64_t block;           /* where the block at hand begins in the file */
    bool big;                 /* the section is big-endian */
    uint32_t sections;        /* begun so far */
    uint32_t first_interface; /* of this section in interfaces[] */
    uint32_t interface_count;
    uint32_t interface_capacity;
    struct capture_interface *interfaces;
    struct details *details; /* one for each interface */
    uint64_t frames;
    char error[CAPTURE_ERROR_SIZE];
};

/* A block whose octets are all in the window. Body and options borrow from there. */
struct block {
    const uint8_t *body;
    uint32_t length; /* octets of the body */
};

typedef enum capture_result block_fn(struct pcapng *pcapng, const struct block *block);
typedef enum capture_result frame_fn(struct pcapng *pcapng, const struct block *block, struct frame *frame);

struct options {
    const uint8_t *at;
    uint32_t left;
};

static uint16_t get16(const struct pcapng *pcapng, const uint8_t *at)
{
    return (uint16_t)(pcapng->big ? at[0] << 8 | at[1] : at[1] << 8 | at[0]);
}

static uint32_t get32(const struct pcapng *pcapng, const uint8_t *at)
{
    uint32_t first = get16(pcapng, at);
    uint32_t second = get16(pcapng, at + 2);
    return pcapng->big ? first << 16 | second : second << 16 | first;
}

static uint64_t get64(const struct pcapng *pcapng, const uint8_t *at)
{
    uint64_t first = get32(pcapng, at);
    uint64_t second = get32(pcapng, at + 4);
    return pcapng->big ? first << 32 | second : second << 32 | first;
}

/* Damage. */

/* Writes "WHAT; N frames were read". */
static enum capture_result damaged(struct pcapng *pcapng, const char *what)
{
    char frames[CAPTURE_GROUPED_SIZE];
    snprintf(pcapng->error, sizeof pcapng->error, "%s; %s %s read", what, capture_grouped(pcapng->frames, frames),
             pcapng->frames == 1 ? "frame was" : "frames were");
    return CAPTURE_ERROR;
}

/* As damaged(), with the place of the block at hand. */
static enum capture_result bad_block(struct pcapng *pcapng, const char *what)
{
    char text[CAPTURE_ERROR_SIZE / 2];
    char offset[CAPTURE_GROUPED_SIZE];
    snprintf(text, sizeof text, "the block at byte %s %s", capture_grouped(pcapng->block, offset), what);
    return damaged(pcapng, text);
}

/* Options. A length that leaves the block ends them; what came before stays good. */

static bool next_option(const struct pcapng *pcapng, struct options *options, uint16_t *code, const uint8_t **value, uint16_t *length)
{
    if (options->left < 4)
        return false;
    *code = get16(pcapng, options->at);
    *length = get16(pcapng, options->at + 2);
    *value = options->at + 4;
    uint32_t padded = (*length + 3u) & ~3u;
    if (*code == OPTION_END || options->left - 4 < *length)
        return false;
    uint32_t step = padded < options->left - 4 ? padded + 4 : options->left;
    options->at += step;
    options->left -= step;
    return true;
}

/* The first text counts, up to a whole character of UTF-8. Memory that is lacking leaves it out. */
static void set_text(char **text, const uint8_t *value, uint16_t length)
{
    size_t kept = length;
    if (kept > PCAPNG_MAX_TEXT)
        for (kept = PCAPNG_MAX_TEXT; kept > 0 && (value[kept] & 0xc0) == 0x80;)
            kept--;
    if (*text == NULL)
        *text = strndup((const char *)value, kept);
}

/* Interfaces. */

static bool add_interface(struct pcapng *pcapng)
{
    if (pcapng->interface_count < pcapng->interface_capacity)
        return true;
    uint32_t capacity = pcapng->interface_capacity > 0 ? pcapng->interface_capacity * 2 : 4;
    struct capture_interface *interfaces = realloc(pcapng->interfaces, capacity * sizeof *interfaces);
    if (interfaces == NULL)
        return false;
    pcapng->interfaces = interfaces;
    struct details *details = realloc(pcapng->details, capacity * sizeof *details);
    if (details == NULL)
        return false;
    pcapng->details = details;
    pcapng->interface_capacity = capacity;
    return true;
}

static void read_interface_options(const struct pcapng *pcapng, struct options options, struct details *details)
{
    uint16_t code;
    uint16_t length;
    const uint8_t *value;
    while (next_option(pcapng, &options, &code, &value, &length)) {
        if (code == IF_NAME) {
            set_text(&details->name, value, length);
        } else if (code == IF_DESCRIPTION) {
            set_text(&details->description, value, length);
        } else if (code == IF_TSRESOL && length == 1) {
            details->binary = (value[0] & 0x80) != 0;
            details->exponent = value[0] & 0x7f;
        } else if (code == IF_TSOFFSET && length == 8) {
            uint64_t offset = get64(pcapng, value);
            memcpy(&details->offset, &offset, sizeof offset);
        }
    }
}

static enum capture_result read_interface(struct pcapng *pcapng, const struct block *block)
{
    if (block->length < 8)
        return bad_block(pcapng, "is too short for an interface description");
    if (pcapng->interface_count == PCAPNG_MAX_INTERFACES)
        return bad_block(pcapng, "describes more interfaces than the 65,536 that a file may have here");
    if (!add_interface(pcapng))
        return damaged(pcapng, "no memory");
    struct capture_interface *interface = &pcapng->interfaces[pcapng->interface_count];
    struct details *details = &pcapng->details[pcapng->interface_count];
    *interface = (struct capture_interface){
        .link_type = get16(pcapng, block->body),
        .snap_length = get32(pcapng, block->body + 4),
        .section = pcapng->sections - 1,
    };
    *details = (struct details){.exponent = 6};
    read_interface_options(pcapng, (struct options){block->body + 8, block->length - 8}, details);
    interface->name = details->name;
    interface->description = details->description;
    /* 2^19 is the last power of two below a million. */
    interface->precision = details->exponent <= (details->binary ? 19 : 6) ? 6 : 9;
    pcapng->interface_count++;
    return CAPTURE_IDLE;
}

static struct capture_interface *find_interface(const struct pcapng *pcapng, uint32_t id)
{
    if (id >= pcapng->interface_count - pcapng->first_interface)
        return NULL;
    return &pcapng->interfaces[pcapng->first_interface + id];
}

static enum capture_result read_statistics(struct pcapng *pcapng, const struct block *block)
{
    static const uint8_t codes[CAPTURE_COUNTERS] = {
        [CAPTURE_RECEIVED] = 4, [CAPTURE_IF_DROPPED] = 5, [CAPTURE_OS_DROPPED] = 7,
        [CAPTURE_ACCEPTED] = 6, [CAPTURE_DELIVERED] = 8,
    };
    if (block->length < 12)
        return bad_block(pcapng, "is too short for interface statistics");
    struct capture_interface *interface = find_interface(pcapng, get32(pcapng, block->body));
    struct options options = {block->body + 12, block->length - 12};
    uint16_t code;
    uint16_t length;
    const uint8_t *value;
    if (interface == NULL) /* it tells nothing of a packet */
        return CAPTURE_IDLE;
    while (next_option(pcapng, &options, &code, &value, &length))
        for (unsigned i = 0; i < CAPTURE_COUNTERS; i++)
            if (codes[i] == code && length == 8) {
                interface->known |= (uint8_t)(1u << i);
                interface->count[i] = get64(pcapng, value);
            }
    return CAPTURE_IDLE;
}

/* Packets. */

static uint64_t power_of_ten(unsigned exponent)
{
    uint64_t power = 1;
    while (exponent-- > 0)
        power *= 10;
    return power;
}

/* Units since 1970 to seconds and nanoseconds. Exponents with which 64 bits hold no second are legal. */
static void set_time(struct frame *frame, const struct details *details, uint64_t time)
{
    uint64_t seconds = 0;
    uint64_t nanoseconds = 0;
    unsigned exponent = details->exponent;
    if (details->binary) {
        uint64_t fraction = exponent < 64 ? time & ((UINT64_C(1) << exponent) - 1) : time;
        seconds = exponent < 64 ? time >> exponent : 0;
        unsigned excess = exponent > 30 ? exponent - 30 : 0;
        fraction = excess < 64 ? fraction >> excess : 0;
        nanoseconds = fraction * 1000000000 >> (exponent - excess);
    } else if (exponent <= 9) {
        uint64_t units = power_of_ten(exponent);
        seconds = time / units;
        nanoseconds = time % units * power_of_ten(9 - exponent);
    } else if (exponent <= 28) {
        uint64_t units = power_of_ten(exponent - 9);
        seconds = time / units / 1000000000;
        nanoseconds = time / units % 1000000000;
    }
    seconds += (uint64_t)details->offset;
    memcpy(&frame->seconds, &seconds, sizeof seconds);
    frame->nanoseconds = (uint32_t)nanoseconds;
}

static void read_packet_options(const struct pcapng *pcapng, struct options options, struct frame *frame)
{
    uint16_t code;
    uint16_t length;
    const uint8_t *value;
    while (next_option(pcapng, &options, &code, &value, &length)) {
        if (code == PACKET_FLAGS && length == 4)
            frame->flags = get32(pcapng, value);
        else if (code == PACKET_DROPCOUNT && length == 8)
            frame->dropped = get64(pcapng, value);
    }
}

/* The part that enhanced and obsolete packet blocks share; `id` is the interface's. */
static enum capture_result read_packet(struct pcapng *pcapng, const struct block *block, uint32_t id, struct frame *frame)
{
    struct capture_interface *interface = find_interface(pcapng, id);
    if (interface == NULL)
        return bad_block(pcapng, "names an interface that was not described");
    uint32_t room = block->length - 20;
    frame->captured = get32(pcapng, block->body + 12);
    frame->wire = get32(pcapng, block->body + 16);
    if (frame->captured > room)
        return bad_block(pcapng, "is shorter than its packet");
    if (frame->wire < frame->captured)
        frame->wire = frame->captured;
    frame->data = block->body + 20;
    frame->interface = pcapng->first_interface + id;
    frame->link_type = interface->link_type;
    frame->precision = interface->precision;
    uint64_t time = (uint64_t)get32(pcapng, block->body + 4) << 32 | get32(pcapng, block->body + 8);
    set_time(frame, &pcapng->details[frame->interface], time);
    uint32_t padded = (frame->captured + 3) & ~3u;
    if (padded < room)
        read_packet_options(pcapng, (struct options){frame->data + padded, room - padded}, frame);
    return CAPTURE_FRAME;
}

static enum capture_result read_enhanced(struct pcapng *pcapng, const struct block *block, struct frame *frame)
{
    if (block->length < 20)
        return bad_block(pcapng, "is too short for a packet");
    return read_packet(pcapng, block, get32(pcapng, block->body), frame);
}

static enum capture_result read_obsolete(struct pcapng *pcapng, const struct block *block, struct frame *frame)
{
    if (block->length < 20)
        return bad_block(pcapng, "is too short for a packet");
    enum capture_result result = read_packet(pcapng, block, get16(pcapng, block->body), frame);
    uint16_t dropped = get16(pcapng, block->body + 2);
    if (dropped != 0xffff) /* not known */
        frame->dropped = dropped;
    return result;
}

static enum capture_result read_simple(struct pcapng *pcapng, const struct block *block, struct frame *frame)
{
    if (block->length < 4)
        return bad_block(pcapng, "is too short for a packet");
    struct capture_interface *interface = find_interface(pcapng, 0);
    if (interface == NULL)
        return bad_block(pcapng, "names an interface that was not described");
    uint32_t room = block->length - 4;
    frame->wire = get32(pcapng, block->body);
    frame->captured = frame->wire;
    if (interface->snap_length > 0 && frame->captured > interface->snap_length)
        frame->captured = interface->snap_length;
    if (frame->captured > room)
        return bad_block(pcapng, "is shorter than its packet");
    frame->data = block->body + 4;
    frame->interface = pcapng->first_interface;
    frame->link_type = interface->link_type;
    return CAPTURE_FRAME;
}

/* Blocks. */

/* Checks the rest of a section header, whose byte order begin_section() has set. */
static enum capture_result read_section(struct pcapng *pcapng, const struct block *block)
{
    if (block->length < 16)
        return bad_block(pcapng, "is too short for a section header");
    if (get16(pcapng, block->body + 4) != 1)
        return bad_block(pcapng, "begins a section of an unknown pcapng version");
    return CAPTURE_IDLE;
}

/* What a block type is to a reader of packets; every other type is skipped. */
static const struct block_type {
    uint32_t type;
    block_fn *read;       /* CAPTURE_IDLE: done */
    frame_fn *read_frame; /* neither: skipped, but Wireshark gives it a frame number */
} block_types[] = {
    {6, NULL, read_enhanced},  {3, NULL, read_simple},
    {2, NULL, read_obsolete},  {SECTION_HEADER, read_section, NULL},
    {1, read_interface, NULL}, {5, read_statistics, NULL},
    {9, NULL, NULL},          /* systemd journal export */
    {0x00000bad, NULL, NULL}, /* custom, to be copied */
    {0x40000bad, NULL, NULL}, /* custom, not to be copied */
    {0x00000204, NULL, NULL}, /* sysdig event */
    {0x00000216, NULL, NULL}, /* sysdig event, version 2 */
    {0x00000221, NULL, NULL}, /* sysdig event, version 2, large */
};

static bool is_read(const struct block_type *type)
{
    return type != NULL && (type->read != NULL || type->read_frame != NULL);
}

static const struct block_type *find_type(uint32_t type)
{
    for (size_t i = 0; i < sizeof block_types / sizeof *block_types; i++)
        if (block_types[i].type == type)
            return &block_types[i];
    return NULL;
}

/* The file ended before the block at hand did. */
static enum capture_result cut_block(struct pcapng *pcapng, const struct block_type *type)
{
    if (type == NULL || type->read != NULL)
        return bad_block(pcapng, "is cut short by the end of the file");
    char number[CAPTURE_GROUPED_SIZE];
    char text[CAPTURE_ERROR_SIZE / 2];
    snprintf(text, sizeof text, "the file ends inside frame %s", capture_grouped(pcapng->frames + 1, number));
    return damaged(pcapng, text);
}

/* Sets the byte order from a section header, of which FRAMING octets are in the window. */
static bool begin_section(struct pcapng *pcapng)
{
    const uint8_t *magic = window_at(&pcapng->window) + 8;
    pcapng->big = magic[0] == 0x1a;
    if (get32(pcapng, magic) != ORDER_MAGIC)
        return false;
    pcapng->sections++;
    pcapng->first_interface = pcapng->interface_count;
    return true;
}

/* The window holds a whole block of `length` octets. */
static enum capture_result read_block(struct pcapng *pcapng, const struct block_type *type, uint32_t length, struct frame *frame)
{
    const uint8_t *at = window_at(&pcapng->window);
    struct block block = {at + 8, length - FRAMING};
    if (get32(pcapng, at + 4) != get32(pcapng, at + length - 4))
        return bad_block(pcapng, "ends with another length than it begins with");
    if (type->read_frame == NULL)
        return type->read(pcapng, &block);
    frame->flags = 0;
    frame->dropped = 0;
    frame->seconds = 0;
    frame->nanoseconds = 0;
    frame->precision = 0;
    enum capture_result result = type->read_frame(pcapng, &block, frame);
    if (result == CAPTURE_FRAME) {
        struct capture_interface *interface = &pcapng->interfaces[frame->interface];
        interface->frames++;
        interface->dropped = frame->dropped > UINT64_MAX - interface->dropped ? UINT64_MAX : interface->dropped + frame->dropped;
        frame->number = ++pcapng->frames;
    }
    return result;
}

/*
 * Finds type and length of the block at hand. Lengths that are no multiple of 4 are rounded up, as
 * Wireshark does. CAPTURE_FRAME: go on with it.
 */
static enum capture_result open_block(struct pcapng *pcapng, const struct block_type **type, uint64_t *length)
{
    ssize_t held = window_want(&pcapng->window, FRAMING);
    if (held <= 0)
        return held == 0 ? CAPTURE_END : CAPTURE_ERROR;
    *type = NULL;
    pcapng->block = pcapng->window.offset;
    if (held < FRAMING)
        return cut_block(pcapng, NULL);
    const uint8_t *at = window_at(&pcapng->window);
    if (get32(pcapng, at) == SECTION_HEADER && !begin_section(pcapng))
        return bad_block(pcapng, "is a section header of unknown byte order");
    if (pcapng->sections == 0)
        return bad_block(pcapng, "is not a section header");
    *type = find_type(get32(pcapng, at));
    *length = ((uint64_t)get32(pcapng, at + 4) + 3) & ~UINT64_C(3);
    if (*length < FRAMING)
        return bad_block(pcapng, "states a length below 12");
    if (is_read(*type) && *length > PCAPNG_MAX_BLOCK)
        return bad_block(pcapng, "states a length above 16,777,216");
    return CAPTURE_FRAME;
}

/* Deals with the next block. CAPTURE_IDLE: it held no frame. */
static enum capture_result next_block(struct pcapng *pcapng, struct frame *frame)
{
    const struct block_type *type = NULL;
    uint64_t length = 0;
    enum capture_result result = open_block(pcapng, &type, &length);
    if (result != CAPTURE_FRAME)
        return result;
    if (!is_read(type)) {
        int skipped = window_skip(&pcapng->window, length);
        if (skipped <= 0)
            return skipped < 0 ? CAPTURE_ERROR : cut_block(pcapng, type);
        pcapng->frames += type != NULL;
        return CAPTURE_IDLE;
    }
    ssize_t held = window_want(&pcapng->window, (size_t)length);
    if (held < 0)
        return CAPTURE_ERROR;
    if ((uint64_t)held < length)
        return cut_block(pcapng, type);
    result = read_block(pcapng, type, (uint32_t)length, frame);
    window_consume(&pcapng->window, (size_t)length);
    return result;
}

enum capture_result pcapng_next(struct pcapng *pcapng, struct frame *frame)
{
    enum capture_result result;
    do
        result = next_block(pcapng, frame);
    while (result == CAPTURE_IDLE);
    return result;
}

struct pcapng *pcapng_open(window_read_fn *read, void *source)
{
    struct pcapng *pcapng = calloc(1, sizeof *pcapng);
    if (pcapng != NULL)
        pcapng->window = (struct window){.read = read, .source = source};
    return pcapng;
}

void pcapng_close(struct pcapng *pcapng)
{
    if (pcapng == NULL)
        return;
    for (uint32_t i = 0; i < pcapng->interface_count; i++) {
        free(pcapng->details[i].name);
        free(pcapng->details[i].description);
    }
    free(pcapng->interfaces);
    free(pcapng->details);
    free(pcapng->window.buffer);
    free(pcapng);
}

const char *pcapng_error(const struct pcapng *pcapng) { return pcapng->error; }

uint64_t pcapng_frames(const struct pcapng *pcapng) { return pcapng->frames; }

const struct capture_interface *pcapng_interfaces(const struct pcapng *pcapng, size_t *count)
{
    *count = pcapng->interface_count;
    return pcapng->interfaces;
}
