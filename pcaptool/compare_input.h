/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One side of a comparison, item by item: the caller asks, so that two sides can be read in step. */
#ifndef FTDPCAP_COMPARE_INPUT_H
#define FTDPCAP_COMPARE_INPUT_H

#include "compare_item.h"

struct input;

/* NULL with a sentence to free in *wrong. OPTIONS and PATH must outlive the input. */
struct input *input_open(const struct options *options, const char *path, bool log, char **wrong);
void input_close(struct input *input);

/* The next item, owned by the caller; NULL at the end, or when something is wrong (input_wrong()). */
struct item *input_next(struct input *input);
/* A sentence, or NULL. */
const char *input_wrong(const struct input *input);

/* Lines of a log that were too long to be read whole. */
uint64_t input_cut(const struct input *input);

#endif
