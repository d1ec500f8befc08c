/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pipeline.h"

#include <glib.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>

#include "memory.h"

enum slot_state { SLOT_FREE, SLOT_READY, SLOT_TAKEN, SLOT_DONE, SLOT_FAILED /* memory ended within it */ };

struct slot {
    void *batch;
    enum slot_state state;
};

struct pipeline {
    struct pipeline_stages stages;
    GMutex mutex;
    GCond ready, done;
    GThread *caller;
    struct worker {
        struct pipeline *pipeline;
        GThread *thread; /* the first is the caller */
        void *own;
    } *workers;
    unsigned worker_count, started;
    unsigned working; /* threads that still do */
    bool ending;
    struct slot *slots; /* a ring: [oldest, next) are on their way, next is being filled */
    unsigned slot_count;
    uint64_t oldest, taken, next;
};

/* What this thread works on. */
static _Thread_local struct slot *mine;

static struct slot *slot_at(const struct pipeline *p, uint64_t number) { return &p->slots[number % p->slot_count]; }

/* With the lock held: works on the next batch that nobody took. */
static void work_next(struct pipeline *p, void *own)
{
    struct slot *slot = slot_at(p, p->taken++);
    slot->state = SLOT_TAKEN;
    g_mutex_unlock(&p->mutex);
    mine = slot;
    p->stages.work(slot->batch, own, p->stages.user);
    mine = NULL;
    g_mutex_lock(&p->mutex);
    slot->state = SLOT_DONE;
    g_cond_signal(&p->done);
}

static gpointer run(gpointer data)
{
    struct worker *worker = data;
    struct pipeline *p = worker->pipeline;
    g_mutex_lock(&p->mutex);
    for (;;) {
        while (p->taken == p->next && !p->ending)
            g_cond_wait(&p->ready, &p->mutex);
        if (p->ending)
            break;
        work_next(p, worker->own);
    }
    g_mutex_unlock(&p->mutex);
    return NULL;
}

/* With the lock held: waits for the oldest batch, working meanwhile, and finishes it. */
static void finish_oldest(struct pipeline *p)
{
    struct slot *slot = slot_at(p, p->oldest);
    while (slot->state != SLOT_DONE) {
        if (slot->state == SLOT_FAILED) {
            g_mutex_unlock(&p->mutex);
            memory_exhausted();
        }
        if (p->taken < p->next)
            work_next(p, p->workers[0].own);
        else
            g_cond_wait(&p->done, &p->mutex);
    }
    g_mutex_unlock(&p->mutex);
    p->stages.finish(slot->batch, p->workers[0].own, p->stages.user);
    g_mutex_lock(&p->mutex);
    slot->state = SLOT_FREE;
    p->oldest++;
}

/* glibc gives each thread a heap of its own, and opens a file when it gives back memory of one: what a sandbox refuses. Batches keep what they
 * allocated, so that one heap is no bottleneck. */
static void share_heap(void)
{
#ifdef M_ARENA_MAX
    mallopt(M_ARENA_MAX, 1);
#endif
}

static bool start(struct worker *worker)
{
    worker->thread = g_thread_try_new("work", run, worker, NULL);
    return worker->thread;
}

struct pipeline *pipeline_new(const struct pipeline_stages *stages, unsigned threads)
{
    struct pipeline *p = g_new0(struct pipeline, 1);
    p->stages = *stages;
    p->slot_count = threads * stages->batches;
    p->slots = g_new0(struct slot, p->slot_count);
    for (unsigned i = 0; i < p->slot_count; i++)
        p->slots[i].batch = g_malloc0(stages->batch);
    g_mutex_init(&p->mutex);
    g_cond_init(&p->ready);
    g_cond_init(&p->done);
    share_heap();
    p->caller = g_thread_self();
    p->workers = g_new0(struct worker, threads);
    for (unsigned i = 0; i < threads; i++)
        p->workers[i] = (struct worker){.pipeline = p, .own = g_malloc0(stages->own)};
    p->working = threads - 1;
    p->worker_count = threads;
    p->started = 1;
    while (p->started < threads && start(&p->workers[p->started]))
        p->started++;
    g_mutex_lock(&p->mutex);
    p->working -= threads - p->started;
    g_mutex_unlock(&p->mutex);
    return p;
}

void *pipeline_batch(const struct pipeline *p) { return slot_at(p, p->next)->batch; }

void pipeline_submit(struct pipeline *p)
{
    g_mutex_lock(&p->mutex);
    slot_at(p, p->next)->state = SLOT_READY;
    p->next++;
    g_cond_signal(&p->ready);
    while (p->next - p->oldest == p->slot_count || (p->oldest < p->next && slot_at(p, p->oldest)->state == SLOT_DONE))
        finish_oldest(p);
    g_mutex_unlock(&p->mutex);
}

void pipeline_drain(struct pipeline *p)
{
    g_mutex_lock(&p->mutex);
    while (p->oldest < p->next)
        finish_oldest(p);
    g_mutex_unlock(&p->mutex);
}

/* With the lock held: whether the slot's batch can be finished, when nobody works on it any more. */
static bool settle(struct pipeline *p, const struct slot *slot)
{
    g_cond_broadcast(&p->ready);
    while (slot->state == SLOT_TAKEN || (slot->state == SLOT_READY && p->working))
        g_cond_wait(&p->done, &p->mutex);
    return slot->state == SLOT_DONE || slot->state == SLOT_FAILED;
}

void pipeline_rescue(struct pipeline *p)
{
    g_mutex_lock(&p->mutex); /* nobody allocates while holding it */
    if (mine)
        mine->state = SLOT_FAILED;
    if (g_thread_self() != p->caller) {
        p->working--;
        g_cond_broadcast(&p->done);
        g_mutex_unlock(&p->mutex);
        for (;;)
            g_usleep(G_USEC_PER_SEC);
    }
    for (bool gap = false; !gap && p->oldest < p->next && settle(p, slot_at(p, p->oldest)); p->oldest++) {
        gap = slot_at(p, p->oldest)->state == SLOT_FAILED;
        p->stages.finish(slot_at(p, p->oldest)->batch, p->workers[0].own, p->stages.user);
    }
    g_mutex_unlock(&p->mutex);
}

void pipeline_free(struct pipeline *p)
{
    g_mutex_lock(&p->mutex);
    p->ending = true;
    g_cond_broadcast(&p->ready);
    g_mutex_unlock(&p->mutex);
    for (unsigned i = 1; i < p->started; i++)
        g_thread_join(p->workers[i].thread);
    for (unsigned i = 0; i < p->worker_count; i++)
        g_free(p->workers[i].own);
    for (unsigned i = 0; i < p->slot_count; i++) {
        p->stages.release(p->slots[i].batch, p->stages.user);
        g_free(p->slots[i].batch);
    }
    g_free(p->slots);
    g_free(p->workers);
    g_mutex_clear(&p->mutex);
    g_cond_clear(&p->ready);
    g_cond_clear(&p->done);
    g_free(p);
}
