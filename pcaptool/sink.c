/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink.h"

#include <errno.h>
#include <glib.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "options.h"
#include "text.h"

/* Standard output is one for the whole process, and so is its state. */
static enum sink_state state = SINK_OPEN;
static bool ascii_only;

void sink_look(void)
{
    bool said = strcmp(setlocale(LC_CTYPE, NULL), "C") != 0; /* by default nothing is, and terminals read UTF-8 */
    ascii_only = said && g_ascii_strcasecmp(nl_langinfo(CODESET), "UTF-8") != 0 && isatty(STDOUT_FILENO);
}

/* Of a file: DONE octets of BUFFER were written; what is no whole line is taken back, unless somebody else has written behind it. */
static void take_back(const struct buffer *buffer, size_t done)
{
    struct stat status;
    const char *end = done ? memrchr(buffer->data, '\n', done) : NULL;
    off_t part = (off_t)(done - (end ? (size_t)(end + 1 - buffer->data) : 0));
    off_t at = lseek(STDOUT_FILENO, 0, SEEK_CUR);
    if (part == 0 || fstat(STDOUT_FILENO, &status) != 0 || !S_ISREG(status.st_mode) || at != status.st_size || at < part)
        return;
    int refused = ftruncate(STDOUT_FILENO, at - part);
    (void)refused;
}

/* Somebody made standard output not wait. */
static void wait_for_reader(void)
{
    struct pollfd ready = {.fd = STDOUT_FILENO, .events = POLLOUT};
    poll(&ready, 1, -1);
}

static void make_ascii(struct buffer *buffer)
{
    struct buffer ascii = {0};
    text_ascii(&ascii, buffer->data, buffer->length);
    buffer_free(buffer);
    *buffer = ascii;
}

enum sink_state sink_write(struct buffer *buffer)
{
    if (ascii_only)
        make_ascii(buffer);
    for (size_t done = 0; state == SINK_OPEN && done < buffer->length;) {
        ssize_t n = write(STDOUT_FILENO, buffer->data + done, buffer->length - done);
        if (n >= 0) {
            done += (size_t)n;
        } else if (errno == EPIPE) {
            state = SINK_CLOSED;
        } else if (errno == EAGAIN) {
            wait_for_reader();
        } else if (errno != EINTR) {
            int number = errno;
            state = SINK_FAILED; /* before memory may end, and all is tried once more */
            take_back(buffer, done);
            complain("standard output: %s", strerror(number));
        }
    }
    buffer->length = 0;
    return state;
}

bool sink_open(void) { return state == SINK_OPEN; }

int sink_status(int status) { return state == SINK_FAILED ? EXIT_TROUBLE : status; }
