/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The syslog datagrams of an input: frames, reassembled, and only those that are syslog.
 *
 *     capture ──► packet ──► fragments ──► UDP ──► has a tag, or is on port 514? ──► the caller
 */
#ifndef FTDPCAP_SOURCE_H
#define FTDPCAP_SOURCE_H

#include "capture.h"
#include "fragments.h"
#include "record.h"

enum { SYSLOG_PORT = 514, SOURCE_PORTS = 256, SOURCE_ETHERTYPES = 8 };

/* Syslog even without a tag: of its port, on either side. */
static inline bool is_syslog_port(uint16_t src_port, uint16_t dst_port) { return dst_port == SYSLOG_PORT || src_port == SYSLOG_PORT; }

/* Sees more than the syslog: what the diagnosis of a capture needs. All three are set or none. */
struct source_watch {
    /* Each frame's packet as it stands on the wire, then each reassembled datagram, before what it holds is delivered. */
    void (*packet)(const char *file, const struct frame *frame, const struct packet *packet, void *user);
    fragments_lost_fn *lost;
    /* The end of a file. The interfaces are known, and every lost fragment was told. */
    void (*end)(const char *file, const struct capture_interface *interfaces, size_t count, void *user);
    void *user;
};

/* A live capture opens its device in between, then is ready; a sentence, to free, ends it. */
struct source_live {
    void (*opening)(void), (*opened)(void);
    char *(*ready)(struct capture *capture, void *user);
    /* Each frame before it is looked at; NULL: nothing more is there for now. */
    char *(*frame)(const struct frame *frame, void *user);
    void *user;
};

struct source_options {
    const char *filter;  /* pcap-filter(7), or NULL: what an interface is asked for */
    const struct filter *compiled; /* the same for files, or NULL */
    bool untagged;       /* also syslog without an FTD or ASA tag */
    bool progress;       /* on standard error */
    const struct source_watch *watch; /* or NULL */
    struct source_live live;          /* all or none */
};

/* What was met, for those who find nothing. */
struct source_facts {
    uint64_t frames, passed;         /* in the files; what the filter left of them */
    uint64_t datagrams;              /* UDP */
    uint64_t tagged, untagged;       /* datagrams with a tag; on port 514 without one */
    uint64_t tcp;                    /* segments, which nobody looks into */
    uint64_t cut;                    /* those of the untagged that the capture cut in front of where a tag may be, and UDP without ports */
    uint64_t fragments_lost;         /* datagrams that never completed */
    struct port_count {
        uint16_t port;
        uint64_t count;
    } ports[SOURCE_PORTS];           /* the lower port of UDP, in the order of their first datagram */
    unsigned port_count;
    uint16_t unread[SOURCE_ETHERTYPES]; /* ethertypes of frames that nobody looks into, in the order of their first frame */
    unsigned unread_count;
    struct capture_interface live;   /* counters at the end of a live capture */
};

/* Called for each datagram; false ends the reading. */
typedef bool source_fn(const struct datagram *datagram, void *user);

struct source;

struct source *source_new(const struct source_options *options, source_fn *deliver, void *user);
void source_free(struct source *source);

/* Reads one file, "-" or, when LIVE, an interface. NULL or a sentence to free with g_free(). What could be read was delivered. */
char *source_read(struct source *source, const char *path, bool live);

const struct source_facts *source_facts(const struct source *source);

/* Frames of the input that is being read. */
uint64_t source_frames(const struct source *source);

/* When set, called while an input that is a pipe or live is silent, so that output does not wait. */
void source_on_idle(struct source *source, void (*idle)(void *user));

#endif
