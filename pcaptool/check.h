/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What went wrong with the syslog of a capture. One pass:
 *
 *     packet ─► families[].packet ─┐
 *     record ─► families[].record ─┼─► state per sender, flow and device (flow.h)
 *     end    ─► families[].finish ─┴─► findings, notes on what was clean or could not be used ─► check_report.c
 *
 * A new family is a file check_NAME.c with these functions and a row in check.c; a new code is a row in check_codes.c.
 */
#ifndef FTDPCAP_CHECK_H
#define FTDPCAP_CHECK_H

#include "buffer.h"
#include "flow.h"
#include "recent.h"
#include "sentence.h"
#include "source.h"

/* CONTRACT.md, section 3. The codes of single messages keep the order of enum msgt_finding, from CHECK_MESSAGE on. */
enum check_code {
    CHECK_ICMP_UNREACHABLE,
    CHECK_ICMP_PROHIBITED,
    CHECK_ICMP_TTL_EXCEEDED,
    CHECK_ICMP_FRAG_NEEDED,
    CHECK_FRAGMENT_MISSING,
    CHECK_IP_ID_GAP,
    CHECK_SEQUENCE_GAP,
    CHECK_SILENCE,
    CHECK_RATE_PLATEAU,
    CHECK_BURST,
    CHECK_ARP_UNANSWERED,
    CHECK_DEVICE_REPORTS_LOSS,
    CHECK_BAD_UDP_CHECKSUM,
    CHECK_BAD_IP_CHECKSUM,
    CHECK_CHECKSUM_OFFLOAD,
    CHECK_DUPLICATE,
    CHECK_REORDERED,
    CHECK_CAPTURE_DROPS,
    CHECK_CLOCK_SKEW,
    CHECK_CLOCK_JUMP,
    CHECK_SPLIT_MESSAGE,
    CHECK_MESSAGE,
    CHECK_CODES = CHECK_MESSAGE + MSGT_FINDINGS
};

enum check_kind { CHECK_LOSS, CHECK_MALFORMED, CHECK_CAPTURE, CHECK_CLOCK, CHECK_KINDS };
enum check_severity { CHECK_ERROR, CHECK_WARNING, CHECK_NOTE, CHECK_SEVERITIES };
enum check_confidence { CHECK_CERTAIN, CHECK_LIKELY, CHECK_POSSIBLE };
/* What a finding rests on: what is there; what is missing here, which the capture may have lost; that nothing was said, which need
 * not be loss. */
enum check_evidence { BY_PRESENCE, BY_ABSENCE, BY_QUIET };

struct check_code_row {
    const char *code;               /* "": msgt_finding() has it; see check_code_name() */
    enum check_kind kind;
    enum check_severity severity;
    const char *advice[MSGT_LANGS]; /* the setting or command that fixes it; may hold {size} and the like */
    const char *how[MSGT_LANGS];    /* how the finding is derived */
    enum check_evidence evidence;
};

const struct check_code_row *check_code(enum check_code code);
const char *check_code_name(enum check_code code);

struct finding {
    enum check_code code;
    enum check_severity severity;
    enum check_confidence confidence;
    char *device;
    struct hit hit;
    char *detail, *advice;
};

extern sentence_text check_part_selected; /* why something could not be used */

/* One packet in the light of what is known. */
struct sight {
    const char *file;
    const struct frame *frame;
    const struct packet *packet;
    int64_t time;           /* nanoseconds since 1970 */
    struct sender *sender;  /* NULL: no IP, or no room */
    struct flow *flow;      /* NULL: no syslog, or no room */
    struct feed *feed;      /* of the record at hand; NULL: no room */
    bool datagram;          /* a whole syslog datagram */
    bool duplicate;
    bool other_leg;         /* what it says came before, with other addresses */
    bool continued;         /* the rest of the message before: no message of its own */
};

/* What is said to be clean, or not usable. Rows in check_report.c. */
enum check_topic {
    TOPIC_REFUSALS, TOPIC_FRAGMENTS, TOPIC_IP_IDS, TOPIC_SEQUENCE, TOPIC_RHYTHM, TOPIC_BURSTS, TOPIC_ARP, TOPIC_DEVICE_REPORTS,
    TOPIC_CHECKSUMS, TOPIC_DUPLICATES, TOPIC_ORDER, TOPIC_MESSAGES, TOPIC_CLOCKS, TOPICS, NO_TOPIC = TOPICS
};

/* What a family could not use, and why; or found fine. */
struct remark {
    enum check_topic topic;
    char *what, *device, *why;
};

struct check {
    const struct view *view;
    uint64_t rcvbuf, drain;
    bool part_selected;          /* messages of a device may be missing because nobody asked for them */
    struct flows *flows;
    struct recents *recents;     /* of the file at hand */
    struct sight sight;          /* of the packet at hand */
    const struct datagram *datagram;
    uint32_t input;              /* files, from 1 */
    int64_t first_time, now;     /* capture time, the latest over all files */
    int64_t latest_here;         /* in the file at hand, INT64_MIN: none yet */
    int64_t began_here;          /* the first one in that, if any */
    uint32_t run;                /* files that go on where the one before ended, from 1 */
    int64_t ended, pause;        /* the latest in the file before, INT64_MIN: none; the longest between two frames of the run */
    bool timed;
    uint64_t frames, datagrams, messages, malformed, duplicates;
    bool returns;                /* something that goes back to a device was seen: a refusal would have been, too */
    bool counted_ids, numbered, summed, singled; /* IP IDs, sequence numbers, UDP checksums that could be used; datagrams told from copies */
    uint64_t unsent;             /* findings of loss above a note: nothing was sent, and nothing lost on the way */
    bool limited;                /* the capture cannot carry a verdict on loss */
    void **states;               /* one for each family */
    struct finding *latest;      /* raised last; its family may still change it */
    GPtrArray *kept[CHECK_SEVERITIES]; /* struct finding: all others, as long as there is room */
    uint64_t unfound;            /* findings without room */
    uint64_t raised[CHECK_CODES][CHECK_SEVERITIES]; /* with those */
    enum check_confidence surest_loss; /* of all that was raised above a note; CHECK_POSSIBLE, too, as long as there is none */
    GPtrArray *findings;         /* those kept, most serious first; made at the end */
    GPtrArray *unusable, *trust; /* struct remark */
    GPtrArray *clocks;           /* char *: "fw1 +0.2 s" */
    GStringChunk *strings;       /* of check_number() and its like */
};

struct check_family {
    size_t state;                                                 /* octets, zeroed; 0: none */
    bool crowd;                                                   /* record() also for devices past the bound */
    enum check_sees { SEES_ALL, SEES_SYSLOG, SEES_OTHERS } sees;  /* packet(): of whole datagrams of syslog, and other packets */
    void (*packet)(struct check *check, void *state);             /* check->sight */
    void (*record)(struct check *check, void *state, struct device *device, const struct record *record);
    void (*lost)(struct check *check, void *state, const struct fragments_lost *lost);
    void (*end)(struct check *check, void *state, const struct capture_interface *interfaces, size_t count);
    void (*finish)(struct check *check, void *state);
};

extern const struct check_family check_capture, check_duplicate, check_icmp, check_fragment, check_checksum, check_order,
    check_burst, check_arp, check_message, check_split, check_device, check_sequence, check_silence, check_rate, check_clock;

struct check *check_new(const struct view *view, uint64_t rcvbuf, uint64_t drain);
void check_free(struct check *check);
/* The hooks; the watch's `user` is the check. */
struct source_watch check_watch(struct check *check);
bool check_record(const struct record *record, void *user);
/* Draws the conclusions, most serious first. */
void check_finish(struct check *check);
/* Whether anything above a note was found. */
bool check_found(const struct check *check);

/* ---- For the families ---- */

/* Nanoseconds since 1970 for any seconds that a file may claim: bounded so that differences do not overflow. */
int64_t check_time(int64_t seconds, uint32_t nanoseconds);
/* Counts at a place, making the hit when it is not there. */
void check_hit_at(struct hit **hit, uint64_t count, const char *file, uint64_t frame, int64_t time, uint8_t precision);
/* At the packet at hand. Places are kept of the first ones only. */
static inline void check_hit(struct check *check, struct hit **hit, uint64_t count)
{
    const struct sight *s = &check->sight;
    if (*hit && (*hit)->frame_count == HIT_FRAMES)
        (*hit)->count += count;
    else
        check_hit_at(hit, count, s->file, s->frame ? s->frame->number : 0, s->time, s->frame ? s->frame->precision : 0);
}
/* Adds MORE, which is no longer the caller's; the place, and the frames, are of the earlier one's file. */
void check_hit_join(struct hit **hit, struct hit *more);
/* Takes a number of the packet at hand as counter_take() does, and keeps where some were skipped. */
int64_t check_count(struct check *check, struct counter *counter, uint32_t number, uint32_t modulus_bits);
/* Where numbers are missing, and how many: those of the leaps that a start explains as well, or all others. */
struct hit check_missing(const struct counter *counter, bool leaps);
/* Takes back the last count, which was one. */
void check_unhit(struct hit *hit);

/* A finding with the code's severity, which may be changed until the next one is raised; the detail and the parameters of detail and
 * advice: name, text, …, NULL. */
struct finding *check_raise(struct check *check, enum check_code code, const char *device, const struct hit *hit,
                            enum check_confidence confidence, sentence_text detail, ...) G_GNUC_NULL_TERMINATED;
/* In the place of the advice of its code. */
void check_advise(const struct check *check, struct finding *finding, sentence_text advice);
/* How many findings of these codes there are, also without room. */
uint64_t check_raised(const struct check *check, enum check_code from, enum check_code to, enum check_severity severity);
/* For each device, or each sender, in no order. */
void check_devices(struct check *check, void (*conclude)(struct check *check, const struct device *device));
/* Those past the bound as one more. */
void check_all_devices(struct check *check, void (*conclude)(struct check *check, const struct device *device));
/* For what each device sends to each collector. */
void check_feeds(struct check *check, void (*conclude)(struct check *check, const struct feed *feed));
void check_senders(struct check *check, void (*conclude)(struct check *check, const struct sender *sender));
void check_remark(struct check *check, GPtrArray *list, const char *device, sentence_text what, sentence_text why);
/* A topic is not usable for the device, or NULL: for all. */
void check_unusable(struct check *check, enum check_topic topic, const char *device, sentence_text why);
const char *const *check_topic_name(enum check_topic topic); /* in each language */

/* The texts below are freed with the check. */
const char *check_number(struct check *check, uint64_t number);                 /* 41,233 */
const char *check_decimal(struct check *check, double number, unsigned digits);
const char *check_start(struct check *check, int64_t time);                     /* 10:00:03, with its date where the capture is of days */
void check_write_start(const struct check *check, struct buffer *out, int64_t time);
const char *check_period(struct check *check, int64_t from, int64_t to);        /* from 10:00:03 to 10:00:51; at 10:00:03 */
const char *check_range(struct check *check, uint64_t least, uint64_t most);    /* 15 to 2,700; 15 */
const char *check_duration(struct check *check, double seconds);                /* 40 ms, 3.2 s, 00:20:14 */
bool check_is_zone(double offset);                                              /* seconds: about that of a zone to UTC */
const char *check_offset(struct check *check, double offset);                   /* +9 h, -3.4 s, +5:30 h; what is no zone to the second: +0:13:40 h */
const char *check_zone(struct check *check, double offset);                     /* UTC+09:00 (such as Asia/Tokyo) */
const char *check_address(struct check *check, const struct address *address);
const char *check_named(struct check *check, const char *name, const struct address *address); /* fw1 (192.0.2.1) */
const char *check_sender(struct check *check, const struct sender *sender);     /* name or address, or both where several have the name */
const char *check_feed(struct check *check, const struct feed *feed);           /* fw1, or fw1 → 198.51.100.9:514 of several */
/* With the address of several senders, the collector of several. */
const char *check_series(struct check *check, const struct device *device, const struct series *series);
const char *check_flow(struct check *check, const struct flow *flow);           /* fw1 → 198.51.100.9:514 */

/* ---- Output ---- */

void check_report_text(const struct check *check, bool damaged, bool color, struct buffer *out);
void check_report_json(const struct check *check, bool damaged, struct buffer *out);
/* --explain; false: there is no such code. */
bool check_explain(struct buffer *out, const char *code, enum msgt_lang lang, bool json);

#endif
