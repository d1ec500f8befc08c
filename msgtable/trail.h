/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ways through the templates of a message that its texts took before. */
#ifndef MSGTABLE_TRAIL_H
#define MSGTABLE_TRAIL_H

#include "match.h"

/* As match_first(), with the same result, for the MESSAGE with that index. */
uint32_t trail_first(struct msgt_memory *memory, struct matcher *m, const struct template_row *templates, uint32_t count, uint32_t message);

#endif
