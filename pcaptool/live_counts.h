/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a live capture lost. Asked without opening anything, as pcap_stats(3) would: the kernel by a socket option, the interface by
 * files below /sys that were opened before (packet(7), PACKET_STATISTICS).
 */
#ifndef FTDPCAP_LIVE_COUNTS_H
#define FTDPCAP_LIVE_COUNTS_H

#include "capture.h"

enum { LIVE_COUNTS_FILES = 2 };

struct live_counts {
    int socket;
    int files[LIVE_COUNTS_FILES]; /* -1: there is none, as for "any" */
    uint64_t before[LIVE_COUNTS_FILES];
};

/* SOCKET is borrowed. */
void live_counts_open(struct live_counts *counts, const char *device, int socket);
void live_counts_close(struct live_counts *counts);

/* Adds to the interface's counters what came since the last call, and marks those that are known. */
void live_counts_read(struct live_counts *counts, struct capture_interface *interface);

#endif
