/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "collector_log.h"

#include <glib.h>
#include <stdio.h>

#include "stream.h"

struct collector_log {
    struct stream *stream;
    FILE *file;
    uint64_t number, cut;
    uint8_t block[1 << 16];
    size_t at, have;
    bool ended, failed;
    struct buffer line, string, devices;
};

static enum log_look look_of(const uint8_t *octets, size_t size)
{
    bool text = size > 0;
    if (stream_is_pcap(octets, size) || stream_is_pcapng(octets, size))
        return LOOK_CAPTURE;
    for (size_t i = 0; i < size; i++)
        text = text && octets[i] != 0x7f && (octets[i] >= ' ' || (octets[i] >= '\t' && octets[i] <= '\r'));
    return text ? LOOK_TEXT : LOOK_UNKNOWN;
}

enum log_look collector_log_look(const char *path)
{
    char error[STREAM_ERROR_SIZE];
    const uint8_t *head;
    struct stream *stream = stream_open(path, error);
    if (!stream)
        return LOOK_UNKNOWN;
    size_t size = stream_head(stream, &head);
    enum log_look look = look_of(head, size);
    stream_close(stream);
    return look;
}

struct collector_log *collector_log_open(const char *path, char *error)
{
    struct collector_log *log = g_new0(struct collector_log, 1);
    log->stream = stream_open(path, error);
    if (log->stream && (log->file = stream_file(log->stream)))
        return log;
    if (log->stream)
        g_strlcpy(error, "out of memory", LOG_ERROR_SIZE);
    collector_log_close(log);
    return NULL;
}

void collector_log_close(struct collector_log *log)
{
    if (!log)
        return;
    if (log->file)
        fclose(log->file);
    if (log->stream)
        stream_close(log->stream);
    buffer_free(&log->line);
    buffer_free(&log->string);
    buffer_free(&log->devices);
    g_free(log);
}

const char *collector_log_error(const struct collector_log *log)
{
    const char *error = stream_error(log->stream);
    return *error ? error : "cannot be read";
}

uint64_t collector_log_cut(const struct collector_log *log) { return log->cut; }

static bool refill(struct collector_log *log)
{
    log->at = 0;
    log->have = log->ended ? 0 : fread(log->block, 1, sizeof log->block, log->file);
    log->ended = log->have < sizeof log->block;
    log->failed = log->failed || ferror(log->file);
    return log->have > 0;
}

/* False: nothing was left. */
static bool read_line(struct collector_log *log)
{
    bool any = false, cut = false;
    log->line.length = 0;
    while (log->at < log->have || refill(log)) {
        const uint8_t *from = log->block + log->at;
        const uint8_t *end = memchr(from, '\n', log->have - log->at);
        size_t length = end ? (size_t)(end - from) : log->have - log->at;
        size_t room = LOG_LINE_MAX - log->line.length;
        buffer_octets(&log->line, from, MIN(length, room));
        cut = cut || length > room;
        log->at += length + (end != NULL);
        any = true;
        if (end)
            break;
    }
    log->cut += cut;
    return any;
}

int collector_log_next(struct collector_log *log, struct log_line *line)
{
    if (!read_line(log))
        return log->failed ? -1 : 0;
    const uint8_t *text = (const uint8_t *)log->line.data;
    size_t length = log->line.length, blanks = 0;
    while (length && (text[length - 1] <= ' ' || text[length - 1] == 0x7f))
        length--;
    while (blanks < length && text[blanks] <= ' ')
        blanks++;
    *line = (struct log_line){.number = ++log->number, .text = text, .length = length};
    if (blanks < length && text[blanks] == '{' && collector_log_json(text, length, &log->string, &log->devices)) {
        line->text = (const uint8_t *)log->string.data;
        line->length = log->string.length;
        line->devices = log->devices.data;
        line->devices_length = log->devices.length;
    }
    return 1;
}

/* ---- Comparable text ---- */

/* The octet that an escape stands for, and how many octets the escape takes; 0: none stands here. */
static size_t read_escape(const uint8_t *text, size_t length, unsigned *octet)
{
    /* rsyslog's parser.controlCharacterEscapePrefix is '#' unless it is set */
    if (length >= 4 && (text[0] == '#' || text[0] == '\\') && text[1] >= '0' && text[1] <= '3' && text[2] >= '0' && text[2] <= '7' &&
        text[3] >= '0' && text[3] <= '7') {
        unsigned value = (unsigned)(text[1] - '0') << 6 | (unsigned)(text[2] - '0') << 3 | (unsigned)(text[3] - '0');
        if (value >= ' ' && value < 0x7f)
            return 0;
        *octet = value;
        return 4;
    }
    if (length >= 4 && text[0] == '\\' && text[1] == 'x' && g_ascii_isxdigit(text[2]) && g_ascii_isxdigit(text[3])) {
        *octet = (unsigned)(g_ascii_xdigit_value((char)text[2]) << 4 | g_ascii_xdigit_value((char)text[3]));
        return 4;
    }
    if (length >= 2 && text[0] == '\\' && text[1] && strchr("abefnrtv", text[1])) {
        *octet = '\n'; /* all of them become blanks */
        return 2;
    }
    return 0;
}

size_t collector_log_trim(const uint8_t *text, size_t length)
{
    unsigned octet;
    for (;;) {
        if (length && (text[length - 1] <= ' ' || text[length - 1] == 0x7f))
            length--;
        else if (length >= 4 && text[length - 4] == '#' && read_escape(text + length - 4, 4, &octet) && octet < ' ')
            length -= 4;
        else
            return length;
    }
}

size_t collector_log_plain(const uint8_t *text, size_t length, uint8_t *plain)
{
    size_t out = 0;
    for (size_t at = 0; at < length;) {
        unsigned octet = text[at];
        if (octet > ' ' && octet < 0x7f && octet != '?' && octet != '#' && octet != '\\') { /* as it stands, and no escape starts with it */
            plain[out++] = text[at++];
            continue;
        }
        size_t taken = read_escape(text + at, length - at, &octet);
        at += taken ? taken : 1;
        uint8_t as = octet <= ' ' || octet == 0x7f ? ' ' : octet >= 0x80 ? '?' : (uint8_t)octet;
        if ((as == ' ' && (out == 0 || plain[out - 1] == ' ')) || (as == '?' && out && plain[out - 1] == '?'))
            continue;
        plain[out++] = as;
    }
    while (out && plain[out - 1] == ' ')
        out--;
    return out;
}
