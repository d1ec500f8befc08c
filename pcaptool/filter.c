/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "filter.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture.h"
#include "link.h"

/* The expression for one link type. */
struct compiled {
    int link_type;
    bool good;
    struct bpf_program program; /* when good */
    char error[PCAP_ERRBUF_SIZE];
};

struct filter {
    size_t count;
    struct compiled compiled[]; /* a row for each link_type_at() */
};

/* LINKTYPE_RAW is the one supported type whose DLT_ number differs, and 14 what OpenBSD calls it. */
static int dlt_of(int link_type) { return link_type == 101 || link_type == 14 ? DLT_RAW : link_type; }

static void compile(struct compiled *compiled, const char *expression)
{
    pcap_t *dead = pcap_open_dead(dlt_of(compiled->link_type), CAPTURE_SNAP_LENGTH);
    if (dead == NULL) {
        snprintf(compiled->error, sizeof compiled->error, "no memory");
        return;
    }
    compiled->good = pcap_compile(dead, &compiled->program, expression, 1, PCAP_NETMASK_UNKNOWN) == 0;
    if (!compiled->good)
        snprintf(compiled->error, sizeof compiled->error, "%s", pcap_geterr(dead));
    pcap_close(dead);
}

struct filter *filter_new(const char *expression)
{
    size_t count = 0;
    while (link_type_at(count) >= 0)
        count++;
    struct filter *filter = calloc(1, sizeof *filter + count * sizeof *filter->compiled);
    if (filter == NULL)
        return NULL;
    filter->count = count;
    for (size_t i = 0; i < count; i++) {
        filter->compiled[i].link_type = link_type_at(i);
        compile(&filter->compiled[i], expression);
    }
    return filter;
}

void filter_free(struct filter *filter)
{
    for (size_t i = 0; filter != NULL && i < filter->count; i++)
        if (filter->compiled[i].good)
            pcap_freecode(&filter->compiled[i].program);
    free(filter);
}

const struct bpf_program *filter_program(const struct filter *filter, int link_type, const char **error)
{
    for (size_t i = 0; i < filter->count; i++) {
        const struct compiled *compiled = &filter->compiled[i];
        if (compiled->link_type != link_type)
            continue;
        *error = compiled->error;
        return compiled->good ? &compiled->program : NULL;
    }
    *error = "there is none for this link type";
    return NULL;
}
