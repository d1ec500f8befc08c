/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the plugin share: one message as the dissector hands it around. */
#ifndef FTD_PACKET_FTD_H
#define FTD_PACKET_FTD_H

#include "compat.h"

#include "msgtable/msgtable.h"

/* Lives as long as its frame is dissected; strings are from the frame's pool or from the table. */
struct message {
    packet_info *pinfo;
    tvbuff_t *tvb; /* the bytes of the syslog item; offsets of the record are offsets into it */
    const uint8_t *octets;
    const struct msgt_table *table;
    enum msgt_lang lang;
    unsigned ordinal;   /* of the frame's messages, from 0 */
    bool quoted;        /* by an ICMP error: shown, but it is not this frame that brings the message */
    bool stream;        /* came over TCP */
    const char *title;  /* or what stands for it */
    const char *device; /* host name of the header, else the source address */
    struct msgt_record record;
};

extern int proto_ftd;

/* Keys of what is kept with a frame. */
enum { KEY_ITEMS, KEY_FRAMING, KEY_MESSAGES }; /* the last one plus the message's ordinal */

/* What the frame's last message of a stream ends with. */
enum { FRAMING_UNKNOWN, FRAMING_WHOLE, FRAMING_CUT };

void ftd_register(void);
void ftd_hand_off(void);

/* The octets as valid UTF-8 without control characters, for people. From the frame's pool. */
const char *message_shown(const struct message *m, struct msgt_span span);
/* The same of no more than the first MAX octets, up to a whole character; what is left out is an ellipsis. */
const char *message_clipped(const struct message *m, struct msgt_span span, uint32_t max);
/* The octets as valid UTF-8, for filters: U+2400 stands for NUL, which would end the string. From the frame's pool. */
const char *message_text(const struct message *m, struct msgt_span span);

static inline struct msgt_span value_span(const struct msgt_value *value)
{
    return (struct msgt_span){value->offset, value->length};
}

/* The first value of that field, or NULL. */
const struct msgt_value *message_value(const struct message *m, uint16_t field);

/* "leaves the template at byte 41: expected …, found …", or NULL when the text does not diverge. */
const char *message_divergence(const struct message *m);

#endif
