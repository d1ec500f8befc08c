/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ops of a message's templates against a text. */
#ifndef MSGTABLE_MATCH_H
#define MSGTABLE_MATCH_H

#include "trace.h"

/* The first of COUNT templates, at most TEMPLATES_MAX, that consumes the text, with its values; COUNT when none does. */
uint32_t match_first(struct matcher *m, const struct template_row *templates, uint32_t count);

/* The same, and the way there. */
uint32_t match_traced(struct matcher *m, const struct template_row *templates, uint32_t count, struct trace *trace);

/* Ops from OP on, in front of END, fit the text from AT on; those of a template that ends, to its end. */
bool match_fits(struct matcher *m, const struct op *op, const struct op *end, const uint8_t *at);

/* A thorough matcher on one template: m->best is where it is left, or, with m->stop_at, the values are those in front of that. */
void match_closely(struct matcher *m, const struct template_row *row);

#endif
