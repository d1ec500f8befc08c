/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A live capture around its frames: who we are while it is opened and afterwards, what is saved, what was lost. */
#ifndef FTDPCAP_LIVE_H
#define FTDPCAP_LIVE_H

#include "options.h"

struct live;

/* Checks the user and opens what -w names. NULL, and it was said. */
struct live *live_new(struct options *options);

/* For source_options: borrows the live capture. */
struct source_live live_source(struct live *live);

/* Says what was received and lost when the capture was opened; closes what -w wrote. Returns enum exit_status, at least STATUS. */
int live_end(struct live *live, const struct source_facts *facts, int status);

#endif
