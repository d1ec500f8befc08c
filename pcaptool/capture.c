/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture.h"

#include <inttypes.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter.h"
#include "interrupt.h"
#include "link.h"
#include "live_counts.h"
#include "packed.h"
#include "pcapfile.h"
#include "pcapng.h"
#include "stream.h"

enum {
    LIVE_TIMEOUT = 100,     /* milliseconds that the kernel collects frames, and that we wait for them */
    LIVE_BUFFER = 16 << 20  /* octets the kernel holds for us: bursts of syslog are what we look for */
};

struct capture {
    struct stream *stream; /* NULL when live */
    pcap_t *pcap;          /* one of these */
    uint8_t *copy;         /* pcap and live: the frame, with FRAME_SPARE */
    size_t copy_size;
    struct pcapng *pcapng;
    struct pcapfile *pcapfile;
    const struct filter *filter; /* NULL: none, or the kernel has it */
    uint64_t frames; /* pcap and live */
    uint64_t unsupported_frames; /* pcapng: of other link types than supported ones */
    int unsupported;             /* that of the first */
    bool drained;    /* live: the kernel had nothing more, wait before asking again */
    volatile sig_atomic_t stop;
    enum capture_result last;           /* CAPTURE_FRAME until it ends */
    struct capture_interface interface; /* pcap and live */
    char *name;                         /* live */
    struct live_counts counts;          /* live, from when it was activated */
    bool activated;
    char error[CAPTURE_ERROR_SIZE];
};

const char *capture_grouped(uint64_t value, char text[CAPTURE_GROUPED_SIZE])
{
    char digits[21];
    int length = snprintf(digits, sizeof digits, "%" PRIu64, value);
    char *to = text;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            *to++ = ',';
        *to++ = digits[i];
    }
    *to = '\0';
    return text;
}

static enum capture_result fail(struct capture *capture, const char *what, const char *detail)
{
    snprintf(capture->error, sizeof capture->error, "%s%s%s", what, *detail ? ": " : "", detail);
    return CAPTURE_ERROR;
}

/* Writes "WHAT; N frames were read". */
static enum capture_result damaged(struct capture *capture, const char *what)
{
    char frames[CAPTURE_GROUPED_SIZE];
    uint64_t count = capture_frames(capture);
    snprintf(capture->error, sizeof capture->error, "%s; %s %s read", what, capture_grouped(count, frames),
             count == 1 ? "frame was" : "frames were");
    return CAPTURE_ERROR;
}

static const char *link_name(int link_type)
{
    const char *name = pcap_datalink_val_to_name(link_type);
    return name != NULL ? name : "unknown";
}

static enum capture_result unsupported(struct capture *capture, int link_type)
{
    snprintf(capture->error, sizeof capture->error, "link type %d (%s) is not supported", link_type, link_name(link_type));
    return CAPTURE_ERROR;
}

/* Some interfaces of a pcapng, or all, have another link type. */
static enum capture_result skipped(struct capture *capture)
{
    char some[CAPTURE_GROUPED_SIZE], all[CAPTURE_GROUPED_SIZE];
    if (capture->unsupported_frames == capture_frames(capture))
        return unsupported(capture, capture->unsupported);
    snprintf(capture->error, sizeof capture->error, "%s of %s frames could not be read: link type %d (%s) is not supported",
             capture_grouped(capture->unsupported_frames, some), capture_grouped(capture_frames(capture), all), capture->unsupported,
             link_name(capture->unsupported));
    return CAPTURE_ERROR;
}

/* Filters. */

/* The program for this link type, and frame, if there is one yet; NULL with the error set. */
static const struct bpf_program *program_for(struct capture *capture, int link_type, const struct frame *frame)
{
    const char *reason;
    const struct bpf_program *program = filter_program(capture->filter, link_type, frame, &reason);
    if (program == NULL)
        fail(capture, "the filter", reason);
    return program;
}

/* CAPTURE_FRAME: the frame passes; CAPTURE_IDLE: it does not. */
static enum capture_result apply_filter(struct capture *capture, const struct frame *frame)
{
    if (capture->filter == NULL)
        return CAPTURE_FRAME;
    if (!link_supported(frame->link_type)) /* no expression is about it */
        return CAPTURE_IDLE;
    const struct bpf_program *program = program_for(capture, frame->link_type, frame);
    if (program == NULL)
        return CAPTURE_ERROR;
    struct pcap_pkthdr header = {.caplen = frame->captured, .len = frame->wire};
    return pcap_offline_filter(program, &header, frame->data) != 0 ? CAPTURE_FRAME : CAPTURE_IDLE;
}

/* Reading. */

void frame_set_time(struct frame *frame, int64_t seconds, int64_t nanoseconds)
{
    if (nanoseconds < 0 || nanoseconds > 999999999) {
        seconds += nanoseconds / 1000000000;
        nanoseconds %= 1000000000;
        if (nanoseconds < 0) {
            seconds--;
            nanoseconds += 1000000000;
        }
    }
    frame->seconds = seconds;
    frame->nanoseconds = (uint32_t)nanoseconds;
}

static void set_time(struct frame *frame, const struct timeval *time, const struct capture *capture)
{
    bool live = capture->stream == NULL;
    /* libpcap reads the seconds of a file as signed; they are not (until 2106). Nanoseconds were asked for when opening. */
    int64_t seconds = live ? (int64_t)time->tv_sec : (int64_t)(uint32_t)time->tv_sec;
    frame_set_time(frame, seconds, live && capture->interface.precision == 6 ? time->tv_usec * 1000 : time->tv_usec);
}

static enum capture_result pcap_failed(struct capture *capture)
{
    const char *reason = pcap_geterr(capture->pcap);
    char number[CAPTURE_GROUPED_SIZE];
    char text[CAPTURE_ERROR_SIZE / 2];
    if (capture->stream == NULL)
        return damaged(capture, reason);
    if (*stream_error(capture->stream) != '\0')
        return damaged(capture, stream_error(capture->stream));
    bool cut = strncmp(reason, "truncated dump file", 19) == 0;
    snprintf(text, sizeof text, cut ? "the file ends inside frame %s" : "frame %s is damaged",
             capture_grouped(capture->frames + 1, number));
    return damaged(capture, text);
}

/*
 * Live: waits a moment for frames. libpcap's own timeout does not end a wait on a silent Linux interface, so reading
 * never blocks and poll(2) does.
 */
static void wait_for_frames(struct capture *capture)
{
    struct pollfd ready = {.fd = pcap_get_selectable_fd(capture->pcap), .events = POLLIN};
    poll(&ready, 1, LIVE_TIMEOUT);
    capture->drained = false;
}

/* What libpcap has may end where its memory does. */
static bool copy_frame(struct capture *capture, const uint8_t *data, size_t length)
{
    size_t size = length + FRAME_SPARE;
    if (capture->copy_size < size) {
        uint8_t *copy = calloc(1, size);
        if (copy == NULL)
            return false;
        free(capture->copy);
        capture->copy = copy;
        capture->copy_size = size;
    }
    if (length > 0)
        memcpy(capture->copy, data, length);
    return true;
}

static enum capture_result next_pcap(struct capture *capture, struct frame *frame)
{
    if (capture->drained)
        wait_for_frames(capture);
    struct pcap_pkthdr *header;
    const uint8_t *data;
    int status = pcap_next_ex(capture->pcap, &header, &data);
    if (status == 0) {
        capture->drained = true;
        return CAPTURE_IDLE;
    }
    if (status == PCAP_ERROR_BREAK)
        return CAPTURE_END;
    if (status < 0)
        return pcap_failed(capture);
    if (!copy_frame(capture, data, header->caplen))
        return damaged(capture, "no memory");
    frame->data = capture->copy;
    frame->number = ++capture->frames;
    capture->interface.frames = capture->frames;
    set_time(frame, &header->ts, capture);
    frame->captured = header->caplen;
    frame->wire = header->len < header->caplen ? header->caplen : header->len;
    frame->link_type = capture->interface.link_type;
    frame->interface = 0;
    frame->precision = capture->interface.precision;
    frame->flags = 0;
    frame->dropped = 0;
    return CAPTURE_FRAME;
}

static enum capture_result next_pcapfile(struct capture *capture, struct frame *frame)
{
    enum capture_result result = pcapfile_next(capture->pcapfile, frame);
    if (result == CAPTURE_FRAME)
        capture->frames = frame->number;
    if (result != CAPTURE_ERROR)
        return result;
    const char *reason = stream_error(capture->stream);
    if (*reason == '\0')
        reason = pcapfile_error(capture->pcapfile);
    return damaged(capture, *reason != '\0' ? reason : "no memory");
}

static enum capture_result next_pcapng(struct capture *capture, struct frame *frame)
{
    enum capture_result result = pcapng_next(capture->pcapng, frame);
    if (result == CAPTURE_FRAME) {
        if (!link_supported(frame->link_type) && capture->unsupported_frames++ == 0)
            capture->unsupported = frame->link_type;
    } else if (result == CAPTURE_END && capture->unsupported_frames > 0) {
        return skipped(capture);
    } else if (result == CAPTURE_ERROR) {
        const char *reason = pcapng_error(capture->pcapng);
        if (*reason != '\0')
            return fail(capture, reason, "");
        reason = stream_error(capture->stream);
        return damaged(capture, *reason != '\0' ? reason : "no memory");
    }
    return result;
}

static bool stopped(const struct capture *capture) { return capture->stop || interrupt_number() != 0; }

enum capture_result capture_next(struct capture *capture, struct frame *frame)
{
    bool live = capture->stream == NULL;
    enum capture_result result = CAPTURE_IDLE;
    if (capture->last != CAPTURE_FRAME)
        return capture->last;
    while (result == CAPTURE_IDLE && !stopped(capture)) {
        if (capture->pcapfile != NULL)
            result = next_pcapfile(capture, frame);
        else
            result = capture->pcapng != NULL ? next_pcapng(capture, frame) : next_pcap(capture, frame);
        if (result == CAPTURE_IDLE && live)
            return stopped(capture) ? CAPTURE_END : CAPTURE_IDLE;
        if (result == CAPTURE_FRAME)
            result = apply_filter(capture, frame);
    }
    if (result == CAPTURE_FRAME)
        return result;
    if (stopped(capture)) {
        /* What was cut off by stopping is no damage. */
        capture->error[0] = '\0';
        result = CAPTURE_END;
    }
    capture->last = result;
    return result;
}

/* Opening. */

static struct capture *allocate(char *error)
{
    struct capture *capture = calloc(1, sizeof *capture);
    if (capture == NULL) {
        snprintf(error, CAPTURE_ERROR_SIZE, "no memory");
        return NULL;
    }
    capture->last = CAPTURE_FRAME;
    *error = '\0';
    return capture;
}

/* What libpcap said of a pcap file header it refused. */
static enum capture_result header_failed(struct capture *capture, const char *reason)
{
    if (*stream_error(capture->stream) != '\0')
        return fail(capture, stream_error(capture->stream), "");
    if (strncmp(reason, "truncated dump file", 19) == 0)
        return fail(capture, "the file ends inside its header", "");
    return fail(capture, reason, "");
}

static enum capture_result open_pcap(struct capture *capture, const uint8_t *head)
{
    char reason[PCAP_ERRBUF_SIZE] = "";
    FILE *file = stream_file(capture->stream);
    if (file == NULL)
        return fail(capture, "no memory", "");
    capture->pcap = pcap_fopen_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO, reason);
    if (capture->pcap == NULL) {
        fclose(file);
        return header_failed(capture, reason);
    }
    bool nanoseconds = stream_is_nanosecond_pcap(head);
    int link_type = pcap_datalink(capture->pcap);
    capture->interface = (struct capture_interface){
        .link_type = link_type == DLT_RAW ? 101 : link_type,
        .snap_length = (uint32_t)pcap_snapshot(capture->pcap),
        .precision = nanoseconds ? 9 : 6,
    };
    if (!link_supported(capture->interface.link_type))
        return unsupported(capture, link_type);
    if (capture->filter != NULL && program_for(capture, capture->interface.link_type, NULL) == NULL)
        return CAPTURE_ERROR;
    return CAPTURE_FRAME;
}

static enum capture_result open_pcapfile(struct capture *capture, const uint8_t *head)
{
    capture->pcapfile = pcapfile_open(stream_read, capture->stream, head);
    if (capture->pcapfile == NULL)
        return fail(capture, *stream_error(capture->stream) != '\0' ? stream_error(capture->stream) : "no memory", "");
    capture->interface = *pcapfile_interface(capture->pcapfile);
    if (capture->filter != NULL && program_for(capture, capture->interface.link_type, NULL) == NULL)
        return CAPTURE_ERROR;
    return CAPTURE_FRAME;
}

static enum capture_result open_stream(struct capture *capture)
{
    const uint8_t *head;
    size_t size = stream_head(capture->stream, &head);
    if (pcapfile_knows(head, size))
        return open_pcapfile(capture, head);
    if (stream_is_pcap(head, size))
        return open_pcap(capture, head);
    if (stream_is_pcapng(head, size)) {
        capture->pcapng = pcapng_open(stream_read, capture->stream);
        return capture->pcapng != NULL ? CAPTURE_FRAME : fail(capture, "no memory", "");
    }
    if (size == 0)
        return fail(capture, "the file is empty", "");
    const char *packed = packed_refusal(head, size);
    return fail(capture, packed != NULL ? packed : "not a capture file (neither pcap nor pcapng)", "");
}

struct capture *capture_open(const char *path, const struct filter *filter, char *error)
{
    struct capture *capture = allocate(error);
    if (capture == NULL)
        return NULL;
    capture->filter = filter;
    char reason[STREAM_ERROR_SIZE];
    capture->stream = stream_open(path, reason);
    if (capture->stream == NULL)
        fail(capture, reason, "");
    else if (open_stream(capture) == CAPTURE_FRAME)
        return capture;
    snprintf(error, CAPTURE_ERROR_SIZE, "%s", capture->error);
    capture_close(capture);
    return NULL;
}

/* The sentence for what pcap_activate() returned. */
static enum capture_result activate_failed(struct capture *capture, int status)
{
    static const struct {
        int status;
        const char *sentence;
    } sentences[] = {
        {PCAP_ERROR_NO_SUCH_DEVICE, "no such interface"},
        {PCAP_ERROR_PERM_DENIED, "no permission to capture (needs CAP_NET_RAW)"},
        {PCAP_ERROR_PROMISC_PERM_DENIED, "no permission for promiscuous mode (needs CAP_NET_ADMIN)"},
        {PCAP_ERROR_IFACE_NOT_UP, "the interface is down"},
    };
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
        if (sentences[i].status == status)
            return fail(capture, sentences[i].sentence, "");
    const char *detail = pcap_geterr(capture->pcap);
    return fail(capture, pcap_statustostr(status), status == PCAP_ERROR ? detail : "");
}

static enum capture_result activate(struct capture *capture, const char *filter)
{
    pcap_t *pcap = capture->pcap;
    int refused = pcap_set_snaplen(pcap, CAPTURE_SNAP_LENGTH);
    refused |= pcap_set_promisc(pcap, 1);
    refused |= pcap_set_timeout(pcap, LIVE_TIMEOUT);
    refused |= pcap_set_buffer_size(pcap, LIVE_BUFFER);
    if (refused) /* only after activation: a fault of ours */
        return activate_failed(capture, PCAP_ERROR_ACTIVATED);
    bool nanoseconds = pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO) == 0;
    int status = pcap_activate(pcap);
    if (status < 0)
        return activate_failed(capture, status);
    char reason[PCAP_ERRBUF_SIZE] = "";
    live_counts_open(&capture->counts, capture->name, pcap_fileno(pcap));
    capture->activated = true;
    if (pcap_setnonblock(pcap, 1, reason) < 0)
        return fail(capture, reason, "");
    int link_type = pcap_datalink(pcap);
    capture->interface = (struct capture_interface){
        .name = capture->name,
        .link_type = link_type == DLT_RAW ? 101 : link_type,
        .snap_length = (uint32_t)pcap_snapshot(pcap),
        .precision = nanoseconds ? 9 : 6,
    };
    if (!link_supported(capture->interface.link_type))
        return unsupported(capture, link_type);
    if (filter == NULL)
        return CAPTURE_FRAME;
    struct bpf_program program;
    if (pcap_compile(pcap, &program, filter, 1, PCAP_NETMASK_UNKNOWN) != 0)
        return fail(capture, "the filter", pcap_geterr(pcap));
    status = pcap_setfilter(pcap, &program);
    pcap_freecode(&program);
    if (status != 0)
        return fail(capture, "the filter", pcap_geterr(pcap));
    return CAPTURE_FRAME;
}

struct capture *capture_open_live(const char *name, const char *filter, char *error)
{
    char reason[PCAP_ERRBUF_SIZE] = "";
    struct capture *capture = allocate(error);
    if (capture == NULL)
        return NULL;
    capture->name = strdup(name);
    capture->pcap = capture->name != NULL ? pcap_create(name, reason) : NULL;
    if (capture->pcap == NULL)
        fail(capture, *reason != '\0' ? reason : "no memory", "");
    else if (activate(capture, filter) == CAPTURE_FRAME)
        return capture;
    snprintf(error, CAPTURE_ERROR_SIZE, "%s", capture->error);
    capture_close(capture);
    return NULL;
}

void capture_close(struct capture *capture)
{
    if (capture == NULL)
        return;
    if (capture->activated)
        live_counts_close(&capture->counts);
    if (capture->pcap != NULL)
        pcap_close(capture->pcap);
    pcapng_close(capture->pcapng);
    pcapfile_close(capture->pcapfile);
    stream_close(capture->stream);
    free(capture->copy);
    free(capture->name);
    free(capture);
}

/* Asking. */

int capture_socket(const struct capture *capture) { return pcap_fileno(capture->pcap); }

const char *capture_error(const struct capture *capture) { return capture->error; }

void capture_stop(struct capture *capture)
{
    capture->stop = 1;
    if (capture->stream != NULL)
        stream_stop(capture->stream);
    else
        pcap_breakloop(capture->pcap);
}

void capture_on_wait(struct capture *capture, void (*waits)(void *user), void *user)
{
    if (capture->stream != NULL)
        stream_on_wait(capture->stream, waits, user);
}

uint64_t capture_frames(const struct capture *capture)
{
    return capture->pcapng != NULL ? pcapng_frames(capture->pcapng) : capture->frames;
}

bool capture_position(const struct capture *capture, uint64_t *done, uint64_t *total)
{
    *done = *total = 0;
    return capture->stream != NULL && stream_position(capture->stream, done, total);
}

const struct capture_interface *capture_interfaces(struct capture *capture, size_t *count)
{
    if (capture->pcapng != NULL)
        return pcapng_interfaces(capture->pcapng, count);
    if (capture->pcapfile != NULL) {
        *count = 1;
        return pcapfile_interface(capture->pcapfile);
    }
    struct capture_interface *interface = &capture->interface;
    if (capture->stream == NULL)
        live_counts_read(&capture->counts, interface);
    *count = 1;
    return interface;
}
