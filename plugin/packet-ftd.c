/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cisco FTD and ASA syslog.
 *
 * Wireshark's own syslog dissector offers no hook and must keep its place: its port preference, Decode As, its TCP
 * reassembly, its fields. So this is a post-dissector: it takes the bytes of every syslog item of a frame and adds a
 * tree of its own for each message with a tag. On other UDP ports a heuristic finds the tag and hands the datagram to
 * syslog; the rest is the same.
 */
#include "packet-ftd.h"

#include <epan/expert.h>
#include <epan/proto_data.h>
#include <epan/to_str.h>

#include "columns.h"
#include "fields.h"
#include "findings.h"
#include "framing.h"
#include "items.h"
#include "session.h"
#include "settings.h"
#include "stats.h"
#include "stream.h"
#include "tree.h"
#include "tree_value.h"

int proto_ftd = -1;

static const struct msgt_table *table;
static int proto_syslog = -1, proto_malformed = -1;
static dissector_handle_t syslog, datagram, postdissector;

/* ---- One message ---- */

static const char *utf8_of(const struct message *m, uint32_t offset, uint32_t length)
{
    return (const char *)tvb_get_string_enc(m->pinfo->pool, m->tvb, (int)offset, (int)length, ENC_UTF_8);
}

const char *message_text(const struct message *m, struct msgt_span span)
{
    const uint8_t *at = m->octets + span.offset, *end = at + span.length;
    const uint8_t *zero = span.length ? memchr(at, 0, span.length) : NULL;
    if (!zero)
        return utf8_of(m, span.offset, span.length);
    wmem_strbuf_t *text = wmem_strbuf_new(m->pinfo->pool, "");
    for (; zero; at = zero + 1, zero = memchr(at, 0, (size_t)(end - at))) {
        wmem_strbuf_append(text, utf8_of(m, (uint32_t)(at - m->octets), (uint32_t)(zero - at)));
        wmem_strbuf_append(text, "\u2400");
    }
    wmem_strbuf_append(text, utf8_of(m, (uint32_t)(at - m->octets), (uint32_t)(end - at)));
    return wmem_strbuf_get_str(text);
}

const char *message_shown(const struct message *m, struct msgt_span span)
{
    return text_shown(m->pinfo->pool, (const char *)m->octets + span.offset, span.length);
}

const char *message_clipped(const struct message *m, struct msgt_span span, uint32_t max)
{
    uint32_t end = 0, n = 0;
    if (span.length <= max)
        return message_shown(m, span);
    while (end + n <= max) {
        end += n;
        n = MAX(1, (uint32_t)msgt_utf8_character(m->octets + span.offset + end, span.length - end));
    }
    return wmem_strdup_printf(m->pinfo->pool, "%s…", message_shown(m, (struct msgt_span){span.offset, end}));
}

const struct msgt_value *message_value(const struct message *m, uint16_t field)
{
    for (uint16_t i = 0; field != MSGT_NONE && i < m->record.count; i++)
        if (m->record.values[i].field == field)
            return &m->record.values[i];
    return NULL;
}

const char *message_divergence(const struct message *m)
{
    enum { FOUND_MAX = 40 };
    const struct msgt_record *r = &m->record;
    if (r->status != MSGT_PARTIAL && r->status != MSGT_TRUNCATED)
        return NULL;
    wmem_strbuf_t *line = wmem_strbuf_new(m->pinfo->pool, "");
    const char *quote = r->expected_field || r->expected_end ? "" : "\"";
    const struct msgt_divergence words = msgt_divergence(r->status, m->lang);
    wmem_strbuf_append_printf(line, "%s%u%s%s", words.place, r->diverges, words.expected, quote);
    if (r->expected_end)
        wmem_strbuf_append(line, words.end);
    for (uint32_t i = 0; i < r->expected_length && !r->expected_end; i++)
        if ((uint8_t)r->expected[i] >= ' ') /* the mark of optional blanks is not for people */
            wmem_strbuf_append_c(line, r->expected[i]);
    wmem_strbuf_append(line, quote);
    if (r->diverges < r->message.length) {
        struct msgt_span found = {r->message.offset + r->diverges, r->message.length - r->diverges};
        wmem_strbuf_append_printf(line, "%s\"%s\"", words.found, message_clipped(m, found, FOUND_MAX));
    }
    return wmem_strbuf_get_str(line);
}

static const char *title_of(const struct message *m)
{
    if (m->record.message_index < 0)
        return msgt_no_title(m->record.status, m->lang);
    return msgt_message(m->table, (size_t)m->record.message_index, m->lang).title;
}

static const char *device_of(const struct message *m)
{
    if (m->record.hostname.length)
        return message_shown(m, m->record.hostname);
    return address_to_str(m->pinfo->pool, &m->pinfo->src);
}

/* ---- One frame ---- */

/* Somebody looks at our fields, or at what Wireshark hangs on them with the expert information. */
static bool is_tree_wanted(proto_tree *tree)
{
    const int looked_at[] = {proto_ftd, proto_expert, proto_malformed};
    for (size_t i = 0; tree && i < G_N_ELEMENTS(looked_at); i++)
        if (looked_at[i] > 0 && proto_field_is_referenced(tree, looked_at[i]))
            return true;
    return false;
}

static void add_message(struct message *m, proto_tree *tree)
{
    m->title = title_of(m);
    m->device = device_of(m);
    if (!m->quoted) {
        session_learn(m);
        columns_set(m);
        stats_count(m);
    }
    /* The list alone needs no fields, only what the expert window is told. */
    tree_add(m, tree, is_tree_wanted(tree));
    m->ordinal++;
}

/* The item ends where the capture cut the frame. */
static bool is_snapped(const struct item_place *item)
{
    unsigned captured = tvb_captured_length(item->tvb);
    return captured < tvb_reported_length(item->tvb) && (unsigned)item->start + (unsigned)item->length >= captured;
}

/* A fragment that Wireshark did not put together with the others: the UDP header in front speaks of more octets. */
static bool is_fragment(packet_info *pinfo, const struct item_place *item)
{
    enum { SOURCE, DESTINATION = 2, LENGTH = 4, UDP_HEADER = 8 };
    int header = item->start - UDP_HEADER;
    if (pinfo->ptype != PT_UDP || header < 0)
        return false;
    bool is_header = tvb_get_ntohs(item->tvb, header + SOURCE) == pinfo->srcport &&
                     tvb_get_ntohs(item->tvb, header + DESTINATION) == pinfo->destport;
    return is_header && tvb_get_ntohs(item->tvb, header + LENGTH) > UDP_HEADER + item->length;
}

/* What is known of the end of an item, or of a piece of one. */
struct end {
    bool cut;  /* the message goes on */
    bool open; /* it may go on: nothing ends it */
};

static struct end end_of(const struct message *m, const struct item_place *item, bool last)
{
    unsigned framing = m->stream ? GPOINTER_TO_UINT(p_get_proto_data(wmem_file_scope(), m->pinfo, proto_ftd, KEY_FRAMING)) : FRAMING_UNKNOWN;
    return (struct end){
        .cut = is_snapped(item) || is_fragment(m->pinfo, item) || (last && framing == FRAMING_CUT),
        .open = m->stream && framing == FRAMING_UNKNOWN,
    };
}

/* The messages in octets [from, from + length) of the item. */
static void add_messages(struct message *m, proto_tree *tree, const struct item_place *item, size_t from, size_t length, struct end end)
{
    m->tvb = tvb_new_subset_length(item->tvb, item->start + (int)from, (int)length);
    m->octets = tvb_memdup(m->pinfo->pool, m->tvb, 0, length);
    if (!msgt_has_tag(m->octets, length))
        return;
    for (size_t at = 0, next; at < length; at = next) {
        next = msgt_decode(m->table, m->octets, length, at, end.cut ? MSGT_CUT : 0, &m->record);
        if (end.open && next == length && m->record.status == MSGT_TRUNCATED)
            msgt_decode(m->table, m->octets, length, at, MSGT_CUT, &m->record);
        if (m->record.status != MSGT_NO_TAG)
            add_message(m, tree);
    }
}

/* A datagram is handed on as it is; a stretch of a stream may hold any number of messages. */
static void add_item(struct message *m, proto_tree *tree, const struct item_place *item, struct end end)
{
    int remaining = MIN(item->length, tvb_captured_length_remaining(item->tvb, item->start));
    size_t length = remaining > 0 ? (size_t)remaining : 0;
    const uint8_t *octets = length ? tvb_get_ptr(item->tvb, item->start, remaining) : NULL;
    for (size_t at = 0; at < length;) {
        struct piece piece = {PIECE_OPEN, 0, length};
        if (m->stream)
            piece = framing_piece(octets + at, length - at);
        size_t have = length - at - piece.skip, taken = MIN(piece.length, have);
        bool open = end.open && (piece.end == PIECE_OPEN || piece.length > have);
        if (taken)
            add_messages(m, tree, item, at + piece.skip, taken, (struct end){end.cut, open});
        at += piece.skip + taken;
    }
}

static int dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    struct item_place *items;
    unsigned count = items_find(pinfo, tree, proto_syslog, &items);
    if (count == 0)
        return 0;
    struct message m = {.pinfo = pinfo, .table = table, .lang = settings_language()};
    m.quoted = proto_is_frame_protocol(pinfo->layers, "icmp") || proto_is_frame_protocol(pinfo->layers, "icmpv6");
    m.stream = proto_is_frame_protocol(pinfo->layers, "tcp");
    for (unsigned i = 0; i < count; i++)
        add_item(&m, tree, &items[i], end_of(&m, &items[i], i + 1 == count));
    if (m.ordinal == 0)
        return 0;
    items_keep(pinfo, items, count);
    columns_to_fields(pinfo, tree);
    return (int)tvb_captured_length(tvb);
}

/* One datagram, of Decode As and of whoever asks for "ftd" by its name. */
static int dissect_datagram(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    return syslog ? call_dissector(syslog, tvb, pinfo, tree) : 0;
}

/* Any UDP port that nobody claims. */
static host_bool dissect_heuristic(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    if (!settings.heuristic)
        return false;
    int length = MIN(tvb_captured_length_remaining(tvb, 0), MSGT_HEADER_MAX + 128);
    if (length <= 0 || !msgt_has_tag(tvb_get_ptr(tvb, 0, length), (size_t)length))
        return false;
    return dissect_datagram(tvb, pinfo, tree, data) > 0;
}

/* ---- Registration ---- */

void ftd_register(void)
{
    proto_ftd = proto_register_protocol("Cisco FTD Syslog", "FTD", "ftd");
    table = settings_load_table();
    fields_register(proto_ftd, table);
    findings_register(proto_ftd);
    tree_register();
    settings_register(proto_ftd);
    session_register(proto_ftd, table);
    stats_register();
    datagram = register_dissector("ftd", dissect_datagram, proto_ftd);
    postdissector = create_dissector_handle(dissect, proto_ftd);
    register_postdissector(postdissector);
}

void ftd_hand_off(void)
{
    syslog = find_dissector("syslog");
    proto_syslog = proto_get_id_by_filter_name("syslog");
    proto_malformed = proto_get_id_by_filter_name("_ws.malformed");
    if (proto_syslog > 0) { /* what is wanted is a tree at all */
        GArray *wanted = g_array_new(FALSE, FALSE, sizeof(int));
        g_array_append_val(wanted, proto_syslog);
        set_postdissector_wanted_hfids(postdissector, wanted);
    }
    heur_dissector_add("udp", dissect_heuristic, "Cisco FTD syslog on any UDP port", "ftd_udp", proto_ftd,
                       HEURISTIC_ENABLE);
    dissector_add_for_decode_as("udp.port", datagram);
    if (syslog)
        stream_hand_off(syslog);
    stats_hand_off();
}
