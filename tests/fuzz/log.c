/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A collector's log: its lines, the tags in them, JSON, and text made comparable. */
#include "fuzz.h"

#include <stdlib.h>

#include "collector_log.h"

static void look_at_text(const uint8_t *text, size_t length)
{
    size_t trimmed = collector_log_trim(text, length);
    uint8_t *plain = malloc(length + 1);
    CHECK(trimmed <= length && plain);
    size_t count = collector_log_plain(text, trimmed, plain);
    CHECK(count <= trimmed);
    for (size_t i = 0; i < count; i++)
        CHECK(plain[i] >= ' ' && plain[i] < 0x7f);
    free(plain);
}

/* As octets that a datagram could have. */
static void look_at_octets(const uint8_t *data, size_t size)
{
    struct buffer string = {0}, devices = {0};
    look_at_text(data, size);
    if (collector_log_json(data, size, &string, &devices))
        look_at_text((const uint8_t *)string.data, string.length);
    CHECK(devices.length == 0 || devices.data[devices.length - 1] == 0);
    buffer_free(&string);
    buffer_free(&devices);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char error[LOG_ERROR_SIZE];
    const char *path = fuzz_file(0, data, size);
    struct log_line line;
    uint64_t count = 0;
    int result;
    look_at_octets(data, size);
    collector_log_look(path);
    struct collector_log *log = collector_log_open(path, error);
    if (!log) {
        CHECK(*error && memchr(error, 0, sizeof error));
        return 0;
    }
    while ((result = collector_log_next(log, &line)) > 0) {
        CHECK(line.number == ++count && line.length <= LOG_LINE_MAX);
        look_at_text(line.text, line.length);
    }
    CHECK(result == 0 || *collector_log_error(log));
    collector_log_close(log);
    return 0;
}
