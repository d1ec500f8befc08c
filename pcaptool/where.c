/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "where.h"

#include <arpa/inet.h>

#include "wanted.h"

struct condition {
    char *field, *value;
    GArray *any;                  /* struct wanted: of the value, once it is known what that can be */
    const struct record_key *key; /* when the name is a record's key */
    uint16_t index;               /* when it is a field */
    bool meaning;                 /* of the field, not its value */
    bool whole;                   /* a text, and no '*' in what it is compared with */
};

static void clear_condition(gpointer row)
{
    struct condition *condition = row;
    g_free(condition->field);
    g_free(condition->value);
    g_array_unref(condition->any);
}

GArray *where_new(void)
{
    GArray *where = g_array_new(FALSE, TRUE, sizeof(struct condition));
    g_array_set_clear_func(where, clear_condition);
    return where;
}

char *where_add(GArray *where, const char *value)
{
    const char *equals = value + strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789_.");
    if (*equals != '=' || equals == value)
        return g_strdup_printf("--where=%s: expected FIELD=VALUE", value);
    struct condition condition = {.field = g_strndup(value, (gsize)(equals - value)), .value = g_strdup(equals + 1), .any = wanted_new(), .index = MSGT_NONE};
    g_array_append_val(where, condition);
    return NULL;
}

bool where_compares_texts(const GArray *where)
{
    bool any = false;
    for (guint i = 0; i < where->len; i++)
        any |= g_array_index(where, struct condition, i).whole;
    return any;
}

bool where_names_twice(const GArray *where)
{
    for (guint i = 0; i < where->len; i++)
        for (guint k = 0; k < i; k++)
            if (strcmp(g_array_index(where, struct condition, i).field, g_array_index(where, struct condition, k).field) == 0)
                return true;
    return false;
}

bool where_wants_status(const GArray *where, enum msgt_status status)
{
    const char *name = msgt_status_name(status);
    for (guint i = 0; i < where->len; i++) {
        const struct condition *condition = &g_array_index(where, struct condition, i);
        for (guint k = 0; condition->key == &record_keys[KEY_STATUS] && k < condition->any->len; k++)
            if (wanted_text(&g_array_index(condition->any, struct wanted, k), name, strlen(name)))
                return true;
    }
    return false;
}

/* ---- What values can be ---- */

/* What values of a type are, where not every text is one. */
static const char *const kinds[MSGT_TYPES] = {
    [MSGT_WORD] = "a word without blanks",
    [MSGT_NAME] = "a text without slashes, commas and parentheses",
    [MSGT_INT] = "numbers",
    [MSGT_COUNT] = "numbers",
    [MSGT_PORT] = "numbers from 0 to 65535",
    [MSGT_HEX] = "hexadecimal numbers",
    [MSGT_DECIMAL] = "numbers",
    [MSGT_IP] = "addresses, networks as 192.0.2.0/24, or names",
    [MSGT_MAC] = "MAC addresses as 00:00:5e:00:53:01",
};

/* Keys that have some values only, or for which another option takes more than values. */
static const struct key_rule {
    enum record_key_number key;
    const char *words; /* or NULL: what its type takes */
    const char *kind;  /* or NULL: what its type says */
    const char *instead;
} key_rules[] = {
    {KEY_STATUS, "ok, partial, truncated, unknown-id, no-tag", "ok, partial, truncated, unknown-id or no-tag", ""},
    {KEY_TRANSPORT, "udp, tcp", "udp or tcp", ""},
    {KEY_SEVERITY, "0, 1, 2, 3, 4, 5, 6, 7", "numbers from 0 to 7", "; --severity takes ranges and names"},
    {KEY_PRI_SEVERITY, "0, 1, 2, 3, 4, 5, 6, 7", "numbers from 0 to 7", ""},
    {KEY_ID, NULL, NULL, "; --id takes ranges"},
    {KEY_SRC, NULL, "addresses or networks as 192.0.2.0/24", "; --device takes names, too"},
    {KEY_DST, NULL, "addresses or networks as 192.0.2.0/24", ""},
};

static const struct key_rule *rule_of(const struct record_key *key)
{
    static const struct key_rule any = {0, NULL, NULL, ""};
    for (size_t i = 0; i < G_N_ELEMENTS(key_rules); i++)
        if (key == &record_keys[key_rules[i].key])
            return &key_rules[i];
    return &any;
}

static bool is_word_of(const char *words, const char *text)
{
    char **list = g_strsplit(words, ", ", 0);
    bool found = g_strv_contains((const gchar *const *)list, text);
    g_strfreev(list);
    return found;
}

static bool key_accepts(const struct record_key *key, const struct wanted *one)
{
    const struct key_rule *rule = rule_of(key);
    const char *text = one->text;
    if (rule->words)
        return is_word_of(rule->words, text);
    return key->type == MSGT_IP ? one->network.version : msgt_accepts(key->type, text, strlen(text));
}

static bool field_accepts(enum msgt_type type, const struct wanted *one)
{
    return (type == MSGT_IP && one->network.version) || msgt_accepts(type, one->text, strlen(one->text));
}

/* What the field that is named, or else the key, can be. */
static enum msgt_type type_of(const struct condition *condition, const struct msgt_table *table)
{
    if (condition->meaning)
        return MSGT_TEXT;
    return condition->index == MSGT_NONE ? condition->key->type : msgt_field(table, condition->index, MSGT_EN).type;
}

/* No value that it can have holds a comma, so that commas part values. */
static bool parts_at_commas(const struct condition *condition, enum msgt_type type)
{
    return (condition->index == MSGT_NONE && rule_of(condition->key)->words) || (type != MSGT_TEXT && type != MSGT_WORD && type != MSGT_NAME);
}

static char *refuse_value(const struct condition *condition, const struct msgt_table *table, enum msgt_type type)
{
    const struct key_rule *rule = rule_of(condition->index == MSGT_NONE ? condition->key : NULL);
    char *meaning = g_strconcat(condition->field, "_text", NULL);
    bool coded;
    record_field(table, meaning, &coded);
    char *wrong = g_strdup_printf("--where=%s=%s: expected %s%s%s%s%s", condition->field, condition->value, rule->kind ? rule->kind : kinds[type],
                                  parts_at_commas(condition, type) ? ", with commas between" : "", rule->instead, coded ? "; words are in " : "",
                                  coded ? meaning : "");
    g_free(meaning);
    return wrong;
}

/* Adds a value to those of the condition. NULL or a sentence. */
static char *add_value(struct condition *condition, const struct msgt_table *table, const char *text)
{
    enum msgt_type type = type_of(condition, table);
    bool good = wanted_add(condition->any, text);
    const struct wanted *one = &g_array_index(condition->any, struct wanted, condition->any->len - 1);
    if (!good && type == MSGT_IP) {
        char *what = g_strdup_printf("%s=%s", condition->field, text), *wrong = wanted_refuse("where", what);
        g_free(what);
        return wrong;
    }
    bool possible = one->glob || condition->meaning || (condition->index != MSGT_NONE && field_accepts(type, one)) ||
                    (condition->key && key_accepts(condition->key, one));
    return possible ? NULL : refuse_value(condition, table, type);
}

static char *bind_condition(struct condition *condition, const struct msgt_table *table)
{
    const char *only = record_field_only(condition->field);
    condition->index = record_field(table, only ? only : condition->field, &condition->meaning);
    condition->key = record_key(condition->field);
    if (condition->index == MSGT_NONE && !condition->key)
        return g_strdup_printf("--where: there is no field \"%s\" (ftdpcap catalog --fields lists them)", condition->field);
    bool several = parts_at_commas(condition, type_of(condition, table));
    condition->whole = !several && !strchr(condition->value, '*');
    char *all = condition->value, *wrong = NULL;
    do {
        char *comma = several ? strchr(all, ',') : NULL, *value = comma ? g_strndup(all, (gsize)(comma - all)) : g_strdup(all);
        wrong = add_value(condition, table, value);
        g_free(value);
        all = comma ? comma + 1 : NULL;
    } while (all && !wrong);
    return wrong;
}

char *where_bind(GArray *where, const struct msgt_table *table)
{
    char *wrong = NULL;
    for (guint i = 0; i < where->len && !wrong; i++)
        wrong = bind_condition(&g_array_index(where, struct condition, i), table);
    return wrong;
}

/* ---- Matching ---- */

static bool value_matches(const struct condition *condition, const struct wanted *one, const struct record *record, const struct msgt_value *value)
{
    if (condition->meaning) {
        const char *meaning = record_meaning(record, value);
        return meaning && wanted_text(one, meaning, strlen(meaning));
    }
    if (one->network.version && (value->kind == MSGT_KIND_IPV4 || value->kind == MSGT_KIND_IPV6))
        return wanted_address(one, value->kind == MSGT_KIND_IPV4 ? 4 : 6, value->as.address);
    return wanted_text(one, record_octets(record, value->offset), value->length);
}

static bool key_matches(const struct condition *condition, const struct wanted *one, const struct record *record)
{
    struct scalar scalar = {0};
    uint8_t address[16];
    condition->key->get(record, &scalar);
    if (scalar.kind == SCALAR_NONE)
        return false;
    if (scalar.kind == SCALAR_NUMBER) {
        scalar.length = (size_t)g_snprintf(scalar.scratch, sizeof scalar.scratch, "%" G_GINT64_FORMAT, scalar.number);
        scalar.text = scalar.scratch;
    } else if (one->network.version && scalar.text == scalar.scratch && scalar.length < sizeof scalar.scratch) {
        scalar.scratch[scalar.length] = 0;
        if (inet_pton(one->network.version == 4 ? AF_INET : AF_INET6, scalar.scratch, address) == 1)
            return wanted_address(one, one->network.version, address);
    }
    return wanted_text(one, scalar.text, scalar.length);
}

static bool one_matches(const struct condition *condition, const struct wanted *one, const struct record *record)
{
    for (unsigned i = 0; i < record->message.count; i++)
        if (record->message.values[i].field == condition->index && value_matches(condition, one, record, &record->message.values[i]))
            return true;
    return condition->key && key_matches(condition, one, record);
}

static bool condition_matches(const struct condition *condition, const struct record *record)
{
    for (guint i = 0; i < condition->any->len; i++)
        if (one_matches(condition, &g_array_index(condition->any, struct wanted, i), record))
            return true;
    return false;
}

bool where_matches(const GArray *where, const struct record *record)
{
    for (guint i = 0; i < where->len; i++)
        if (!condition_matches(&g_array_index(where, struct condition, i), record))
            return false;
    return true;
}
