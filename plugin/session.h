/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Links between the messages of one VPN session, and between the messages that open and close a connection.
 *
 * Everything is learnt on the first pass, in the order of the capture, and kept for as long as the capture is open. A
 * session is found again by what its messages share on one device: session ID, assigned address, client address, user.
 * Two sessions that turn out to be one (an address is assigned by session ID first and by user name later) are joined.
 */
#ifndef FTD_SESSION_H
#define FTD_SESSION_H

#include "packet-ftd.h"

/* What is known of one message's place; frames are 0 where there is none. */
struct session_view {
    bool in_session;
    uint32_t number, place, messages; /* place from 1 */
    uint32_t first, previous, next;
    nstime_t elapsed; /* since the first message */
    uint32_t setup, teardown;
    nstime_t duration; /* of the connection, at its teardown */
};

void session_register(int protocol, const struct msgt_table *table);

/* First pass: learns from the message. Later: does nothing. */
void session_learn(const struct message *m);

/* False when the message is linked to nothing. */
bool session_look(const struct message *m, struct session_view *view);

#endif
