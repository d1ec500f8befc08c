/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tree under Statistics, also "tshark -z ftd,tree". */
#ifndef FTD_STATS_H
#define FTD_STATS_H

#include "packet-ftd.h"

void stats_register(void);
void stats_hand_off(void);

/* Counts the message when somebody listens. */
void stats_count(const struct message *m);

#endif
