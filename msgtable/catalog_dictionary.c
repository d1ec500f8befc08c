/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Statements of the dictionary: field, enum, value, group, piece, or. */
#include <string.h>

#include "parser.h"

/* A name that this statement declares. *index is -1 when it is new, else that of the table below, which is restated. In a file of another
 * language it must be there. */
static bool declared(struct parser *p, enum builder_space space, const char *what, GString **name, int *index)
{
    unsigned column = scanner_column(&p->scanner);
    if (p->lang != MSGT_EN)
        return parser_named(p, space, what, name, index);
    *name = scanner_name(&p->scanner, what);
    if (!*name)
        return false;
    *index = builder_find(p->builder, space, (*name)->str);
    if (builder_restate(p->builder, space, (*name)->str))
        return true;
    scanner_fail(&p->scanner, column, "%s \"%s\" is declared twice", what, (*name)->str);
    g_string_free(*name, TRUE);
    return false;
}

/* Indices of enums have 16 bits; the values of one are searched one by one. */
enum { VALUES_MAX = 4096 };

static bool enums_fit(struct parser *p, unsigned column)
{
    return p->builder->enums->len < MSGT_NONE || scanner_fail(&p->scanner, column, "too many enums");
}

/* An enum may be named, at COLUMN, before its values follow; catalog_verify() sees that they do. */
static int find_or_announce_enum(struct parser *p, const char *name, unsigned column)
{
    int known = builder_find(p->builder, SPACE_ENUM, name);
    if (known >= 0)
        return known;
    struct enum_row row = {.name = builder_string(p->builder, name, strlen(name))};
    builder_declare(p->builder, SPACE_ENUM, name, p->builder->enums->len);
    struct place place = parser_place(p, column);
    g_array_append_val(p->builder->enums, row);
    g_array_append_val(p->builder->enum_places, place);
    return (int)p->builder->enums->len - 1;
}

/* Names with dots between: they become objects within objects. */
static bool is_dotted(const char *name)
{
    bool start = true;
    for (; *name; name++) {
        if (*name == '.' ? start : !(g_ascii_islower(*name) || g_ascii_isdigit(*name) || *name == '_'))
            return false;
        start = *name == '.';
    }
    return !start;
}

static bool field_attribute(struct parser *p, struct field_row *row)
{
    unsigned column = scanner_column(&p->scanner);
    GString *word = scanner_word(&p->scanner);
    bool good = true;
    if (g_str_has_prefix(word->str, "ecs=") && word->len > 4) {
        row->ecs = builder_string(p->builder, word->str + 4, word->len - 4);
        good = is_dotted(word->str + 4) || scanner_fail(&p->scanner, column, "\"%s\" is no name of ECS: lower-case words with dots between", word->str + 4);
    } else if (g_str_has_prefix(word->str, "enum=") && word->len > 5) {
        row->values = (uint16_t)find_or_announce_enum(p, word->str + 5, column);
        good = enums_fit(p, column);
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

/* Filter names that belong to the record itself. */
static bool is_reserved(const char *name)
{
    static const char *const reserved[] = {"addr",    "addr6",    "any_port", "any_user", "class",    "hostname", "id", "message",
                                           "product", "severity", "status",   "title",    "timestamp", NULL};
    return g_strv_contains(reserved, name);
}

/* The field of that name with an ending, or without the one that it has; NULL: there is none. */
static const struct field_row *find_kin(const struct parser *p, const char *name, const char *ending, bool without)
{
    bool has = g_str_has_suffix(name, ending);
    if (without && !has)
        return NULL;
    char *kin = without ? g_strndup(name, strlen(name) - strlen(ending)) : g_strconcat(name, ending, NULL);
    int index = builder_find(p->builder, SPACE_FIELD, kin);
    g_free(kin);
    return index < 0 ? NULL : ROW(fields, field, index);
}

/* Of each field, "_text" is what its code means, and of an address "6" is the filter of IPv6. */
static bool is_derived(const struct parser *p, const char *name, uint16_t type)
{
    const struct field_row *base = find_kin(p, name, "6", true);
    return (base && base->type == MSGT_IP) || (type == MSGT_IP && find_kin(p, name, "6", false)) || find_kin(p, name, "_text", true) ||
           find_kin(p, name, "_text", false);
}

static void add_field(struct parser *p, const char *name, int known, const struct field_row *row, unsigned column)
{
    if (known >= 0) {
        uint16_t group = ROW(fields, field, known)->group;
        *ROW(fields, field, known) = *row;
        ROW(fields, field, known)->group = group;
        return;
    }
    struct place place = parser_place(p, column);
    builder_declare(p->builder, SPACE_FIELD, name, p->builder->fields->len);
    g_array_append_vals(p->builder->fields, row, 1);
    g_array_append_val(p->builder->field_places, place);
}

bool parse_field(struct parser *p)
{
    GString *name;
    int index;
    unsigned column = scanner_column(&p->scanner);
    parser_close_blocks(p);
    if (!declared(p, SPACE_FIELD, "the field", &name, &index))
        return false;
    struct field_row row = {.group = MSGT_NONE, .values = MSGT_NONE};
    if (p->lang != MSGT_EN) {
        g_string_free(name, TRUE);
        return parser_string(p, "a label", &ROW(fields, field, index)->label[p->lang]);
    }
    if (index >= 0)
        row = *ROW(fields, field, index);
    row.name = builder_string(p->builder, name->str, name->len);
    bool good = !is_reserved(name->str) || scanner_fail(&p->scanner, column, "\"%s\" is a name of the record itself", name->str);
    good = good && field_type(p, &row.type) && parser_string(p, "a label", &row.label[MSGT_EN]);
    if (good && index < 0 && is_derived(p, name->str, row.type))
        good = scanner_fail(&p->scanner, column, "\"%s\" is taken: a field's name with \"_text\", and that of an address with \"6\", belong to that field", name->str);
    if (good && index >= 0 && row.type != ROW(fields, field, index)->type)
        good = scanner_fail(&p->scanner, column, "the field \"%s\" has another type in the table below", name->str);
    while (good && !scanner_done(&p->scanner))
        good = field_attribute(p, &row);
    if (good)
        add_field(p, name->str, index, &row, column);
    g_string_free(name, TRUE);
    if (good && p->builder->fields->len >= MSGT_NONE)
        return scanner_fail(&p->scanner, column, "too many fields");
    return good;
}

/* The values that follow are the enum's; those of a table below are replaced. */
bool parse_enum(struct parser *p)
{
    GString *name;
    int index;
    unsigned column = scanner_column(&p->scanner);
    parser_close_blocks(p);
    if (!declared(p, SPACE_ENUM, "the enum", &name, &index))
        return false;
    p->enumeration = index >= 0 ? index : find_or_announce_enum(p, name->str, column);
    if (p->lang == MSGT_EN)
        ROW(enums, enum, p->enumeration)->meanings = (struct slice){p->builder->meanings->len, 0};
    g_string_free(name, TRUE);
    return enums_fit(p, column);
}

static struct meaning_row *find_meaning(struct parser *p, uint32_t code)
{
    const struct enum_row *row = ROW(enums, enum, p->enumeration);
    for (uint32_t i = 0; i < row->meanings.count; i++)
        if (ROW(meanings, meaning, row->meanings.first + i)->code == code)
            return ROW(meanings, meaning, row->meanings.first + i);
    return NULL;
}

bool parse_value(struct parser *p)
{
    unsigned column = scanner_column(&p->scanner);
    if (p->enumeration < 0)
        return scanner_fail(&p->scanner, column, "\"value\" belongs to an enum");
    if (p->lang == MSGT_EN && ROW(enums, enum, p->enumeration)->meanings.count == VALUES_MAX)
        return scanner_fail(&p->scanner, column, "more than %d values in one enum", VALUES_MAX);
    GString *code = scanner_at_string(&p->scanner) ? scanner_string(&p->scanner, "a value") : scanner_word(&p->scanner);
    if (!code)
        return false;
    struct meaning_row row = {.code = builder_string(p->builder, code->str, code->len)};
    g_string_free(code, TRUE);
    struct meaning_row *known = find_meaning(p, row.code);
    if (p->lang != MSGT_EN)
        return known ? parser_string(p, "a meaning", &known->meaning[p->lang])
                     : scanner_fail(&p->scanner, column, "the enum has no such value");
    if (known || row.code == 0)
        return scanner_fail(&p->scanner, column, known ? "the value occurs twice" : "the value is empty");
    if (!scanner_done(&p->scanner) && !parser_string(p, "a meaning", &row.meaning[MSGT_EN]))
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

/* The row of a group, new or emptied. */
static int group_row(struct parser *p, const char *name, int known, struct place place)
{
    if (known < 0) {
        struct group_row row = {.name = builder_string(p->builder, name, strlen(name))};
        known = (int)p->builder->groups->len;
        builder_declare(p->builder, SPACE_GROUP, name, p->builder->groups->len);
        g_array_append_val(p->builder->groups, row);
        g_array_append_val(p->builder->group_places, place);
    }
    for (uint32_t i = 0; i < p->builder->fields->len; i++)
        if (ROW(fields, field, i)->group == known)
            ROW(fields, field, i)->group = MSGT_NONE;
    ROW(groups, group, known)->parts = (struct slice){p->builder->parts->len, 0};
    return known;
}

bool parse_group(struct parser *p)
{
    GString *name;
    int index;
    struct place place = parser_place(p, scanner_column(&p->scanner));
    parser_close_blocks(p);
    if (!declared(p, SPACE_GROUP, "the group", &name, &index))
        return false;
    if (p->lang == MSGT_EN)
        index = group_row(p, name->str, index, place);
    struct group_row row = *ROW(groups, group, index);
    bool good = parser_string(p, "a label", &row.label[p->lang]) &&
                (p->lang != MSGT_EN || parse_parts(p, &row, (uint16_t)index));
    *ROW(groups, group, index) = row;
    g_string_free(name, TRUE);
    return good;
}

static bool add_form(struct parser *p)
{
    unsigned column = scanner_column(&p->scanner);
    GString *form = scanner_rest(&p->scanner, "the template of the piece");
    if (!form)
        return false;
    bool nested = false;
    for (size_t i = 0; form->str[i]; i += form->str[i] == '\\' && form->str[i + 1] ? 2 : 1)
        nested = nested || (form->str[i] == '{' && form->str[i + 1] == '@');
    uint32_t offset = builder_string(p->builder, form->str, form->len);
    g_array_append_val(p->builder->forms, offset);
    ROW(pieces, piece, p->piece)->forms.count++;
    g_string_free(form, TRUE);
    return !nested || scanner_fail(&p->scanner, column, "a piece holds no further piece");
}

bool parse_piece(struct parser *p)
{
    GString *name;
    parser_close_blocks(p);
    if (!declared(p, SPACE_PIECE, "the piece", &name, &p->piece))
        return false;
    if (p->piece < 0) {
        struct piece_row row = {.name = builder_string(p->builder, name->str, name->len)};
        p->piece = (int)p->builder->pieces->len;
        builder_declare(p->builder, SPACE_PIECE, name->str, p->builder->pieces->len);
        g_array_append_val(p->builder->pieces, row);
    }
    ROW(pieces, piece, p->piece)->forms = (struct slice){p->builder->forms->len, 0};
    g_string_free(name, TRUE);
    return add_form(p);
}

bool parse_or(struct parser *p)
{
    if (p->piece < 0)
        return scanner_fail(&p->scanner, scanner_column(&p->scanner), "\"or\" belongs to a piece");
    return add_form(p);
}
