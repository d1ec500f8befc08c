/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tree of one message: header, fields as the catalogue groups them, what it means, what it is linked to. */
#ifndef FTD_TREE_H
#define FTD_TREE_H

#include "packet-ftd.h"

void tree_register(void);

/* Adds the message to TREE, where nothing of it is WANTED as the bare protocol, and raises its expert information. TREE may be NULL. */
void tree_add(const struct message *m, proto_tree *tree, bool wanted);

#endif
