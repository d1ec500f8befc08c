/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stream.h"

#include <epan/conversation.h>
#include <epan/dissectors/packet-tcp.h>
#include <epan/proto_data.h>

#include "framing.h"
#include "items.h"
#include "settings.h"

/* Each call of a dissector is a layer of the frame, of which Wireshark bears 500. */
enum { MESSAGE_MAX = 1 << 16, CALLS_MAX = 100 };

static dissector_handle_t syslog, handle;

/* ---- What is known of a stream ---- */

/* Later passes must come to the same result: what a frame learns is used by those behind it. */
struct stream {
    uint32_t claimed;           /* by the heuristic, in that frame; 0: by the user */
    bool pri;                   /* then: the first header had a priority */
    uint32_t since[PIECE_ENDS]; /* frame in which a message ended that way for the first time; 0: none yet */
};

static struct stream *stream_of(packet_info *pinfo)
{
    conversation_t *conversation = find_or_create_conversation(pinfo);
    struct stream *stream = conversation_get_proto_data(conversation, proto_ftd);
    if (!stream) {
        stream = wmem_new0(wmem_file_scope(), struct stream);
        conversation_add_proto_data(conversation, proto_ftd, stream);
    }
    return stream;
}

/* ---- One call by TCP ---- */

struct call {
    tvbuff_t *tvb;
    packet_info *pinfo;
    proto_tree *tree;
    struct tcpinfo *tcp; /* or NULL */
    struct stream *stream;
    const uint8_t *octets;
    size_t length;
    bool seen[PIECE_ENDS]; /* in earlier frames or in this call */
};

static void start_call(struct call *c)
{
    c->stream = stream_of(c->pinfo);
    c->length = tvb_captured_length(c->tvb);
    c->octets = c->length ? tvb_get_ptr(c->tvb, 0, (int)c->length) : NULL;
    for (size_t i = 0; i < PIECE_ENDS; i++)
        c->seen[i] = c->stream->since[i] > 0 && c->stream->since[i] < c->pinfo->num;
}

static void learn(struct call *c, enum piece_end end)
{
    c->seen[end] = true;
    if (c->stream->since[end] == 0)
        c->stream->since[end] = c->pinfo->num;
}

/* Where nothing ends a message, a segment does. Where lengths do, and no line feeds, this is what a lost segment left. */
static bool is_whole(const struct call *c) { return !c->seen[PIECE_LINE] && (c->seen[PIECE_GLUED] || c->seen[PIECE_COUNTED]); }

/* Octets of the message that are still to come, DESEGMENT_ONE_MORE_SEGMENT when nobody knows how many; 0: none. */
static uint32_t missing(const struct call *c, const struct piece *piece, size_t have)
{
    switch (piece->end) {
    case PIECE_COUNTED:
        return piece->length > have ? (uint32_t)(piece->length - have) : 0;
    case PIECE_OPEN:
        return is_whole(c) ? 0 : DESEGMENT_ONE_MORE_SEGMENT;
    case PIECE_LENGTH:
        return DESEGMENT_ONE_MORE_SEGMENT;
    default:
        return 0;
    }
}

static bool has_fin(const struct call *c)
{
    enum { FIN = 1 };
    return c->tcp && c->tcp->flags & FIN;
}

/* A FIN that comes alone ends what TCP has put together so far, if TCP is told that this is wanted. What it was told last holds for later passes. */
static void end_with_fin(const struct call *c, bool wanted)
{
    bool settled = PINFO_FD_VISITED(c->pinfo) || has_fin(c);
    struct tcp_analysis *analysis = settled ? NULL : get_tcp_conversation_data(NULL, c->pinfo);
    if (analysis && wanted)
        analysis->fwd->flags |= TCP_FLOW_REASSEMBLE_UNTIL_FIN;
    else if (analysis)
        analysis->fwd->flags &= (uint16_t)~TCP_FLOW_REASSEMBLE_UNTIL_FIN;
}

/* Asks for the rest of a message. False when it will not come, or is no message at all. */
static bool ask_for_more(const struct call *c, size_t offset, uint32_t wanted, size_t have)
{
    if (!c->pinfo->can_desegment || have >= MESSAGE_MAX || has_fin(c))
        return false;
    c->pinfo->desegment_offset = (int)offset;
    c->pinfo->desegment_len = wanted;
    end_with_fin(c, wanted == DESEGMENT_ONE_MORE_SEGMENT);
    return true;
}

/* The messages [FROM, TO). Of ours, the post-dissector writes the columns: TCP would keep what stands there, and have it put behind. */
static void hand_on(const struct call *c, size_t from, size_t to)
{
    tvbuff_t *part = tvb_new_subset_length(c->tvb, (int)from, (int)(to - from));
    call_dissector(syslog, part, c->pinfo, c->tree);
    if (settings.info_style != INFO_STOCK && items_expected(c->pinfo, c->tree) && msgt_has_tag(c->octets + from, to - from))
        col_clear(c->pinfo->cinfo, COL_INFO);
}

/* The end of a message whose header was not captured whole: nobody knows what is missing of it. */
static bool is_headless(const struct call *c, const struct piece *piece)
{
    if (!c->stream->claimed || (c->tcp && c->tcp->is_reassembled) || piece->end == PIECE_COUNTED)
        return false;
    struct header header = framing_header(c->octets, piece->length);
    return msgt_has_tag(c->octets, piece->length) && (header.length == 0 || (c->stream->pri && !header.pri));
}

/* Octets in front of the first message: of one that the capture did not see start. */
static size_t skip_rest(const struct call *c)
{
    size_t at = 0;
    if (c->length == 0)
        return 0;
    if (c->stream->claimed == c->pinfo->num) {
        framing_find(c->octets, c->length, &at);
    } else {
        struct piece piece = framing_piece(c->octets, c->length);
        at = is_headless(c, &piece) ? piece.length : 0;
    }
    if (at > 0)
        call_data_dissector(tvb_new_subset_length(c->tvb, 0, (int)at), c->pinfo, c->tree);
    return at;
}

/* The post-dissector is told whether the last message goes on: by segments that Wireshark does not put together. */
static void keep_framing(const struct call *c, bool cut)
{
    if (!PINFO_FD_VISITED(c->pinfo))
        p_set_proto_data(wmem_file_scope(), c->pinfo, proto_ftd, KEY_FRAMING, GUINT_TO_POINTER(cut ? FRAMING_CUT : FRAMING_WHOLE));
}

static void dissect_messages(struct call *c)
{
    size_t at = skip_rest(c), rest = at;
    unsigned calls = 0;
    bool cut = false;
    while (at < c->length) {
        if (framing_is_end(c->octets[at])) {
            at++;
            continue;
        }
        struct piece piece = framing_piece(c->octets + at, c->length - at);
        size_t have = c->length - at - piece.skip;
        uint32_t wanted = missing(c, &piece, have);
        if (wanted && ask_for_more(c, at, wanted, have))
            break;
        cut = wanted && !has_fin(c);
        learn(c, piece.end);
        size_t start = at + piece.skip;
        at = start + MIN(piece.length, have);
        if (++calls < CALLS_MAX) {
            hand_on(c, start, at);
            rest = at;
        }
    }
    if (calls >= CALLS_MAX)
        hand_on(c, rest, at); /* the post-dissector takes them apart */
    keep_framing(c, cut);
}

static int dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    struct call c = {.tvb = tvb, .pinfo = pinfo, .tree = tree, .tcp = data};
    start_call(&c);
    end_with_fin(&c, false);
    dissect_messages(&c);
    return (int)c.length;
}

/* A stream in which one of our headers starts the segment or a line of it, or stands behind a length. */
static host_bool dissect_heuristic(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    size_t length = settings.heuristic ? tvb_captured_length(tvb) : 0, at;
    struct header header = length ? framing_find(tvb_get_ptr(tvb, 0, (int)length), length, &at) : (struct header){0};
    if (header.length == 0)
        return false;
    struct stream *stream = stream_of(pinfo);
    if (!stream->claimed) {
        stream->claimed = pinfo->num;
        stream->pri = header.pri;
    }
    conversation_set_dissector_from_frame_number(find_or_create_conversation(pinfo), pinfo->num, handle);
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
