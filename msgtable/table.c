/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "table.h"

#include <stdio.h>
#include <string.h>

/* The text in the language asked for, else in English. */
static const char *in_language(const struct msgt_table *table, const uint32_t texts[MSGT_LANGS], enum msgt_lang lang)
{
    return table_text(table, texts[lang] ? texts[lang] : texts[MSGT_EN]);
}

enum msgt_lang msgt_lang_of(const char *locale)
{
    bool japanese = locale && strncmp(locale, "ja", 2) == 0 && strchr("_.@", locale[2]); /* or the NUL */
    return japanese ? MSGT_JA : MSGT_EN;
}

size_t msgt_field_count(const struct msgt_table *table) { return table->fields_count; }

struct msgt_field msgt_field(const struct msgt_table *table, size_t index, enum msgt_lang lang)
{
    const struct field_row *row = &table->fields[index];
    return (struct msgt_field){.name = table_text(table, row->name),
                               .label = in_language(table, row->label, lang),
                               .ecs = table_text(table, row->ecs),
                               .type = (enum msgt_type)row->type,
                               .group = row->group,
                               .values = row->values};
}

uint16_t msgt_field_index(const struct msgt_table *table, const char *name)
{
    for (uint32_t i = 0; i < table->fields_count; i++)
        if (strcmp(table_text(table, table->fields[i].name), name) == 0)
            return (uint16_t)i;
    return MSGT_NONE;
}

size_t msgt_group_count(const struct msgt_table *table) { return table->groups_count; }

const char *msgt_group_name(const struct msgt_table *table, size_t index)
{
    return table_text(table, table->groups[index].name);
}

const char *msgt_group_label(const struct msgt_table *table, size_t index, enum msgt_lang lang)
{
    return in_language(table, table->groups[index].label, lang);
}

size_t msgt_message_count(const struct msgt_table *table) { return table->messages_count; }

struct msgt_message msgt_message(const struct msgt_table *table, size_t index, enum msgt_lang lang)
{
    const struct message_row *row = &table->messages[index];
    return (struct msgt_message){.id = row->id,
                                 .severity = row->severity,
                                 .title = in_language(table, row->title, lang),
                                 .about = in_language(table, row->about, lang),
                                 .action = in_language(table, row->action, lang),
                                 .templates = (uint16_t)row->templates.count,
                                 .examples = (uint16_t)row->examples.count,
                                 .related = (uint16_t)row->related.count,
                                 .info = (uint16_t)row->infos.count};
}

int msgt_message_index(const struct msgt_table *table, uint32_t id)
{
    if (id >= CLASSES * CLASS_NUMBERS)
        return -1;
    const struct class_row *class = &table->classes[id / CLASS_NUMBERS];
    uint32_t number = id % CLASS_NUMBERS - class->least; /* wraps around below the least */
    return number < class->count ? table->slots[class->first + number] - 1 : -1;
}

const char *msgt_template(const struct msgt_table *table, size_t message, size_t n)
{
    return table_text(table, table->templates[table->messages[message].templates.first + n].source);
}

const char *msgt_example(const struct msgt_table *table, size_t message, size_t n)
{
    return table_text(table, table->examples[table->messages[message].examples.first + n]);
}

uint32_t msgt_related(const struct msgt_table *table, size_t message, size_t n)
{
    return table->related[table->messages[message].related.first + n];
}

uint16_t msgt_info(const struct msgt_table *table, size_t message, size_t n)
{
    return table->infos[table->messages[message].infos.first + n];
}

const char *msgt_note(const struct msgt_table *table, size_t message, uint16_t field, enum msgt_lang lang)
{
    const struct slice *notes = &table->messages[message].notes;
    for (uint32_t i = 0; i < notes->count; i++)
        if (table->notes[notes->first + i].field == field)
            return in_language(table, table->notes[notes->first + i].text, lang);
    return "";
}

static bool among(uint16_t field, const uint16_t *fields, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (fields[i] == field)
            return true;
    return false;
}

static bool has_field(const struct op *op) { return (op->kind == OP_FIELD || op->kind == OP_WORDS) && op->field != MSGT_NONE; }

size_t msgt_message_fields(const struct msgt_table *table, size_t message, uint16_t *fields, size_t capacity)
{
    const struct slice *templates = &table->messages[message].templates;
    size_t count = 0;
    for (uint32_t i = 0; i < templates->count; i++) {
        const struct slice *ops = &table->templates[templates->first + i].ops;
        for (uint32_t k = 0; k < ops->count && count < capacity; k++) {
            const struct op *op = &table->ops[ops->first + k];
            if (has_field(op) && !among(op->field, fields, count))
                fields[count++] = op->field;
        }
    }
    return count;
}

bool msgt_message_repeats(const struct msgt_table *table, size_t message)
{
    const struct slice *templates = &table->messages[message].templates;
    for (uint32_t i = 0; i < templates->count; i++) {
        const struct slice *ops = &table->templates[templates->first + i].ops;
        uint16_t fields[MSGT_VALUES_MAX];
        size_t count = 0;
        for (uint32_t k = 0; k < ops->count; k++) {
            const struct op *op = &table->ops[ops->first + k];
            if (op->kind == OP_PAIRS)
                return true;
            if (!has_field(op))
                continue;
            if (count == MSGT_VALUES_MAX || among(op->field, fields, count))
                return true;
            fields[count++] = op->field;
        }
    }
    return false;
}

uint16_t msgt_enum_of(const struct msgt_table *table, size_t message, uint16_t field)
{
    const struct slice *codings = &table->messages[message].codings;
    for (uint32_t i = 0; i < codings->count; i++)
        if (table->codings[codings->first + i].field == field)
            return table->codings[codings->first + i].values;
    return table->fields[field].values;
}

size_t msgt_enum_count(const struct msgt_table *table, uint16_t enumeration)
{
    return table->enums[enumeration].meanings.count;
}

struct msgt_meaning msgt_enum_value(const struct msgt_table *table, uint16_t enumeration, size_t n, enum msgt_lang lang)
{
    const struct meaning_row *row = &table->meanings[table->enums[enumeration].meanings.first + n];
    return (struct msgt_meaning){table_text(table, row->code), in_language(table, row->meaning, lang)};
}

/* Codes are short, and most differ in their first octet. */
static inline bool is_code(const char *code, const char *text, uint32_t length)
{
    uint32_t same = 0;
    while (same < length && code[same] && code[same] == text[same])
        same++;
    return same == length && code[same] == 0;
}

const char *msgt_meaning(const struct msgt_table *table, const struct msgt_record *record, const uint8_t *datagram,
                         const struct msgt_value *value, enum msgt_lang lang)
{
    if (record->message_index < 0)
        return NULL;
    uint16_t enumeration = msgt_enum_of(table, (size_t)record->message_index, value->field);
    if (enumeration == MSGT_NONE)
        return NULL;
    const struct slice *rows = &table->enums[enumeration].meanings;
    const struct meaning_row *row = &table->meanings[rows->first], *end = row + rows->count;
    const char *text = (const char *)datagram + value->offset;
    for (; value->length > 0 && row < end; row++) {
        if (!is_code(table_text(table, row->code), text, value->length))
            continue;
        const char *meaning = in_language(table, row->meaning, lang);
        return *meaning ? meaning : NULL;
    }
    return NULL;
}

/* ---- Groups ---- */

size_t msgt_group_members(const struct msgt_table *table, const struct msgt_record *record, size_t first,
                          uint16_t members[MSGT_VALUES_MAX])
{
    uint16_t group = table->fields[record->values[first].field].group;
    uint16_t seen[MSGT_VALUES_MAX];
    size_t count = 0;
    for (size_t i = first; i < record->count; i++) {
        uint16_t field = record->values[i].field;
        bool member = i == first || (group != MSGT_NONE && table->fields[field].group == group);
        if (!member || among(field, seen, count))
            continue;
        seen[count] = field;
        members[count++] = (uint16_t)i;
    }
    return count;
}

struct line {
    char *text;
    size_t size, length;
};

static void append(struct line *line, const void *octets, size_t length)
{
    if (line->length < line->size) {
        size_t room = line->size - line->length - 1;
        size_t copied = length < room ? length : room;
        memcpy(line->text + line->length, octets, copied);
        line->text[line->length + copied] = 0;
    }
    line->length += length;
}

static const struct msgt_value *member_of(const struct msgt_record *record, const uint16_t *members, size_t count,
                                          uint32_t field)
{
    for (size_t i = 0; i < count; i++)
        if (record->values[members[i]].field == field)
            return &record->values[members[i]];
    return NULL;
}

size_t msgt_group_text(const struct msgt_table *table, const struct msgt_record *record, const uint8_t *datagram,
                       size_t first, char *text, size_t size)
{
    uint16_t members[MSGT_VALUES_MAX];
    size_t count = msgt_group_members(table, record, first, members);
    uint16_t group = table->fields[record->values[first].field].group;
    struct line line = {.text = text, .size = size};
    if (size)
        *text = 0;
    if (group == MSGT_NONE) {
        append(&line, datagram + record->values[first].offset, record->values[first].length);
        return line.length;
    }
    const struct slice *parts = &table->groups[group].parts;
    for (uint32_t i = 0; i < parts->count; i++) {
        const struct part_row *part = &table->parts[parts->first + i];
        const struct msgt_value *value = member_of(record, members, count, part->field);
        if (!value)
            continue;
        const char *before = table_text(table, part->before), *after = table_text(table, part->after);
        bool joined = line.length > 0;
        if (joined)
            append(&line, before, strlen(before));
        append(&line, datagram + value->offset, value->length);
        if (joined)
            append(&line, after, strlen(after));
    }
    return line.length;
}
