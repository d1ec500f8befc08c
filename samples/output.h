/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing a capture: pcap with libpcap, pcapng by hand. */
#ifndef MKSAMPLE_OUTPUT_H
#define MKSAMPLE_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "frame.h"

struct output;

/* `format` is "pcap" or "pcapng". Returns NULL with a sentence in *why. */
struct output *output_open(const char *path, const char *format, bool nanoseconds, const char **why);

/* Adds an interface; they are numbered from 0. A pcap has exactly one. False with a sentence in *why. */
bool output_interface(struct output *output, const char *name, const struct link *link, const char **why);

/* One frame, `time` in nanoseconds since 1970, of which the first `captured` octets are kept. */
void output_frame(struct output *output, unsigned interface, int64_t time, const struct buffer *frame, size_t captured);

/* What the capturing system says it received and lost on an interface so far. pcapng only, else false. */
bool output_statistics(struct output *output, unsigned interface, int64_t time, const uint64_t counts[3]);

/* Closes and frees; NULL is allowed. False when something could not be written. */
bool output_close(struct output *output);

#endif
