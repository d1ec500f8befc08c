/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Expert information: what is odd about a message, and what the device itself calls critical. */
#ifndef FTD_FINDINGS_H
#define FTD_FINDINGS_H

#include "packet-ftd.h"

/* Lines of the tree that an expert item may point to; NULL where there is none. */
enum place { PLACE_TOP, PLACE_ID, PLACE_SEVERITY, PLACE_MESSAGE, PLACE_DIVERGENCE, PLACES };

void findings_register(int protocol);

/* Raises what the record has found. Works without a tree too, for the expert window's sake. */
void findings_raise(const struct message *m, proto_item *const places[PLACES]);

#endif
