/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One template line → ops. The grammar is in catalog/README.md. */
#ifndef MSGTABLE_PATTERN_H
#define MSGTABLE_PATTERN_H

#include "builder.h"

enum { PATTERN_FORMS_MAX = TEMPLATES_MAX, PATTERN_STOPS_MAX = 64, PATTERN_SOURCE_MAX = 8192, PATTERN_PATHS_MAX = 20000 };

struct pattern_error {
    size_t at;      /* octet of the template as written */
    char text[200];
};

/* Appends the ops of SOURCE, once for each combination of the forms of its pieces, and a template row for each.
 * Returns how many rows were added, or 0 with *ERROR filled (what was appended then does no harm). */
unsigned pattern_compile(struct builder *builder, const char *source, uint16_t line, struct pattern_error *error);

/* Resolves \\ \n \t \r \xHH and \ before a character of ALSO. False with *AT at the backslash. */
bool pattern_unescape(const char *source, size_t length, const char *also, GString *out, size_t *at);

#endif
