/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "parallel.h"

#include "pipeline.h"
#include "run.h"
#include "sink.h"

enum { BATCH_DATAGRAMS = 256, BATCH_OCTETS = 1 << 17 };

struct batch {
    struct datagram datagrams[BATCH_DATAGRAMS];
    struct packet packets[BATCH_DATAGRAMS];
    unsigned count;
    struct buffer octets; /* the payloads; datagrams point into it once it is complete */
    struct writer writer; /* what was rendered */
    struct record_memory memory;
    uint64_t records;
};

struct parallel {
    const struct options *options;
    struct pipeline *pipeline;
    int64_t day; /* text: the date that was written last */
    uint64_t records;
};

static bool take(const struct record *record, void *user)
{
    struct batch *batch = user;
    batch->records++;
    batch->writer.output->record(&batch->writer, record);
    batch->writer.whole = batch->writer.buffer.length;
    return true;
}

static void render(void *data, void *user)
{
    struct batch *batch = data;
    const struct parallel *p = user;
    size_t at = 0;
    batch->writer = (struct writer){.buffer = batch->writer.buffer,
                                    .output = p->options->format,
                                    .style = &p->options->style,
                                    .day = WRITER_NO_DAY};
    batch->writer.buffer.length = 0;
    batch->records = 0;
    for (unsigned i = 0; i < batch->count; i++) {
        struct datagram *datagram = &batch->datagrams[i];
        datagram->octets = (const uint8_t *)batch->octets.data + at;
        datagram->packet = &batch->packets[i];
        at += datagram->length;
        run_records(p->options, &batch->memory, datagram, 0, take, batch);
    }
}

/* Text prints a date where it changes; a batch cannot know which one stands in front of it. */
static void join_days(struct parallel *p, struct writer *writer)
{
    if (writer->first_day_length && writer->first_day == p->day) {
        writer->buffer.length -= writer->first_day_length;
        memmove(writer->buffer.data, writer->buffer.data + writer->first_day_length, writer->buffer.length);
    }
    if (writer->day != WRITER_NO_DAY)
        p->day = writer->day;
}

static void finish(void *data, void *user)
{
    struct batch *batch = data;
    struct parallel *p = user;
    batch->writer.buffer.length = batch->writer.whole;
    join_days(p, &batch->writer);
    p->records += batch->records;
    sink_write(&batch->writer.buffer);
    batch->count = 0;
    batch->octets.length = 0;
}

static void release(void *data, void *user)
{
    struct batch *batch = data;
    (void)user;
    buffer_free(&batch->octets);
    buffer_free(&batch->writer.buffer);
}

struct parallel *parallel_new(const struct options *options, unsigned threads)
{
    struct parallel *p = g_new0(struct parallel, 1);
    const struct pipeline_stages stages = {sizeof(struct batch), render, finish, release, p};
    p->options = options;
    p->day = WRITER_NO_DAY;
    p->pipeline = pipeline_new(&stages, threads);
    return p;
}

bool parallel_add(struct parallel *p, const struct datagram *datagram)
{
    struct batch *batch = pipeline_batch(p->pipeline);
    batch->datagrams[batch->count] = *datagram;
    batch->packets[batch->count] = *datagram->packet;
    batch->count++;
    buffer_octets(&batch->octets, datagram->octets, datagram->length);
    if (batch->count == BATCH_DATAGRAMS || batch->octets.length >= BATCH_OCTETS)
        pipeline_submit(p->pipeline);
    return sink_open();
}

void parallel_flush(struct parallel *p)
{
    if (((struct batch *)pipeline_batch(p->pipeline))->count)
        pipeline_submit(p->pipeline);
    pipeline_drain(p->pipeline);
}

void parallel_rescue(struct parallel *p) { pipeline_rescue(p->pipeline); }

uint64_t parallel_free(struct parallel *p)
{
    uint64_t records = p->records;
    pipeline_free(p->pipeline);
    g_free(p);
    return records;
}
