/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which records a user asks for: --id, --severity, --device, --status, --where. Several kinds must all hold; several values of
 * one kind are alternatives, but each --where must hold. */
#ifndef FTDPCAP_SELECT_H
#define FTDPCAP_SELECT_H

#include "record.h"

struct selection;

struct selection *selection_new(void);
void selection_free(struct selection *selection);

/* Each takes the option's value and returns NULL, or a sentence to free with g_free(). */
char *selection_add_ids(struct selection *selection, const char *value);      /* 722051,725001-725022 */
char *selection_add_severity(struct selection *selection, const char *value); /* 0-4, warning, error-alert */
char *selection_add_device(struct selection *selection, const char *value);   /* fw1,192.0.2.0/24 */
char *selection_add_status(struct selection *selection, const char *value);   /* partial,truncated */
char *selection_add_where(struct selection *selection, const char *value);    /* user=ali* */

/* Resolves the names of --where. NULL or a sentence. Once, before the first match. */
char *selection_bind(struct selection *selection, const struct msgt_table *table);

/* Whether --status names no-tag: such messages are asked for then. */
bool selection_wants_untagged(const struct selection *selection);

/* Whether a device's messages may match in part: whatever but --device was asked for. */
bool selection_parts_devices(const struct selection *selection);

/* Whether anything was asked for, and whether a text has to be what --where says as a whole. */
bool selection_asked(const struct selection *selection);
bool selection_compares_texts(const struct selection *selection);
bool selection_names_twice(const struct selection *selection); /* a field, in conditions that must all hold */

bool selection_matches(const struct selection *selection, const struct record *record);

/* Ranges of message IDs as --id takes them; the function is called for each. False when the text is none. */
bool selection_parse_ids(const char *value, void (*add)(uint32_t first, uint32_t last, void *user), void *user);

#endif
