/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "filter.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "link.h"

/* The expression for one link type. */
struct compiled {
    int link_type;
    bool big; /* of a big-endian file: it is in the address family of LINKTYPE_NULL */
    bool good;
    struct bpf_program program; /* when good */
    char error[PCAP_ERRBUF_SIZE];
};

struct filter {
    size_t count;
    struct compiled compiled[]; /* a row for each link_type_at(), and one for LINKTYPE_NULL of big-endian files */
};

enum { LINKTYPE_NULL = 0 };

/* DLT_RAW is the one supported type whose LINKTYPE_ number differs, and 14 what OpenBSD calls it. */
static int linktype_of(int link_type) { return link_type == 12 || link_type == 14 ? 101 : link_type; }

/*
 * A capture file without frames. Compiled for it an expression can ask for no more than what is in a file; for none, pcap_open_dead(),
 * it would be as for an interface, with directions and indexes that only the kernel knows.
 */
static pcap_t *open_empty(const struct compiled *compiled, char *error)
{
    const uint32_t words[] = {0xa1b2c3d4, 0, 0, 0, CAPTURE_SNAP_LENGTH, (uint32_t)linktype_of(compiled->link_type)};
    uint8_t header[sizeof words];
    for (size_t i = 0; i < sizeof header; i++)
        header[i] = (uint8_t)(words[i / 4] >> 8 * (compiled->big ? 3 - i % 4 : i % 4));
    header[compiled->big ? 5 : 4] = 2; /* version 2.4 */
    header[compiled->big ? 7 : 6] = 4;
    FILE *file = fmemopen(header, sizeof header, "rb");
    pcap_t *empty = file ? pcap_fopen_offline(file, error) : NULL;
    if (file == NULL)
        snprintf(error, PCAP_ERRBUF_SIZE, "no memory");
    else if (empty == NULL)
        fclose(file);
    return empty;
}

static void compile(struct compiled *compiled, const char *expression)
{
    pcap_t *empty = open_empty(compiled, compiled->error);
    if (empty == NULL)
        return;
    compiled->good = pcap_compile(empty, &compiled->program, expression, 1, PCAP_NETMASK_UNKNOWN) == 0;
    if (!compiled->good)
        snprintf(compiled->error, sizeof compiled->error, "%s", pcap_geterr(empty));
    pcap_close(empty);
}

struct filter *filter_new(const char *expression)
{
    size_t count = 0;
    while (link_type_at(count) >= 0)
        count++;
    struct filter *filter = calloc(1, sizeof *filter + (count + 1) * sizeof *filter->compiled);
    if (filter == NULL)
        return NULL;
    for (size_t i = 0; i < count; i++)
        filter->compiled[i].link_type = link_type_at(i);
    filter->compiled[count].link_type = LINKTYPE_NULL;
    filter->compiled[count].big = true;
    filter->count = count + 1;
    for (size_t i = 0; i < filter->count; i++)
        compile(&filter->compiled[i], expression);
    return filter;
}

void filter_free(struct filter *filter)
{
    for (size_t i = 0; filter != NULL && i < filter->count; i++)
        if (filter->compiled[i].good)
            pcap_freecode(&filter->compiled[i].program);
    free(filter);
}

/* Whether the address family is in network order, as link.h reads it, too, whatever the file says of itself. */
static bool is_big(int link_type, const struct frame *frame)
{
    return link_type == LINKTYPE_NULL && frame != NULL && frame->captured >= 2 && frame->data[0] == 0 && frame->data[1] == 0;
}

const struct bpf_program *filter_program(const struct filter *filter, int link_type, const struct frame *frame, const char **error)
{
    bool big = is_big(link_type, frame);
    for (size_t i = 0; i < filter->count; i++) {
        const struct compiled *compiled = &filter->compiled[i];
        if (compiled->link_type != link_type || compiled->big != big)
            continue;
        *error = compiled->error;
        return compiled->good ? &compiled->program : NULL;
    }
    *error = "there is none for this link type";
    return NULL;
}
