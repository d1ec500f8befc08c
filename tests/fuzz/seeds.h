/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a fuzzer starts from: made from the samples and the catalogue each time, not kept. */
#ifndef FUZZ_SEEDS_H
#define FUZZ_SEEDS_H

#include <glib.h>

#include "capture.h"
#include "record.h"

/* Adds one seed. */
void seed(const void *octets, size_t length);

/* Calls for every sample capture. */
void each_sample(void (*take)(const char *path));

/* ---- seeds_capture.c: the frames of the samples, a few at a time ---- */

void seeds_pcap(void);
void seeds_pcapng(void);
void seeds_frames(void);

/* ---- seeds_text.c ---- */

void seeds_datagrams(void);
void seeds_catalog(void);
void seeds_log(void);

/* ---- dictionary.c: one word a line, as libFuzzer and AFL read it ---- */

void dictionary_messages(void);
void dictionary_catalog(void);
void dictionary_captures(void);

#endif
