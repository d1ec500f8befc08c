/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "live.h"

#include "confine.h"
#include "dump.h"
#include "inputs.h"

struct live {
    struct options *options;
    struct privilege privilege;
    struct dump *dump; /* or NULL */
    bool started;
};

struct live *live_new(struct options *options)
{
    char error[PRIVILEGE_ERROR_SIZE], *wrong = NULL;
    struct live *live = g_new0(struct live, 1);
    live->options = options;
    if (!privilege_choose(options->user, &live->privilege, error))
        wrong = g_strdup(error);
    else if (options->dump.path)
        live->dump = dump_open(&options->dump, &wrong);
    if (!wrong) {
        inputs_close_others(false, live->dump ? dump_descriptor(live->dump) : -1);
        return live;
    }
    complain("%s", wrong);
    g_free(wrong);
    g_free(live);
    return NULL;
}

static char *confine(struct capture *capture, void *user)
{
    struct live *live = user;
    const struct options *options = live->options;
    struct sandbox sandbox = {.socket = capture_socket(capture), .directory = live->dump ? dump_directory(live->dump) : -1};
    size_t count;
    char *wrong = confine_live(options, &live->privilege, &sandbox);
    if (!wrong && live->dump)
        wrong = dump_begin(live->dump, capture_interfaces(capture, &count));
    live->started = !wrong;
    if (!wrong || !live->privilege.change || !*live->privilege.name)
        return wrong;
    char *whole = g_strdup_printf("%s (as user %s, see --user)", wrong, live->privilege.name);
    g_free(wrong);
    return whole;
}

static char *save(const struct frame *frame, void *user)
{
    struct live *live = user;
    if (!live->dump)
        return NULL;
    return frame ? dump_frame(live->dump, frame) : dump_flush(live->dump);
}

struct source_live live_source(struct live *live)
{
    return (struct source_live){.opening = privilege_borrow, .opened = privilege_return, .ready = confine, .frame = save, .user = live};
}

static void say_count(struct buffer *text, const struct capture_interface *interface, enum capture_counter counter, const char *what)
{
    if (!(interface->known & 1 << counter))
        return;
    buffer_text(text, ", ");
    buffer_grouped(text, interface->count[counter]);
    buffer_text(text, what);
}

int live_end(struct live *live, const struct source_facts *facts, int status)
{
    char *wrong = live->dump ? dump_close(live->dump) : NULL;
    if (live->started) {
        struct buffer text = {0};
        buffer_grouped(&text, facts->frames);
        buffer_text(&text, facts->frames == 1 ? " frame" : " frames");
        say_count(&text, &facts->live, CAPTURE_OS_DROPPED, " dropped by the kernel");
        say_count(&text, &facts->live, CAPTURE_IF_DROPPED, " dropped by the interface");
        complain("%s: %.*s", live->options->interface, (int)text.length, text.data);
        buffer_free(&text);
    }
    if (wrong)
        complain("%s", wrong);
    g_free(live);
    if (!wrong)
        return status;
    g_free(wrong);
    return EXIT_TROUBLE;
}
