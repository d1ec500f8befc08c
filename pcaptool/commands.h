/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands, one file each. */
#ifndef FTDPCAP_COMMANDS_H
#define FTDPCAP_COMMANDS_H

#include "options.h"

int cmd_decode(struct options *options);
int cmd_summary(struct options *options);
int cmd_check(struct options *options);
int cmd_compare(struct options *options);
int cmd_explain(struct options *options);
int cmd_catalog(struct options *options);

#endif
