/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "select.h"

#include <arpa/inet.h>
#include <stdlib.h>

/* An address with the bits that count. */
struct network {
    int version; /* 0: the text is no network */
    uint8_t address[16];
    unsigned bits;
};

struct id_range {
    uint32_t first, last;
};

/* A text, in which '*' stands for anything. */
struct wanted {
    char *text;
    GPatternSpec *glob; /* when there is a '*' in it */
};

/* A device's name or address, or a value of a field. */
struct one {
    struct wanted name;
    struct network network;
};

struct condition {
    char *field, *value;
    GArray *any;                  /* struct one: of the value, once it is known what that can be */
    const struct record_key *key; /* when the name is a record's key */
    uint16_t index;               /* when it is a field */
    bool meaning;                 /* of the field, not its value */
    bool whole;                   /* a text, and no '*' in what it is compared with */
};

struct selection {
    GArray *ids, *devices, *conditions;
    unsigned severities, statuses; /* bits; 0: any */
    bool asked; /* for anything at all */
};

static struct wanted want(const char *text) { return (struct wanted){g_strdup(text), strchr(text, '*') ? g_pattern_spec_new(text) : NULL}; }

static void clear_wanted(struct wanted *wanted)
{
    g_free(wanted->text);
    if (wanted->glob)
        g_pattern_spec_free(wanted->glob);
}

static bool is_wanted(const struct wanted *wanted, const char *text, size_t length)
{
    if (!wanted->glob)
        return strlen(wanted->text) == length && memcmp(wanted->text, text, length) == 0;
    char *copy = g_utf8_make_valid(text, (gssize)length);
    bool matches = g_pattern_spec_match_string(wanted->glob, copy);
    g_free(copy);
    return matches;
}

static void clear_one(gpointer row) { clear_wanted(&((struct one *)row)->name); }

static GArray *new_ones(void)
{
    GArray *ones = g_array_new(FALSE, TRUE, sizeof(struct one));
    g_array_set_clear_func(ones, clear_one);
    return ones;
}

static void clear_condition(gpointer row)
{
    struct condition *condition = row;
    g_free(condition->field);
    g_free(condition->value);
    g_array_unref(condition->any);
}

struct selection *selection_new(void)
{
    struct selection *s = g_new0(struct selection, 1);
    s->ids = g_array_new(FALSE, TRUE, sizeof(struct id_range));
    s->devices = new_ones();
    s->conditions = g_array_new(FALSE, TRUE, sizeof(struct condition));
    g_array_set_clear_func(s->conditions, clear_condition);
    return s;
}

void selection_free(struct selection *s)
{
    g_array_unref(s->ids);
    g_array_unref(s->devices);
    g_array_unref(s->conditions);
    g_free(s);
}

/* ---- Reading the options ---- */

/* False when it is an address with a prefix of more bits than the address has. */
static bool parse_network(const char *text, struct network *result)
{
    struct network network = {0};
    char **parts = g_strsplit(text, "/", 2);
    guint64 bits;
    bool good = true;
    if (parts[0] && inet_pton(AF_INET, parts[0], network.address) == 1)
        network.version = 4, network.bits = 32;
    else if (parts[0] && inet_pton(AF_INET6, parts[0], network.address) == 1)
        network.version = 6, network.bits = 128;
    if (network.version && parts[1]) {
        if (g_ascii_string_to_unsigned(parts[1], 10, 0, network.bits, &bits, NULL)) {
            network.bits = (unsigned)bits;
        } else { /* a mask, perhaps: a text like others */
            good = *parts[1] == 0 || strspn(parts[1], "0123456789") < strlen(parts[1]);
            network.version = 0;
        }
    }
    g_strfreev(parts);
    *result = network;
    return good;
}

static char *refuse_prefix(const char *option, const char *value)
{
    return g_strdup_printf("--%s=%s: the prefix of a network is at most 32 bits long, with IPv6 128", option, value);
}

static bool in_network(const struct network *network, int version, const uint8_t *address)
{
    if (network->version != version)
        return false;
    unsigned octets = network->bits / 8, rest = network->bits % 8;
    if (memcmp(network->address, address, octets) != 0)
        return false;
    return rest == 0 || ((network->address[octets] ^ address[octets]) >> (8 - rest)) == 0;
}

/* A number, or one of the names; -1 when it is neither. */
static int number_or_name(const char *text, unsigned max, bool (*is_name)(unsigned, const char *))
{
    guint64 number;
    if (g_ascii_string_to_unsigned(text, 10, 0, max, &number, NULL))
        return (int)number;
    for (unsigned i = 0; is_name && i <= max; i++)
        if (is_name(i, text))
            return (int)i;
    return -1;
}

/* "a,b-c" with a number or name on each side. Returns bits, 0 when it is wrong. */
static unsigned parse_bits(const char *value, unsigned max, bool ranges, bool (*is_name)(unsigned, const char *))
{
    unsigned bits = 0;
    char **items = g_strsplit(value, ",", 0);
    for (char **item = items; *item; item++) {
        int first = number_or_name(*item, max, is_name), last = first;
        char *dash = first < 0 && ranges ? strchr(*item, '-') : NULL;
        if (dash) {
            *dash = 0;
            first = number_or_name(*item, max, is_name);
            last = number_or_name(dash + 1, max, is_name);
        }
        if (first < 0 || last < 0) {
            bits = 0;
            break;
        }
        for (int i = MIN(first, last); i <= MAX(first, last); i++)
            bits |= 1u << i;
    }
    g_strfreev(items);
    return bits;
}

static bool parse_id(const char *text, uint32_t *id)
{
    guint64 number;
    bool good = strlen(text) == 6 && g_ascii_string_to_unsigned(text, 10, 0, 999999, &number, NULL);
    *id = good ? (uint32_t)number : 0;
    return good;
}

bool selection_parse_ids(const char *value, void (*add)(uint32_t, uint32_t, void *), void *user)
{
    bool good = *value != 0;
    char **items = g_strsplit(value, ",", 0);
    for (char **item = items; good && *item; item++) {
        char **ends = g_strsplit(*item, "-", 2);
        uint32_t first = 0, last = 0;
        good = ends[0] && parse_id(ends[0], &first) && parse_id(ends[1] ? ends[1] : ends[0], &last);
        if (good)
            add(MIN(first, last), MAX(first, last), user);
        g_strfreev(ends);
    }
    g_strfreev(items);
    return good;
}

static void add_range(uint32_t first, uint32_t last, void *user)
{
    struct selection *s = user;
    struct id_range range = {first, last};
    s->asked = true;
    g_array_append_val(s->ids, range);
}

char *selection_add_ids(struct selection *s, const char *value)
{
    if (selection_parse_ids(value, add_range, s))
        return NULL;
    return g_strdup_printf("--id=%s: message IDs have six digits, as in 722051,725001-725022", value);
}

/* By our own name, by that of `logging trap`, or by those of syslog.conf. */
static bool is_severity(unsigned severity, const char *name)
{
    static const char *const others[8][3] = {
        {"emergencies", "emerg", "panic"}, {"alerts"}, {"crit"}, {"errors", "err"}, {"warnings", "warn"}, {"notifications"}, {"informational"}, {"debugging"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(others[severity]) && others[severity][i]; i++)
        if (g_ascii_strcasecmp(others[severity][i], name) == 0)
            return true;
    return g_ascii_strcasecmp(msgt_severity_name(severity, MSGT_EN), name) == 0;
}

static bool is_status(unsigned status, const char *name) { return g_ascii_strcasecmp(msgt_status_name((enum msgt_status)status), name) == 0; }

char *selection_add_severity(struct selection *s, const char *value)
{
    unsigned bits = parse_bits(value, 7, true, is_severity);
    s->severities |= bits;
    s->asked = true;
    return bits ? NULL : g_strdup_printf("--severity=%s: severities are 0 to 7 or emergency, alert, critical, error, warning, notice, info, debug, as in 0-4 or error,warning", value);
}

char *selection_add_status(struct selection *s, const char *value)
{
    unsigned bits = parse_bits(value, MSGT_STATUSES - 1, false, is_status);
    s->statuses |= bits;
    s->asked = true;
    return bits ? NULL : g_strdup_printf("--status=%s: a status is ok, partial, truncated, unknown-id or no-tag", value);
}

static char *empty_device(void) { return g_strdup("--device: a name is empty; expected names, addresses or networks, as in fw1,192.0.2.0/24"); }

char *selection_add_device(struct selection *s, const char *value)
{
    char **names = g_strsplit(value, ",", 0), *wrong = NULL;
    s->asked = true;
    if (!*names)
        wrong = empty_device();
    for (char **name = names; *name && !wrong; name++) {
        struct one device = {.name = want(*name)};
        if (**name == 0)
            wrong = empty_device();
        else if (!parse_network(*name, &device.network))
            wrong = refuse_prefix("device", *name);
        g_array_append_val(s->devices, device);
    }
    g_strfreev(names);
    return wrong;
}

char *selection_add_where(struct selection *s, const char *value)
{
    const char *equals = value + strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789_.");
    if (*equals != '=' || equals == value)
        return g_strdup_printf("--where=%s: expected FIELD=VALUE", value);
    struct condition condition = {.field = g_strndup(value, (gsize)(equals - value)), .value = g_strdup(equals + 1), .any = new_ones(), .index = MSGT_NONE};
    g_array_append_val(s->conditions, condition);
    s->asked = true;
    return NULL;
}

bool selection_asked(const struct selection *s) { return s->asked; }

bool selection_compares_texts(const struct selection *s)
{
    bool any = false;
    for (guint i = 0; i < s->conditions->len; i++)
        any |= g_array_index(s->conditions, struct condition, i).whole;
    return any;
}

bool selection_wants_untagged(const struct selection *s) { return s->statuses & 1u << MSGT_NO_TAG; }

bool selection_parts_devices(const struct selection *s) { return s->ids->len || s->severities || s->statuses || s->conditions->len; }

/* What values of a type are, where not every text is one. */
static const char *const kinds[MSGT_TYPES] = {
    [MSGT_WORD] = "a word without blanks",
    [MSGT_NAME] = "a text without slashes",
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

static bool key_accepts(const struct record_key *key, const struct one *one)
{
    const struct key_rule *rule = rule_of(key);
    const char *text = one->name.text;
    if (rule->words)
        return is_word_of(rule->words, text);
    return key->type == MSGT_IP ? one->network.version : msgt_accepts(key->type, text, strlen(text));
}

static bool field_accepts(enum msgt_type type, const struct one *one)
{
    return (type == MSGT_IP && one->network.version) || msgt_accepts(type, one->name.text, strlen(one->name.text));
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
    struct one one = {.name = want(text)};
    enum msgt_type type = type_of(condition, table);
    bool good = parse_network(text, &one.network);
    g_array_append_val(condition->any, one);
    if (!good && type == MSGT_IP) {
        char *what = g_strdup_printf("%s=%s", condition->field, text), *wrong = refuse_prefix("where", what);
        g_free(what);
        return wrong;
    }
    bool possible = one.name.glob || condition->meaning || (condition->index != MSGT_NONE && field_accepts(type, &one)) ||
                    (condition->key && key_accepts(condition->key, &one));
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

char *selection_bind(struct selection *s, const struct msgt_table *table)
{
    char *wrong = NULL;
    for (guint i = 0; i < s->conditions->len && !wrong; i++)
        wrong = bind_condition(&g_array_index(s->conditions, struct condition, i), table);
    return wrong;
}

/* ---- Matching ---- */

static bool id_matches(const struct selection *s, const struct msgt_record *message)
{
    uint32_t id = message->id;
    if (s->ids->len > 0 && message->tag.length == 0)
        return false;
    for (guint i = 0; i < s->ids->len; i++) {
        const struct id_range *range = &g_array_index(s->ids, struct id_range, i);
        if (id >= range->first && id <= range->last)
            return true;
    }
    return s->ids->len == 0;
}

static bool device_matches(const struct selection *s, const struct record *record)
{
    const struct packet *packet = record->datagram->packet;
    struct msgt_span host = record->message.hostname;
    for (guint i = 0; i < s->devices->len; i++) {
        const struct one *device = &g_array_index(s->devices, struct one, i);
        if (host.length && is_wanted(&device->name, record_octets(record, host.offset), host.length))
            return true;
        if (device->network.version && in_network(&device->network, packet->version, packet->src))
            return true;
    }
    return s->devices->len == 0;
}

static bool value_matches(const struct condition *condition, const struct one *one, const struct record *record, const struct msgt_value *value)
{
    if (condition->meaning) {
        const char *meaning = record_meaning(record, value);
        return meaning && is_wanted(&one->name, meaning, strlen(meaning));
    }
    if (one->network.version && (value->kind == MSGT_KIND_IPV4 || value->kind == MSGT_KIND_IPV6))
        return in_network(&one->network, value->kind == MSGT_KIND_IPV4 ? 4 : 6, value->as.address);
    return is_wanted(&one->name, record_octets(record, value->offset), value->length);
}

static bool key_matches(const struct condition *condition, const struct one *one, const struct record *record)
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
            return in_network(&one->network, one->network.version, address);
    }
    return is_wanted(&one->name, scalar.text, scalar.length);
}

static bool one_matches(const struct condition *condition, const struct one *one, const struct record *record)
{
    for (unsigned i = 0; i < record->message.count; i++)
        if (record->message.values[i].field == condition->index && value_matches(condition, one, record, &record->message.values[i]))
            return true;
    return condition->key && key_matches(condition, one, record);
}

static bool condition_matches(const struct condition *condition, const struct record *record)
{
    for (guint i = 0; i < condition->any->len; i++)
        if (one_matches(condition, &g_array_index(condition->any, struct one, i), record))
            return true;
    return false;
}

static bool matches_all(const struct selection *s, const struct record *record)
{
    const struct msgt_record *message = &record->message;
    if (s->severities && (message->severity < 0 || !(s->severities & 1u << message->severity)))
        return false;
    if (s->statuses && !(s->statuses & 1u << message->status))
        return false;
    if (!id_matches(s, message) || !device_matches(s, record))
        return false;
    for (guint i = 0; i < s->conditions->len; i++)
        if (!condition_matches(&g_array_index(s->conditions, struct condition, i), record))
            return false;
    return true;
}

bool selection_matches(const struct selection *s, const struct record *record) { return !s->asked || matches_all(s, record); }
