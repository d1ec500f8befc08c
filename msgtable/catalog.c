/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "catalog.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "parser.h"

struct place parser_place(const struct parser *p, unsigned column)
{
    return (struct place){p->file, p->scanner.number, column};
}

void parser_close_string(struct parser *p)
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
bool parser_append_string(struct parser *p)
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

bool parser_open_string(struct parser *p, enum long_string open, uint32_t row)
{
    p->open = open;
    p->open_row = row;
    g_string_truncate(p->string, 0);
    return parser_append_string(p);
}

void parser_close_blocks(struct parser *p)
{
    p->message = p->enumeration = p->piece = -1;
}

bool parser_string(struct parser *p, const char *what, uint32_t *offset)
{
    GString *text = scanner_string(&p->scanner, what);
    if (!text)
        return false;
    *offset = builder_string(p->builder, text->str, text->len);
    g_string_free(text, TRUE);
    return true;
}

/* A name that is there already. */
bool parser_named(struct parser *p, enum builder_space space, const char *what, GString **name, int *index)
{
    unsigned column = scanner_column(&p->scanner);
    *name = scanner_name(&p->scanner, what);
    if (!*name)
        return false;
    *index = builder_find(p->builder, space, (*name)->str);
    if (*index >= 0)
        return true;
    scanner_fail(&p->scanner, column, "%s \"%s\" is not declared", what, (*name)->str);
    g_string_free(*name, TRUE);
    return false;
}

bool parser_known_field(struct parser *p, uint16_t *field)
{
    GString *name;
    int index;
    if (!parser_named(p, SPACE_FIELD, "the field", &name, &index))
        return false;
    g_string_free(name, TRUE);
    *field = (uint16_t)index;
    return true;
}

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
    if (!scanner_readable(&p->scanner))
        return false;
    if (scanner_at_string(&p->scanner)) {
        if (p->open == LONG_NONE)
            return scanner_fail(&p->scanner, scanner_column(&p->scanner), "a text without a statement in front");
        return parser_append_string(p);
    }
    parser_close_string(p);
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

/* A short text may expand to long templates: what they come to is bounded, too. */
static bool within_bounds(struct parser *p)
{
    const struct builder *b = p->builder;
    if (b->pool->len <= CATALOG_POOL_MAX && b->ops->len <= CATALOG_ROWS_MAX && b->texts->len <= CATALOG_ROWS_MAX)
        return true;
    return scanner_fail(&p->scanner, 1, "the catalogue becomes too large here");
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
        good = parse_statement(&parser) && within_bounds(&parser);
        if (good && !scanner_done(&parser.scanner))
            good = scanner_fail(&parser.scanner, scanner_column(&parser.scanner), "the statement ends before this");
    }
    if (good)
        parser_close_string(&parser);
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
