/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tree.h"

#include "fields.h"
#include "findings.h"
#include "session.h"
#include "tree_value.h"

enum {
    LINE_COLUMNS = 110
}; /* of an explanation on one line: fits beside the bytes, and Wireshark cuts labels at 240 octets */

static int ett_message, ett_group, ett_repeated, ett_text, ett_session;

void tree_register(void)
{
    static int *const ids[] = {&ett_message, &ett_group, &ett_repeated, &ett_text, &ett_session};
    for (size_t i = 0; i < G_N_ELEMENTS(ids); i++)
        *ids[i] = -1;
    proto_register_subtree_array(ids, G_N_ELEMENTS(ids));
    tree_value_register();
}

/* ---- Header ---- */

static proto_item *add_span(const struct message *m, proto_tree *tree, enum fixed_field field, struct msgt_span span)
{
    if (span.length == 0)
        return NULL;
    return proto_tree_add_string_format(tree, fixed_filter(field), m->tvb, (int)span.offset, (int)span.length,
                                        message_text(m, span), "%s: %s", fixed_label(field, m->lang),
                                        message_shown(m, span));
}

static proto_item *add_severity(const struct message *m, proto_tree *tree)
{
    const struct msgt_record *r = &m->record;
    int at = (int)(r->tag.offset + r->tag.length - sizeof "6-722051" + 1);
    return proto_tree_add_uint_format(tree, fixed_filter(F_SEVERITY), m->tvb, at, 1, (guint)r->severity, "%s: %s (%d)",
                                      fixed_label(F_SEVERITY, m->lang),
                                      msgt_severity_name((unsigned)r->severity, m->lang), r->severity);
}

static proto_item *add_id(const struct message *m, proto_tree *tree)
{
    const struct msgt_record *r = &m->record;
    int at = (int)(r->tag.offset + r->tag.length - sizeof "722051" + 1);
    return proto_tree_add_uint_format(tree, fixed_filter(F_ID), m->tvb, at, 6, r->id,
                                      r->message_index < 0 ? "%s: %06u %s" : "%s: %06u (%s)",
                                      fixed_label(F_ID, m->lang), r->id, m->title);
}

/* Only where the device says which year and zone it means. */
static void add_time(const struct message *m, proto_tree *tree)
{
    const struct msgt_time *time = &m->record.time;
    if (!time->valid || time->year == 0 || !time->zone_known)
        return;
    nstime_t when = {.secs = (time_t)msgt_time_epoch(time, time->zone), .nsecs = (int)time->nanosecond};
    GDateTime *utc = g_date_time_new_from_unix_utc((gint64)when.secs);
    char *text = utc ? g_date_time_format(utc, "%Y-%m-%d %H:%M:%S") : g_strdup("?");
    proto_tree_add_time_format(tree, fixed_filter(F_TIMESTAMP), m->tvb, (int)m->record.timestamp.offset,
                               (int)m->record.timestamp.length, &when, "%s: %s.%03d UTC",
                               fixed_label(F_TIMESTAMP, m->lang), text, when.nsecs / 1000000);
    g_free(text);
    if (utc)
        g_date_time_unref(utc);
}

static void add_header(const struct message *m, proto_tree *tree, proto_item *places[PLACES])
{
    const struct msgt_record *r = &m->record;
    add_span(m, tree, F_PRODUCT, r->product);
    add_span(m, tree, F_CLASS, r->class_word);
    places[PLACE_SEVERITY] = add_severity(m, tree);
    places[PLACE_ID] = add_id(m, tree);
    add_span(m, tree, F_TIMESTAMP_TEXT, r->timestamp);
    add_time(m, tree);
    add_span(m, tree, F_HOSTNAME, r->hostname);
    add_span(m, tree, F_SEQUENCE, r->sequence);
}

/* ---- Fields ---- */

/* Lines of the tree so far: how often each field or group has one. */
struct lines {
    uint16_t fields[MSGT_VALUES_MAX], groups[MSGT_VALUES_MAX];
    size_t field_count, group_count;
};

/* Notes a line of KEY and returns which of its kind it is, from 1. */
static unsigned note_line(uint16_t keys[MSGT_VALUES_MAX], size_t *count, uint16_t key)
{
    unsigned number = 1;
    for (size_t i = 0; i < *count; i++)
        number += keys[i] == key;
    keys[(*count)++] = key;
    return number;
}

/* Where the line goes: from the second on below one of its own, for JSON has no room for the same key beside the first. SHOWN is NULL where
 * that is what stands there. */
static proto_tree *parent_of(const struct message *m, proto_tree *tree, unsigned number, struct msgt_span span, const char *label, const char *shown)
{
    if (number == 1)
        return tree;
    return proto_tree_add_subtree_format(tree, m->tvb, (int)span.offset, (int)span.length, ett_repeated, NULL, "%s %u: %s", label, number,
                                         shown ? shown : message_shown(m, span));
}

/* From the start of the first value to the end of the last. */
static struct msgt_span span_of(const struct msgt_record *r, const uint16_t *members, size_t count)
{
    uint32_t start = UINT32_MAX, end = 0;
    for (size_t i = 0; i < count; i++) {
        const struct msgt_value *value = &r->values[members[i]];
        start = MIN(start, value->offset);
        end = MAX(end, value->offset + value->length);
    }
    return (struct msgt_span){start, end - start};
}

static void add_group(const struct message *m, proto_tree *tree, struct lines *lines, const uint16_t *members, size_t count)
{
    const struct msgt_record *r = &m->record;
    uint16_t group = msgt_field(m->table, r->values[members[0]].field, MSGT_EN).group;
    const char *label = msgt_group_label(m->table, group, m->lang);
    struct msgt_span span = span_of(r, members, count);
    char line[ITEM_LABEL_LENGTH];
    size_t length = msgt_group_text(m->table, r, m->octets, members[0], line, sizeof line);
    const char *shown = text_shown(m->pinfo->pool, line, MIN(length, sizeof line - 1));
    proto_tree *parent = parent_of(m, tree, note_line(lines->groups, &lines->group_count, group), span, label, shown);
    proto_item *item = proto_tree_add_string_format(parent, group_filter(group), m->tvb, (int)span.offset, (int)span.length,
                                                    shown, "%s: %s", label, shown);
    proto_tree *subtree = proto_item_add_subtree(item, ett_group);
    for (size_t i = 0; i < count; i++)
        tree_value_add(m, subtree, &r->values[members[i]]);
}

/* The members of the value's group that no earlier line has shown. */
static size_t new_members(const struct message *m, unsigned first, uint64_t *done, uint16_t members[MSGT_VALUES_MAX])
{
    size_t count = msgt_group_members(m->table, &m->record, first, members), kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (*done >> members[i] & 1)
            continue;
        *done |= UINT64_C(1) << members[i];
        members[kept++] = members[i];
    }
    return kept;
}

static void add_value(const struct message *m, proto_tree *tree, struct lines *lines, const struct msgt_value *value)
{
    unsigned number = note_line(lines->fields, &lines->field_count, value->field);
    const char *label = msgt_field(m->table, value->field, m->lang).label;
    tree_value_add(m, parent_of(m, tree, number, value_span(value), label, NULL), value);
}

static void add_values(const struct message *m, proto_tree *tree)
{
    struct lines lines = {.field_count = 0};
    uint64_t done = 0;
    for (unsigned i = 0; i < m->record.count; i++) {
        uint16_t members[MSGT_VALUES_MAX];
        if (done >> i & 1)
            continue;
        size_t count = new_members(m, i, &done, members);
        if (count > 1)
            add_group(m, tree, &lines, members, count);
        else
            add_value(m, tree, &lines, &m->record.values[i]);
    }
}

/* Highlights what stands where something else was expected; where the text is over, its last octet. */
static proto_item *add_divergence(const struct message *m, proto_tree *tree)
{
    const struct msgt_record *r = &m->record;
    const char *text = message_divergence(m);
    if (!text)
        return NULL;
    uint32_t at = MIN(r->diverges, r->message.length), rest = r->message.length - at;
    uint32_t start = r->message.offset + at, length = rest;
    if (rest == 0 && at > 0) {
        start--;
        length = 1;
    }
    proto_item *item = proto_tree_add_uint_format(tree, fixed_filter(F_DIVERGES), m->tvb, (int)start, (int)length,
                                                  r->diverges, "%s: %s", fixed_label(F_DIVERGES, m->lang), text);
    proto_tree *subtree = proto_item_add_subtree(item, ett_text);
    const char *expected = wmem_strndup(m->pinfo->pool, r->expected, r->expected_length);
    expected = text_shown(m->pinfo->pool, expected, strlen(expected));
    const char *shown = r->expected_end ? msgt_divergence(r->status, m->lang).end : expected;
    proto_item_set_generated(proto_tree_add_string_format(subtree, fixed_filter(F_EXPECTED), m->tvb, 0, 0, expected,
                                                          "%s: %s", fixed_label(F_EXPECTED, m->lang), shown));
    return item;
}

/* ---- What is not in the datagram ---- */

/* Octets of the next line: up to a blank, in Japanese (two columns a character) up to any character. */
static size_t line_length(const char *text, size_t length)
{
    size_t at = 0, blank = 0, columns = 0, n;
    while (at < length && (n = msgt_utf8_character((const uint8_t *)text + at, length - at)) > 0) {
        columns += n > 1 ? 2 : 1;
        if (columns > LINE_COLUMNS)
            return blank > 0 ? blank : at;
        if (text[at] == ' ')
            blank = at;
        at += n;
    }
    return length;
}

/* The filter finds the whole text; the tree shows it in as many lines as it takes. */
static void add_explanation(const struct message *m, proto_tree *tree, enum fixed_field field, const char *text)
{
    if (!*text)
        return;
    size_t left = strlen(text), n = line_length(text, left);
    proto_item *item = proto_tree_add_string_format(tree, fixed_filter(field), m->tvb, 0, 0, text, "%s: %.*s",
                                                    fixed_label(field, m->lang), (int)n, text);
    proto_item_set_generated(item);
    proto_tree *subtree = n < left ? proto_item_add_subtree(item, ett_text) : NULL;
    while (n < left) {
        text += n + (text[n] == ' ');
        left = strlen(text);
        n = line_length(text, left);
        proto_item *line;
        proto_tree_add_subtree_format(subtree, m->tvb, 0, 0, ett_text, &line, "%.*s", (int)n, text);
        proto_item_set_generated(line);
    }
}

static void add_frame(const struct message *m, proto_tree *tree, enum fixed_field field, uint32_t frame)
{
    if (frame)
        proto_item_set_generated(proto_tree_add_uint_format(tree, fixed_filter(field), m->tvb, 0, 0, frame, "%s: %u",
                                                            fixed_label(field, m->lang), frame));
}

static void add_duration(const struct message *m, proto_tree *tree, enum fixed_field field, nstime_t *duration)
{
    proto_item_set_generated(proto_tree_add_time_format(tree, fixed_filter(field), m->tvb, 0, 0, duration, "%s: %.6f s",
                                                        fixed_label(field, m->lang), nstime_to_sec(duration)));
}

/* "Session 3, message 2 of 7" */
static proto_tree *add_session(const struct message *m, proto_tree *tree, const struct session_view *view)
{
    static const char *const line[MSGT_LANGS] = {"%s: %u, message %u of %u", "%s: %u、%u件目(全%u件)"};
    const char *text = wmem_strdup_printf(m->pinfo->pool, line[m->lang], fixed_label(F_SESSION, m->lang), view->number,
                                          view->place, view->messages);
    proto_item *item =
        proto_tree_add_uint_format(tree, fixed_filter(F_SESSION), m->tvb, 0, 0, view->number, "%s", text);
    proto_item_set_generated(item);
    return proto_item_add_subtree(item, ett_session);
}

static void add_links(const struct message *m, proto_tree *tree)
{
    struct session_view view;
    if (m->quoted || !session_look(m, &view))
        return;
    add_frame(m, tree, F_SETUP, view.setup);
    add_frame(m, tree, F_TEARDOWN, view.teardown);
    if (view.setup || view.teardown)
        add_duration(m, tree, F_DURATION, &view.duration);
    if (!view.in_session)
        return;
    proto_tree *subtree = add_session(m, tree, &view);
    add_frame(m, subtree, F_SESSION_FIRST, view.first);
    add_frame(m, subtree, F_SESSION_PREVIOUS, view.previous);
    add_frame(m, subtree, F_SESSION_NEXT, view.next);
    add_duration(m, subtree, F_SESSION_ELAPSED, &view.elapsed);
}

/* "(3 instances received)" behind the text, or "message repeated 3 times: [" in front of it. Empty where that stands in the header. */
static struct msgt_span note_of_repetition(const struct message *m)
{
    const struct msgt_span text = m->record.message, body = m->record.body;
    uint32_t end = body.offset + body.length, length = text.offset + text.length - end;
    const uint8_t *note = m->octets + end, *bracket = length > 0 && note[0] == '(' ? memchr(note, ')', length) : NULL;
    if (body.offset > text.offset)
        return (struct msgt_span){text.offset, body.offset - text.offset};
    return (struct msgt_span){end, bracket ? (uint32_t)(bracket - note) + 1 : 0};
}

static void add_repeat(const struct message *m, proto_tree *tree)
{
    if (m->record.repeat == 0)
        return;
    struct msgt_span note = note_of_repetition(m);
    proto_item *item = proto_tree_add_uint_format(tree, fixed_filter(F_REPEAT), m->tvb, (int)note.offset, (int)note.length, m->record.repeat,
                                                  "%s: %u", fixed_label(F_REPEAT, m->lang), m->record.repeat);
    if (note.length == 0)
        proto_item_set_generated(item);
}

static void add_generated(const struct message *m, proto_tree *tree)
{
    const struct msgt_record *r = &m->record;
    add_repeat(m, tree);
    proto_item_set_generated(proto_tree_add_string_format(tree, fixed_filter(F_STATUS), m->tvb, 0, 0,
                                                          msgt_status_name(r->status), "%s: %s",
                                                          fixed_label(F_STATUS, m->lang), msgt_status_name(r->status)));
    if (r->message_index < 0)
        return;
    struct msgt_message message = msgt_message(m->table, (size_t)r->message_index, m->lang);
    proto_item_set_generated(proto_tree_add_string_format(tree, fixed_filter(F_TITLE), m->tvb, 0, 0, message.title,
                                                          "%s: %s", fixed_label(F_TITLE, m->lang), message.title));
    add_explanation(m, tree, F_ABOUT, message.about);
    add_explanation(m, tree, F_ACTION, message.action);
}

void tree_add(const struct message *m, proto_tree *tree, bool wanted)
{
    const struct msgt_record *r = &m->record;
    proto_item *places[PLACES] = {NULL};
    if (tree && !wanted) /* for statistics of protocols */
        proto_tree_add_item(tree, proto_ftd, m->tvb, (int)r->datagram.offset, (int)r->datagram.length, ENC_NA);
    if (tree && wanted) {
        proto_item *top =
            proto_tree_add_protocol_format(tree, proto_ftd, m->tvb, (int)r->datagram.offset, (int)r->datagram.length,
                                           "Cisco %s syslog: %06u %s", message_shown(m, r->product), r->id, m->title);
        proto_tree *subtree = proto_item_add_subtree(top, ett_message);
        places[PLACE_TOP] = top;
        add_header(m, subtree, places);
        add_values(m, subtree);
        places[PLACE_DIVERGENCE] = add_divergence(m, subtree);
        places[PLACE_MESSAGE] = add_span(m, subtree, F_MESSAGE, r->message);
        add_generated(m, subtree);
        add_links(m, subtree);
    }
    findings_raise(m, places);
}
