/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Protocol and Info columns. */
#ifndef FTD_COLUMNS_H
#define FTD_COLUMNS_H

#include "packet-ftd.h"

void columns_set(const struct message *m);

#endif
