/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The blocks of a pcapng file → frames; the same ones however few octets come at a time. */
#include "fuzz.h"

#include "pcapng.h"

struct source {
    const uint8_t *data;
    size_t left, at_most; /* octets in one read; 0: all */
};

static ssize_t read_source(void *user, void *octets, size_t size)
{
    struct source *source = user;
    size_t n = size < source->left ? size : source->left;
    if (source->at_most && n > source->at_most)
        n = source->at_most;
    if (n)
        memcpy(octets, source->data, n);
    source->data += n;
    source->left -= n;
    return (ssize_t)n;
}

static uint64_t mix(uint64_t hash, uint64_t number) { return (hash ^ number) * UINT64_C(0x100000001b3); }

static uint64_t mix_text(uint64_t hash, const char *text)
{
    for (; text && *text; text++)
        hash = mix(hash, (uint8_t)*text);
    return mix(hash, text != NULL);
}

static uint64_t look_at_frame(const struct frame *frame, uint64_t hash)
{
    CHECK(frame->captured <= frame->wire && frame->captured <= PCAPNG_MAX_BLOCK);
    CHECK(frame->nanoseconds < 1000000000);
    CHECK(frame->precision == 0 || frame->precision == 6 || frame->precision == 9);
    fuzz_touch(frame->data, frame->captured);
    hash = mix(mix(hash, frame->number), frame->captured);
    hash = mix(mix(hash, (uint64_t)frame->seconds), frame->nanoseconds);
    hash = mix(mix(hash, frame->interface), frame->dropped);
    return mix(mix(hash, frame->flags), frame->captured ? frame->data[frame->captured - 1] : 0);
}

static uint64_t look_at_interfaces(const struct pcapng *pcapng, uint64_t hash)
{
    size_t count;
    const struct capture_interface *interfaces = pcapng_interfaces(pcapng, &count);
    CHECK(count <= PCAPNG_MAX_INTERFACES);
    for (size_t i = 0; i < count; i++) {
        hash = mix_text(mix_text(hash, interfaces[i].name), interfaces[i].description);
        hash = mix(mix(hash, interfaces[i].known), (uint64_t)interfaces[i].link_type);
        CHECK(interfaces[i].known < 1 << CAPTURE_COUNTERS);
    }
    return hash;
}

/* Reads all of it; a hash of everything that came out. */
static uint64_t read_all(const uint8_t *data, size_t size, size_t at_most)
{
    struct source source = {data, size, at_most};
    struct pcapng *pcapng = pcapng_open(read_source, &source);
    struct frame frame;
    uint64_t hash = 0, last = 0;
    enum capture_result result;
    CHECK(pcapng);
    while ((result = pcapng_next(pcapng, &frame)) == CAPTURE_FRAME) {
        CHECK(frame.number > last && frame.number <= pcapng_frames(pcapng));
        last = frame.number;
        hash = look_at_frame(&frame, hash);
    }
    CHECK(result == CAPTURE_END || result == CAPTURE_ERROR);
    CHECK(result != CAPTURE_ERROR || *pcapng_error(pcapng)); /* the source never fails */
    hash = mix_text(look_at_interfaces(pcapng, hash), pcapng_error(pcapng));
    pcapng_close(pcapng);
    return hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t whole = read_all(data, size, 0);
    CHECK(read_all(data, size, 1 + size % 13) == whole);
    return 0;
}
