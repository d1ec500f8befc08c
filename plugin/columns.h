/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Protocol and Info columns. */
#ifndef FTD_COLUMNS_H
#define FTD_COLUMNS_H

#include "packet-ftd.h"

void columns_set(const struct message *m);

/* From Wireshark 4.4 on columns are fields, too (_ws.col.info), made before a post-dissector is called. Call it when all columns of a frame are set. */
void columns_to_fields(packet_info *pinfo, proto_tree *tree);

#endif
