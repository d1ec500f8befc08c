/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a front knows of one message: where the capture has it, and what the table made of it. The keys of a record (README.md) are rows
 * of one table; JSON, CSV, --columns and --where all read them from there.
 */
#ifndef FTDPCAP_RECORD_H
#define FTDPCAP_RECORD_H

#include <glib.h>
#include <string.h>

#include "memo.h"
#include "msgtable/msgtable.h"
#include "packet.h"

/* A datagram as the capture holds it. Borrowed from the capture. */
struct datagram {
    const char *file; /* the same pointer in all datagrams of a file, and in those of no other one of the run */
    uint64_t frame;
    int64_t seconds;
    uint32_t nanoseconds;
    uint8_t precision; /* digits of the time: 6 or 9, 0 when it has none */
    bool cut;          /* the capture ends before the datagram does */
    const struct packet *packet;
    const uint8_t *octets; /* FRAME_SPARE more may be read */
    uint32_t length;
    struct msgt_tag tag; /* the first; its span is empty when there is none or nobody looked */
};

/* The scalar keys in the order of the contract: rows of record_keys. */
enum record_key_number {
    KEY_FILE,
    KEY_FRAME,
    KEY_TIME,
    KEY_SRC,
    KEY_SRC_PORT,
    KEY_DST,
    KEY_DST_PORT,
    KEY_TRANSPORT,
    KEY_PRI,
    KEY_FACILITY,
    KEY_PRI_SEVERITY,
    KEY_TIMESTAMP,
    KEY_TIMESTAMP_UTC,
    KEY_HOSTNAME,
    KEY_PRODUCT,
    KEY_CLASS,
    KEY_SEVERITY,
    KEY_ID,
    KEY_TITLE,
    KEY_STATUS,
    KEY_REPEAT,
    KEY_MESSAGE,
    RECORD_KEYS
};

enum { KEY_ROOM = COPY_STEP }; /* octets of a key in JSON with its punctuation: nearly all fit */

/* What a value depends on, beside the view: keys that stand together and depend on the same are rendered together, and kept. */
enum record_scope {
    SCOPE_RECORD, /* anything: rendered each time */
    SCOPE_FILE,
    SCOPE_FLOW, /* addresses, ports and transport, priority */
    SCOPE_KIND, /* severity, ID, status */
};

enum { TITLE_WIDTH = 32 };

/* One of 64 bits for a field; others may have the same. */
static inline uint64_t field_bit(uint16_t field) { return UINT64_C(1) << (field & 63); }

/* What all records of a run share. */
struct view {
    const struct msgt_table *table;
    enum msgt_lang lang;
    GTimeZone *zone; /* of device times that have none, or NULL */
    bool utc;        /* people read times in UTC, else in local time */
    struct field_key { /* ,"name": of each field; made by view_prepare() */
        char *text;    /* may be read in steps, also from its second octet on */
        char *doubled; /* the same with each quotation mark twice */
        size_t length; /* of text */
    } *field_keys;
    size_t key_most; /* octets of the longest of these, at least KEY_ROOM */
    struct title { /* of each message that occurred, in the language; ask for it by title_of_message() */
        const char *text;
        size_t length;
        char *cell;   /* with blanks up to TITLE_WIDTH columns of a terminal; may be read in steps */
        size_t cell_length;
        bool plain;   /* needs no escape anywhere */
        uint64_t coded; /* which of its fields have values with a meaning: bits of field_bit() */
        bool repeats;   /* a field may have several values */
        char *json;   /* ,"id":722051,"title":"VPN address assigned"; may be read in steps */
        size_t json_length;
    } **titles;
    struct status_key { /* ,"status":"ok" */
        char json[COPY_STEP];
        size_t length;
    } statuses[MSGT_STATUSES];
};

/* Once, when the table is known; view_clear() frees. */
void view_prepare(struct view *view);
void view_clear(struct view *view);

enum { TITLE_MOST = 128 + 12 * MSGT_TITLE_MAX }; /* octets of a title in JSON with its ID, or as a cell: of a character twelve at most, "\ud83d\udc1f" */

/* Seconds since 1970 as people are to read them: what a calendar in UTC would have to be given. */
int64_t view_seconds(const struct view *view, int64_t seconds);
/* "09:06:09" of nanoseconds since 1970, and " UTC" behind it where that is not local time; view_moment() has the date in front. */
void view_clock(const struct view *view, struct buffer *buffer, int64_t time);
void view_moment(const struct view *view, struct buffer *buffer, int64_t time);
/* One of these two: with the date where FROM and TO are a day apart or more. */
void view_within(const struct view *view, struct buffer *buffer, int64_t time, int64_t from, int64_t to);

/* Made when it is asked for first, so that a run costs nothing for messages that do not occur. Any thread may ask. */
const struct title *title_make(const struct view *view, int message);
static inline const struct title *title_of_message(const struct view *view, int message)
{
    const struct title *title = g_atomic_pointer_get(&view->titles[message]);
    return title ? title : title_make(view, message);
}

enum { MEMOS = 1040, ECS_STEPS = 1024, ADDRESSES = 32 };

/* What the records of one thread have in common with the ones before: flows and seconds repeat. All zero at first. */
struct record_memory {
    struct moment {
        int64_t second; /* of the text; the length 0: none yet */
        size_t length;
        char text[2 * COPY_STEP]; /* "2020-09-30T09:06:09", and behind it the fraction that was asked for last */
    } captured, device;
    struct address_text {
        uint8_t version; /* 0: none yet */
        uint8_t length;
        uint8_t octets[16];
        char text[48];
    } addresses[ADDRESSES]; /* by their octets */
    struct memo memos[MEMOS]; /* some for each scope */
    struct memo_brief ecs_steps[ECS_STEPS]; /* from one name to the next */
    struct msgt_memory headers;
};

/* The text of the moment is that of SECOND. */
static inline bool moment_is(const struct moment *moment, int64_t second) { return moment->length > 0 && moment->second == second; }

struct record {
    const struct view *view;
    struct record_memory *memory; /* or NULL */
    const struct datagram *datagram;
    struct msgt_record message;
};

enum scalar_kind { SCALAR_NONE, SCALAR_NUMBER, SCALAR_TEXT };

struct scalar {
    enum scalar_kind kind;
    int64_t number;
    const char *text; /* in the datagram, the table, scratch, or until the next call in the record's memory */
    size_t length;
    enum scalar_origin {
        SCALAR_ANY,   /* may hold anything */
        SCALAR_WIRE,  /* lies in the datagram */
        SCALAR_PLAIN, /* printable ASCII that needs no escape anywhere */
        SCALAR_BARE,  /* the same, and nothing that a cell would quote; may be read in steps */
    } origin;
    char scratch[3 * COPY_STEP];
};

struct record_key {
    const char *name;
    void (*get)(const struct record *record, struct scalar *value);
    enum record_scope scope;
    enum msgt_type type;
    char json[KEY_ROOM]; /* ,"name": */
    size_t json_length;
};

extern const struct record_key record_keys[RECORD_KEYS];

/* Where PART of a record, which tells of a SCOPE, may be found as it was rendered last (memo_holds), or else be kept. NULL when it cannot be told
 * what else it is the same for. */
struct memo *record_memo(const struct record *record, enum record_scope scope, unsigned part, struct memo_id *id);

/* The same for a value of the message, which tells of its field and its octets. NULL also when these are many. */
struct memo *record_memo_of_value(const struct record *record, const struct msgt_value *value, unsigned part, struct memo_id *id);

/* NULL when there is no key of that name. */
const struct record_key *record_key(const char *name);
/* The name behind "fields.", which means the field where a key has the same name; NULL when that is not there. */
const char *record_field_only(const char *name);
/* The field of that name, or of "NAME_text": what its codes mean; MSGT_NONE when there is none. */
uint16_t record_field(const struct msgt_table *table, const char *name, bool *meaning);
/* What a coded value means, in the language of the view; NULL when it is none. */
const char *record_meaning(const struct record *record, const struct msgt_value *value);

/* Octets of a span or value of the message. */
static inline const char *record_octets(const struct record *record, uint32_t offset)
{
    return (const char *)record->datagram->octets + offset;
}

/* "0.0.0.0" and "::" stand where there is no address, as for a client that gets none. */
static inline bool record_no_address(const struct msgt_value *value)
{
    static const uint8_t none[16];
    return memcmp(value->as.address, none, value->kind == MSGT_KIND_IPV4 ? 4 : sizeof none) == 0;
}

/* True when the message holds what text cannot carry. */
static inline bool record_needs_raw(const struct record *record)
{
    return record->message.findings & (1u << MSGT_F_NON_UTF8 | 1u << MSGT_F_CONTROL_BYTES);
}

/* The time of the device may be known in UTC: it has a date and, of its own or by the view, a zone. */
static inline bool record_may_have_utc(const struct record *record)
{
    const struct msgt_time *time = &record->message.time;
    return time->valid && time->year != 0 && (time->zone_known || record->view->zone);
}

/* The device: its host name, else the source address. */
void record_device(const struct record *record, struct scalar *device);

#endif
