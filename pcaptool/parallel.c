/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "parallel.h"

#include "pipeline.h"
#include "run.h"
#include "sink.h"

/* Few large batches: each time that one changes the thread, what the threads know of it has to follow. RENDERED_MOST: a batch that comes to more is
 * rendered no further until it is its turn to be written. */
enum { BATCHES = 2, BATCH_DATAGRAMS = 1024, BATCH_OCTETS = 1 << 18, RENDERED_MOST = 1 << 20, COPIED_MOST = MSGT_DATAGRAM_MAX + COPY_STEP };

struct batch {
    struct datagram datagrams[BATCH_DATAGRAMS];
    struct packet packets[BATCH_DATAGRAMS];
    unsigned count;
    struct buffer octets; /* the payloads; datagrams point into it once it is complete */
    struct writer writer; /* what was rendered */
    unsigned at;          /* the datagram that is rendered next, */
    size_t from;          /* from this octet on */
    uint64_t records;
};

struct parallel {
    const struct options *options;
    struct pipeline *pipeline;
    int64_t day;   /* text: the date that was written last */
    gint rescuing; /* there is no memory, any thread said: what was rendered is written, and nothing more */
    bool ended;    /* nothing may stand behind what was written */
    uint64_t records;
};

static size_t copied_octets(const struct datagram *datagram) { return MIN(datagram->length, (size_t)COPIED_MOST); }

static bool take(const struct record *record, void *user)
{
    struct batch *batch = user;
    batch->records++;
    batch->writer.output->record(&batch->writer, record);
    batch->writer.whole = batch->writer.buffer.length;
    return batch->writer.whole < RENDERED_MOST;
}

/* From where the batch is, as far as there is room. */
static void render_more(const struct parallel *p, struct batch *batch, struct record_memory *memory)
{
    while (batch->at < batch->count) {
        const struct datagram *datagram = &batch->datagrams[batch->at];
        bool room = run_records(p->options, memory, datagram, &batch->from, take, batch);
        if (room || !run_goes_on(datagram, batch->from)) {
            batch->at++;
            batch->from = 0;
        }
        if (!room)
            break;
    }
}

static void render(void *data, void *memory, void *user)
{
    struct batch *batch = data;
    const struct parallel *p = user;
    const uint8_t *octets = (const uint8_t *)batch->octets.data;
    batch->writer = (struct writer){.buffer = batch->writer.buffer,
                                    .output = p->options->format,
                                    .style = &p->options->style,
                                    .day = WRITER_NO_DAY};
    batch->writer.buffer.length = 0;
    batch->records = 0;
    batch->at = 0;
    batch->from = 0;
    for (unsigned i = 0; i < batch->count; i++) {
        batch->datagrams[i].octets = octets;
        batch->datagrams[i].packet = &batch->packets[i];
        octets += copied_octets(&batch->datagrams[i]);
    }
    render_more(p, batch, memory);
}

/* Text prints a date where it changes; a batch cannot know which one stands in front of it. */
static void join_days(struct parallel *p, struct writer *writer)
{
    size_t behind = writer->first_day_at + writer->first_day_length;
    if (writer->first_day_length && writer->first_day == p->day && behind <= writer->buffer.length) {
        memmove(writer->buffer.data + writer->first_day_at, writer->buffer.data + behind, writer->buffer.length - behind);
        writer->buffer.length -= writer->first_day_length;
    }
    writer->first_day_length = 0;
    if (writer->day != WRITER_NO_DAY)
        p->day = writer->day;
}

/* The records that are whole. Again without more of them, it writes nothing. */
static void write_rendered(struct parallel *p, struct batch *batch)
{
    struct writer *writer = &batch->writer;
    writer->buffer.length = writer->whole;
    writer->whole = 0;
    if (writer->buffer.length > 0)
        join_days(p, writer);
    p->records += batch->records;
    batch->records = 0;
    sink_write(&writer->buffer);
}

static void finish(void *data, void *memory, void *user)
{
    struct batch *batch = data;
    struct parallel *p = user;
    while (!p->ended) {
        write_rendered(p, batch);
        if (batch->at == batch->count || !sink_open())
            break;
        if (g_atomic_int_get(&p->rescuing))
            p->ended = true;
        else
            render_more(p, batch, memory);
    }
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
    const struct pipeline_stages stages = {.batch = sizeof(struct batch),
                                           .batches = BATCHES,
                                           .own = sizeof(struct record_memory),
                                           .work = render,
                                           .finish = finish,
                                           .release = release,
                                           .user = p};
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
    buffer_octets(&batch->octets, datagram->octets, copied_octets(datagram));
    buffer_need(&batch->octets, FRAME_SPARE);
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

void parallel_rescue(struct parallel *p)
{
    g_atomic_int_set(&p->rescuing, true);
    pipeline_rescue(p->pipeline);
}

uint64_t parallel_free(struct parallel *p)
{
    uint64_t records = p->records;
    pipeline_free(p->pipeline);
    g_free(p);
    return records;
}
