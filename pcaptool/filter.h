/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A pcap-filter(7) expression for files. It is compiled for every link type that link.h knows before anything is read: names in it
 * are looked up in files and over the network, which a confined process may not do.
 */
#ifndef FTDPCAP_FILTER_H
#define FTDPCAP_FILTER_H

#include <pcap/pcap.h>

#include "capture.h"

struct filter;

/* NULL: no memory. Whether the expression can be compiled is asked for each link type. */
struct filter *filter_new(const char *expression);
void filter_free(struct filter *filter);

/*
 * The program, or NULL with why there is none, borrowed from the filter. Safe from several threads. FRAME: that it is for, or NULL when
 * none was read yet.
 */
const struct bpf_program *filter_program(const struct filter *filter, int link_type, const struct frame *frame, const char **error);

#endif
