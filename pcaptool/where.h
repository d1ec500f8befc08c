/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The conditions of --where, all of which must hold: FIELD=VALUE, of a field, of what its codes mean, or of a key of
 * the record. */
#ifndef FTDPCAP_WHERE_H
#define FTDPCAP_WHERE_H

#include "record.h"

/* Of conditions, which it owns. */
GArray *where_new(void);

/* NULL, or a sentence to free with g_free(). */
char *where_add(GArray *where, const char *value);
/* Resolves the names, and tells what no value can be. Once, before the first match. */
char *where_bind(GArray *where, const struct msgt_table *table);

/* Whether a text has to be what a condition says as a whole. */
bool where_compares_texts(const GArray *where);
/* Two conditions have the same name: both must hold. */
bool where_names_twice(const GArray *where);

/* A condition of the status takes this one. */
bool where_wants_status(const GArray *where, enum msgt_status status);

bool where_matches(const GArray *where, const struct record *record);

#endif
