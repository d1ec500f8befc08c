/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Templates that start alike. */
#ifndef MSGTABLE_ALIKE_H
#define MSGTABLE_ALIKE_H

#include "table.h"

/* How many of OPS both start with; an optional piece counts as a whole or not at all. */
uint32_t common_ops(const struct op *ops, const struct text_ref *texts, const struct slice *left, const struct slice *right);

#endif
