/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What left A and never reached B. Both sides are read in step, on A's clock:
 *
 *     A ─► input ─► shelf ─┐
 *                          ├─► pairs (same, changed) and, older than the window, those without a partner ─► report
 *     B ─► input ─► shelf ─┘
 *
 * Each item pairs with one item at most, a line that stands for several messages with as many. What is kept is what the window holds,
 * and never more than two shelves.
 */
#ifndef FTDPCAP_COMPARE_H
#define FTDPCAP_COMPARE_H

#include "compare_input.h"
#include "compare_shelf.h"
#include "flow.h"

enum compare_side { SIDE_A, SIDE_B, SIDE_CHANGED, SIDES };

/* Why, as far as it can be told. The rows of the table in compare_cause.c. */
enum compare_cause {
    CAUSE_NONE,
    CAUSE_BAD_CHECKSUM, /* never arrived */
    CAUSE_FORM,         /* and on to CAUSE_FORM + FORMS - 2: one for each uncommon header form */
    CAUSE_FORM_LAST = CAUSE_FORM + FORMS - 2,
    CAUSE_SENDER,
    CAUSE_RECEIVER,
    CAUSE_FRAGMENTS,
    CAUSE_SIZE,
    CAUSE_AFTER_END,
    CAUSE_OUTAGE,
    CAUSE_BURST,
    CAUSE_TRUNCATED, /* arrived changed */
    CAUSE_SPLIT,
    CAUSE_RESTAMPED,
    CAUSE_REENCODED,
    CAUSE_ALTERED,
    CAUSE_DUPLICATE, /* only there */
    CAUSES
};

/* Where what has one cause stood. */
struct cause_hit {
    uint64_t count;
    uint64_t first_frame;
    int64_t first_time, last_time;
    uint32_t least, most; /* octets of the payload in A; as truncated: in B */
};

/* What a loss is told to be as long as nothing like it arrived, and by what else it was marked: that it is told to be when something
 * did. Decided at the end. */
enum { LASTING = 4 }; /* CAUSE_NONE, CAUSE_AFTER_END, CAUSE_OUTAGE, CAUSE_BURST */
struct claim {
    enum compare_cause cause;
    const uint64_t *arrived; /* of the like; of CAUSE_SIZE the longest is looked at */
    bool refuted;
    struct cause_hit lasting[LASTING];
};

/* CLAIM, or NULL: the cause is sure. */
struct reason {
    struct claim *claim;
    enum compare_cause lasting;
};

enum { DELAYS = 4096, PARTIES = 1024, FLOWS = 1024, RECENT = 1 << 16, ALONE = 1 << 16, DENSE = 50, BURSTS = 256, DELTAS = 64 };
enum { AGREEING = 4, SIZES = 1024, COURSE_ENDS = 256 };

struct compare_totals {
    uint64_t items[2];            /* selected, A and B */
    uint64_t tagged[2];           /* selected or not */
    uint64_t same, changed, only[2];
    uint64_t duplicated, reordered;
    uint64_t copies;              /* in A: the same datagram captured twice, also with the addresses of a NAT's other side */
    uint64_t translated;          /* arrived with other addresses */
    uint64_t outside;             /* of B before A began or after it ended, of A before B began */
    uint64_t evicted;
    uint64_t beyond;              /* only in A, and the same in B further away than the window; at least so many */
};

/* Those of A of which it is known whether they arrived. */
static inline uint64_t compare_judged(const struct compare_totals *totals)
{
    return totals->same + totals->changed + totals->only[0];
}

/* A sender, or a receiver with its port. */
struct party {
    struct address address;
    uint16_t port;
    bool used;
    uint64_t sent, arrived;
    struct claim claim;
};

/* Where the cause of an example stands in the text. */
struct example {
    size_t at;
    struct reason reason;
};

/* What is kept of a message of A. */
struct trace {
    uint64_t hash, copy_of, payload;
    int64_t time;
    struct address sender, receiver;
    uint32_t ip_id; /* 0: none */
    uint16_t port;  /* the receiver's */
    uint8_t hops;
    bool used;
};

struct compare {
    struct options *options;
    struct input *input[2];
    struct shelf *shelf[2];
    GQueue ahead[2];      /* read while looking for the place where both meet */
    bool whole[2];        /* that was all */
    struct item *next[2]; /* read, not yet looked at */
    bool ended[2];
    int64_t now[2];       /* on A's clock, how far each side was read */
    int64_t window, offset; /* nanoseconds; of B's clock */
    bool met;             /* a pair was found before the start */
    bool log;
    uint64_t first_met, last_met, first_met_a, last_met_a; /* orders in B, and in A, of pairs */
    int64_t met_times[AGREEING]; /* A's, of the last pairs */
    uint64_t met_count;
    unsigned unmet;       /* lines since the last pair */
    int64_t first_a;      /* on A's clock: B's before this, and A's before the other, cannot be judged; of a log, the orders tell */
    int64_t first_b;
    uint64_t skip_b;      /* lines up to this order lie in front of A */
    struct compare_totals totals;
    struct cause_hit causes[CAUSES];
    struct trace recent[RECENT]; /* pairs, for those who come twice */
    struct {
        uint64_t hash;
        uint8_t side;
        bool used;
    } alone[ALONE];       /* that found no partner */
    struct course {
        uint64_t hash, latest; /* order in B */
        unsigned count;
        bool whole;            /* no end was given up */
        struct course_end {
            uint64_t a, b;     /* orders */
        } *ends;               /* COURSE_ENDS, made when needed; rising in A */
    } courses[FLOWS];
    struct {
        uint64_t sent, arrived;
    } forms[FORMS], fragmented, bad_sums;
    struct party senders[PARTIES], receivers[PARTIES];
    struct claim claims[CAUSES], sizes[SIZES]; /* by cause; by octets */
    uint32_t longest_arrived;
    int64_t sent_times[DENSE];
    uint64_t sent_count;
    struct {
        int64_t from, to;
    } bursts[BURSTS];     /* the last ones, of A */
    unsigned burst_count;
    uint64_t burst_sent;
    uint64_t run_start, run_end; /* orders in A of the first and the last of a row of misses */
    uint64_t run_counted;
    uint64_t after_end;   /* order in A of the first miss behind all of B */
    uint64_t arrives_at, looked_until; /* the last of A that waits and will be told as changed; of those up to there, once B has ended */
    bool run_is_outage;
    uint64_t outages;     /* rows, not messages */
    int64_t delays[DELAYS];
    uint64_t delay_step, delay_seen;
    unsigned delay_count;
    bool json;
    uint64_t shown;
    struct buffer out;    /* JSON, or the examples of the text */
    GArray *examples;     /* struct example */
    struct writer writer;
};

/* NULL with a sentence in *wrong, to free. WINDOW in seconds. */
struct compare *compare_new(struct options *options, const char *a, const char *b, bool log, uint64_t window, char **wrong);
/* Reads everything. */
void compare_run(struct compare *compare);
void compare_free(struct compare *compare);
/* Whether a partner of the like was found within the window. SAME: of the same datagram. */
bool compare_came_before(const struct compare *compare, const struct item *item, bool same);
bool compare_found(const struct compare *compare);
/* Why a side without messages has none may be that others were asked for. */
bool compare_asked(const struct compare *compare, int side);

/* ---- compare_partner.c ---- */

/* Those that wait on the other side of ITEM, which is of SIDE; NULL: none fits. */
struct item *partner_same(const struct compare *compare, int side, const struct item *item); /* needs no second thought */
struct item *partner_changed(const struct compare *compare, int side, const struct item *item, enum compare_cause *cause);
/* The rest of A where B is the first part of a message that was split. */
struct item *partner_rest(const struct item *a, const struct item *b);
/* Whether an item of A that waits will be told as changed, not as missed, by what is known now. */
bool partner_arrived_changed(const struct compare *compare, const struct item *a);

/* ---- compare_start.c ---- */

/* Where A and B meet: the offset of B's clock and what lies in front of it. */
void compare_meet(struct compare *compare, const char *a, const char *b);
struct item *compare_read(struct compare *compare, int side);

/* ---- compare_order.c ---- */

/* Counts a pair that is out of order. */
void order_watch(struct compare *compare, const struct item *a, const struct item *b);
void order_free(struct compare *compare);

/* ---- compare_delay.c ---- */

/* Nanoseconds. */
struct delays {
    bool known, moved;               /* moved: the shortest one did, from part to part */
    int64_t shortest, longest_short; /* of all; of the parts' shortest ones the longest */
    int64_t median, most;            /* above the shortest one, where that moved of the part; most: of 95 % */
};

void delay_add(struct compare *compare, int64_t delay);
struct delays delay_measure(struct compare *compare);

/* ---- compare_cause.c ---- */

void cause_sent(struct compare *compare, const struct item *a);
void cause_arrived(struct compare *compare, const struct item *a);
struct reason cause_of_miss(struct compare *compare, const struct item *a);
/* What it is told to be by what is known now, and where it is counted. */
enum compare_cause cause_by_now(const struct compare *compare, const struct reason *reason);
struct cause_hit *cause_counter(struct compare *compare, const struct reason *reason);
/* Decides the claims. */
void cause_conclude(struct compare *compare);
const char *cause_name(enum compare_cause cause);
/* A sentence with {n} and the like, and what to do. */
const char *cause_text(const struct compare *compare, enum compare_cause cause);
const char *cause_advice(const struct compare *compare, enum compare_cause cause);

/* ---- compare_report.c ---- */

/* A of what never arrived or changed; B of what changed or is only there. */
void report_item(struct compare *compare, enum compare_side side, struct reason reason, const struct item *a, const struct item *b);
void report_end(struct compare *compare, bool damaged);

#endif
