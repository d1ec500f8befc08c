/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "catalog.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "pattern.h"
#include "scanner.h"

/* A string that may go on in the next line, and where it belongs when it is complete. */
enum long_string { LONG_NONE, LONG_ABOUT, LONG_ACTION, LONG_NOTE };

struct parser {
    struct builder *builder;
    struct scanner scanner;
    uint32_t file;
    enum msgt_lang lang;
    bool first;       /* no statement was read yet */
    uint32_t last_id; /* of this file, for the order */
    int message, enumeration, piece; /* the one that is open, or -1 */
    uint16_t lines;   /* text statements of the open message */
    enum long_string open;
    uint32_t open_row;
    GString *string;
};

#define ROW(array, type, index) (&g_array_index(p->builder->array, struct type##_row, index))

static struct place here(struct parser *p, unsigned column)
{
    return (struct place){p->file, p->scanner.number, column};
}

static void close_string(struct parser *p)
{
    if (p->open == LONG_NONE)
        return;
    uint32_t text = builder_string(p->builder, p->string->str, p->string->len);
    if (p->open == LONG_ABOUT)
        ROW(messages, message, p->message)->about[p->lang] = text;
    else if (p->open == LONG_ACTION)
        ROW(messages, message, p->message)->action[p->lang] = text;
    else
        ROW(notes, note, p->open_row)->text[p->lang] = text;
    p->open = LONG_NONE;
}

/* Pieces of a text are joined by a blank where both sides are of a script that has blanks. */
static bool append_string(struct parser *p)
{
    GString *more = scanner_string(&p->scanner, "a text");
    if (!more)
        return false;
    if (p->string->len && more->len && g_ascii_isprint(p->string->str[p->string->len - 1]) && g_ascii_isprint(more->str[0]))
        g_string_append_c(p->string, ' ');
    g_string_append_len(p->string, more->str, (gssize)more->len);
    g_string_free(more, TRUE);
    return true;
}

static bool open_string(struct parser *p, enum long_string open, uint32_t row)
{
    p->open = open;
    p->open_row = row;
    g_string_truncate(p->string, 0);
    return append_string(p);
}

static void close_blocks(struct parser *p)
{
    p->message = p->enumeration = p->piece = -1;
}

static bool string_row(struct parser *p, const char *what, uint32_t *offset)
{
    GString *text = scanner_string(&p->scanner, what);
    if (!text)
        return false;
    *offset = builder_string(p->builder, text->str, text->len);
    g_string_free(text, TRUE);
    return true;
}

/* A name that must, or must not, be there already. Sets *index (-1 for a new one). */
static bool named(struct parser *p, enum builder_space space, const char *what, bool known, GString **name, int *index)
{
    unsigned column = scanner_column(&p->scanner);
    *name = scanner_name(&p->scanner, what);
    if (!*name)
        return false;
    *index = builder_find(p->builder, space, (*name)->str);
    if (known == (*index >= 0))
        return true;
    scanner_fail(&p->scanner, column, known ? "%s \"%s\" is not declared" : "%s \"%s\" is declared twice", what, (*name)->str);
    g_string_free(*name, TRUE);
    return false;
}

static bool known_field(struct parser *p, uint16_t *field)
{
    GString *name;
    int index;
    if (!named(p, SPACE_FIELD, "the field", true, &name, &index))
        return false;
    g_string_free(name, TRUE);
    *field = (uint16_t)index;
    return true;
}

/* ---- field, enum, value, group, piece ---- */

/* An enum may be named before its values follow; catalog_verify() sees that they do. */
static int find_or_announce_enum(struct parser *p, const char *name)
{
    int known = builder_find(p->builder, SPACE_ENUM, name);
    if (known >= 0)
        return known;
    struct enum_row row = {.name = builder_string(p->builder, name, strlen(name))};
    builder_declare(p->builder, SPACE_ENUM, name, p->builder->enums->len);
    g_array_append_val(p->builder->enums, row);
    return (int)p->builder->enums->len - 1;
}

static bool field_attribute(struct parser *p, struct field_row *row)
{
    unsigned column = scanner_column(&p->scanner);
    GString *word = scanner_word(&p->scanner);
    bool good = true;
    if (g_str_has_prefix(word->str, "ecs=") && word->len > 4) {
        row->ecs = builder_string(p->builder, word->str + 4, word->len - 4);
    } else if (g_str_has_prefix(word->str, "enum=") && word->len > 5) {
        row->values = (uint16_t)find_or_announce_enum(p, word->str + 5);
    } else {
        good = scanner_fail(&p->scanner, column, "expected ecs=NAME or enum=NAME");
    }
    g_string_free(word, TRUE);
    return good;
}

static bool field_type(struct parser *p, uint16_t *type)
{
    unsigned column = scanner_column(&p->scanner);
    GString *word = scanner_word(&p->scanner);
    *type = 0;
    while (*type < MSGT_TYPES && strcmp(msgt_type_name((enum msgt_type)*type), word->str) != 0)
        ++*type;
    bool good = *type < MSGT_TYPES || scanner_fail(&p->scanner, column, "\"%s\" is no type", word->str);
    g_string_free(word, TRUE);
    return good;
}

/* Filter names that belong to the record itself (CONTRACT.md, section 2). */
static bool is_reserved(const char *name)
{
    static const char *const reserved[] = {"addr",   "addr6",   "any_user", "class", "hostname", "id",       "message",
                                           "product", "severity", "status",  "title", "timestamp", NULL};
    return g_strv_contains(reserved, name);
}

static bool parse_field(struct parser *p)
{
    GString *name;
    int index;
    unsigned column = scanner_column(&p->scanner);
    close_blocks(p);
    if (!named(p, SPACE_FIELD, "the field", p->lang != MSGT_EN, &name, &index))
        return false;
    struct field_row row = {.group = MSGT_NONE, .values = MSGT_NONE};
    if (p->lang != MSGT_EN) {
        g_string_free(name, TRUE);
        return string_row(p, "a label", &ROW(fields, field, index)->label[p->lang]);
    }
    row.name = builder_string(p->builder, name->str, name->len);
    bool good = !is_reserved(name->str) || scanner_fail(&p->scanner, column, "\"%s\" is a name of the record itself", name->str);
    good = good && field_type(p, &row.type) && string_row(p, "a label", &row.label[MSGT_EN]);
    while (good && !scanner_done(&p->scanner))
        good = field_attribute(p, &row);
    if (good) {
        builder_declare(p->builder, SPACE_FIELD, name->str, p->builder->fields->len);
        struct place place = here(p, column);
        g_array_append_val(p->builder->fields, row);
        g_array_append_val(p->builder->field_places, place);
    }
    g_string_free(name, TRUE);
    if (good && p->builder->fields->len >= MSGT_NONE)
        return scanner_fail(&p->scanner, column, "too many fields");
    return good;
}

static bool parse_enum(struct parser *p)
{
    unsigned column = scanner_column(&p->scanner);
    close_blocks(p);
    GString *name = scanner_name(&p->scanner, "the enum");
    if (!name)
        return false;
    int known = builder_find(p->builder, SPACE_ENUM, name->str);
    bool filled = known >= 0 && ROW(enums, enum, known)->meanings.count > 0;
    bool good = true;
    if (p->lang != MSGT_EN && !filled)
        good = scanner_fail(&p->scanner, column, "the enum \"%s\" is not declared", name->str);
    else if (p->lang == MSGT_EN && filled)
        good = scanner_fail(&p->scanner, column, "the enum \"%s\" is declared twice", name->str);
    else
        p->enumeration = find_or_announce_enum(p, name->str);
    if (good && p->lang == MSGT_EN)
        ROW(enums, enum, p->enumeration)->meanings.first = p->builder->meanings->len;
    g_string_free(name, TRUE);
    return good;
}

static struct meaning_row *find_meaning(struct parser *p, uint32_t code)
{
    const struct enum_row *row = ROW(enums, enum, p->enumeration);
    for (uint32_t i = 0; i < row->meanings.count; i++)
        if (ROW(meanings, meaning, row->meanings.first + i)->code == code)
            return ROW(meanings, meaning, row->meanings.first + i);
    return NULL;
}

static bool parse_value(struct parser *p)
{
    unsigned column = scanner_column(&p->scanner);
    if (p->enumeration < 0)
        return scanner_fail(&p->scanner, column, "\"value\" belongs to an enum");
    GString *code = scanner_at_string(&p->scanner) ? scanner_string(&p->scanner, "a value") : scanner_word(&p->scanner);
    if (!code)
        return false;
    struct meaning_row row = {.code = builder_string(p->builder, code->str, code->len)};
    g_string_free(code, TRUE);
    struct meaning_row *known = find_meaning(p, row.code);
    if (p->lang != MSGT_EN)
        return known ? string_row(p, "a meaning", &known->meaning[p->lang])
                     : scanner_fail(&p->scanner, column, "the enum has no such value");
    if (known || row.code == 0)
        return scanner_fail(&p->scanner, column, known ? "the value occurs twice" : "the value is empty");
    if (!scanner_done(&p->scanner) && !string_row(p, "a meaning", &row.meaning[MSGT_EN]))
        return false;
    g_array_append_val(p->builder->meanings, row);
    ROW(enums, enum, p->enumeration)->meanings.count++;
    return true;
}

/* Parts of a group: {field} and the punctuation between. */
static bool parse_parts(struct parser *p, struct group_row *row, uint16_t group)
{
    unsigned column = scanner_column(&p->scanner);
    GString *pattern = scanner_rest(&p->scanner, "the pattern of the group");
    if (!pattern)
        return false;
    char **halves = g_strsplit(pattern->str, "{", 0);
    uint32_t before = builder_string(p->builder, halves[0], strlen(halves[0]));
    bool good = halves[1] != NULL || scanner_fail(&p->scanner, column, "a group needs fields");
    for (int i = 1; good && halves[i]; i++) {
        char *close = strchr(halves[i], '}');
        if (close)
            *close = 0;
        int field = close ? builder_find(p->builder, SPACE_FIELD, halves[i]) : -1;
        if (field < 0 || ROW(fields, field, field)->group != MSGT_NONE) {
            good = scanner_fail(&p->scanner, column, "the field \"%s\" %s", halves[i],
                                field < 0 ? "is not declared" : "has a group already");
            break;
        }
        struct part_row part = {.before = before, .field = (uint32_t)field};
        before = builder_string(p->builder, close + 1, strlen(close + 1));
        if (!halves[i + 1])
            part.after = before;
        ROW(fields, field, field)->group = group;
        g_array_append_val(p->builder->parts, part);
        row->parts.count++;
    }
    g_strfreev(halves);
    g_string_free(pattern, TRUE);
    return good;
}

static bool parse_group(struct parser *p)
{
    GString *name;
    int index;
    close_blocks(p);
    if (!named(p, SPACE_GROUP, "the group", p->lang != MSGT_EN, &name, &index))
        return false;
    bool good;
    if (p->lang != MSGT_EN) {
        good = string_row(p, "a label", &ROW(groups, group, index)->label[p->lang]);
    } else {
        struct group_row row = {.name = builder_string(p->builder, name->str, name->len),
                                .parts = {p->builder->parts->len, 0}};
        good = string_row(p, "a label", &row.label[MSGT_EN]) && parse_parts(p, &row, (uint16_t)p->builder->groups->len);
        builder_declare(p->builder, SPACE_GROUP, name->str, p->builder->groups->len);
        g_array_append_val(p->builder->groups, row);
    }
    g_string_free(name, TRUE);
    return good;
}

static bool add_form(struct parser *p)
{
    unsigned column = scanner_column(&p->scanner);
    GString *form = scanner_rest(&p->scanner, "the template of the piece");
    if (!form)
        return false;
    bool nested = strstr(form->str, "{@") != NULL;
    uint32_t offset = builder_string(p->builder, form->str, form->len);
    g_array_append_val(p->builder->forms, offset);
    ROW(pieces, piece, p->piece)->forms.count++;
    g_string_free(form, TRUE);
    return !nested || scanner_fail(&p->scanner, column, "a piece holds no further piece");
}

static bool parse_piece(struct parser *p)
{
    unsigned column = scanner_column(&p->scanner);
    close_blocks(p);
    GString *name = scanner_name(&p->scanner, "the piece");
    if (!name)
        return false;
    bool known = builder_find(p->builder, SPACE_PIECE, name->str) >= 0;
    if (known) {
        scanner_fail(&p->scanner, column, "the piece \"%s\" is declared twice", name->str);
    } else {
        struct piece_row row = {.name = builder_string(p->builder, name->str, name->len),
                                .forms = {p->builder->forms->len, 0}};
        p->piece = (int)p->builder->pieces->len;
        builder_declare(p->builder, SPACE_PIECE, name->str, p->builder->pieces->len);
        g_array_append_val(p->builder->pieces, row);
    }
    g_string_free(name, TRUE);
    return !known && add_form(p);
}

static bool parse_or(struct parser *p)
{
    if (p->piece < 0)
        return scanner_fail(&p->scanner, scanner_column(&p->scanner), "\"or\" belongs to a piece");
    return add_form(p);
}

/* ---- message and what belongs to it ---- */

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
    struct place place = here(p, column);
    p->message = (int)b->messages->len;
    p->last_id = id;
    g_array_append_val(b->messages, row);
    g_array_append_val(b->message_places, place);
    g_hash_table_insert(b->ids, GUINT_TO_POINTER(id), GUINT_TO_POINTER(b->messages->len));
    return true;
}

static bool parse_message(struct parser *p)
{
    unsigned column = scanner_column(&p->scanner), id, severity = 0;
    close_blocks(p);
    p->lines = 0;
    if (!scanner_number(&p->scanner, "a message ID", 999999, &id))
        return false;
    if (id < 100000)
        return scanner_fail(&p->scanner, column, "a message ID has six digits");
    if (!open_message(p, column, id) || (p->lang == MSGT_EN && !scanner_number(&p->scanner, "a severity", 7, &severity)))
        return false;
    if (p->lang == MSGT_EN)
        ROW(messages, message, p->message)->severity = severity;
    column = scanner_column(&p->scanner);
    uint32_t title;
    if (!string_row(p, "a title", &title))
        return false;
    ROW(messages, message, p->message)->title[p->lang] = title;
    glong characters = g_utf8_strlen(builder_at(p->builder, title), -1);
    if (characters == 0 || characters > MSGT_TITLE_MAX)
        return scanner_fail(&p->scanner, column, "a title has 1 to %d characters, not %ld", MSGT_TITLE_MAX, characters);
    return true;
}

static bool parse_text(struct parser *p)
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
    struct place place = here(p, column);
    for (unsigned i = 0; i < forms; i++)
        g_array_append_val(p->builder->template_places, place);
    struct message_row *message = ROW(messages, message, p->message);
    message->templates.count += forms;
    p->lines++;
    if (message->templates.count > PATTERN_FORMS_MAX || p->lines > 16)
        return scanner_fail(&p->scanner, column, "too many texts in one message");
    return true;
}

static bool parse_example(struct parser *p)
{
    unsigned column = scanner_column(&p->scanner);
    GString *source = scanner_rest(&p->scanner, "the example"), *text = g_string_new(NULL);
    size_t wrong = 0;
    bool good = source && pattern_unescape(source->str, source->len, "", text, &wrong);
    if (source && !good)
        scanner_fail(&p->scanner, column + (unsigned)wrong, "unknown escape in an example");
    if (good) {
        uint32_t offset = builder_string(p->builder, text->str, text->len);
        struct place place = here(p, column);
        g_array_append_val(p->builder->examples, offset);
        g_array_append_val(p->builder->example_places, place);
        ROW(messages, message, p->message)->examples.count++;
    }
    if (source)
        g_string_free(source, TRUE);
    g_string_free(text, TRUE);
    return good;
}

static bool parse_values(struct parser *p)
{
    struct coding_row row;
    GString *name;
    int values;
    if (!known_field(p, &row.field) || !named(p, SPACE_ENUM, "the enum", true, &name, &values))
        return false;
    g_string_free(name, TRUE);
    row.values = (uint16_t)values;
    g_array_append_val(p->builder->codings, row);
    ROW(messages, message, p->message)->codings.count++;
    return true;
}

static bool parse_info(struct parser *p)
{
    uint16_t field;
    do {
        if (!known_field(p, &field))
            return false;
        g_array_append_val(p->builder->infos, field);
        ROW(messages, message, p->message)->infos.count++;
    } while (!scanner_done(&p->scanner));
    return true;
}

static bool parse_related(struct parser *p)
{
    unsigned id;
    do {
        if (!scanner_number(&p->scanner, "a message ID", 999999, &id))
            return false;
        uint32_t number = id;
        g_array_append_val(p->builder->related, number);
        ROW(messages, message, p->message)->related.count++;
    } while (!scanner_done(&p->scanner));
    return true;
}

static bool parse_note(struct parser *p)
{
    uint16_t field;
    unsigned column = scanner_column(&p->scanner);
    if (!known_field(p, &field))
        return false;
    struct message_row *message = ROW(messages, message, p->message);
    if (p->lang == MSGT_EN) {
        struct note_row row = {.field = field};
        g_array_append_val(p->builder->notes, row);
        message->notes.count++;
        return open_string(p, LONG_NOTE, p->builder->notes->len - 1);
    }
    for (uint32_t i = 0; i < message->notes.count; i++)
        if (ROW(notes, note, message->notes.first + i)->field == field)
            return open_string(p, LONG_NOTE, message->notes.first + i);
    return scanner_fail(&p->scanner, column, "there is no such note in English");
}

static bool parse_about(struct parser *p) { return open_string(p, LONG_ABOUT, 0); }
static bool parse_action(struct parser *p) { return open_string(p, LONG_ACTION, 0); }

static bool parse_language(struct parser *p)
{
    unsigned column = scanner_column(&p->scanner);
    GString *word = scanner_word(&p->scanner);
    bool good = p->first && strcmp(word->str, "ja") == 0;
    g_string_free(word, TRUE);
    p->lang = MSGT_JA;
    return good || scanner_fail(&p->scanner, column, "\"language ja\" opens a file, or is not there");
}

static const struct statement {
    const char *keyword;
    bool (*parse)(struct parser *);
    bool in_message; /* needs an open message */
    bool translated; /* also in a file of another language */
} statements[] = {
    {"about", parse_about, true, true},        {"action", parse_action, true, true},
    {"enum", parse_enum, false, true},         {"example", parse_example, true, false},
    {"field", parse_field, false, true},       {"group", parse_group, false, true},
    {"info", parse_info, true, false},         {"language", parse_language, false, true},
    {"message", parse_message, false, true},   {"note", parse_note, true, true},
    {"or", parse_or, false, false},            {"piece", parse_piece, false, false},
    {"related", parse_related, true, false},   {"text", parse_text, true, false},
    {"value", parse_value, false, true},       {"values", parse_values, true, false},
};

static bool parse_statement(struct parser *p)
{
    if (scanner_at_string(&p->scanner)) {
        if (p->open == LONG_NONE)
            return scanner_fail(&p->scanner, scanner_column(&p->scanner), "a text without a statement in front");
        return append_string(p);
    }
    close_string(p);
    unsigned column = scanner_column(&p->scanner);
    GString *word = scanner_word(&p->scanner);
    const struct statement *found = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(statements); i++)
        if (strcmp(statements[i].keyword, word->str) == 0)
            found = &statements[i];
    bool good = true;
    if (!found)
        good = scanner_fail(&p->scanner, column, "\"%.40s\" is no statement", word->str);
    else if (found->in_message && p->message < 0)
        good = scanner_fail(&p->scanner, column, "\"%s\" belongs to a message", word->str);
    else if (p->lang != MSGT_EN && !found->translated)
        good = scanner_fail(&p->scanner, column, "\"%s\" has no place in a file of another language", word->str);
    g_string_free(word, TRUE);
    good = good && found->parse(p);
    p->first = false;
    return good;
}

bool catalog_parse(struct builder *builder, uint32_t file, const char *name, const char *text, size_t length,
                   struct msgt_error *error)
{
    struct parser parser = {.builder = builder,
                            .scanner = {.text = text, .length = length, .file = name, .error = error},
                            .file = file,
                            .first = true,
                            .message = -1,
                            .enumeration = -1,
                            .piece = -1,
                            .string = g_string_new(NULL)};
    bool good = true;
    while (good && scanner_line(&parser.scanner)) {
        good = parse_statement(&parser);
        if (good && !scanner_done(&parser.scanner))
            good = scanner_fail(&parser.scanner, scanner_column(&parser.scanner), "the statement ends before this");
    }
    if (good)
        close_string(&parser);
    g_string_free(parser.string, TRUE);
    return good;
}

/* ---- Files ---- */

static bool file_error(struct msgt_error *error, const char *name, const char *text)
{
    *error = (struct msgt_error){0};
    g_strlcpy(error->file, name, sizeof error->file);
    g_strlcpy(error->text, text, sizeof error->text);
    return false;
}

static bool read_file(const char *name, GString *text, struct msgt_error *error)
{
    FILE *file = fopen(name, "rb");
    if (!file)
        return file_error(error, name, g_strerror(errno));
    char block[65536];
    size_t got;
    while ((got = fread(block, 1, sizeof block, file)) > 0 && text->len <= CATALOG_FILE_MAX)
        g_string_append_len(text, block, (gssize)got);
    int wrong = ferror(file) ? errno : 0;
    fclose(file);
    if (wrong)
        return file_error(error, name, g_strerror(wrong));
    return text->len <= CATALOG_FILE_MAX || file_error(error, name, "the file is too large for a catalogue");
}

bool catalog_read_files(struct builder *builder, const char *const *files, size_t count, struct msgt_error *error)
{
    for (size_t i = 0; i < count; i++) {
        GString *text = g_string_new(NULL);
        bool good = read_file(files[i], text, error) &&
                    catalog_parse(builder, (uint32_t)i, files[i], text->str, text->len, error);
        g_string_free(text, TRUE);
        if (!good)
            return false;
    }
    return true;
}
