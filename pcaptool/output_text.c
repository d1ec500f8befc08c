/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One calm line a message; with -v the tree: every field with its place in the message, what it means and what to do. */
#include <time.h>

#include "color.h"
#include "output.h"
#include "text.h"

enum { DEVICE_WIDTH = 10, SEVERITY_WIDTH = 8, TITLE_WIDTH = 32, NAME_WIDTH = 18, VALUE_WIDTH = 26, COLUMNS = 100, FOUND_MAX = 40 };

/* ---- Times ---- */

static int64_t shown_seconds(const struct output_style *style, int64_t seconds)
{
    time_t t = (time_t)seconds;
    struct tm local;
    if (style->utc || !localtime_r(&t, &local)) /* fails for years beyond its range */
        return seconds;
    return seconds + local.tm_gmtoff;
}

/* Seconds repeat from one message to the next. */
static void know_clock(struct writer *w, int64_t second)
{
    char room[16];
    struct buffer text = {.data = room, .capacity = sizeof room};
    w->clock.known = true;
    w->clock.second = second;
    w->clock.shown = shown_seconds(w->style, second);
    buffer_clock(&text, w->clock.shown, 0, 0);
    memcpy(w->clock.text, room, sizeof w->clock.text);
}

static void write_day(struct writer *w, int64_t seconds, int64_t day)
{
    size_t start = w->buffer.length;
    buffer_text(&w->buffer, "-- ");
    buffer_date(&w->buffer, seconds);
    buffer_text(&w->buffer, w->style->utc ? " UTC --\n" : " --\n");
    if (w->day == WRITER_NO_DAY) {
        w->first_day = day;
        w->first_day_length = w->buffer.length - start;
    }
    w->day = day;
}

static void write_time(struct writer *w, const struct datagram *d)
{
    if (!w->clock.known || w->clock.second != d->seconds)
        know_clock(w, d->seconds);
    int64_t seconds = w->clock.shown, day = buffer_day(seconds);
    if (w->style->full_time) {
        buffer_date(&w->buffer, seconds);
        buffer_char(&w->buffer, ' ');
    } else if (day != w->day) {
        write_day(w, seconds, day);
    }
    buffer_octets(&w->buffer, w->clock.text, sizeof w->clock.text);
    buffer_fraction(&w->buffer, d->nanoseconds, d->precision ? d->precision : 6);
}

/* ---- One line ---- */

/* Blanks behind a text of WIDTH columns where WANTED are to be filled, up to TITLE_WIDTH. */
static void pad(struct buffer *buffer, size_t width, size_t wanted)
{
    static const char blanks[TITLE_WIDTH + 1] = "                                ";
    if (width >= wanted)
        return;
    buffer_need(buffer, TITLE_WIDTH);
    memcpy(buffer_at(buffer), blanks, TITLE_WIDTH); /* all of it is faster than a part of it */
    buffer->length += wanted - width;
}

static void padded_octets(struct buffer *buffer, const char *text, size_t length, size_t width)
{
    size_t start = buffer->length;
    if (text_printable_run((const uint8_t *)text, length) == length) {
        buffer_octets(buffer, text, length);
        pad(buffer, length, width);
        return;
    }
    text_safe(buffer, text, length);
    pad(buffer, text_width(buffer->data + start, buffer->length - start), width);
}

/* " name=" */
static void write_name(struct buffer *buffer, const struct field_key *key)
{
    size_t length = key->length - 2; /* less what JSON has more around the name */
    buffer_need(buffer, MAX(length, KEY_ROOM));
    char *to = buffer_at(buffer);
    if (length <= KEY_ROOM - 1)
        memcpy(to, key->text + 1, KEY_ROOM - 1); /* all of its room is faster than a part of it */
    else
        memcpy(to, key->text + 1, length);
    to[0] = ' ';
    to[length - 1] = '=';
    buffer_end(buffer, to + length);
}

static void write_fields(struct buffer *buffer, const struct record *record)
{
    bool plain = record->message.plain;
    for (unsigned i = 0; i < record->message.count; i++) {
        const struct msgt_value *value = &record->message.values[i];
        const char *text = record_octets(record, value->offset);
        write_name(buffer, &record->view->field_keys[value->field]);
        if (plain && value->length && !memchr(text, ' ', value->length))
            buffer_octets(buffer, text, value->length);
        else
            text_value(buffer, text, value->length);
        if (value->kind != MSGT_KIND_NUMBER)
            continue; /* a word speaks for itself */
        const char *meaning = msgt_meaning(record->view->table, &record->message, record->datagram->octets, value, record->view->lang);
        if (meaning) {
            buffer_text(buffer, " (");
            buffer_text(buffer, meaning);
            buffer_char(buffer, ')');
        }
    }
}

/* "text leaves the template at byte 41: expected " IPv4 Address ", found " IPv4 Adress <"" */
static void write_divergence(struct buffer *buffer, const struct record *record)
{
    const struct msgt_record *m = &record->message;
    uint32_t rest = m->message.length - m->diverges, shown = rest < FOUND_MAX ? rest : FOUND_MAX;
    if (m->expected_length && !m->expected_field && shown > m->expected_length + 8)
        shown = m->expected_length + 8;
    buffer_format(buffer, "text %s at byte %u: expected ",
                  m->status == MSGT_TRUNCATED ? "ends inside the template" : "leaves the template", m->diverges);
    if (!m->expected_field)
        buffer_char(buffer, '"');
    text_safe(buffer, m->expected, m->expected_length);
    if (!m->expected_field)
        buffer_char(buffer, '"');
    if (rest) {
        buffer_text(buffer, ", found \"");
        text_safe(buffer, record_octets(record, m->message.offset + m->diverges), shown);
        buffer_text(buffer, shown < rest ? "…\"" : "\"");
    }
}

static void write_body(struct buffer *buffer, const struct record *record)
{
    const struct msgt_record *m = &record->message;
    switch (m->status) {
    case MSGT_PARTIAL:
    case MSGT_TRUNCATED:
        buffer_text(buffer, " ≠ ");
        write_divergence(buffer, record);
        if (m->count)
            buffer_text(buffer, "; read:");
        break;
    case MSGT_UNKNOWN_ID:
    case MSGT_NO_TAG:
        buffer_char(buffer, ' ');
        text_safe(buffer, record_octets(record, m->message.offset), m->message.length);
        return;
    default:
        break;
    }
    write_fields(buffer, record);
    if (m->repeat)
        buffer_format(buffer, " (%u times)", m->repeat);
}

static const char *title_of(const struct record *record)
{
    const struct msgt_record *m = &record->message;
    if (m->message_index >= 0)
        return msgt_message(record->view->table, (size_t)m->message_index, record->view->lang).title;
    return m->status == MSGT_NO_TAG ? "(no FTD or ASA tag)" : "(not in the catalogue)";
}

static void write_title(struct buffer *buffer, const struct record *record)
{
    if (record->message.message_index < 0) {
        text_padded(buffer, title_of(record), TITLE_WIDTH);
        return;
    }
    const struct title *title = &record->view->titles[record->message.message_index];
    buffer_octets(buffer, title->text, title->length);
    pad(buffer, title->width, TITLE_WIDTH);
}

static void write_severity(struct buffer *buffer, int severity, enum msgt_lang lang)
{
    const char *name = severity >= 0 ? msgt_severity_name((unsigned)severity, lang) : "-";
    padded_octets(buffer, name, strlen(name), SEVERITY_WIDTH);
}

static void write_line(struct writer *w, const struct record *record)
{
    struct buffer *buffer = &w->buffer;
    const struct msgt_record *m = &record->message;
    struct scalar device;
    record_device(record, &device);
    int severity = m->severity >= 0 ? m->severity : m->pri >= 0 ? m->pri & 7 : -1;

    write_time(w, record->datagram);
    buffer_text(buffer, "  ");
    padded_octets(buffer, device.text, device.kind == SCALAR_TEXT ? device.length : 0, DEVICE_WIDTH);
    buffer_char(buffer, ' ');
    color_on(buffer, w->style->color, severity);
    write_severity(buffer, severity, record->view->lang);
    color_off(buffer, w->style->color, severity);
    buffer_char(buffer, ' ');
    if (m->tag.length)
        buffer_padded(buffer, m->id, 6);
    else
        buffer_text(buffer, "     -");
    buffer_text(buffer, "  ");
    color_on(buffer, w->style->color, COLOR_EMPHASIS);
    write_title(buffer, record);
    color_off(buffer, w->style->color, COLOR_EMPHASIS);
    write_body(buffer, record);
    buffer_char(buffer, '\n');
}

/* ---- The tree ---- */

static void tree_head(struct writer *w, const struct record *record)
{
    struct buffer *buffer = &w->buffer;
    const struct datagram *d = record->datagram;
    const struct packet *p = d->packet;
    color_on(buffer, w->style->color, COLOR_FAINT);
    buffer_text(buffer, "frame ");
    buffer_grouped(buffer, d->frame);
    buffer_text(buffer, "  ");
    int64_t seconds = shown_seconds(w->style, d->seconds);
    buffer_date(buffer, seconds);
    buffer_char(buffer, ' ');
    buffer_clock(buffer, seconds, d->nanoseconds, d->precision ? d->precision : 6);
    buffer_text(buffer, w->style->utc ? " UTC  " : "  ");
    buffer_address(buffer, p->version, p->src);
    buffer_format(buffer, ":%u → ", p->src_port);
    buffer_address(buffer, p->version, p->dst);
    buffer_format(buffer, ":%u", p->dst_port);
    color_off(buffer, w->style->color, COLOR_FAINT);
    buffer_char(buffer, '\n');
}

static void tree_title(struct writer *w, const struct record *record)
{
    struct buffer *buffer = &w->buffer;
    const struct msgt_record *m = &record->message;
    buffer_text(buffer, "  ");
    if (m->tag.length) {
        buffer_padded(buffer, m->id, 6);
        buffer_text(buffer, "  ");
    }
    color_on(buffer, w->style->color, COLOR_EMPHASIS);
    text_padded(buffer, title_of(record), 54);
    color_off(buffer, w->style->color, COLOR_EMPHASIS);
    if (m->severity >= 0) {
        color_on(buffer, w->style->color, m->severity);
        buffer_text(buffer, msgt_severity_name((unsigned)m->severity, record->view->lang));
        color_off(buffer, w->style->color, m->severity);
        buffer_format(buffer, " (%d), ", m->severity);
        text_safe(buffer, record_octets(record, m->product.offset), m->product.length);
        buffer_char(buffer, ' ');
    }
    struct scalar device;
    record_device(record, &device);
    if (device.kind == SCALAR_TEXT)
        text_safe(buffer, device.text, device.length);
    if (m->timestamp.length) {
        buffer_text(buffer, ", device time ");
        text_safe(buffer, record_octets(record, m->timestamp.offset), m->timestamp.length);
    }
    buffer_char(buffer, '\n');
}

static void tree_value(struct writer *w, const struct record *record, unsigned index, size_t indent)
{
    struct buffer *buffer = &w->buffer;
    const struct msgt_value *value = &record->message.values[index];
    struct msgt_field field = msgt_field(record->view->table, value->field, record->view->lang);
    const char *meaning = msgt_meaning(record->view->table, &record->message, record->datagram->octets, value,
                                       record->view->lang);
    const char *note = msgt_note(record->view->table, (size_t)record->message.message_index, value->field, record->view->lang);
    buffer_fill(buffer, ' ', indent);
    text_padded(buffer, field.name, NAME_WIDTH + 4 - (indent - 4));
    buffer_char(buffer, ' ');
    size_t start = buffer->length;
    text_safe(buffer, record_octets(record, value->offset), value->length);
    size_t have = text_width(buffer->data + start, buffer->length - start);
    buffer_fill(buffer, ' ', have < VALUE_WIDTH ? VALUE_WIDTH - have + 1 : 1);
    start = buffer->length;
    buffer_format(buffer, "%u+%u", value->offset - record->message.message.offset, value->length);
    have = buffer->length - start;
    buffer_fill(buffer, ' ', have < 8 ? 8 - have : 1);
    color_on(buffer, w->style->color, COLOR_FAINT);
    buffer_text(buffer, field.label);
    if (*note)
        buffer_format(buffer, ": %s", note);
    color_off(buffer, w->style->color, COLOR_FAINT);
    if (meaning) {
        buffer_text(buffer, ": ");
        buffer_text(buffer, meaning);
    }
    buffer_char(buffer, '\n');
}

static void tree_group(struct writer *w, const struct record *record, unsigned first, const uint16_t *members, size_t count)
{
    struct buffer *buffer = &w->buffer;
    char line[256];
    uint16_t group = msgt_field(record->view->table, record->message.values[first].field, MSGT_EN).group;
    size_t length = msgt_group_text(record->view->table, &record->message, record->datagram->octets, first, line, sizeof line);
    buffer_fill(buffer, ' ', 4);
    text_padded(buffer, msgt_group_label(record->view->table, group, record->view->lang), NAME_WIDTH + 4);
    buffer_char(buffer, ' ');
    text_safe(buffer, line, length < sizeof line ? length : sizeof line - 1);
    buffer_char(buffer, '\n');
    for (size_t i = 0; i < count; i++)
        tree_value(w, record, members[i], 6);
}

static void tree_values(struct writer *w, const struct record *record)
{
    uint64_t done = 0;
    for (unsigned i = 0; i < record->message.count; i++) {
        uint16_t members[MSGT_VALUES_MAX];
        if (done >> i & 1)
            continue;
        size_t count = msgt_group_members(record->view->table, &record->message, i, members);
        for (size_t k = 0; k < count; k++)
            done |= UINT64_C(1) << members[k];
        if (count > 1)
            tree_group(w, record, i, members, count);
        else
            tree_value(w, record, i, 4);
    }
}

static void tree_findings(struct writer *w, const struct record *record)
{
    for (unsigned i = 0; i < MSGT_FINDINGS; i++) {
        struct msgt_finding_info info = msgt_finding((enum msgt_finding)i);
        if (record->message.findings & 1u << i && !info.quiet)
            buffer_format(&w->buffer, "  ! %-18s  %s\n", info.code, info.title);
    }
}

static void tree_paragraph(struct writer *w, const char *text, const char *mark)
{
    if (!*text)
        return;
    buffer_text(&w->buffer, mark);
    text_wrapped(&w->buffer, text, text_width(mark, strlen(mark)), COLUMNS);
    buffer_char(&w->buffer, '\n');
}

static void write_tree(struct writer *w, const struct record *record)
{
    const struct msgt_record *m = &record->message;
    tree_head(w, record);
    tree_title(w, record);
    tree_values(w, record);
    if (m->status == MSGT_PARTIAL || m->status == MSGT_TRUNCATED) {
        buffer_text(&w->buffer, "  ≠ ");
        write_divergence(&w->buffer, record);
        buffer_char(&w->buffer, '\n');
    }
    if (m->status != MSGT_OK) {
        buffer_text(&w->buffer, "    ");
        text_safe(&w->buffer, record_octets(record, m->message.offset), m->message.length);
        buffer_char(&w->buffer, '\n');
    }
    tree_findings(w, record);
    if (m->message_index >= 0) {
        struct msgt_message message = msgt_message(record->view->table, (size_t)m->message_index, record->view->lang);
        tree_paragraph(w, message.about, "  ");
        tree_paragraph(w, message.action, "  → ");
    }
    buffer_char(&w->buffer, '\n');
}

void output_text_record(struct writer *writer, const struct record *record)
{
    if (writer->style->verbose)
        write_tree(writer, record);
    else
        write_line(writer, record);
}
