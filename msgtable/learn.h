/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way of a text through the templates of its message is learned. */
#ifndef MSGTABLE_LEARN_H
#define MSGTABLE_LEARN_H

#include "gap.h"
#include "trace.h"

/* What the traced match of a text that the template FITS found, as far as others will take the same way; LINK is where the number of the first gap of
 * the message stands. False: nothing of that is new. */
bool learn(struct msgt_memory *memory, uint16_t *link, struct matcher *m, const struct trace *trace, const struct template_row *templates, uint32_t fits);

#endif
