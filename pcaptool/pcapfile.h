/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A pcap file as nearly all are (draft-ietf-opsawg-pcap, version 2.4, micro- or nanoseconds, either byte order). The other variants
 * are left to libpcap: its two stdio calls and one copy for each packet cost as much as all that decoding a message may take.
 *
 *     file header: magic 4, version 2 + 2, reserved 8, snap length 4, link type 4
 *     each record: seconds 4, fraction 4, captured 4, on the wire 4, octets
 */
#ifndef FTDPCAP_PCAPFILE_H
#define FTDPCAP_PCAPFILE_H

#include "capture.h"
#include "window.h"

enum { PCAPFILE_HEADER = 24 };

struct pcapfile;

/* Whether the octets are the header of a file that this module reads. */
bool pcapfile_knows(const uint8_t *head, size_t size);

/* For a source whose first octets pcapfile_knows(). NULL: no memory. */
struct pcapfile *pcapfile_open(window_read_fn *read, void *source, const uint8_t *head);
void pcapfile_close(struct pcapfile *pcapfile);

/* As capture_next(): CAPTURE_FRAME, CAPTURE_END or CAPTURE_ERROR. */
enum capture_result pcapfile_next(struct pcapfile *pcapfile, struct frame *frame);

/* After CAPTURE_ERROR: what is wrong with the record, or "" when the source failed. */
const char *pcapfile_error(const struct pcapfile *pcapfile);

/* The one interface; its frames are counted. */
struct capture_interface *pcapfile_interface(struct pcapfile *pcapfile);

#endif
