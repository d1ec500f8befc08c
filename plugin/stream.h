/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Syslog over TCP (RFC 6587): messages with their length in front ("150 <166>…"), or ended by a line feed or NUL.
 *
 * What Wireshark's syslog does with TCP depends on its version: 4.0 takes each segment as one message, later ones know
 * lengths but no line feeds. So a "Decode As" of our own puts the stream together, a heuristic finds it on ports that
 * nobody claims, and what syslog itself hands over is taken apart the same way.
 */
#ifndef FTD_STREAM_H
#define FTD_STREAM_H

#include "packet-ftd.h"

/* One message in front of the octets. */
struct piece {
    size_t skip;   /* octets of the length field */
    size_t length; /* of the message, with what ends it; 0 when even the length field may go on */
};

/* What stands first; its end may lie behind the octets. */
struct piece stream_piece(const uint8_t *octets, size_t length);

void stream_hand_off(dissector_handle_t syslog);

#endif
