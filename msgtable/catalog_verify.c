/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <string.h>

#include "catalog.h"

struct verifier {
    const struct builder *builder;
    const struct msgt_table *table;
    const char *const *files;
    struct msgt_error *error;
};

G_GNUC_PRINTF(3, 4) static bool complain(const struct verifier *v, const struct place *place, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_vsnprintf(v->error->text, sizeof v->error->text, format, arguments);
    va_end(arguments);
    g_strlcpy(v->error->file, v->files[place->file], sizeof v->error->file);
    v->error->line = place->line;
    v->error->column = place->column;
    return false;
}

static const struct place *place_at(const GArray *places, uint32_t index)
{
    return &g_array_index(places, struct place, index);
}

enum { EXCERPT = 64 }; /* octets of a text that an error quotes */

/* Whole characters of TEXT, and a sign where some are left out, so that a sentence is never cut within its quotes. */
static const char *excerpt(const char *text, size_t length, char room[EXCERPT + sizeof "…"])
{
    size_t shown = length;
    if (length > EXCERPT)
        for (shown = EXCERPT; shown > 0 && ((unsigned char)text[shown] & 0xc0) == 0x80;)
            shown--;
    memcpy(room, text, shown);
    strcpy(room + shown, shown < length ? "…" : "");
    return room;
}

/* Decodes the examples; hits[i] says that template i of the message was taken by one. */
static bool check_examples(const struct verifier *v, const struct message_row *message, bool *hits)
{
    for (uint32_t i = 0; i < message->examples.count; i++) {
        uint32_t index = message->examples.first + i;
        const char *text = table_text(v->table, v->table->examples[index]);
        const struct place *place = place_at(v->builder->example_places, index);
        struct msgt_record record;
        msgt_decode_text(v->table, message->id, (const uint8_t *)text, strlen(text), 0, &record);
        if (record.status != MSGT_OK) {
            const char *found = text + record.message.offset + record.diverges;
            char expected[EXCERPT + sizeof "…"], stands[EXCERPT + sizeof "…"];
            return complain(v, place, "the example leaves its template at octet %u: expected \"%s\"%s, found \"%s\"",
                            record.diverges, excerpt(record.expected, record.expected_length, expected),
                            record.expected_field ? " (a field)" : "", excerpt(found, strlen(found), stands));
        }
        hits[record.template_index] = true;
    }
    return true;
}

/* A text is proved when one of its forms is. */
static bool check_templates(const struct verifier *v, const struct message_row *message, const bool *hits)
{
    const struct template_row *rows = v->table->templates + message->templates.first;
    for (uint32_t i = 0; i < message->templates.count; i++) {
        bool proved = false;
        for (uint32_t k = 0; k < message->templates.count; k++)
            proved |= hits[k] && rows[k].line == rows[i].line;
        if (!proved)
            return complain(v, place_at(v->builder->template_places, message->templates.first + i),
                            "no example decodes by this text");
    }
    return true;
}

static bool uses_field(const struct verifier *v, const struct message_row *message, uint16_t field)
{
    for (uint32_t i = 0; i < message->templates.count; i++) {
        const struct template_row *row = &v->table->templates[message->templates.first + i];
        for (uint32_t k = 0; k < row->ops.count; k++) {
            const struct op *op = &v->table->ops[row->ops.first + k];
            if ((op->kind == OP_FIELD || op->kind == OP_WORDS) && op->field == field)
                return true;
        }
    }
    return false;
}

static const char *field_name(const struct verifier *v, uint16_t field) { return table_text(v->table, v->table->fields[field].name); }

static bool check_references(const struct verifier *v, const struct message_row *message, const struct place *place)
{
    const struct msgt_table *t = v->table;
    for (uint32_t i = 0; i < message->infos.count; i++)
        if (!uses_field(v, message, t->infos[message->infos.first + i]))
            return complain(v, place, "\"info\" names %s, which no text has", field_name(v, t->infos[message->infos.first + i]));
    for (uint32_t i = 0; i < message->notes.count; i++)
        if (!uses_field(v, message, (uint16_t)t->notes[message->notes.first + i].field))
            return complain(v, place, "\"note\" names %s, which no text has", field_name(v, (uint16_t)t->notes[message->notes.first + i].field));
    for (uint32_t i = 0; i < message->codings.count; i++)
        if (!uses_field(v, message, t->codings[message->codings.first + i].field))
            return complain(v, place, "\"values\" names %s, which no text has", field_name(v, t->codings[message->codings.first + i].field));
    for (uint32_t i = 0; i < message->related.count; i++) {
        uint32_t id = t->related[message->related.first + i];
        if (id == message->id || msgt_message_index(t, id) < 0)
            return complain(v, place, "\"related\" names %u, which is no other message", id);
    }
    return true;
}

static bool check_message(const struct verifier *v, uint32_t index)
{
    /* Rows of the builder: the table has the same slices, sorted. */
    const struct message_row *message = &g_array_index(v->builder->messages, struct message_row, index);
    const struct place *place = place_at(v->builder->message_places, index);
    bool hits[TEMPLATES_MAX] = {false};
    if (message->templates.count == 0)
        return complain(v, place, "message %u has no text", message->id);
    if (*table_text(v->table, message->about[MSGT_EN]) == 0)
        return complain(v, place, "message %u has no \"about\"", message->id);
    return check_examples(v, message, hits) && check_templates(v, message, hits) && check_references(v, message, place);
}

static bool check_fields(const struct verifier *v)
{
    bool *used = g_new0(bool, v->table->fields_count);
    for (uint32_t i = 0; i < v->table->ops_count; i++)
        if (v->table->ops[i].kind != OP_END && v->table->ops[i].field < v->table->fields_count)
            used[v->table->ops[i].field] = true;
    bool good = true;
    for (uint32_t i = v->builder->base_fields; good && i < v->table->fields_count; i++)
        if (!used[i])
            good = complain(v, place_at(v->builder->field_places, i), "the field \"%s\" is not used",
                            table_text(v->table, v->table->fields[i].name));
    g_free(used);
    return good;
}

static bool check_enums(const struct verifier *v)
{
    for (uint32_t i = 0; i < v->table->enums_count; i++)
        if (v->table->enums[i].meanings.count == 0)
            return complain(v, place_at(v->builder->enum_places, i), "the enum \"%s\" has no values", table_text(v->table, v->table->enums[i].name));
    return true;
}

bool catalog_verify(const struct builder *builder, const struct msgt_table *table, const char *const *files,
                    struct msgt_error *error)
{
    const struct verifier v = {.builder = builder, .table = table, .files = files, .error = error};
    for (uint32_t i = builder->base_messages; i < builder->messages->len; i++)
        if (!check_message(&v, i))
            return false;
    return check_enums(&v) && check_fields(&v);
}

/* ---- Languages ---- */

static bool in_each(const struct verifier *v, const struct place *place, const char *what, const char *name,
                    const uint32_t *texts)
{
    for (int lang = MSGT_EN + 1; lang < MSGT_LANGS; lang++)
        if ((texts[lang] == 0) != (texts[MSGT_EN] == 0))
            return complain(v, place, "%s of %s %s in Japanese", what, name,
                            texts[lang] ? "stands only" : "is missing");
    return true;
}

static bool check_message_languages(const struct verifier *v, uint32_t index)
{
    const struct message_row *row = &g_array_index(v->builder->messages, struct message_row, index);
    const struct place *place = place_at(v->builder->message_places, index);
    char name[32];
    g_snprintf(name, sizeof name, "message %u", row->id);
    bool good = in_each(v, place, "the title", name, row->title) && in_each(v, place, "\"about\"", name, row->about) &&
                in_each(v, place, "\"action\"", name, row->action);
    for (uint32_t i = 0; good && i < row->notes.count; i++)
        good = in_each(v, place, "a note", name, v->table->notes[row->notes.first + i].text);
    return good;
}

bool catalog_verify_languages(const struct builder *builder, const struct msgt_table *table, const char *const *files,
                              struct msgt_error *error)
{
    const struct verifier v = {.builder = builder, .table = table, .files = files, .error = error};
    for (uint32_t i = 0; i < table->messages_count; i++)
        if (!check_message_languages(&v, i))
            return false;
    for (uint32_t i = 0; i < table->fields_count; i++)
        if (!in_each(&v, place_at(builder->field_places, i), "the label", table_text(table, table->fields[i].name),
                     table->fields[i].label))
            return false;
    for (uint32_t i = 0; i < table->groups_count; i++)
        if (!in_each(&v, place_at(builder->group_places, i), "the label", table_text(table, table->groups[i].name),
                     table->groups[i].label))
            return false;
    return true;
}
