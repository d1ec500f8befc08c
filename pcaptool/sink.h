/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Standard output. A reader that went away ends things quietly; anything else that goes wrong is said once. */
#ifndef FTDPCAP_SINK_H
#define FTDPCAP_SINK_H

#include "buffer.h"

enum sink_state { SINK_OPEN, SINK_CLOSED /* the reader went away */, SINK_FAILED };

/* Looks what standard output is, once the locale is set. A terminal that the locale says to read something else than UTF-8 may act on
 * octets of a character, such as the 9b of U+00DB: it gets ASCII alone. */
void sink_look(void);

/* Writes the buffer and empties it. Once it is not SINK_OPEN, nothing is written any more. */
enum sink_state sink_write(struct buffer *buffer);

/* Whether writing still makes sense. */
bool sink_open(void);

/* The exit status that the state of the output asks for, given the one so far. */
int sink_status(int status);

#endif
