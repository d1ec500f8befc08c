/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lines of a collector's log: rsyslog and syslog-ng in their traditional and ISO forms, JSON lines with the message in any
 * string (collector_json.c), plain messages. A form is not asked for: what a line says is what stands from its tag on.
 */
#ifndef FTDPCAP_COLLECTOR_LOG_H
#define FTDPCAP_COLLECTOR_LOG_H

#include "buffer.h"

/* What is longer is cut; the rest of the line is skipped, and the line counted. */
enum { LOG_LINE_MAX = 1 << 18, LOG_ERROR_SIZE = 256 };

struct collector_log;

struct log_line {
    uint64_t number;     /* from 1 */
    const uint8_t *text; /* the line, or the string of a JSON line that holds a tag; valid until the next call */
    size_t length;
    const char *devices; /* names and addresses that a JSON line gives its device, each with a NUL behind it */
    size_t devices_length;
};

/* What a regular file is, told by its first octets. */
enum log_look { LOOK_UNKNOWN, LOOK_TEXT, LOOK_CAPTURE };
enum log_look collector_log_look(const char *path);

/* `path` may be compressed, or "-". NULL with a sentence in `error` (LOG_ERROR_SIZE). */
struct collector_log *collector_log_open(const char *path, char *error);
void collector_log_close(struct collector_log *log);

/* 1 and a line, 0 at the end, -1 when reading failed (collector_log_error()). */
int collector_log_next(struct collector_log *log, struct log_line *line);
const char *collector_log_error(const struct collector_log *log);
/* How many lines so far were longer than LOG_LINE_MAX. */
uint64_t collector_log_cut(const struct collector_log *log);

/* The first string of a line of JSON that holds a tag and its text, without its escapes, replaces what `string` held. Where a tag
 * stands alone, the text is that of a key that is called "message" or the like, else the longest. `devices`: as in a line.
 * False: there is no tag. */
bool collector_log_json(const uint8_t *line, size_t length, struct buffer *string, struct buffer *devices);

/* The length without the octets that only end a message, also when they were escaped: #015. */
size_t collector_log_trim(const uint8_t *text, size_t length);

/* Text made comparable: escapes such as #012, \n and \x0a taken back, control octets as one blank, anything else that is no ASCII as
 * one question mark. Writes at most `length` octets and returns how many. */
size_t collector_log_plain(const uint8_t *text, size_t length, uint8_t *plain);

#endif
