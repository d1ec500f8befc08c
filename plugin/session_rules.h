/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which messages belong to sessions and connections, as data. A new rule is a new row in session_rules.c. */
#ifndef FTD_SESSION_RULES_H
#define FTD_SESSION_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What tells sessions of a device apart, the surest first. */
enum identity { ID_SESSION, ID_ASSIGNED, ID_ASSIGNED6, ID_CLIENT, ID_USER, IDENTITIES };

enum { IDENTITY_FIELDS = 4, PAIR_RULES = 12, KEY_FIELDS = 5, IDS = 4 };

/* Names of fields that carry the identity; the first one present counts. */
extern const char *const identity_fields[IDENTITIES][IDENTITY_FIELDS];

/* Families whose messages belong to sessions: the ID's first three digits. */
bool rules_in_session(uint32_t id);

/* With this message the session is over. */
bool rules_ends_session(uint32_t id);

/* This message may still follow the end of its session. */
bool rules_follows_end(uint32_t id);

/* A connection: one of the setup messages and one of the teardown messages with equal key fields. */
struct pair_rule {
    uint32_t setup[IDS], teardown[IDS];
    const char *key[KEY_FIELDS];
};

extern const struct pair_rule pair_rules[PAIR_RULES];

/* True when the ID stands in that list. */
bool rules_among(const uint32_t ids[IDS], uint32_t id);

#endif
