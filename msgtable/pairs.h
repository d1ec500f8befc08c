/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A text that is a list, "KEY: VALUE, KEY: VALUE", in any order. Its template is OP_PAIRS and OP_END; behind these stand a literal and a field
 * for each key, and the field of pairs whose key is none of them.
 */
#ifndef MSGTABLE_PAIRS_H
#define MSGTABLE_PAIRS_H

#include "take.h"

/* Linear in the text and the keys: those of a text mostly come in the order of the template. */
take_fn take_pairs;

#endif
