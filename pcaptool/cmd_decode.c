/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <unistd.h>

#include "commands.h"
#include "run.h"
#include "sink.h"

enum { WRITE_AT = 1 << 16 };

static void write_whole(struct writer *writer)
{
    writer->buffer.length = writer->whole;
    writer->whole = 0;
    sink_write(&writer->buffer);
}

static bool take(const struct record *record, void *user)
{
    struct writer *writer = user;
    writer->output->record(writer, record);
    writer->whole = writer->buffer.length;
    if (writer->whole >= WRITE_AT)
        write_whole(writer);
    return sink_open(); /* what came seldom was written while nothing did */
}

static void flush(void *user) { write_whole(user); }

int cmd_decode(struct options *options)
{
    struct writer writer = {.output = options->format, .style = &options->style, .day = WRITER_NO_DAY};
    unsigned threads = run_threads(options);
    options->source.progress &= !isatty(STDOUT_FILENO); /* the records show it, and it would stand between them */
    struct run run;
    if (writer.output->begin)
        writer.output->begin(&writer);
    writer.whole = writer.buffer.length;
    int status;
    if (threads > 1) {
        write_whole(&writer);
        status = run_printing(options, threads, &run);
    } else {
        status = run_inputs(options, take, flush, &writer, &run);
        write_whole(&writer);
    }
    buffer_free(&writer.buffer);
    if (run.records == 0)
        run_explain_nothing(options, &run, status);
    return status;
}
