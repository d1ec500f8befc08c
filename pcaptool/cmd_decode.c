/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib/gstdio.h>

#include "commands.h"
#include "run.h"
#include "sink.h"

enum { WRITE_AT = 1 << 16 };

static bool take(const struct record *record, void *user)
{
    struct writer *writer = user;
    writer->output->record(writer, record);
    return writer->buffer.length < WRITE_AT || sink_write(&writer->buffer) == SINK_OPEN;
}

static void flush(void *user) { sink_write(&((struct writer *)user)->buffer); }

/* What one thread does before another would be awake. */
#define WORTH_THREADS (8 << 20)

/* -j, or by default the number of cores for large files. Input that is watched while it comes, and -c, want one thread. */
static unsigned threads_for(const struct options *options)
{
    uint64_t size = 0;
    if (options->interface || options->limit)
        return 1;
    for (char **file = options->arguments; *file; file++) {
        GStatBuf status;
        if (strcmp(*file, "-") == 0)
            return 1;
        if (g_stat(*file, &status) == 0)
            size += (uint64_t)status.st_size;
    }
    unsigned wanted = options->threads ? options->threads : size >= WORTH_THREADS ? g_get_num_processors() : 1;
    return CLAMP(wanted, 1, 64);
}

int cmd_decode(struct options *options)
{
    struct writer writer = {.output = options->format, .style = &options->style, .day = WRITER_NO_DAY};
    unsigned threads = threads_for(options);
    struct run run;
    if (writer.output->begin)
        writer.output->begin(&writer);
    int status;
    if (threads > 1) {
        sink_write(&writer.buffer);
        status = run_printing(options, threads, &run);
    } else {
        status = run_inputs(options, take, flush, &writer, &run);
        sink_write(&writer.buffer);
    }
    buffer_free(&writer.buffer);
    if (run.records == 0)
        run_explain_nothing(options, &run);
    return status;
}
