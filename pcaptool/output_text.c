/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One calm line a message; with -v the tree: every field with its place in the message, what it means and what to do. */
#include "color.h"
#include "output.h"
#include "text.h"

enum { DEVICE_WIDTH = 10, SEVERITY_WIDTH = 8, NAME_WIDTH = 18, VALUE_WIDTH = 26, COLUMNS = 100, FOUND_MAX = 40 };

enum word { WORD_FRAME, WORD_DEVICE_TIME, WORD_READ, WORD_TIMES, WORD_NO_TIME, WORDS };

static const char *const words[MSGT_LANGS][WORDS] = {
    {"frame ", ", device time ", "; read:", " times)", "no time"},
    {"フレーム ", ", デバイスの時刻 ", "。読めた値:", " 回)", "時刻なし"},
};

/* ---- Times ---- */

/* Seconds repeat from one message to the next. */
static void know_clock(struct writer *w, const struct view *view, int64_t second)
{
    char room[16];
    struct buffer text = {.data = room, .capacity = sizeof room};
    w->clock.known = true;
    w->clock.second = second;
    w->clock.shown = view_seconds(view, second);
    buffer_clock(&text, w->clock.shown, 0, 0);
    memcpy(w->clock.text, room, sizeof w->clock.text);
}

static void write_day(struct writer *w, const struct view *view, int64_t seconds, int64_t day)
{
    size_t start = w->buffer.length;
    buffer_text(&w->buffer, "-- ");
    buffer_date(&w->buffer, seconds);
    buffer_text(&w->buffer, view->utc ? " UTC --\n" : " --\n");
    if (w->day == WRITER_NO_DAY) {
        w->first_day = day;
        w->first_day_at = start;
        w->first_day_length = w->buffer.length - start;
    }
    w->day = day;
}

/* What stands in front of the time: the date, in the line or in one of its own where it changes. */
static void write_date(struct writer *w, const struct view *view, const struct datagram *d)
{
    if (d->precision == 0)
        return;
    if (!w->clock.known || w->clock.second != d->seconds)
        know_clock(w, view, d->seconds);
    int64_t seconds = w->clock.shown;
    if (w->style->full_time) {
        buffer_date(&w->buffer, seconds);
        buffer_char(&w->buffer, ' ');
    } else if (buffer_day(seconds) != w->day) {
        write_day(w, view, seconds, buffer_day(seconds));
    }
}

/* ---- One line ---- */

/* A line on its way into a buffer that has ROOM for it. What may have any length, or needs escapes, reserves that anew. */
struct line {
    struct buffer *buffer;
    const struct record *record;
    size_t room;
};

static char *more_room(const struct line *line)
{
    buffer_need(line->buffer, line->room);
    return buffer_at(line->buffer);
}

static char *put_string(char *to, const char *text)
{
    size_t length = strlen(text);
    memcpy(to, text, length);
    return to + length;
}

static const char blanks[COPY_STEP + 1] = "                                ";

/* Blanks up to WIDTH columns, at most COPY_STEP, behind LENGTH octets of printable ASCII. */
static inline char *put_blanks(char *to, size_t length, size_t width)
{
    if (length >= width)
        return to;
    memcpy(to, blanks, COPY_STEP);
    return to + width - length;
}

static char *put_any_padded(char *to, const struct line *line, const char *text, size_t length, size_t width)
{
    buffer_end(line->buffer, to);
    size_t start = line->buffer->length;
    text_safe(line->buffer, text, length);
    size_t have = text_width(line->buffer->data + start, line->buffer->length - start);
    buffer_fill(line->buffer, ' ', have < width ? width - have : 0);
    return more_room(line);
}

static inline char *put_device(char *to, const struct line *line)
{
    const struct record *record = line->record;
    const struct msgt_span host = record->message.hostname;
    struct scalar device;
    if (host.length && host.length <= COPY_STEP && record->message.plain)
        return put_blanks(put_steps(to, record_octets(record, host.offset), host.length), host.length, DEVICE_WIDTH);
    record_device(record, &device);
    if (device.kind == SCALAR_TEXT && device.origin == SCALAR_BARE)
        return put_blanks(put_steps(to, device.text, device.length), device.length, DEVICE_WIDTH);
    return put_any_padded(to, line, device.text, device.kind == SCALAR_TEXT ? device.length : 0, DEVICE_WIDTH);
}

static inline char *put_severity(char *to, const struct line *line, int severity)
{
    const char *name = severity >= 0 ? msgt_severity_name((unsigned)severity, line->record->view->lang) : "-";
    size_t length = strlen(name);
    if (line->record->view->lang != MSGT_EN)
        return put_any_padded(to, line, name, length, SEVERITY_WIDTH);
    return put_blanks(put_octets(to, name, length), length, SEVERITY_WIDTH);
}

/* At least six digits. */
static inline char *put_id(char *to, uint32_t id)
{
    if (id >= 1000000)
        return put_uint(to, id);
    return put_two(put_two(put_two(to, id / 10000), id / 100 % 100), id % 100);
}

/* " name=" */
static inline char *put_name(char *to, const struct field_key *key)
{
    size_t length = key->length - 2; /* less what JSON has more around the name */
    put_steps(to, key->text + 1, length);
    to[0] = ' ';
    to[length - 1] = '=';
    return to + length;
}

/* Text that needs no escape. Each octet is at least a blank, so only a blank borrows when one more is subtracted. */
static inline bool has_blank(const char *text, size_t length)
{
    const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
    uint64_t found = 0;
    size_t at = 0;
    for (uint64_t w; length - at >= sizeof w; at += sizeof w) {
        memcpy(&w, text + at, sizeof w);
        found |= w - ones * (' ' + 1);
    }
    for (; at < length; at++)
        found |= (uint64_t)(text[at] == ' ') << 7;
    return found & tops;
}

static inline char *put_value(char *to, const struct line *line, const struct msgt_value *value)
{
    const struct record *record = line->record;
    const char *text = record_octets(record, value->offset);
    if (!record->message.plain || value->length == 0) {
        buffer_end(line->buffer, to);
        text_value(line->buffer, text, value->length);
        return more_room(line);
    }
    bool quoted = has_blank(text, value->length);
    *to = '"';
    to = put_steps(to + quoted, text, value->length);
    *to = '"';
    return to + quoted;
}

/* " (logout)" */
static char *put_meaning(char *to, const struct line *line, const struct msgt_value *value)
{
    const char *meaning = record_meaning(line->record, value);
    if (!meaning)
        return to;
    buffer_end(line->buffer, to);
    buffer_text(line->buffer, " (");
    buffer_text(line->buffer, meaning);
    buffer_char(line->buffer, ')');
    return more_room(line);
}

static inline char *put_fields(char *to, const struct line *line)
{
    const struct record *record = line->record;
    const struct msgt_record *m = &record->message;
    uint64_t coded = m->message_index >= 0 ? title_of_message(record->view, m->message_index)->coded : 0;
    for (const struct msgt_value *value = m->values, *end = value + m->count; value < end; value++) {
        to = put_value(put_name(to, &record->view->field_keys[value->field]), line, value);
        if (value->kind == MSGT_KIND_NUMBER && coded & field_bit(value->field)) /* a word speaks for itself */
            to = put_meaning(to, line, value);
    }
    return to;
}

/* "text leaves the template at byte 41: expected " IPv4 Address ", found " IPv4 Adress <"" */
static void write_divergence(struct buffer *buffer, const struct record *record)
{
    const struct msgt_record *m = &record->message;
    uint32_t rest = m->message.length - m->diverges, shown = rest < FOUND_MAX ? rest : FOUND_MAX;
    if (m->expected_length && !m->expected_field && !m->expected_end && shown > m->expected_length + 8)
        shown = m->expected_length + 8;
    const struct msgt_divergence sentence = msgt_divergence(m->status, record->view->lang);
    buffer_text(buffer, sentence.place);
    buffer_uint(buffer, m->diverges);
    buffer_text(buffer, sentence.expected);
    bool literal = !m->expected_field && !m->expected_end;
    if (literal)
        buffer_char(buffer, '"');
    if (m->expected_end)
        buffer_text(buffer, sentence.end);
    else
        text_safe(buffer, m->expected, m->expected_length);
    if (literal)
        buffer_char(buffer, '"');
    if (rest) {
        buffer_text(buffer, sentence.found);
        buffer_char(buffer, '"');
        text_safe(buffer, record_octets(record, m->message.offset + m->diverges), shown);
        buffer_text(buffer, shown < rest ? "…\"" : "\"");
    }
}

/* In front of the fields; false when there are none to show. */
static bool write_status(struct buffer *buffer, const struct record *record)
{
    const struct msgt_record *m = &record->message;
    if (m->status == MSGT_PARTIAL || m->status == MSGT_TRUNCATED) {
        buffer_text(buffer, " ≠ ");
        write_divergence(buffer, record);
        if (m->count)
            buffer_text(buffer, words[record->view->lang][WORD_READ]);
        return true;
    }
    buffer_char(buffer, ' ');
    text_safe(buffer, record_octets(record, m->message.offset), m->message.length);
    return false;
}

static inline char *put_body(char *to, const struct line *line)
{
    const struct msgt_record *m = &line->record->message;
    if (m->status != MSGT_OK) {
        buffer_end(line->buffer, to);
        bool fields = write_status(line->buffer, line->record);
        to = more_room(line);
        if (!fields)
            return to;
    }
    to = put_fields(to, line);
    return m->repeat ? put_string(put_uint(put_string(to, " ("), m->repeat), words[line->record->view->lang][WORD_TIMES]) : to;
}

static const char *title_of(const struct record *record)
{
    const struct msgt_record *m = &record->message;
    if (m->message_index >= 0)
        return msgt_message(record->view->table, (size_t)m->message_index, record->view->lang).title;
    return msgt_no_title(m->status, record->view->lang);
}

static inline char *put_title(char *to, const struct line *line)
{
    if (line->record->message.message_index < 0) {
        const char *title = title_of(line->record);
        return put_any_padded(to, line, title, strlen(title), TITLE_WIDTH);
    }
    const struct title *title = title_of_message(line->record->view, line->record->message.message_index);
    return put_steps(to, title->cell, title->cell_length);
}

/* Octets that a line takes, without what has any length. */
static inline size_t line_room(const struct record *record)
{
    enum { HEAD = 256 }; /* beside the title */
    const struct msgt_record *m = &record->message;
    size_t texts = 0;
    for (unsigned i = 0; i < m->count; i++)
        texts += m->values[i].length;
    return HEAD + TITLE_MOST + m->count * (record->view->key_most + sizeof "\"\"") + texts + COPY_STEP;
}

static inline char *put_clock(char *to, const struct writer *w, const struct datagram *d)
{
    memcpy(to, w->clock.text, sizeof w->clock.text);
    return put_fraction(to + sizeof w->clock.text, d->nanoseconds, d->precision);
}

/* In the place of the time, which some captures do not tell. */
static char *put_no_time(char *to, const struct line *line, bool full)
{
    const char *text = words[line->record->view->lang][WORD_NO_TIME];
    return put_any_padded(to, line, text, strlen(text), full ? sizeof "2020-09-30 09:06:09.254798" - 1 : sizeof "09:06:09.254798" - 1);
}

static void write_line(struct writer *w, const struct record *record)
{
    const struct msgt_record *m = &record->message;
    const struct datagram *d = record->datagram;
    const struct line line = {&w->buffer, record, line_room(record)};
    bool color = w->style->color;
    int severity = m->severity >= 0 ? m->severity : m->pri >= 0 ? m->pri & 7 : -1;

    write_date(w, record->view, d);
    char *to = more_room(&line);
    to = d->precision ? put_clock(to, w, d) : put_no_time(to, &line, w->style->full_time);
    to = put_device(put_string(to, "  "), &line);
    to = put_string(put_string(to, " "), color_start(color, severity));
    to = put_severity(to, &line, severity);
    to = put_string(put_string(to, color_end(color, severity)), " ");
    to = m->tag.length ? put_id(to, m->id) : put_string(to, "     -");
    to = put_string(put_string(to, "  "), color_start(color, COLOR_EMPHASIS));
    to = put_string(put_title(to, &line), color_end(color, COLOR_EMPHASIS));
    to = put_body(to, &line);
    *to = '\n';
    buffer_end(line.buffer, to + 1);
}

/* ---- The tree ---- */

static void tree_head(struct writer *w, const struct record *record)
{
    struct buffer *buffer = &w->buffer;
    const struct datagram *d = record->datagram;
    const struct packet *p = d->packet;
    color_on(buffer, w->style->color, COLOR_FAINT);
    buffer_text(buffer, words[record->view->lang][WORD_FRAME]);
    buffer_grouped(buffer, d->frame);
    buffer_text(buffer, "  ");
    if (d->precision) {
        int64_t seconds = view_seconds(record->view, d->seconds);
        buffer_date(buffer, seconds);
        buffer_char(buffer, ' ');
        buffer_clock(buffer, seconds, d->nanoseconds, d->precision);
        buffer_text(buffer, record->view->utc ? " UTC  " : "  ");
    } else {
        buffer_text(buffer, words[record->view->lang][WORD_NO_TIME]);
        buffer_text(buffer, "  ");
    }
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
        buffer_text(buffer, words[record->view->lang][WORD_DEVICE_TIME]);
        text_safe(buffer, record_octets(record, m->timestamp.offset), m->timestamp.length);
    }
    buffer_char(buffer, '\n');
}

static void tree_value(struct writer *w, const struct record *record, unsigned index, size_t indent)
{
    struct buffer *buffer = &w->buffer;
    const struct msgt_value *value = &record->message.values[index];
    struct msgt_field field = msgt_field(record->view->table, value->field, record->view->lang);
    const char *meaning = record_meaning(record, value);
    const char *note = msgt_note(record->view->table, (size_t)record->message.message_index, value->field, record->view->lang);
    buffer_fill(buffer, ' ', indent);
    text_padded(buffer, field.name, NAME_WIDTH + 4 - (indent - 4));
    buffer_char(buffer, ' ');
    size_t start = buffer->length;
    text_safe(buffer, record_octets(record, value->offset), value->length);
    size_t have = text_width(buffer->data + start, buffer->length - start);
    buffer_fill(buffer, ' ', have < VALUE_WIDTH ? VALUE_WIDTH - have + 1 : 1);
    start = buffer->length;
    buffer_uint(buffer, value->offset - record->message.message.offset);
    buffer_char(buffer, '+');
    buffer_uint(buffer, value->length);
    have = buffer->length - start;
    buffer_fill(buffer, ' ', have < 8 ? 8 - have : 1);
    color_on(buffer, w->style->color, COLOR_FAINT);
    buffer_text(buffer, field.label);
    if (*note) {
        buffer_text(buffer, ": ");
        buffer_text(buffer, note);
    }
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
            buffer_format(&w->buffer, "  ! %-18s  %s\n", info.code, info.title[record->view->lang]);
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
