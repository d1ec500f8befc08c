/* SPDX-License-Identifier: GPL-2.0-or-later */
/* message, and the statements that belong to one. */
#include <string.h>

#include "catalog.h"
#include "parser.h"
#include "pattern.h"

/* Of each kind of row in one message: the public counts are narrow, and what is done with a message looks at all of them. */
enum { EXAMPLES_MAX = 1000, RELATED_MAX = 12, FIELDS_NAMED_MAX = 64 };

static bool has_room(struct parser *p, unsigned column, const struct slice *rows, unsigned max, const char *what)
{
    return rows->count < max || scanner_fail(&p->scanner, column, "more than %u %s in one message", max, what);
}

static bool open_message(struct parser *p, unsigned column, unsigned id)
{
    gpointer known = g_hash_table_lookup(p->builder->ids, GUINT_TO_POINTER(id));
    uint32_t index = GPOINTER_TO_UINT(known) - 1;
    if (p->lang != MSGT_EN) {
        p->message = (int)index;
        return known || scanner_fail(&p->scanner, column, "there is no message %u", id);
    }
    if (known && index >= p->builder->base_messages)
        return scanner_fail(&p->scanner, column, "message %u occurs twice", id);
    if (id <= p->last_id)
        return scanner_fail(&p->scanner, column, "message %u comes behind %u: IDs rise within a file", id, p->last_id);
    if (p->builder->messages->len >= CATALOG_MESSAGES_MAX)
        return scanner_fail(&p->scanner, column, "more than %d messages", CATALOG_MESSAGES_MAX);
    struct builder *b = p->builder;
    struct message_row row = {.id = id,
                              .templates = {b->templates->len, 0},
                              .examples = {b->examples->len, 0},
                              .related = {b->related->len, 0},
                              .infos = {b->infos->len, 0},
                              .notes = {b->notes->len, 0},
                              .codings = {b->codings->len, 0}};
    struct place place = parser_place(p, column);
    p->message = (int)b->messages->len;
    p->last_id = id;
    g_array_append_val(b->messages, row);
    g_array_append_val(b->message_places, place);
    g_hash_table_insert(b->ids, GUINT_TO_POINTER(id), GUINT_TO_POINTER(b->messages->len));
    return true;
}

/* The first one is that of the reference; further ones are documented elsewhere. */
static bool parse_severities(struct parser *p)
{
    struct message_row *row = ROW(messages, message, p->message);
    for (bool first = true; first || !(scanner_at_string(&p->scanner) || scanner_done(&p->scanner)); first = false) {
        unsigned column = scanner_column(&p->scanner), severity;
        if (!scanner_number(&p->scanner, "a severity", 7, &severity))
            return false;
        if (row->severities >> severity & 1)
            return scanner_fail(&p->scanner, column, "severity %u occurs twice", severity);
        row->severity = first ? (uint8_t)severity : row->severity;
        row->severities |= (uint8_t)(1u << severity);
    }
    return true;
}

bool parse_message(struct parser *p)
{
    unsigned column = scanner_column(&p->scanner), id;
    parser_close_blocks(p);
    p->lines = 0;
    if (!scanner_number(&p->scanner, "a message ID", 999999, &id))
        return false;
    if (id < 100000)
        return scanner_fail(&p->scanner, column, "a message ID has six digits");
    if (!open_message(p, column, id) || (p->lang == MSGT_EN && !parse_severities(p)))
        return false;
    column = scanner_column(&p->scanner);
    uint32_t title;
    if (!parser_string(p, "a title", &title))
        return false;
    ROW(messages, message, p->message)->title[p->lang] = title;
    glong characters = g_utf8_strlen(builder_at(p->builder, title), -1);
    if (characters == 0 || characters > MSGT_TITLE_MAX)
        return scanner_fail(&p->scanner, column, "a title has 1 to %d characters, not %ld", MSGT_TITLE_MAX, characters);
    return true;
}

bool parse_text(struct parser *p)
{
    unsigned column = scanner_column(&p->scanner);
    GString *source = scanner_rest(&p->scanner, "the template");
    if (!source)
        return false;
    struct pattern_error wrong;
    unsigned forms = pattern_compile(p->builder, source->str, p->lines, &wrong);
    g_string_free(source, TRUE);
    if (!forms)
        return scanner_fail(&p->scanner, column + (unsigned)wrong.at, "%s", wrong.text);
    struct place place = parser_place(p, column);
    for (unsigned i = 0; i < forms; i++)
        g_array_append_val(p->builder->template_places, place);
    struct message_row *message = ROW(messages, message, p->message);
    message->templates.count += forms;
    p->lines++;
    if (message->templates.count > PATTERN_FORMS_MAX || p->lines > 16)
        return scanner_fail(&p->scanner, column, "too many texts in one message");
    return true;
}

bool parse_example(struct parser *p)
{
    unsigned column = scanner_column(&p->scanner);
    if (!has_room(p, column, &ROW(messages, message, p->message)->examples, EXAMPLES_MAX, "examples"))
        return false;
    GString *source = scanner_rest(&p->scanner, "the example"), *text = g_string_new(NULL);
    size_t wrong = 0;
    bool good = source && pattern_unescape(source->str, source->len, "", text, &wrong);
    if (source && !good)
        scanner_fail(&p->scanner, column + (unsigned)wrong, "unknown escape in an example");
    if (good) {
        uint32_t offset = builder_string(p->builder, text->str, text->len);
        struct place place = parser_place(p, column);
        g_array_append_val(p->builder->examples, offset);
        g_array_append_val(p->builder->example_places, place);
        ROW(messages, message, p->message)->examples.count++;
    }
    if (source)
        g_string_free(source, TRUE);
    g_string_free(text, TRUE);
    return good;
}

bool parse_values(struct parser *p)
{
    struct coding_row row;
    GString *name;
    int values;
    unsigned column = scanner_column(&p->scanner);
    if (!has_room(p, column, &ROW(messages, message, p->message)->codings, FIELDS_NAMED_MAX, "coded fields"))
        return false;
    if (!parser_known_field(p, &row.field) || !parser_named(p, SPACE_ENUM, "the enum", &name, &values))
        return false;
    g_string_free(name, TRUE);
    struct slice *codings = &ROW(messages, message, p->message)->codings;
    for (uint32_t i = 0; i < codings->count; i++)
        if (ROW(codings, coding, codings->first + i)->field == row.field)
            return scanner_fail(&p->scanner, column, "the field has other values already");
    row.values = (uint16_t)values;
    g_array_append_val(p->builder->codings, row);
    ROW(messages, message, p->message)->codings.count++;
    return true;
}

bool parse_info(struct parser *p)
{
    uint16_t field;
    do {
        unsigned column = scanner_column(&p->scanner);
        if (!has_room(p, column, &ROW(messages, message, p->message)->infos, FIELDS_NAMED_MAX, "fields for a line") ||
            !parser_known_field(p, &field))
            return false;
        g_array_append_val(p->builder->infos, field);
        ROW(messages, message, p->message)->infos.count++;
    } while (!scanner_done(&p->scanner));
    return true;
}

bool parse_related(struct parser *p)
{
    unsigned id;
    do {
        unsigned column = scanner_column(&p->scanner);
        if (!has_room(p, column, &ROW(messages, message, p->message)->related, RELATED_MAX, "related messages") ||
            !scanner_number(&p->scanner, "a message ID", 999999, &id))
            return false;
        uint32_t number = id;
        struct slice *related = &ROW(messages, message, p->message)->related;
        for (uint32_t i = 0; i < related->count; i++)
            if (g_array_index(p->builder->related, uint32_t, related->first + i) == number)
                return scanner_fail(&p->scanner, column, "%u occurs twice", id);
        g_array_append_val(p->builder->related, number);
        related->count++;
    } while (!scanner_done(&p->scanner));
    return true;
}

bool parse_note(struct parser *p)
{
    uint16_t field;
    unsigned column = scanner_column(&p->scanner);
    if (!parser_known_field(p, &field))
        return false;
    struct message_row *message = ROW(messages, message, p->message);
    if (p->lang == MSGT_EN) {
        if (!has_room(p, column, &message->notes, FIELDS_NAMED_MAX, "notes"))
            return false;
        struct note_row row = {.field = field};
        g_array_append_val(p->builder->notes, row);
        message->notes.count++;
        return parser_open_string(p, LONG_NOTE, p->builder->notes->len - 1);
    }
    for (uint32_t i = 0; i < message->notes.count; i++)
        if (ROW(notes, note, message->notes.first + i)->field == field)
            return parser_open_string(p, LONG_NOTE, message->notes.first + i);
    return scanner_fail(&p->scanner, column, "there is no such note in English");
}

bool parse_about(struct parser *p) { return parser_open_string(p, LONG_ABOUT, 0); }
bool parse_action(struct parser *p) { return parser_open_string(p, LONG_ACTION, 0); }
