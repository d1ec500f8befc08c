/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stream.h"

#include <epan/conversation.h>
#include <epan/dissectors/packet-tcp.h>

#include "settings.h"

/* Each call of a dissector is a layer of the frame, of which Wireshark bears 500. */
enum { MESSAGE_MAX = 1 << 16, DIGITS_MAX = 5, CALLS_MAX = 100 };

static dissector_handle_t syslog, handle;

/* "150 <": the length of what follows the blank. Returns the octets taken, 0 when this is no length. */
static size_t read_length(const uint8_t *octets, size_t length, size_t *number)
{
    size_t n = 0;
    *number = 0;
    while (n < length && n <= DIGITS_MAX && g_ascii_isdigit(octets[n]))
        *number = *number * 10 + (size_t)(octets[n++] - '0');
    bool counted =
        n > 0 && n <= DIGITS_MAX && octets[0] != '0' && n + 1 < length && octets[n] == ' ' && octets[n + 1] == '<';
    return counted ? n + 1 : 0;
}

/* RFC 6587, section 3.4.2: mostly a line feed ends a message, sometimes a NUL. What stands behind it is no message. */
static bool is_end(uint8_t octet) { return octet == '\n' || octet == 0; }

struct piece stream_piece(const uint8_t *octets, size_t length)
{
    size_t number, skip = read_length(octets, length, &number);
    if (skip)
        return (struct piece){skip, number};
    size_t end = 0;
    while (end < length && !is_end(octets[end]))
        end++;
    if (end == length)
        return (struct piece){0, 0};
    while (end < length && (is_end(octets[end]) || octets[end] == '\r'))
        end++;
    return (struct piece){0, end};
}

/* Asks for the rest of a message. False when it will not come, or is no message at all. */
static bool ask_for_more(packet_info *pinfo, const struct tcpinfo *tcp, size_t offset, size_t missing, size_t have)
{
    enum { FIN = 1 };
    if (!pinfo->can_desegment || have >= MESSAGE_MAX || (tcp && tcp->flags & FIN))
        return false;
    pinfo->desegment_offset = (int)offset;
    pinfo->desegment_len = missing ? (uint32_t)missing : DESEGMENT_ONE_MORE_SEGMENT;
    return true;
}

/* The messages [FROM, TO). Of ours, the post-dissector writes the columns: TCP would keep what stands there, and have it put behind. */
static void hand_on(tvbuff_t *tvb, size_t from, size_t to, packet_info *pinfo, proto_tree *tree, void *data)
{
    tvbuff_t *part = tvb_new_subset_length(tvb, (int)from, (int)(to - from));
    call_dissector_with_data(syslog, part, pinfo, tree, data);
    if (settings.info_style != INFO_STOCK && msgt_has_tag(tvb_get_ptr(part, 0, (int)(to - from)), to - from))
        col_clear(pinfo->cinfo, COL_INFO);
}

static int dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    size_t length = tvb_captured_length(tvb), at = 0, rest = 0;
    unsigned calls = 0;
    const uint8_t *octets = length ? tvb_get_ptr(tvb, 0, (int)length) : NULL;
    while (at < length) {
        if (is_end(octets[at])) {
            at++;
            continue;
        }
        struct piece piece = stream_piece(octets + at, length - at);
        size_t have = length - at - piece.skip, wanted = piece.length ? piece.length : have;
        bool incomplete = piece.length == 0 || wanted > have;
        if (incomplete && ask_for_more(pinfo, data, at, piece.length ? wanted - have : 0, have))
            break;
        size_t start = at + piece.skip;
        at = start + MIN(wanted, have);
        if (++calls < CALLS_MAX) {
            hand_on(tvb, start, at, pinfo, tree, data);
            rest = at;
        }
    }
    if (calls >= CALLS_MAX)
        hand_on(tvb, rest, at, pinfo, tree, data); /* the post-dissector takes them apart */
    return (int)length;
}

/* A stream that starts with a priority and has one of our tags behind it. */
static host_bool dissect_heuristic(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    if (!settings.heuristic)
        return false;
    size_t length = MIN((size_t)tvb_captured_length(tvb), MSGT_HEADER_MAX);
    const uint8_t *octets = length ? tvb_get_ptr(tvb, 0, (int)length) : NULL;
    size_t skip = length ? stream_piece(octets, length).skip : 0;
    if (skip >= length || octets[skip] != '<' || !msgt_has_tag(octets + skip, length - skip))
        return false;
    conversation_set_dissector(find_or_create_conversation(pinfo), handle);
    dissect(tvb, pinfo, tree, data);
    return true;
}

void stream_hand_off(dissector_handle_t syslog_handle)
{
    syslog = syslog_handle;
    handle = create_dissector_handle(dissect, proto_ftd);
    dissector_add_for_decode_as("tcp.port", handle);
    heur_dissector_add("tcp", dissect_heuristic, "Cisco FTD syslog on any TCP port", "ftd_tcp", proto_ftd,
                       HEURISTIC_ENABLE);
}
