/* SPDX-License-Identifier: GPL-2.0-or-later */
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

int cmd_decode(struct options *options)
{
    struct writer writer = {.output = options->format, .style = &options->style, .day = WRITER_NO_DAY};
    unsigned threads = run_threads(options);
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
