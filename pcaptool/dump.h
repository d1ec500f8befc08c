/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * -w: the frames of a live capture as pcap files (draft-ietf-opsawg-pcap, version 2.4, the host's byte order).
 *
 *     dump_open() while privileged ──► dump_begin() unprivileged ──► dump_frame() … ──► dump_close()
 *
 * One file is opened while privileged. Several, one after another, are made by the unprivileged user in the folder that was opened;
 * NAME.pcap is then NAME-YYYYMMDDTHHMMSSZ-NNNNN.pcap. A file that cannot take a whole frame any more ends behind the last one.
 */
#ifndef FTDPCAP_DUMP_H
#define FTDPCAP_DUMP_H

#include "capture.h"

struct dump_options {
    const char *path;
    uint64_t size;    /* octets of a file before the next is begun; 0: any */
    uint64_t seconds; /* of the frames in a file; 0: any */
    uint64_t files;   /* so many are kept; 0: all */
};

struct dump;

/* NULL and a sentence to free in *WRONG. The options are borrowed. */
struct dump *dump_open(const struct dump_options *options, char **wrong);

/* The folder that further files are made in, or -1 when there is one file only. */
int dump_directory(const struct dump *dump);

/* What is open: the file, or that folder. */
int dump_descriptor(const struct dump *dump);

/* Begins the first file. As the functions below: NULL, or a sentence to free, after which nothing more is written. */
char *dump_begin(struct dump *dump, const struct capture_interface *interface);

char *dump_frame(struct dump *dump, const struct frame *frame);

/* Writes what waits. */
char *dump_flush(struct dump *dump);

/* Flushes, closes and frees. */
char *dump_close(struct dump *dump);

#endif
