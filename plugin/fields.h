/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Filter names. Those of the record itself stand in a table here; those of the messages come from the catalogue's
 * dictionary, one for each field, or several where a value may be of several kinds:
 *
 *     ip             ftd.X (IPv4)   ftd.X6 (IPv6)   ftd.X_text (host name, mask, UNKNOWN)
 *     ip, X_ipv6     ftd.X_ipv6     ftd.X_ipv6_text; X_ipv4 likewise: the name says it all
 *     int, count     ftd.X          ftd.X_text (a number too large to be one)
 *     coded          ftd.X          ftd.X_text (its meaning)
 *
 * Names of our own, but for those of a record, have a dot in them: no field of the catalogue can take them.
 */
#ifndef FTD_FIELDS_H
#define FTD_FIELDS_H

#include "packet-ftd.h"

enum fixed_field {
    F_PRODUCT,
    F_CLASS,
    F_SEVERITY,
    F_ID,
    F_TITLE,
    F_TIMESTAMP,
    F_TIMESTAMP_TEXT,
    F_HOSTNAME,
    F_SEQUENCE,
    F_REPEAT,
    F_MESSAGE,
    F_STATUS,
    F_DIVERGES,
    F_EXPECTED,
    F_ABOUT,
    F_ACTION,
    F_NOTE,
    F_ADDR,
    F_ADDR6,
    F_ANY_PORT,
    F_ANY_USER,
    F_SESSION,
    F_SESSION_FIRST,
    F_SESSION_PREVIOUS,
    F_SESSION_NEXT,
    F_SESSION_ELAPSED,
    F_SETUP,
    F_TEARDOWN,
    F_DURATION,
    F_FIXED
};

/* Filters of one field of the catalogue; 0 where it has none. */
struct field_filters {
    int plain; /* of an address: for IPv4 */
    int ipv6, text;
    bool user; /* names a user: also found by ftd.any_user */
    bool port; /* also found by ftd.any_port */
};

/* Registers everything. The table must live as long as the program. */
void fields_register(int protocol, const struct msgt_table *table);

int fixed_filter(enum fixed_field field);
const char *fixed_label(enum fixed_field field, enum msgt_lang lang);
const struct field_filters *field_filters(uint16_t field);
/* Filter for the line of a group, such as ftd.group.source. */
int group_filter(uint16_t group);

#endif
