/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One datagram of a capture or one line of a log, kept until its partner on the other side is found or given up. */
#ifndef FTDPCAP_COMPARE_ITEM_H
#define FTDPCAP_COMPARE_ITEM_H

#include "options.h"

/* What items are looked up by: octets of the payload; flow and IP ID; comparable text; its first octets. */
enum item_key { KEY_PAYLOAD, KEY_FLOW_ID, KEY_TEXT, KEY_PREFIX, ITEM_KEYS };
enum { PREFIX_LENGTH = 48, OTHER_NAMES = 4 };

/* Header forms that collectors are known to stumble over, by the finding that names them. */
enum item_form { FORM_COMMON, FORM_NO_PRI, FORM_BAD_PRI, FORM_EMBLEM, FORM_NO_TIMESTAMP, FORM_DOUBLE, FORMS };

struct item {
    struct item *older, *newer;                 /* of its side, by age */
    struct item *before[ITEM_KEYS], *after[ITEM_KEYS]; /* in the bucket of each key */
    uint64_t key[ITEM_KEYS];
    uint64_t order;          /* from 1, on its side */
    int64_t time;            /* nanoseconds since 1970, on A's clock */
    int64_t own_time;        /* on its own */
    const char *file;
    uint64_t frame;          /* or line */
    uint8_t precision;
    bool log, cut, tagged, selected, bad_udp, bad_ip, has_flow;
    bool copy;               /* of A, of a message that came before with other addresses */
    uint8_t form;            /* enum item_form */
    uint32_t id;
    uint64_t device;         /* of its name; 0: it has none */
    uint64_t other[OTHER_NAMES]; /* of its address; of a line: of what its keys name the device by; 0: none */
    uint32_t repeat;         /* so many messages are in this line; 0 and 1: one */
    struct msgt_span repeated; /* of a line that stands for several: the text of one */
    uint32_t repeated_count;   /* and how many these are */
    struct packet packet;    /* its pointers are not to be used */
    uint32_t wire;           /* octets of the payload on the wire */
    uint16_t checksum;       /* UDP, as found */
    uint32_t text, text_length; /* behind the tag; in octets */
    uint32_t plain_length, first_line; /* of plain; where a receiver that ends messages at line feeds would end it */
    const uint8_t *plain;    /* collector_log_plain() of that */
    uint32_t length;
    size_t size;             /* in memory */
    uint8_t octets[];
};

/* Nanoseconds since 1970. A capture may hold any number of seconds: what is beyond this era is brought to its edge. */
static inline int64_t item_time(int64_t seconds, uint32_t nanoseconds)
{
    const int64_t edge = INT64_C(4000000000);
    return CLAMP(seconds, -edge, edge) * NANOSECONDS + nanoseconds;
}

struct log_line;

struct item *item_of_datagram(const struct options *options, const struct datagram *datagram);
struct item *item_of_line(const struct options *options, const char *file, const struct log_line *line);

/* A line that stands for several messages gets the text of one of them. False, and nothing changed: it is no such line. */
bool item_unfold(struct item *item);

/* The datagram again, with PACKET as its packet. */
struct datagram item_datagram(const struct item *item);

bool item_same_payload(const struct item *a, const struct item *b);
bool item_same_flow(const struct item *a, const struct item *b); /* addresses and ports */
bool item_other_datagram(const struct item *a, const struct item *b); /* of the same flow, with another IP ID */
bool item_same_text(const struct item *a, const struct item *b); /* octet for octet, and no other ID */
bool item_same_device(const struct item *datagram, const struct item *line); /* the line names the device as its messages do */
bool item_same_source(const struct item *datagram, const struct item *line); /* … or by its address */
bool item_alike_text(const struct item *a, const struct item *b); /* comparable text */

#endif
