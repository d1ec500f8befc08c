/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cisco FTD/ASA syslog: the bytes of a datagram go in, a record of typed fields comes out.
 *
 *     datagram ──► header (PRI, time, host, tag) ──► message ID ──► template ──► values
 *
 * A table holds what is known of the messages. It is immutable, may be shared by threads, and is either built in or loaded from
 * catalogue files. A record borrows from the datagram and from the table; nothing in it is freed. Decoding takes time linear in
 * the length of the datagram, reads no byte outside it and allocates nothing but a copy of a text of more than 64 KiB.
 */
#ifndef MSGTABLE_H
#define MSGTABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    MSGT_VALUES_MAX = 64,     /* values in one message: a bit each has room in a word */
    MSGT_TITLE_MAX = 50,      /* characters in a title */
    MSGT_DATAGRAM_MAX = 1 << 20, /* octets looked at in one datagram; the rest is not decoded */
    MSGT_HEADER_MAX = 1024,   /* octets in front of a tag */
};

enum msgt_lang { MSGT_EN, MSGT_JA, MSGT_LANGS };

/* A run of octets in the datagram. Length 0 means absent. */
struct msgt_span {
    uint32_t offset;
    uint32_t length;
};

/* ---- The table -------------------------------------------------------------------------------------------------------- */

struct msgt_table;

enum msgt_type {
    MSGT_TEXT,
    MSGT_WORD,
    MSGT_NAME,
    MSGT_INT,
    MSGT_COUNT,
    MSGT_PORT,
    MSGT_HEX,
    MSGT_DECIMAL,
    MSGT_IP,
    MSGT_MAC,
    MSGT_TYPES
};

enum { MSGT_NONE = 0xffff }; /* no field, no group, no enumeration */

struct msgt_field {
    const char *name;  /* lower_snake_case: filters and scripts name it so */
    const char *label; /* in the language asked for */
    const char *ecs;   /* Elastic Common Schema name, or "" */
    enum msgt_type type;
    uint16_t group;    /* index of its group, or MSGT_NONE */
    uint16_t values;   /* index of its enumeration wherever it occurs, or MSGT_NONE */
};

struct msgt_message {
    uint32_t id;
    uint8_t severity;  /* as documented, 0-7 */
    const char *title;
    const char *about;  /* what happened */
    const char *action; /* what to do, or "" for nothing */
    uint16_t templates; /* how many */
    uint16_t examples;
    uint16_t related;
    uint16_t info;      /* fields worth a place where there is one line */
};

struct msgt_meaning {
    const char *code;    /* as on the wire */
    const char *meaning; /* or "" where the code speaks for itself */
};

/* The table compiled in. Never freed. */
const struct msgt_table *msgt_builtin(void);

/* Where a catalogue file is wrong. */
struct msgt_error {
    char file[256];
    unsigned line, column; /* from 1; 0 when the file as a whole is meant */
    char text[256];        /* one sentence */
};

/* Loads catalogue FILES on top of BASE (NULL: on top of nothing). A message of BASE may be replaced, one of the same load may
 * not. All or nothing: NULL with *ERROR filled. Free with msgt_free(). BASE may be freed afterwards. */
struct msgt_table *msgt_load(const struct msgt_table *base, const char *const *files, size_t count,
                             struct msgt_error *error);

/* NULL and the built-in table are left alone. */
void msgt_free(struct msgt_table *table);

/* Says which catalogue file a name such as "ja" asks for; MSGT_EN for anything unknown, as a locale name would have it. */
enum msgt_lang msgt_lang_of(const char *locale);

size_t msgt_field_count(const struct msgt_table *table);
struct msgt_field msgt_field(const struct msgt_table *table, size_t index, enum msgt_lang lang);
/* MSGT_NONE when there is none of that name. */
uint16_t msgt_field_index(const struct msgt_table *table, const char *name);
const char *msgt_type_name(enum msgt_type type);
/* Whether a field of that type can ever have this value. */
bool msgt_accepts(enum msgt_type type, const char *text, size_t length);

size_t msgt_group_count(const struct msgt_table *table);
const char *msgt_group_name(const struct msgt_table *table, size_t index);
const char *msgt_group_label(const struct msgt_table *table, size_t index, enum msgt_lang lang);

size_t msgt_message_count(const struct msgt_table *table);
/* Messages in the order of their IDs. */
struct msgt_message msgt_message(const struct msgt_table *table, size_t index, enum msgt_lang lang);
/* Index of a message, or -1. */
int msgt_message_index(const struct msgt_table *table, uint32_t id);
const char *msgt_template(const struct msgt_table *table, size_t message, size_t n);
const char *msgt_example(const struct msgt_table *table, size_t message, size_t n);
uint32_t msgt_related(const struct msgt_table *table, size_t message, size_t n);
uint16_t msgt_info(const struct msgt_table *table, size_t message, size_t n);
/* What FIELD means in this message, or "" when its label says it all. */
const char *msgt_note(const struct msgt_table *table, size_t message, uint16_t field, enum msgt_lang lang);
/* Fields of a message in the order in which they first occur. Returns how many, at most CAPACITY. */
size_t msgt_message_fields(const struct msgt_table *table, size_t message, uint16_t *fields, size_t capacity);
/* True when a text of the message may have several values of one field. */
bool msgt_message_repeats(const struct msgt_table *table, size_t message);

/* Enumeration of FIELD in a message, or MSGT_NONE. */
uint16_t msgt_enum_of(const struct msgt_table *table, size_t message, uint16_t field);
size_t msgt_enum_count(const struct msgt_table *table, uint16_t enumeration);
struct msgt_meaning msgt_enum_value(const struct msgt_table *table, uint16_t enumeration, size_t n, enum msgt_lang lang);

/* ---- Findings --------------------------------------------------------------------------------------------------------- */

/* What is wrong with one message. Each is a bit in msgt_record.findings: 1u << MSGT_F_… */
enum msgt_finding {
    MSGT_F_NO_PRI,
    MSGT_F_BAD_PRI,
    MSGT_F_NO_TIMESTAMP,
    MSGT_F_DOUBLE_HEADER,
    MSGT_F_EMBLEM,
    MSGT_F_NO_TAG,
    MSGT_F_UNKNOWN_ID,
    MSGT_F_TEMPLATE_MISMATCH,
    MSGT_F_MESSAGE_TRUNCATED,
    MSGT_F_SNAPLEN,
    MSGT_F_SEVERITY_MISMATCH,
    MSGT_F_SEVERITY_CHANGED,
    MSGT_F_MULTIPLE_MESSAGES,
    MSGT_F_NON_UTF8,
    MSGT_F_CONTROL_BYTES,
    MSGT_F_TRAILING_BYTES,
    MSGT_FINDINGS
};

struct msgt_finding_info {
    const char *code;  /* "no-pri": scripts name it so */
    const char *title[MSGT_LANGS]; /* a few words */
    bool quiet;        /* so common that a record does not mention it */
};

struct msgt_finding_info msgt_finding(enum msgt_finding finding);

/* The bits of those that are quiet. */
uint32_t msgt_quiet_findings(void);

/* ---- The record ------------------------------------------------------------------------------------------------------- */

enum msgt_status { MSGT_OK, MSGT_PARTIAL, MSGT_TRUNCATED, MSGT_UNKNOWN_ID, MSGT_NO_TAG, MSGT_STATUSES };

/* What is shown for the title of a message that has none: of an unknown ID, or without a tag. */
const char *msgt_no_title(enum msgt_status status, enum msgt_lang lang);

/* The sentence that tells where a text leaves its template, or where it ends inside: PLACE, the record's diverges, EXPECTED and what it expects there,
 * FOUND and what stands there instead, if anything. END is what is shown where it expects the end. */
struct msgt_divergence {
    const char *place, *expected, *found, *end;
};
struct msgt_divergence msgt_divergence(enum msgt_status status, enum msgt_lang lang);

/* "unknown-id": as records and scripts have it. */
const char *msgt_status_name(enum msgt_status status);

enum msgt_kind {
    MSGT_KIND_TEXT,   /* octets as they stand: also a host name, mask or UNKNOWN in an address field */
    MSGT_KIND_NUMBER, /* number */
    MSGT_KIND_IPV4,   /* address, 4 octets */
    MSGT_KIND_IPV6,   /* address, 16 octets */
};

struct msgt_value {
    uint32_t offset, length; /* in the datagram, without delimiters */
    uint16_t field;
    uint8_t kind; /* enum msgt_kind */
    union {
        int64_t number;
        uint8_t address[16];
    } as;
};

/* The device's own clock, as far as the header tells. */
struct msgt_time {
    bool valid;
    bool zone_known;
    int16_t zone;        /* minutes east of UTC, when known */
    uint16_t year;       /* 0 when the header has none */
    uint8_t month, day, hour, minute, second; /* month and day from 1 */
    uint32_t nanosecond;
    uint8_t digits; /* of the fraction of a second as written: 0-9 */
};

struct msgt_record {
    /* Header; spans are offsets into the datagram. */
    int16_t pri; /* -1 when absent or bad */
    int8_t severity; /* of the tag; -1 when there is none */
    bool emblem;
    uint32_t id;     /* when there is a tag */
    struct msgt_span pri_span, timestamp, hostname, tag, product, class_word, sequence;
    struct msgt_time time;
    /* Message: the text behind the tag, without trailing CR, LF, NUL. */
    struct msgt_span message;
    struct msgt_span body;     /* what of it the templates are held against: without what says that it is repeated */
    struct msgt_span datagram; /* header and message together: this record's share of the datagram */
    bool plain;                /* all of that is printable ASCII without quotation mark and backslash; false may also mean not known */
    uint32_t repeat;           /* N of "message repeated N times", "(N instances received)"; 0 when not said */
    int message_index;         /* in the table, -1 when unknown */
    enum msgt_status status;
    uint32_t findings;         /* bits, see enum msgt_finding */
    /* With MSGT_PARTIAL and MSGT_TRUNCATED: where the text left the best template, counted from the start of the message,
     * and what stood there: a field's name or a literal of the template. */
    uint32_t diverges;
    const char *expected;
    uint32_t expected_length;
    bool expected_field; /* expected is a field's name */
    bool expected_end;   /* or neither: the text should have ended */
    uint16_t template_index; /* the template that fits best, counted within the message */
    uint16_t count;
    struct msgt_value values[MSGT_VALUES_MAX];
};

enum {
    MSGT_CUT = 1, /* the capture ends before the datagram does */
};

/* True when the datagram carries an FTD, ASA, PIX or FWSM tag where a header would have it. Cheap. */
bool msgt_has_tag(const uint8_t *datagram, size_t length);

/* The same, and where the first tag stands, from its per cent sign to the last digit of its ID. */
struct msgt_tag {
    struct msgt_span span, product, class_word;
    uint32_t id;
    uint8_t severity;
};
bool msgt_find_tag(const uint8_t *datagram, size_t length, struct msgt_tag *tag);

/* How the headers and texts of the messages before looked: the next one that looks alike is read faster, to the same result. All zero at first; of
 * one thread. */
enum { MSGT_SHAPES = 64, MSGT_SHAPES_ALIKE = 8, MSGT_SHAPE_OCTETS = 64 };
enum { MSGT_TRAILS = 4096, MSGT_GAPS = 32768, MSGT_GAP_OCTETS = 32, MSGT_GUARDS = 16384 };
struct msgt_memory {
    uint64_t keys[MSGT_SHAPES][MSGT_SHAPES_ALIKE]; /* of the shapes; 0: none yet */
    uint8_t learned[MSGT_SHAPES];                  /* how many; the next one takes the place of the oldest */
    struct msgt_shape {
        uint8_t octets[MSGT_SHAPE_OCTETS], mask[MSGT_SHAPE_OCTETS]; /* between priority and tag, and which of their bits have to be the same */
        struct {
            uint8_t at, length; /* of "09:06:09.254" */
        } clocks[2];            /* of the last time and, where there are two, of the first */
        uint8_t stamp, stamp_length; /* the last time, with its date and zone word */
        uint8_t host, host_length;
        struct msgt_time time; /* what stays of the last one: all but its clock */
        uint32_t findings;
    } shapes[MSGT_SHAPES][MSGT_SHAPES_ALIKE]; /* by their keys */
    const struct msgt_table *table;                /* what is below is of its messages */
    struct msgt_trail {
        uint32_t message;     /* index */
        uint16_t gap;         /* one that its texts start with; 0: none is known */
        uint8_t misses;       /* more texts left the trail than followed it */
        uint8_t rest, dull;   /* texts that will not be tried; of those that leave it, the ones that will not be learned from */
    } trails[MSGT_TRAILS];    /* by the index of the message */
    uint32_t gap_count, guard_count;
    struct msgt_gap {
        uint8_t octets[MSGT_GAP_OCTETS]; /* that stood between two fields, or the first of them */
        uint32_t mask;                /* a bit for each that did */
        uint32_t stops[2];            /* the field behind ends in front of the first octet that is one of these, each written four times over, */
        bool blanks;                  /* or NUL; and, unless it may hold blanks, in front of what is no more than one */
        uint8_t ends;                 /* what more there is to its end, or to that of the text (gap.h) */
        union {
            uint8_t bars[4]; /* the field does not start with a blank, or one of these; 0: no more */
            struct {
                uint16_t first, count;
            } guards; /* of a text that ends with the octets */
        } u;
        uint8_t length, leads;        /* of the octets; to what (gap.h) */
        uint8_t kind;                 /* what the field has to be: a text, a number or an address (enum msgt_kind) */
        uint8_t template_index;       /* of a text that ends with the octets */
        uint8_t word_at, word_length; /* in the octets, a value of WORD_FIELD; length 0: none */
        uint16_t field, word_field;
        uint16_t behind;              /* what stood behind the field, or the rest of these octets; 0: nothing is known */
        uint16_t sibling;             /* what else stood in their place; 0: nothing is known */
    } gaps[MSGT_GAPS]; /* from 1 on */
    struct {
        uint32_t op;     /* of the field behind the gap, if that may end behind blanks */
        uint16_t parent; /* the gap that stood in front of it; 0: none did */
    } links[MSGT_GAPS];
    struct msgt_guard {
        uint32_t op;    /* from here on, */
        uint16_t ops;   /* so many of the table's do not fit what is */
        uint16_t at;    /* so many octets behind */
        uint16_t value; /* this one, counted from 1 on; 0: behind the start of the text */
        uint16_t blanks; /* and behind those that follow it */
    } guards[MSGT_GUARDS];
};

/* Decodes the message that starts at FROM (0 for the first). Returns where the next message of the same datagram starts, or
 * LENGTH when this was the last. Always fills the record. What is beyond MSGT_DATAGRAM_MAX is not looked at. FLAGS: MSGT_CUT. */
size_t msgt_decode(const struct msgt_table *table, const uint8_t *datagram, size_t length, size_t from,
                   unsigned flags, struct msgt_record *record);

/* What the caller knows: it makes no difference but in time. */
struct msgt_hints {
    struct msgt_memory *memory; /* or NULL */
    const struct msgt_tag *tag; /* the first of the datagram, as msgt_find_tag() found it, or NULL */
};
size_t msgt_decode_with(const struct msgt_hints *hints, const struct msgt_table *table, const uint8_t *datagram, size_t length, size_t from,
                        unsigned flags, struct msgt_record *record);

/* Decodes a text that stands alone, without header, as the message ID. */
void msgt_decode_text(const struct msgt_table *table, uint32_t id, const uint8_t *text, size_t length,
                      unsigned flags, struct msgt_record *record);

/* Meaning of a coded value in the language asked for, or NULL. */
const char *msgt_meaning(const struct msgt_table *table, const struct msgt_record *record, const uint8_t *datagram,
                         const struct msgt_value *value, enum msgt_lang lang);

/* The values that form one group with the value FIRST: each field of the group once, from FIRST on. Returns how many. */
size_t msgt_group_members(const struct msgt_table *table, const struct msgt_record *record, size_t first,
                          uint16_t members[MSGT_VALUES_MAX]);

/* The line of that group, such as "outside:192.0.2.1/443". Returns its length, which may exceed SIZE; always terminates. */
size_t msgt_group_text(const struct msgt_table *table, const struct msgt_record *record, const uint8_t *datagram,
                       size_t first, char *text, size_t size);

/* Seconds since 1970 UTC of TIME, taken to be ZONE minutes east of UTC. TIME needs a year. */
int64_t msgt_time_epoch(const struct msgt_time *time, int zone);

/* Octets of the UTF-8 character (RFC 3629) at TEXT, 0 when there is none. LENGTH is at least 1. */
size_t msgt_utf8_character(const uint8_t *text, size_t length);

/* Whether a character moves a cursor, turns text around or hides in it: C0 and C1 controls, bidirectional marks and overrides, joiners and
 * whatever else has no shape, line and paragraph separators (Unicode's Cc, Cf, Zl, Zp). None is printed as it stands. */
bool msgt_unsafe_character(uint32_t character);

/* Of a severity from 0 to 7. */
const char *msgt_severity_name(unsigned severity, enum msgt_lang lang);

#endif
