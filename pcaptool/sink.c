/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink.h"

#include <errno.h>
#include <unistd.h>

#include "options.h"

/* Standard output is one for the whole process, and so is its state. */
static enum sink_state state = SINK_OPEN;

enum sink_state sink_write(struct buffer *buffer)
{
    for (size_t done = 0; state == SINK_OPEN && done < buffer->length;) {
        ssize_t n = write(STDOUT_FILENO, buffer->data + done, buffer->length - done);
        if (n >= 0) {
            done += (size_t)n;
        } else if (errno == EPIPE) {
            state = SINK_CLOSED;
        } else if (errno != EINTR && errno != EAGAIN) {
            complain("standard output: %s", strerror(errno));
            state = SINK_FAILED;
        }
    }
    buffer->length = 0;
    return state;
}

bool sink_open(void) { return state == SINK_OPEN; }

int sink_status(int status) { return state == SINK_FAILED ? EXIT_TROUBLE : status; }
