/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Syslog over TCP, as framing.h has it.
 *
 * What Wireshark's syslog does with TCP depends on its version: 4.0 takes each segment as one message, later ones know
 * lengths but no line feeds. So a "Decode As" of our own puts the stream together, a heuristic finds it on ports that
 * nobody claims, and what syslog itself hands over is taken apart the same way.
 */
#ifndef FTD_STREAM_H
#define FTD_STREAM_H

#include "packet-ftd.h"

void stream_hand_off(dissector_handle_t syslog);

#endif
