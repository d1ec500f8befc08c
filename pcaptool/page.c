/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "page.h"

#include "color.h"
#include "json.h"
#include "text.h"

enum { COLUMNS = 100, FIELDS_MAX = 256, LEFT = 18, VALUES_SHOWN = 24 };

/* The words of the page itself. */
enum word { WORD_SEVERITY, WORD_HAPPENED, WORD_DO, WORD_NOTHING, WORD_FIELDS, WORD_RELATED, WORD_EXAMPLE, WORD_TEXTS, WORD_MORE, WORDS };

static const char *const words[MSGT_LANGS][WORDS] = {
    {"severity %u, %s", "What happened", "What to do", "Nothing.", "Fields", "See also", "Example", "Texts", "… and %zu more (-o json has all)"},
    {"重大度 %u、%s", "発生した事象", "対処", "不要。", "フィールド", "関連", "例", "テキスト", "… ほか %zu 件 (-o json ですべて表示)"},
};

#pragma GCC diagnostic ignored "-Wformat-nonliteral"

static void heading(struct buffer *buffer, const char *text, bool color)
{
    buffer_text(buffer, "  ");
    color_on(buffer, color, COLOR_EMPHASIS);
    text_padded(buffer, text, LEFT - 2);
    color_off(buffer, color, COLOR_EMPHASIS);
}

static void paragraph(struct buffer *buffer, const char *title, const char *text, bool color)
{
    heading(buffer, title, color);
    text_wrapped(buffer, text, LEFT, COLUMNS);
    buffer_char(buffer, '\n');
}

static void write_values(struct buffer *buffer, const struct view *view, uint16_t enumeration)
{
    size_t count = msgt_enum_count(view->table, enumeration);
    for (size_t i = 0; i < count; i++) {
        if (i == VALUES_SHOWN && count > VALUES_SHOWN + 4) {
            buffer_fill(buffer, ' ', LEFT + 2);
            buffer_format(buffer, words[view->lang][WORD_MORE], count - i);
            buffer_char(buffer, '\n');
            return;
        }
        struct msgt_meaning value = msgt_enum_value(view->table, enumeration, i, view->lang);
        buffer_fill(buffer, ' ', LEFT + 2);
        if (*value.meaning) {
            text_padded(buffer, value.code, 16);
            buffer_text(buffer, "  ");
            size_t code = text_width(value.code, strlen(value.code));
            text_wrapped(buffer, value.meaning, LEFT + 4 + (code < 16 ? 16 : code), COLUMNS);
        } else {
            buffer_text(buffer, value.code);
        }
        buffer_char(buffer, '\n');
    }
}

static void write_fields(struct buffer *buffer, const struct view *view, size_t message, bool color)
{
    uint16_t fields[FIELDS_MAX];
    size_t count = msgt_message_fields(view->table, message, fields, FIELDS_MAX);
    for (size_t i = 0; i < count; i++) {
        struct msgt_field field = msgt_field(view->table, fields[i], view->lang);
        const char *note = msgt_note(view->table, message, fields[i], view->lang);
        uint16_t enumeration = msgt_enum_of(view->table, message, fields[i]);
        heading(buffer, i == 0 ? words[view->lang][WORD_FIELDS] : "", color);
        text_padded(buffer, field.name, 20);
        buffer_char(buffer, ' ');
        text_padded(buffer, msgt_type_name(field.type), 8);
        struct buffer meaning = {0};
        buffer_format(&meaning, *note ? "%s: %s" : "%s", field.label, note);
        buffer_char(&meaning, 0);
        text_wrapped(buffer, meaning.data, LEFT + 29, COLUMNS);
        buffer_free(&meaning);
        buffer_char(buffer, '\n');
        if (enumeration != MSGT_NONE)
            write_values(buffer, view, enumeration);
    }
}

static void write_related(struct buffer *buffer, const struct view *view, size_t message, unsigned count, bool color)
{
    for (unsigned i = 0; i < count; i++) {
        int other = msgt_message_index(view->table, msgt_related(view->table, message, i));
        if (other < 0)
            continue;
        struct msgt_message m = msgt_message(view->table, (size_t)other, view->lang);
        heading(buffer, i == 0 ? words[view->lang][WORD_RELATED] : "", color);
        buffer_format(buffer, "%u  %s\n", m.id, m.title);
    }
}

static void write_head(struct buffer *buffer, const struct view *view, const struct msgt_message *m, bool color)
{
    buffer_format(buffer, "%u  ", m->id);
    color_on(buffer, color, COLOR_EMPHASIS);
    text_padded(buffer, m->title, 62);
    color_off(buffer, color, COLOR_EMPHASIS);
    buffer_char(buffer, ' ');
    color_on(buffer, color, m->severity);
    buffer_format(buffer, words[view->lang][WORD_SEVERITY], m->severity, msgt_severity_name(m->severity, view->lang));
    color_off(buffer, color, m->severity);
    buffer_char(buffer, '\n');
}

/* To free with g_free(). */
static char *safe(const char *text)
{
    struct buffer copy = {0};
    text_safe(&copy, text, strlen(text));
    char *kept = g_strndup(copy.data ? copy.data : "", copy.length);
    buffer_free(&copy);
    return kept;
}

/* Of some messages the templates are longer than all else that is known of them. */
static bool are_long(const struct view *view, size_t message, unsigned templates)
{
    enum { LONG = 8 * COLUMNS };
    size_t length = 0;
    for (unsigned i = 0; i < templates; i++)
        length += strlen(msgt_template(view->table, message, i));
    return length > LONG;
}

static void write_templates(struct buffer *buffer, const struct view *view, size_t message, unsigned templates, bool color)
{
    for (unsigned i = 0; i < templates; i++) {
        buffer_text(buffer, "  ");
        color_on(buffer, color, COLOR_FAINT);
        char *text = safe(msgt_template(view->table, message, i));
        text_wrapped(buffer, text, 4, COLUMNS);
        g_free(text);
        color_off(buffer, color, COLOR_FAINT);
        buffer_char(buffer, '\n');
    }
}

void page_text(struct buffer *buffer, const struct view *view, size_t message, bool color)
{
    struct msgt_message m = msgt_message(view->table, message, view->lang);
    bool last = are_long(view, message, m.templates);
    write_head(buffer, view, &m, color);
    if (!last)
        write_templates(buffer, view, message, m.templates, color);
    paragraph(buffer, words[view->lang][WORD_HAPPENED], m.about, color);
    paragraph(buffer, words[view->lang][WORD_DO], *m.action ? m.action : words[view->lang][WORD_NOTHING], color);
    write_fields(buffer, view, message, color);
    write_related(buffer, view, message, m.related, color);
    if (m.examples) {
        char *text = safe(msgt_example(view->table, message, 0));
        paragraph(buffer, words[view->lang][WORD_EXAMPLE], text, color);
        g_free(text);
    }
    if (last) {
        heading(buffer, words[view->lang][WORD_TEXTS], color);
        buffer_char(buffer, '\n');
        write_templates(buffer, view, message, m.templates, color);
    }
}

void page_line(struct buffer *buffer, const struct view *view, size_t message, bool color)
{
    struct msgt_message m = msgt_message(view->table, message, view->lang);
    buffer_format(buffer, "%u  ", m.id);
    color_on(buffer, color, m.severity);
    text_padded(buffer, msgt_severity_name(m.severity, view->lang), 10);
    color_off(buffer, color, m.severity);
    buffer_text(buffer, m.title);
    buffer_char(buffer, '\n');
}

static void json_field(struct buffer *buffer, const struct view *view, size_t message, uint16_t index)
{
    struct msgt_field field = msgt_field(view->table, index, view->lang);
    const char *note = msgt_note(view->table, message, index, view->lang);
    uint16_t enumeration = msgt_enum_of(view->table, message, index);
    json_separate(buffer);
    buffer_char(buffer, '{');
    json_key_text(buffer, "name", field.name);
    json_key_text(buffer, "type", msgt_type_name(field.type));
    json_key_text(buffer, "label", field.label);
    if (*note)
        json_key_text(buffer, "note", note);
    if (*field.ecs)
        json_key_text(buffer, "ecs", field.ecs);
    if (enumeration != MSGT_NONE) {
        json_key(buffer, "values");
        buffer_char(buffer, '{');
        for (size_t i = 0; i < msgt_enum_count(view->table, enumeration); i++) {
            struct msgt_meaning value = msgt_enum_value(view->table, enumeration, i, view->lang);
            json_separate(buffer);
            json_string(buffer, value.code, strlen(value.code));
            buffer_char(buffer, ':');
            json_string(buffer, value.meaning, strlen(value.meaning));
        }
        buffer_char(buffer, '}');
    }
    buffer_char(buffer, '}');
}

void page_json(struct buffer *buffer, const struct view *view, size_t message)
{
    struct msgt_message m = msgt_message(view->table, message, view->lang);
    uint16_t fields[FIELDS_MAX];
    buffer_char(buffer, '{');
    json_key_uint(buffer, "id", m.id);
    json_key_uint(buffer, "severity", m.severity);
    json_key_text(buffer, "title", m.title);
    json_key(buffer, "templates");
    buffer_char(buffer, '[');
    for (unsigned i = 0; i < m.templates; i++) {
        const char *text = msgt_template(view->table, message, i);
        json_separate(buffer);
        json_string(buffer, text, strlen(text));
    }
    buffer_char(buffer, ']');
    json_key(buffer, "fields");
    buffer_char(buffer, '[');
    size_t count = msgt_message_fields(view->table, message, fields, FIELDS_MAX);
    for (size_t i = 0; i < count; i++)
        json_field(buffer, view, message, fields[i]);
    buffer_char(buffer, ']');
    json_key_text(buffer, "about", m.about);
    if (*m.action)
        json_key_text(buffer, "action", m.action);
    json_key(buffer, "related");
    buffer_char(buffer, '[');
    for (unsigned i = 0; i < m.related; i++) {
        json_separate(buffer);
        buffer_uint(buffer, msgt_related(view->table, message, i));
    }
    buffer_text(buffer, "]}\n");
}
