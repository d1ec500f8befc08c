/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pcapng: draft-ietf-opsawg-pcapng. Always little-endian, so that every host writes the same octets. */
#include "output.h"

#include <pcap/pcap.h>
#include <stdio.h>

enum {
    SNAPLEN = 262144,
    BLOCK_SECTION = 0x0a0d0d0a,
    BLOCK_INTERFACE = 1,
    BLOCK_STATISTICS = 5,
    BLOCK_PACKET = 6,
    OPTION_END = 0,
    OPTION_IF_NAME = 2,
    OPTION_IF_TSRESOL = 9,
    OPTION_ISB_IFRECV = 4, /* then isb_ifdrop 5 */
    OPTION_ISB_IFDROP = 5,
    OPTION_ISB_OSDROP = 7
};

struct output {
    const struct format *format;
    bool nanoseconds;
    FILE *file; /* owned; by `dumper` once that is open */
    pcap_t *pcap;
    pcap_dumper_t *dumper;
    struct buffer block; /* pcapng */
};

struct format {
    const char *name;
    void (*begin)(struct output *output);
    bool (*interface)(struct output *output, const char *name, const struct link *link, const char **why);
    void (*frame)(struct output *output, unsigned interface, int64_t time, const struct buffer *frame, size_t captured);
};

static void pcap_begin(struct output *output) { (void)output; }

static bool pcap_interface(struct output *output, const char *name, const struct link *link, const char **why)
{
    u_int precision = output->nanoseconds ? PCAP_TSTAMP_PRECISION_NANO : PCAP_TSTAMP_PRECISION_MICRO;
    (void)name;
    *why = "a pcap file has one interface only";
    if (output->dumper != NULL)
        return false;
    *why = "libpcap cannot write this link type";
    output->pcap = pcap_open_dead_with_tstamp_precision(link->dlt, SNAPLEN, precision);
    if (output->pcap != NULL)
        output->dumper = pcap_dump_fopen(output->pcap, output->file);
    return output->dumper != NULL;
}

static void pcap_frame(struct output *output, unsigned interface, int64_t time, const struct buffer *frame,
                       size_t captured)
{
    struct pcap_pkthdr header = {.caplen = (bpf_u_int32)captured, .len = (bpf_u_int32)frame->length};
    (void)interface;
    header.ts.tv_sec = (time_t)(time / 1000000000);
    header.ts.tv_usec = (suseconds_t)(time % 1000000000 / (output->nanoseconds ? 1 : 1000));
    pcap_dump((u_char *)output->dumper, &header, frame->octets);
}

static struct buffer *block_begin(struct output *output, uint32_t type)
{
    output->block.length = 0;
    put32_little(&output->block, type);
    put32_little(&output->block, 0); /* the length, known at the end */
    return &output->block;
}

static void pad(struct buffer *block)
{
    while (block->length % 4 != 0)
        put8(block, 0);
}

static void put_option(struct buffer *block, unsigned code, const void *value, size_t length)
{
    put16_little(block, code);
    put16_little(block, length);
    put(block, value, length);
    pad(block);
}

static void block_end(struct output *output)
{
    struct buffer *block = &output->block;
    uint32_t length = (uint32_t)block->length + 4;
    put32_little(block, length);
    memcpy(block->octets + 4, block->octets + length - 4, 4);
    fwrite(block->octets, 1, block->length, output->file);
}

static void pcapng_begin(struct output *output)
{
    struct buffer *block = block_begin(output, BLOCK_SECTION);
    put32_little(block, 0x1a2b3c4d);
    put16_little(block, 1); /* version 1.0 */
    put16_little(block, 0);
    put32_little(block, UINT32_MAX); /* section length: not given */
    put32_little(block, UINT32_MAX);
    block_end(output);
}

static bool pcapng_interface(struct output *output, const char *name, const struct link *link, const char **why)
{
    struct buffer *block = block_begin(output, BLOCK_INTERFACE);
    uint8_t resolution = output->nanoseconds ? 9 : 6;
    (void)why;
    put16_little(block, link->linktype);
    put16_little(block, 0);
    put32_little(block, SNAPLEN);
    put_option(block, OPTION_IF_NAME, name, strlen(name));
    put_option(block, OPTION_IF_TSRESOL, &resolution, 1);
    put_option(block, OPTION_END, NULL, 0);
    block_end(output);
    return true;
}

static void put_timestamp(struct output *output, int64_t time)
{
    uint64_t units = (uint64_t)time / (output->nanoseconds ? 1 : 1000);
    put32_little(&output->block, (uint32_t)(units >> 32));
    put32_little(&output->block, (uint32_t)units);
}

static void pcapng_frame(struct output *output, unsigned interface, int64_t time, const struct buffer *frame,
                         size_t captured)
{
    struct buffer *block = block_begin(output, BLOCK_PACKET);
    put32_little(block, interface);
    put_timestamp(output, time);
    put32_little(block, (uint32_t)captured);
    put32_little(block, (uint32_t)frame->length);
    put(block, frame->octets, captured);
    pad(block);
    block_end(output);
}

static const struct format formats[] = {
    {"pcap", pcap_begin, pcap_interface, pcap_frame},
    {"pcapng", pcapng_begin, pcapng_interface, pcapng_frame},
};

struct output *output_open(const char *path, const char *format, bool nanoseconds, const char **why)
{
    struct output *output = calloc(1, sizeof *output);
    *why = "no such format: pcap or pcapng";
    for (size_t i = 0; output != NULL && i < sizeof formats / sizeof *formats; i++)
        if (strcmp(formats[i].name, format) == 0)
            output->format = &formats[i];
    if (output == NULL || output->format == NULL)
        goto out;
    *why = "the output file cannot be written";
    output->file = fopen(path, "wb");
    if (output->file == NULL)
        goto out;
    output->nanoseconds = nanoseconds;
    output->format->begin(output);
    return output;
out:
    free(output);
    return NULL;
}

bool output_interface(struct output *output, const char *name, const struct link *link, const char **why)
{
    return output->format->interface(output, name, link, why);
}

void output_frame(struct output *output, unsigned interface, int64_t time, const struct buffer *frame, size_t captured)
{
    output->format->frame(output, interface, time, frame, captured);
}

bool output_statistics(struct output *output, unsigned interface, int64_t time, const uint64_t counts[3])
{
    static const uint8_t options[] = {OPTION_ISB_IFRECV, OPTION_ISB_IFDROP, OPTION_ISB_OSDROP};
    struct buffer *block = block_begin(output, BLOCK_STATISTICS);
    if (output->format->frame != pcapng_frame)
        return false;
    put32_little(block, interface);
    put_timestamp(output, time);
    for (size_t i = 0; i < sizeof options; i++) {
        put16_little(block, options[i]);
        put16_little(block, 8);
        put32_little(block, (uint32_t)counts[i]);
        put32_little(block, (uint32_t)(counts[i] >> 32));
    }
    put_option(block, OPTION_END, NULL, 0);
    block_end(output);
    return true;
}

bool output_close(struct output *output)
{
    bool good = true;
    if (output == NULL)
        return true;
    good = !ferror(output->file) && fflush(output->file) == 0;
    if (output->dumper != NULL)
        pcap_dump_close(output->dumper); /* and its file */
    else
        good = fclose(output->file) == 0 && good;
    if (output->pcap != NULL)
        pcap_close(output->pcap);
    free(output);
    return good;
}
