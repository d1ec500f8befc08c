/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Frames of one capture: a file, standard input or a live interface.
 *
 *     path ──► stream.h (decompressed by content) ─┬─► pcapfile.h
 *                                                  ├─► libpcap    (rare variants of pcap)
 *                                                  └─► pcapng.h
 *     interface ─────────────────────────────────────► libpcap    (live)
 *
 * A capture belongs to one thread at a time; only capture_stop() may be called from elsewhere.
 */
#ifndef FTDPCAP_CAPTURE_H
#define FTDPCAP_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Room for any sentence this module writes, including its NUL. */
#define CAPTURE_ERROR_SIZE 512

/* Longest frame taken from a live interface, and the snap length filters are compiled for. */
#define CAPTURE_SNAP_LENGTH 262144

/* Octets behind a frame that may be read, too, whatever they are: what copies its texts copies them in whole steps. */
enum { FRAME_SPARE = 32 };

struct capture;
struct filter;

/* One frame. `data` is borrowed and valid until the next call on the same capture; behind it are FRAME_SPARE octets. */
struct frame {
    uint64_t number;      /* from 1, counts every frame of the file, as Wireshark does */
    int64_t seconds;      /* since 1970-01-01 UTC */
    uint32_t nanoseconds; /* 0 to 999,999,999 */
    uint32_t captured;    /* bytes at data */
    uint32_t wire;        /* bytes on the wire; never below captured */
    int link_type;        /* LINKTYPE_ number (tcpdump.org/linktypes.html), see link.h */
    uint32_t interface;   /* index into capture_interfaces() */
    uint8_t precision;    /* digits of the time: 6 or 9; 0: the capture holds no time for it */
    uint32_t flags;       /* epb_flags of a pcapng block, 0 when absent */
    uint64_t dropped;     /* packets the capture lost just before this one; pcapng only, else 0 */
    const uint8_t *data;
};

/* Sets the time; a fraction beyond a second, or below zero, as some programs write it, moves the seconds. */
void frame_set_time(struct frame *frame, int64_t seconds, int64_t nanoseconds);

/* Counters an interface may have; a bit of capture_interface.known for each. */
enum capture_counter {
    CAPTURE_RECEIVED,   /* isb_ifrecv, ps_recv: packets the interface took in */
    CAPTURE_IF_DROPPED, /* isb_ifdrop, ps_ifdrop: lost by the interface */
    CAPTURE_OS_DROPPED, /* isb_osdrop, ps_drop: lost in the kernel, no room in the buffer */
    CAPTURE_ACCEPTED,   /* isb_filteraccept: passed the capture filter */
    CAPTURE_DELIVERED,  /* isb_usrdeliv: handed to the capturing program */
    CAPTURE_COUNTERS
};

/*
 * One interface of a capture. A pcap file has exactly one, without a name. Interfaces of a second
 * pcapng section follow those of the first. Strings are NUL-terminated and owned by the capture.
 */
struct capture_interface {
    const char *name;        /* if_name or the device; NULL when unknown */
    const char *description; /* if_description; NULL when unknown */
    int link_type;
    uint32_t snap_length; /* 0: no limit */
    uint32_t section;     /* from 0 */
    uint8_t precision;    /* 6 or 9 */
    uint8_t known;        /* bit 1 << enum capture_counter: count[] holds a value */
    uint64_t count[CAPTURE_COUNTERS];
    uint64_t frames;  /* frames of this interface read so far */
    uint64_t dropped; /* sum of frame.dropped so far, at most UINT64_MAX */
};

enum capture_result {
    CAPTURE_ERROR = -1, /* capture_error() has the sentence; frames before it were delivered */
    CAPTURE_END = 0,    /* the end, or capture_stop() */
    CAPTURE_FRAME = 1,
    CAPTURE_IDLE = 2 /* live only: nothing more is there for now; flush what waits, call again */
};

/*
 * Opens `path`, or standard input for "-": pcap (microseconds, nanoseconds, either byte order, and
 * the variants libpcap knows) or pcapng, plain or compressed (see stream.h), told by content.
 * `filter`, or NULL, selects after counting, so frame numbers stay those of the file; it is borrowed
 * until the capture is closed. A program for a link type is asked for when its first frame arrives.
 *
 * Returns NULL with a sentence in `error` (CAPTURE_ERROR_SIZE bytes, no path, no full stop):
 * `No such file or directory`, `is a directory`, `not a capture file (neither pcap nor pcapng)`,
 * `link type 105 (IEEE802_11) is not supported`, `the filter: syntax error`, …
 */
struct capture *capture_open(const char *path, const struct filter *filter, char *error);

/*
 * Opens interface `name` (or "any") for live capture in promiscuous mode with CAPTURE_SNAP_LENGTH.
 * `filter` is a pcap-filter(7) expression and runs in the kernel: frames it refuses are never numbered. Needs privileges only during
 * this call. Returns NULL with a sentence in `error` as capture_open() does.
 */
struct capture *capture_open_live(const char *name, const char *filter, char *error);

/* The descriptor that frames of a live capture come from. */
int capture_socket(const struct capture *capture);

/* Closes and frees; NULL is allowed. */
void capture_close(struct capture *capture);

/*
 * The next frame that passes the filter. After CAPTURE_END or CAPTURE_ERROR it keeps returning the
 * same. A frame whose link type link.h does not know is delivered all the same; a pcapng file some
 * of whose frames had none of the known ones ends with CAPTURE_ERROR.
 */
enum capture_result capture_next(struct capture *capture, struct frame *frame);

/*
 * Why the last call failed, e.g. `the file ends inside frame 1,733; 1,732 frames were read`.
 * Empty while nothing has failed. Valid until capture_close().
 */
const char *capture_error(const struct capture *capture);

/*
 * Makes capture_next() return CAPTURE_END soon. Async-signal-safe. A read that waits on a pipe only
 * notices when the signal interrupts it: install the handler without SA_RESTART.
 */
void capture_stop(struct capture *capture);

/*
 * WAITS is called whenever capture_next() is about to wait because a pipe has nothing for now: every
 * frame that is there was delivered. (A live capture returns CAPTURE_IDLE instead.)
 */
void capture_on_wait(struct capture *capture, void (*waits)(void *user), void *user);

/* Frames counted so far, whether or not they passed the filter. */
uint64_t capture_frames(const struct capture *capture);

/*
 * Progress in bytes of the file as stored (compressed bytes of a compressed file), off by at most
 * one read buffer. Returns false, with *done still set where known, when the size is unknown (pipe,
 * live). A system call each time: not for every frame.
 */
bool capture_position(const struct capture *capture, uint64_t *done, uint64_t *total);

/*
 * The interfaces met so far and their counters; complete after CAPTURE_END. For a live capture each
 * call asks the kernel anew. The array is valid until the next call on the capture.
 */
const struct capture_interface *capture_interfaces(struct capture *capture, size_t *count);

/* Writes `value` with commas between thousands ("1,732"); returns `text`. */
#define CAPTURE_GROUPED_SIZE 27
const char *capture_grouped(uint64_t value, char text[CAPTURE_GROUPED_SIZE]);

#endif
