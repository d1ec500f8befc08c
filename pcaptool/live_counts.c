/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "live_counts.h"

#include <fcntl.h>
#include <linux/if_packet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *const names[LIVE_COUNTS_FILES] = {"rx_missed_errors", "rx_fifo_errors"};

/* The number as it stands now; false when there is none. */
static bool read_number(int fd, uint64_t *number)
{
    char text[32];
    ssize_t size = fd >= 0 ? pread(fd, text, sizeof text - 1, 0) : -1;
    if (size <= 0)
        return false;
    text[size] = '\0';
    *number = strtoull(text, NULL, 10);
    return true;
}

void live_counts_open(struct live_counts *counts, const char *device, int socket)
{
    counts->socket = socket;
    for (int i = 0; i < LIVE_COUNTS_FILES; i++) {
        char path[128];
        bool plain = strchr(device, '/') == NULL &&
                     snprintf(path, sizeof path, "/sys/class/net/%s/statistics/%s", device, names[i]) < (int)sizeof path;
        counts->files[i] = plain ? open(path, O_RDONLY | O_CLOEXEC) : -1;
        read_number(counts->files[i], &counts->before[i]);
    }
}

void live_counts_close(struct live_counts *counts)
{
    for (int i = 0; i < LIVE_COUNTS_FILES; i++)
        if (counts->files[i] >= 0)
            close(counts->files[i]);
}

void live_counts_read(struct live_counts *counts, struct capture_interface *interface)
{
    struct tpacket_stats_v3 stats = {0}; /* reading sets the kernel's back to 0 */
    socklen_t size = sizeof stats;
    if (getsockopt(counts->socket, SOL_PACKET, PACKET_STATISTICS, &stats, &size) == 0) {
        interface->known |= 1 << CAPTURE_RECEIVED | 1 << CAPTURE_OS_DROPPED;
        interface->count[CAPTURE_RECEIVED] += stats.tp_packets;
        interface->count[CAPTURE_OS_DROPPED] += stats.tp_drops;
    }
    for (int i = 0; i < LIVE_COUNTS_FILES; i++) {
        uint64_t now;
        if (!read_number(counts->files[i], &now))
            continue;
        interface->known |= 1 << CAPTURE_IF_DROPPED;
        interface->count[CAPTURE_IF_DROPPED] += now - counts->before[i];
        counts->before[i] = now;
    }
}
