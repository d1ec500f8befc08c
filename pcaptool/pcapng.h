/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reader of pcapng files (draft-ietf-opsawg-pcapng), in place of libpcap's: several interfaces of
 * different link types and resolutions, and what the capture itself lost.
 *
 *     ┌ section header ─ interface ─ interface ─ packet ─ packet ─ statistics ┐ section header ─ …
 *
 * A block is: type, total length, body, total length again, in the byte order of its section. No
 * length is believed before it was compared with the one around it; blocks of no interest are
 * skipped without being held, whatever their length.
 */
#ifndef FTDPCAP_PCAPNG_H
#define FTDPCAP_PCAPNG_H

#include <stddef.h>
#include <stdint.h>

#include "capture.h"
#include "window.h"

/* The longest packet block that is read, in octets, and the most interfaces a file may have, in all its sections. */
#define PCAPNG_MAX_BLOCK (16u << 20)
#define PCAPNG_MAX_INTERFACES 65536u
/* Octets of an interface's name, and of its description; what is longer is cut. */
#define PCAPNG_MAX_TEXT 255u

struct pcapng;

/* NULL when there is no memory. Nothing is read yet; `source` stays the caller's. */
struct pcapng *pcapng_open(window_read_fn *read, void *source);
void pcapng_close(struct pcapng *pcapng);

/*
 * The next frame, as capture_next() says, except that seconds and nanoseconds of a frame without
 * time (Simple Packet Block) are 0. The precision is 6 when the interface's resolution is a
 * microsecond or coarser, else 9; finer resolutions are truncated to nanoseconds.
 */
enum capture_result pcapng_next(struct pcapng *pcapng, struct frame *frame);

/* Why pcapng_next() failed; empty when the source did, or nothing has. */
const char *pcapng_error(const struct pcapng *pcapng);

/* Frames met so far, those of block types that Wireshark numbers but that hold no packet included. */
uint64_t pcapng_frames(const struct pcapng *pcapng);

/* As capture_interfaces(). */
const struct capture_interface *pcapng_interfaces(const struct pcapng *pcapng, size_t *count);

#endif
