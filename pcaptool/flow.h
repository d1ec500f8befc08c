/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who speaks to whom, as far as `check` needs to remember it: in bounded memory, whatever the capture holds.
 *
 *     sender (a source address) ◄── flow (sender → collector:port)      device (a host name, else a source address)
 *
 * Past the bound of a table newcomers are counted (untracked) and have no state: what is known of the others stays true.
 * Devices past the bound share one state, for what is counted message by message.
 * Each family of findings has its own members in these structures.
 */
#ifndef FTDPCAP_FLOW_H
#define FTDPCAP_FLOW_H

#include <glib.h>

#include "capture.h"
#include "counter.h"
#include "hit.h"
#include "record.h"

enum { FLOW_TABLE_MAX = 2048, SILENCE_GAPS = 9, FLOW_CACHE = 64, GAP_BINS = 64, LIMITS = 7, FEEDS_MAX = 256,
       SERIES_MAX = 64, RATE_MAX = 1024 };

struct address {
    uint8_t version;
    uint8_t octets[16];
};

static inline struct address address_of(uint8_t version, const uint8_t *octets)
{
    struct address address = {.version = version};
    memcpy(address.octets, octets, version == 6 ? 16 : 4);
    return address;
}

static inline bool same_address(const struct address *a, const struct address *b) { return memcmp(a, b, sizeof *a) == 0; }

struct sender {
    struct address address;
    struct flow *flows;   /* that it sends, the newest first */
    char *name;           /* host name of its messages; NULL: none, or more than one */
    bool many_names;      /* a relay */
    bool namesake;        /* another sender has the name, too; known at the end */
    const struct device *device; /* the last one by which `name` was judged */
    bool syslog;
    bool elsewhere;       /* packets to hosts that it does not log to were seen */
    struct counter ids;   /* IP ID over everything it sends */
    struct {
        uint64_t good, unknown;   /* unknown: absent, or cut */
        struct hit *bad, *pseudo; /* pseudo: the field holds the pseudo header's sum */
    } ip_sum, udp_sum;
    struct hit *duplicates;
    uint64_t routed; /* of them, with another hop limit */
    uint64_t copied; /* datagrams that they are copies of */
};

struct flow {
    struct sender *sender;
    struct flow *older;   /* of the same sender */
    struct address to;
    uint16_t port;
    struct device *named, *unnamed; /* of its last message with a host name, and of those without; or NULL */
    struct feed *feed;    /* of its last message; or NULL */
    uint16_t receiver;    /* of check_burst.c, from 1 */
    uint64_t datagrams;
    int64_t last_time;
    uint32_t last_input;
    bool has_cards;
    uint8_t cards[12];    /* Ethernet addresses of the last frame: next hop (0: not told), then who sent it here */
    struct counter ids;   /* IP ID of this flow alone */
    struct hit *backwards; /* capture time */
    struct hit *legs;     /* datagrams that came before with other addresses */
    const struct flow *first_leg; /* those of the first of them */
    struct hit *twins;    /* datagrams that came at once before, where IP IDs do not tell them from copies */
    uint64_t alone, paired; /* that did not, and may have such twins; those of them that had */
    bool mirrored;        /* such twins were taken for copies */
};

struct clock_minute {
    struct msgt_time stamp; /* the last one of its sort */
    int64_t epoch, near;    /* seconds since 1970 at the start of its minute, as found at capture time `near` */
    bool zoned;
};

struct clock_level {
    bool zoned;           /* the stamps name their zone, */
    bool given;           /* or had to be given that of --tz */
    uint32_t input;       /* the file of the last stamp at the level */
    unsigned settled;     /* stamps behind `level`, up to 16 */
    double level;         /* device time minus capture time, seconds */
    double widest;        /* of the levels at which other files ended, that farthest from 0 */
    double first;         /* the level once it had settled */
    int64_t first_time;
    unsigned strays;      /* in a row, that agree with each other */
    double stray;
    uint64_t stray_frame;
    int64_t stray_time;
    int64_t last_time;    /* of the last stamp at the level */
    uint64_t stamps, lone; /* all, and those that neither the level nor a step explains */
    uint64_t steps;
    double step;          /* the first one */
    double paused;        /* capture time that went by in front of it, seconds; less than 0: it ran back */
    struct hit *jump, *skew;
};

/* What the counters of the IP ID say of a time: of the sender, and of the flow alone. */
struct id_count {
    const struct flow *flow; /* NULL: nothing */
    struct {
        uint64_t missing, far;
    } of[2];
};

struct device {
    char *name;
    uint32_t name_length;
    bool crowd;                      /* not one device: all those past the bound */
    uint64_t messages;
    uint32_t longest;                /* octets of a message */
    struct hit *findings[MSGT_FINDINGS];
    struct cut_length {
        uint64_t count, weight;
        uint32_t length;
    } cuts[8];                       /* truncated messages by length, see check_message.c */
    uint64_t cut_elsewhere;
    uint64_t only_cut;               /* of these, with nothing else that makes them malformed */
    struct at_limit {
        struct hit *hit;             /* messages that stop there, with what may be their end */
        uint64_t near;               /* those that end a little before */
        uint32_t ends[3];            /* their last octets, as far as they differ; 0: none */
    } at_limits[LIMITS];             /* by row of limits[] in check_message.c */
    struct hit *reports, *splits;
    uint32_t report_id;
    struct counter numbers;          /* sequence in the messages, whichever way they came */
    const struct flow *numbered_in;  /* the last one of these */
    struct series *series;                /* by flow, once there are several */
    unsigned series_count;
    struct {
        uint64_t shared, joined, apart;
    } turns;                         /* from a way to another: the number was on the other one, too; goes on with it; is of another count */
    struct clock_minute minutes[4];  /* of stamps with and without a year, a zone */
    struct clock_level clocks[2];    /* of stamps without a zone and with one: a relay may write others than the device */
    const struct sender *stamped_by; /* the last one of these */
    struct unit *units;              /* by sender, once there are several */
    unsigned unit_count;
    bool series_full, units_full;      /* some have no room */
    int64_t last_time;               /* of its stamps */
    double offset;                   /* of the stamp of the message at hand to the capture, seconds */
    enum device_stamp { NO_STAMP, STAMP_WITHOUT_ZONE, STAMP_WITH_ZONE } stamp; /* what that message has */
    struct feed *feeds;              /* the newest first */
    unsigned feed_count;
};

/* The numbers of a device's messages in one flow: those to one of several collectors, or of one of several devices with its name. */
struct series {
    struct series *next;                /* of the same device */
    const struct flow *flow;
    struct counter numbers;
};

/* The clock of one of several senders with a device's name. */
struct unit {
    struct unit *next;               /* of the same device */
    const struct sender *sender;
    int64_t last_time;
    struct clock_level clocks[2];
};

/* What a device sends to one collector: to each of several all of it, so that they are not counted together. */
struct feed {
    struct feed *next;               /* of the same device */
    const struct device *device;
    struct address to;
    uint16_t port;
    uint64_t messages;
    int64_t last_time;
    uint64_t last_frame;
    uint64_t others_at, elsewhere_at; /* messages of other devices, and to other collectors, up to its last one */
    const char *last_file;
    uint32_t last_run, last_input;   /* of check.h */
    struct id_count last_ids;
    double last_offset;
    enum device_stamp last_stamp;
    uint8_t last_precision;
    struct {
        int64_t second;              /* the one at hand */
        uint8_t precision;           /* of the first in it */
        uint32_t count, before;      /* messages in it, and in the one before */
        uint64_t frame;              /* the first in it */
        const char *file;
        uint32_t *seconds;           /* by count, of those that follow one with about as many; RATE_MAX of them, or NULL */
        uint32_t low;                /* seconds of less than half the highest count so far */
        uint32_t highest;
        struct hit *top;             /* seconds of the highest count */
    } rate;
    uint64_t gaps_seen;
    double gaps_total;
    int64_t longest_gap;
    uint64_t gap_bins[GAP_BINS];     /* by powers of the square root of two, from a microsecond */
    struct {
        int64_t length, from;
        uint64_t frame;
        uint64_t others, elsewhere;  /* messages of other devices meanwhile, and its own to other collectors */
        double mean;                 /* of the pauses before, 0: no steady rhythm, or one that explains it */
        struct id_count ids;         /* missing, and leaps, meanwhile */
        const char *file;
        uint8_t precision;
    } gaps[SILENCE_GAPS];            /* the longest, longest first; without the first ones, which no rhythm is known for */
};

struct flows {
    GHashTable *senders, *flows, *devices;
    uint64_t untracked;
    unsigned feed_count, series_count, unit_count;
    struct flow *last_flows[FLOW_CACHE];
    struct device *last_device;
    struct device *crowd;            /* no row of devices: a device may have its name; NULL: there is none */
    const char *crowd_name;
};

struct flows *flows_new(void);
void flows_free(struct flows *flows);

/* Each finds, or makes when MAKE; NULL: there is none, or no room. */
struct sender *flows_sender(struct flows *flows, uint8_t version, const uint8_t *address, bool make);
/* Addresses as a packet has them: of IPv4 with zeros behind them. */
struct flow *flows_flow(struct flows *flows, uint8_t version, const uint8_t src[16], const uint8_t dst[16], uint16_t port,
                        bool make);
struct device *flows_device(struct flows *flows, const char *name, size_t length); /* never NULL */

/* What the device sends to where the flow goes; NULL: no room. */
struct feed *flows_feed(struct flows *flows, struct device *device, struct flow *flow);

/* Not for enemies. */
uint64_t flows_hash(const uint8_t *octets, size_t length);

/* Whether a packet of the sender goes to one host, and to none that it logs to. What goes to these, or to all, tells nothing of what the capture point sees
 * of the rest. */
bool flows_leads_elsewhere(const struct sender *sender, const struct packet *packet);

/* Marks senders with one name: two devices, or a device and the relay that passes it on. */
void flows_find_namesakes(struct flows *flows);

#endif
