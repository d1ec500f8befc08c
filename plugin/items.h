/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the syslog items of a frame are.
 *
 * On the first pass Wireshark builds a tree with them because this post-dissector asks for it. Later passes may have no
 * tree (the packet list without colour rules, "tshark -2"), or one without these items, so the places are kept with the
 * capture.
 */
#ifndef FTD_ITEMS_H
#define FTD_ITEMS_H

#include "packet-ftd.h"

struct item_place {
    tvbuff_t *tvb; /* a data source of the frame */
    int start, length;
};

enum { ITEMS_MAX = 1024 }; /* in one frame */

/* The items of the protocol SYSLOG, in the frame's pool. Returns how many. */
unsigned items_find(packet_info *pinfo, proto_tree *tree, int syslog, struct item_place **places);

/* False when items_find() will find none, whatever is in the frame: a later pass of one in which there were none. */
bool items_expected(packet_info *pinfo, proto_tree *tree);

/* Keeps them for later passes. */
void items_keep(packet_info *pinfo, const struct item_place *places, unsigned count);

#endif
