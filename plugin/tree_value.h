/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One decoded value as an item of the tree, with its own bytes and its own type. */
#ifndef FTD_TREE_VALUE_H
#define FTD_TREE_VALUE_H

#include "packet-ftd.h"

void tree_value_register(void);

void tree_value_add(const struct message *m, proto_tree *tree, const struct msgt_value *value);

/* The text without what would disturb a line or hide in it: what msgt_unsafe_character() names as escapes, and what is
 * no UTF-8 as octets. */
const char *text_shown(wmem_allocator_t *pool, const char *text, size_t length);

#endif
