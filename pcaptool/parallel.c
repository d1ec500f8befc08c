/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "parallel.h"

#include "run.h"
#include "sink.h"

enum { BATCH_DATAGRAMS = 512, BATCH_OCTETS = 1 << 18, BATCHES_PER_THREAD = 3 };

enum batch_state { BATCH_FREE, BATCH_READY, BATCH_TAKEN, BATCH_DONE };

struct batch {
    struct datagram datagrams[BATCH_DATAGRAMS];
    struct packet packets[BATCH_DATAGRAMS];
    unsigned count;
    struct buffer octets; /* the payloads; datagrams point into it once it is complete */
    struct writer writer; /* what was rendered */
    struct record_memory memory;
    uint64_t records;
    enum batch_state state;
};

struct parallel {
    const struct options *options;
    GMutex mutex;
    GCond ready, done;
    GThread **threads;
    unsigned thread_count;
    bool ending;
    struct batch **batches; /* a ring: [oldest, next) are on their way */
    unsigned batch_count;
    uint64_t oldest, taken, next;
    int64_t day; /* text: the date that was written last */
    uint64_t records;
};

static struct batch *batch_at(const struct parallel *p, uint64_t number) { return p->batches[number % p->batch_count]; }

static bool take(const struct record *record, void *user)
{
    struct batch *batch = user;
    batch->records++;
    batch->writer.output->record(&batch->writer, record);
    return true;
}

static void render(const struct parallel *p, struct batch *batch)
{
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
        run_records(p->options, &batch->memory, datagram, take, batch);
    }
}

/* With the lock held: renders the next batch that nobody took. */
static void render_next(struct parallel *p)
{
    struct batch *batch = batch_at(p, p->taken++);
    batch->state = BATCH_TAKEN;
    g_mutex_unlock(&p->mutex);
    render(p, batch);
    g_mutex_lock(&p->mutex);
    batch->state = BATCH_DONE;
    g_cond_signal(&p->done);
}

static gpointer work(gpointer data)
{
    struct parallel *p = data;
    g_mutex_lock(&p->mutex);
    for (;;) {
        while (p->taken == p->next && !p->ending)
            g_cond_wait(&p->ready, &p->mutex);
        if (p->taken == p->next)
            break;
        render_next(p);
    }
    g_mutex_unlock(&p->mutex);
    return NULL;
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

/* With the lock held: waits for the oldest batch, rendering meanwhile, and writes it. */
static void write_oldest(struct parallel *p)
{
    struct batch *batch = batch_at(p, p->oldest);
    while (batch->state != BATCH_DONE) {
        if (p->taken < p->next)
            render_next(p);
        else
            g_cond_wait(&p->done, &p->mutex);
    }
    g_mutex_unlock(&p->mutex);
    join_days(p, &batch->writer);
    p->records += batch->records;
    sink_write(&batch->writer.buffer);
    g_mutex_lock(&p->mutex);
    batch->state = BATCH_FREE;
    batch->count = 0;
    batch->octets.length = 0;
    p->oldest++;
}

struct parallel *parallel_new(const struct options *options, unsigned threads)
{
    struct parallel *p = g_new0(struct parallel, 1);
    p->options = options;
    p->day = WRITER_NO_DAY;
    p->batch_count = threads * BATCHES_PER_THREAD;
    p->batches = g_new0(struct batch *, p->batch_count);
    for (unsigned i = 0; i < p->batch_count; i++)
        p->batches[i] = g_new0(struct batch, 1);
    g_mutex_init(&p->mutex);
    g_cond_init(&p->ready);
    g_cond_init(&p->done);
    p->thread_count = threads - 1;
    p->threads = g_new0(GThread *, threads);
    for (unsigned i = 0; i < p->thread_count; i++)
        p->threads[i] = g_thread_new("decode", work, p);
    return p;
}

/* Hands the batch that is being filled to the others. */
static void submit(struct parallel *p)
{
    g_mutex_lock(&p->mutex);
    batch_at(p, p->next)->state = BATCH_READY;
    p->next++;
    g_cond_signal(&p->ready);
    while (p->next - p->oldest == p->batch_count || (p->oldest < p->next && batch_at(p, p->oldest)->state == BATCH_DONE))
        write_oldest(p);
    g_mutex_unlock(&p->mutex);
}

bool parallel_add(struct parallel *p, const struct datagram *datagram)
{
    struct batch *batch = batch_at(p, p->next);
    batch->datagrams[batch->count] = *datagram;
    batch->packets[batch->count] = *datagram->packet;
    batch->count++;
    buffer_octets(&batch->octets, datagram->octets, datagram->length);
    if (batch->count == BATCH_DATAGRAMS || batch->octets.length >= BATCH_OCTETS)
        submit(p);
    return sink_open();
}

void parallel_flush(struct parallel *p)
{
    if (batch_at(p, p->next)->count)
        submit(p);
    g_mutex_lock(&p->mutex);
    while (p->oldest < p->next)
        write_oldest(p);
    g_mutex_unlock(&p->mutex);
}

uint64_t parallel_free(struct parallel *p)
{
    uint64_t records = p->records;
    g_mutex_lock(&p->mutex);
    p->ending = true;
    g_cond_broadcast(&p->ready);
    g_mutex_unlock(&p->mutex);
    for (unsigned i = 0; i < p->thread_count; i++)
        g_thread_join(p->threads[i]);
    for (unsigned i = 0; i < p->batch_count; i++) {
        buffer_free(&p->batches[i]->octets);
        buffer_free(&p->batches[i]->writer.buffer);
        g_free(p->batches[i]);
    }
    g_free(p->batches);
    g_free(p->threads);
    g_mutex_clear(&p->mutex);
    g_cond_clear(&p->ready);
    g_cond_clear(&p->done);
    g_free(p);
    return records;
}
