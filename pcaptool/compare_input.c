/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "compare_input.h"

#include "capture.h"
#include "collector_log.h"
#include "fragments.h"

struct input {
    const struct options *options;
    const char *path;
    struct capture *capture; /* this with its fragments, or the log */
    struct fragments *fragments;
    struct collector_log *log;
    char *wrong;
    uint64_t order;
};

struct input *input_open(const struct options *options, const char *path, bool log, char **wrong)
{
    char error[CAPTURE_ERROR_SIZE];
    struct input *input = g_new0(struct input, 1);
    input->options = options;
    input->path = path;
    if (log)
        input->log = collector_log_open(path, error);
    else if ((input->capture = capture_open(path, options->source.compiled, error)))
        input->fragments = fragments_new(NULL, NULL, NULL);
    if (input->log || input->fragments)
        return input;
    *wrong = g_strdup(input->capture ? "out of memory" : error);
    input_close(input);
    return NULL;
}

void input_close(struct input *input)
{
    if (!input)
        return;
    collector_log_close(input->log);
    fragments_free(input->fragments);
    capture_close(input->capture);
    g_free(input->wrong);
    g_free(input);
}

const char *input_wrong(const struct input *input) { return input->wrong; }
uint64_t input_cut(const struct input *input) { return input->log ? collector_log_cut(input->log) : 0; }

/* The item of a frame, or NULL when it holds no syslog. */
static struct item *take_frame(struct input *input, const struct frame *frame)
{
    struct packet packet;
    packet_parse(frame->link_type, frame->data, frame->captured, frame->wire, &packet);
    if (packet.kind == PACKET_FRAGMENT && fragments_add(input->fragments, frame, &packet) != FRAGMENTS_COMPLETE)
        return NULL;
    if (packet.kind != PACKET_UDP)
        return NULL;
    bool syslog = is_syslog_port(packet.src_port, packet.dst_port);
    if (!syslog && !msgt_has_tag(packet.payload, packet.payload_captured))
        return NULL;
    struct datagram datagram = {.file = input->path,
                                .frame = frame->number,
                                .seconds = frame->seconds,
                                .nanoseconds = frame->nanoseconds,
                                .precision = frame->precision,
                                .cut = packet.payload_captured < packet.payload_wire,
                                .packet = &packet,
                                .octets = packet.payload,
                                .length = packet.payload_captured};
    return item_of_datagram(input->options, &datagram);
}

static struct item *next_datagram(struct input *input)
{
    struct frame frame;
    enum capture_result result;
    while ((result = capture_next(input->capture, &frame)) > CAPTURE_END) {
        if (result != CAPTURE_FRAME)
            continue;
        struct item *item = take_frame(input, &frame);
        if (item)
            return item;
    }
    if (result == CAPTURE_ERROR && !input->wrong)
        input->wrong = g_strdup(capture_error(input->capture));
    return NULL;
}

static struct item *next_line(struct input *input)
{
    struct log_line line;
    int result;
    while ((result = collector_log_next(input->log, &line)) > 0) {
        if (line.length)
            return item_of_line(input->options, input->path, &line);
    }
    if (result < 0 && !input->wrong)
        input->wrong = g_strdup(collector_log_error(input->log));
    return NULL;
}

struct item *input_next(struct input *input)
{
    struct item *item = input->log ? next_line(input) : next_datagram(input);
    if (item)
        item->order = ++input->order;
    return item;
}
