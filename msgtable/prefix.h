/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What stands between priority and tag, in the forms of devices and relays:
 *
 *     [1] [counters] [time [zone]] [host] [program[pid]] [message repeated N times: [ …] [:]
 */
#ifndef MSGTABLE_PREFIX_H
#define MSGTABLE_PREFIX_H

#include "shape.h"

/* Reads the prefix word by word into a record without a time. Its shape is kept in the memory, which may be NULL, where others may have the same. */
void prefix_read(struct msgt_memory *memory, const struct prefix *prefix, struct msgt_record *record);

/* Syslog of somebody else, from behind the priority to END: a time, a host, and the rest is the message. */
void prefix_read_untagged(const uint8_t *datagram, size_t at, size_t end, struct msgt_record *record);

/* The tag is the APP-NAME of RFC 5424 when it stands right behind the host name: then PROCID, MSGID and structured data are behind it. Returns where
 * the text starts in [AT, END), and AT, which is behind the tag, when it is not so. */
size_t prefix_behind_app_name(const struct prefix *prefix, const struct msgt_record *record, size_t at, size_t end);

#endif
