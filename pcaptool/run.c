/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "run.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "ahead.h"
#include "confine.h"
#include "inputs.h"
#include "interrupt.h"
#include "live.h"
#include "memory.h"
#include "parallel.h"

struct state {
    struct options *options;
    run_fn *take;
    run_flush_fn *flush;
    run_flush_fn *rescue; /* the same when there is no memory left */
    void *user;
    struct run *run;
    struct source *source;
    const char *input; /* that is read */
    struct ahead *ahead; /* or NULL: one thread does all */
    struct record_memory *memory; /* of this thread */
    struct sandbox sandbox; /* of files */
};

static void flush_idle(void *user)
{
    struct state *state = user;
    state->flush(state->user);
}

size_t record_decode(struct record *record, const struct view *view, struct msgt_memory *headers, const struct datagram *datagram, size_t from)
{
    record->view = view;
    record->datagram = datagram;
    const struct msgt_hints hints = {headers, datagram->tag.span.length ? &datagram->tag : NULL};
    return msgt_decode_with(&hints, view->table, datagram->octets, datagram->length, from, datagram->cut ? MSGT_CUT : 0, &record->message);
}

/* In line with the function that it is for. */
static inline __attribute__((always_inline)) bool each_record(const struct options *options, struct record_memory *memory, const struct datagram *datagram,
                                                              size_t *from, run_fn *take, void *user)
{
    struct record record; /* large: not cleared, msgt_decode() fills it */
    record.memory = memory;
    do {
        *from = record_decode(&record, &options->view, memory ? &memory->headers : NULL, datagram, *from);
        if (selection_matches(options->selection, &record) && !take(&record, user))
            return false;
    } while (run_goes_on(datagram, *from));
    return true;
}

bool run_records(const struct options *options, struct record_memory *memory, const struct datagram *datagram, size_t *from, run_fn *take,
                 void *user)
{
    return each_record(options, memory, datagram, from, take, user);
}

static bool take_record(const struct record *record, void *user)
{
    struct state *state = user;
    state->run->records++;
    return state->take(record, state->user) && state->run->records != state->options->limit;
}

static bool take_datagram(const struct datagram *datagram, void *user)
{
    struct state *state = user;
    size_t from = 0;
    return each_record(state->options, state->memory, datagram, &from, take_record, state);
}

static bool take_for_threads(const struct datagram *datagram, void *user)
{
    return parallel_add(((struct state *)user)->user, datagram);
}

static void flush_threads(void *user) { parallel_flush(user); }
static void rescue_threads(void *user) { parallel_rescue(user); }

static void say_interrupted(const struct state *state, const char *input)
{
    char frames[CAPTURE_GROUPED_SIZE];
    uint64_t count = source_facts(state->source)->frames;
    state->flush(state->user);
    complain("%s: interrupted; %s %s read in all", inputs_shown(input), capture_grouped(count, frames), count == 1 ? "frame was" : "frames were");
}

/* Other threads than the one that reads do not come back from finishing. */
static void no_memory(void *user)
{
    struct state *state = user;
    char frames[CAPTURE_GROUPED_SIZE], line[512]; /* complain() would allocate */
    state->rescue(state->user);
    capture_grouped(state->source ? source_frames(state->source) : 0, frames);
    int length = snprintf(line, sizeof line, "ftdpcap: %.300s: out of memory near frame %s; what was decoded until then is written\n",
                          state->source ? inputs_shown(state->input) : "at the end", frames);
    for (int i = 0; i < length - 1; i++)
        if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
            line[i] = '?';
    ssize_t written = write(STDERR_FILENO, line, (size_t)length);
    (void)written;
    _exit(EXIT_TROUBLE);
}

/* Before there are further threads. */
static bool open_inputs(struct state *state)
{
    const struct options *options = state->options;
    *state->run = (struct run){0};
    return options->interface || confine_open(options, (const char *const *)options->arguments, 1, &state->sandbox);
}

/* One of them. False: something was wrong, and it was said. */
static bool read_input(struct state *state, const char *input, bool live)
{
    if (strcmp(input, "-") == 0)
        state->flush(state->user); /* it may let us wait before it is open */
    char *wrong = source_read(state->source, state->input = input, live);
    if (interrupt_number() && !live) {
        say_interrupted(state, input);
        g_clear_pointer(&wrong, g_free); /* of what could not be read any more */
    }
    if (!wrong)
        return true;
    state->flush(state->user); /* what was read stands in front of what went wrong */
    complain("%s: %s", inputs_shown(input), wrong);
    g_free(wrong);
    return false;
}

static int read_inputs(struct state *state, source_fn *deliver)
{
    struct options *options = state->options;
    char *interface[] = {options->interface, NULL};
    struct live *live = NULL;
    int status = EXIT_DONE;

    if (options->interface) {
        if (!(live = live_new(options)))
            return EXIT_TROUBLE;
        options->source.live = live_source(live);
    } else {
        confine_enter(options, &state->sandbox);
    }
    state->source = source_new(&options->source, deliver, state);
    source_on_idle(state->source, flush_idle);
    interrupt_catch();
    memory_at_end((struct memory_end){.finish = no_memory, .user = state});
    for (char **input = live ? interface : options->arguments; *input && !interrupt_number(); input++)
        if (!read_input(state, *input, live != NULL))
            status = EXIT_TROUBLE;
    state->run->facts = *source_facts(state->source);
    source_free(state->source);
    state->source = NULL;
    inputs_close();
    if (live) {
        state->flush(state->user);
        return live_end(live, &state->run->facts, status);
    }
    return interrupt_number() ? EXIT_TROUBLE : status;
}

/* What one thread does before another would be awake. */
#define WORTH_THREADS (8 << 20)

unsigned run_threads(const struct options *options)
{
    uint64_t size = 0;
    if (options->interface || options->limit)
        return 1;
    for (char **file = options->arguments; *file; file++) {
        GStatBuf status;
        if (strcmp(*file, "-") == 0 && !options->threads)
            return 1;
        if (g_stat(*file, &status) == 0)
            size += (uint64_t)status.st_size;
    }
    unsigned wanted = options->threads ? options->threads : size >= WORTH_THREADS ? g_get_num_processors() : 1;
    return CLAMP(wanted, 1, 64);
}

static bool take_ahead(const struct datagram *datagram, void *user)
{
    return ahead_add(((struct state *)user)->ahead, datagram);
}

int run_inputs(struct options *options, run_fn *take, run_flush_fn *flush, void *user, struct run *run)
{
    struct state state = {.options = options, .take = take, .flush = flush, .rescue = flush, .user = user, .run = run};
    unsigned threads = run_threads(options);
    if (!open_inputs(&state))
        return EXIT_TROUBLE;
    if (threads == 1) {
        state.memory = g_new0(struct record_memory, 1);
        int status = read_inputs(&state, take_datagram);
        state.flush(user);
        memory_at_end((struct memory_end){.finish = NULL});
        g_free(state.memory);
        return status;
    }
    const struct source_watch *watch = options->source.watch;
    state.ahead = ahead_new(options, threads, watch, take_record, &state);
    struct source_watch between = ahead_watch(state.ahead);
    options->source.watch = watch ? &between : NULL;
    int status = read_inputs(&state, take_ahead);
    ahead_flush(state.ahead);
    memory_at_end((struct memory_end){.finish = NULL});
    ahead_free(state.ahead);
    options->source.watch = watch;
    return status;
}

int run_printing(struct options *options, unsigned threads, struct run *run)
{
    struct state state = {.options = options, .flush = flush_threads, .rescue = rescue_threads, .run = run};
    if (!open_inputs(&state))
        return EXIT_TROUBLE;
    struct parallel *parallel = state.user = parallel_new(options, threads);
    int status = read_inputs(&state, take_for_threads);
    parallel_flush(parallel);
    memory_at_end((struct memory_end){.finish = NULL});
    run->records = parallel_free(parallel);
    return status;
}

static int by_count(const void *a, const void *b)
{
    const struct port_count *left = a, *right = b;
    return (left->count < right->count) - (left->count > right->count);
}

static void say_frames(struct buffer *text, uint64_t count)
{
    buffer_grouped(text, count);
    buffer_text(text, count == 1 ? " frame" : " frames");
}

static void say_ports(struct buffer *text, const struct source_facts *facts)
{
    struct port_count ports[SOURCE_PORTS];
    memcpy(ports, facts->ports, sizeof ports);
    qsort(ports, facts->port_count, sizeof *ports, by_count);
    buffer_text(text, "UDP seen on ports ");
    for (unsigned i = 0; i < facts->port_count && i < 8; i++)
        buffer_format(text, "%s%u", i ? ", " : "", ports[i].port);
    buffer_text(text, facts->port_count > 8 ? " and others; no datagram on 514" : "; no datagram on 514");
}

static void say_no_udp(struct buffer *text, const struct source_facts *facts)
{
    buffer_text(text, facts->unread_count ? "no UDP seen" : "no UDP at all");
    if (facts->tcp)
        buffer_text(text, "; syslog over TCP is for the Wireshark plugin");
    if (facts->unread_count)
        buffer_text(text, facts->unread_count == 1 ? "; not looked into: ethertype " : "; not looked into: ethertypes ");
    for (unsigned i = 0; i < facts->unread_count; i++)
        buffer_format(text, "%s0x%04x", i ? ", " : "", facts->unread[i]);
}

/* What there was instead of syslog. */
static void say_instead(struct buffer *text, const struct source_facts *facts)
{
    buffer_text(text, "no FTD or ASA syslog in ");
    if (facts->passed < facts->frames) {
        buffer_text(text, "what -f passes, ");
        buffer_grouped(text, facts->passed);
        buffer_text(text, " of ");
    }
    say_frames(text, facts->frames);
    buffer_text(text, " (");
    if (facts->cut) {
        buffer_grouped(text, facts->cut);
        buffer_text(text, facts->cut == 1 ? " UDP datagram was" : " UDP datagrams were");
        buffer_text(text, " cut by the capture before a tag could stand: -s 0 of tcpdump captures whole frames");
    } else if (facts->fragments_lost) {
        buffer_grouped(text, facts->fragments_lost);
        buffer_text(text, facts->fragments_lost == 1 ? " fragmented datagram is" : " fragmented datagrams are");
        buffer_text(text, " not complete: ftdpcap check says which");
    } else if (facts->untagged) {
        buffer_grouped(text, facts->untagged);
        buffer_text(text, facts->untagged == 1 ? " other syslog message" : " other syslog messages");
        buffer_text(text, " on port 514: --all shows them");
    } else if (facts->port_count == 0) {
        say_no_udp(text, facts);
    } else {
        say_ports(text, facts);
    }
    buffer_char(text, ')');
}

/* There are messages, and none of them was asked for. */
static void say_not_asked(struct buffer *text, const struct options *options, const struct source_facts *facts)
{
    buffer_text(text, "no message in ");
    say_frames(text, facts->frames);
    buffer_text(text, " is what was asked for");
    if (selection_names_twice(options->selection))
        buffer_text(text, " (all --where must hold)");
    else if (selection_compares_texts(options->selection))
        buffer_text(text, " (--where compares whole texts; * stands for anything)");
}

void run_explain_nothing(const struct options *options, const struct run *run, int status)
{
    const struct source_facts *facts = &run->facts;
    struct buffer text = {0};
    bool some = facts->tagged || (options->source.untagged && facts->untagged);
    if (some && !selection_asked(options->selection))
        return;
    if (facts->frames == 0 && (status != EXIT_DONE || options->interface)) /* that was said */
        return;
    if (some) {
        say_not_asked(&text, options, facts);
    } else if (facts->frames == 0) {
        buffer_text(&text, "there are no frames in it");
    } else if (facts->passed == 0) {
        buffer_text(&text, "-f passes none of ");
        say_frames(&text, facts->frames);
    } else {
        say_instead(&text, facts);
    }
    char **files = options->arguments;
    const char *name = options->interface ? options->interface : files[1] ? "all files" : inputs_shown(files[0]);
    complain("%s: %.*s", name, (int)text.length, text.data);
    buffer_free(&text);
}
