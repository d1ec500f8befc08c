/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fields.h"

enum { TITLES, SEVERITIES, NO_STRINGS };

static const struct fixed_row {
    const char *name; /* behind "ftd." */
    const char *label[MSGT_LANGS];
    enum ftenum type;
    int display;
    int strings;
} fixed_rows[F_FIXED] = {
    [F_PRODUCT] = {"product", {"Product", "製品"}, FT_STRING, BASE_NONE, NO_STRINGS},
    [F_CLASS] = {"class", {"Class", "クラス"}, FT_STRING, BASE_NONE, NO_STRINGS},
    [F_SEVERITY] = {"severity", {"Severity", "重大度"}, FT_UINT8, BASE_DEC, SEVERITIES},
    [F_ID] = {"id", {"Message ID", "メッセージID"}, FT_UINT32, BASE_DEC | BASE_EXT_STRING, TITLES},
    [F_TITLE] = {"title", {"Title", "タイトル"}, FT_STRING, BASE_NONE, NO_STRINGS},
    [F_TIMESTAMP] =
        {"timestamp", {"Device time (UTC)", "デバイスの時刻(UTC)"}, FT_ABSOLUTE_TIME, ABSOLUTE_TIME_UTC, NO_STRINGS},
    [F_TIMESTAMP_TEXT] = {"header.timestamp", {"Device time", "デバイスの時刻"}, FT_STRING, BASE_NONE, NO_STRINGS},
    [F_HOSTNAME] = {"hostname", {"Host", "ホスト"}, FT_STRING, BASE_NONE, NO_STRINGS},
    [F_SEQUENCE] = {"header.sequence", {"Sequence number", "シーケンス番号"}, FT_STRING, BASE_NONE, NO_STRINGS},
    [F_REPEAT] = {"header.repeat", {"Repeated", "繰り返し回数"}, FT_UINT32, BASE_DEC, NO_STRINGS},
    [F_MESSAGE] = {"message", {"Message text", "メッセージ本文"}, FT_STRING, BASE_NONE, NO_STRINGS},
    [F_STATUS] = {"status", {"Status", "解析結果"}, FT_STRING, BASE_NONE, NO_STRINGS},
    [F_DIVERGES] = {"diverges.offset", {"Divergence", "不一致"}, FT_UINT32, BASE_DEC, NO_STRINGS},
    [F_EXPECTED] = {"diverges.expected", {"Expected", "期待値"}, FT_STRING, BASE_NONE, NO_STRINGS},
    [F_ABOUT] = {"help.about", {"What it means", "意味"}, FT_STRING, BASE_NONE, NO_STRINGS},
    [F_ACTION] = {"help.action", {"What to do", "対処"}, FT_STRING, BASE_NONE, NO_STRINGS},
    [F_NOTE] = {"help.note", {"In this message", "このメッセージでは"}, FT_STRING, BASE_NONE, NO_STRINGS},
    [F_ADDR] = {"addr", {"Any address", "いずれかのアドレス"}, FT_IPv4, BASE_NONE, NO_STRINGS},
    [F_ADDR6] = {"addr6", {"Any IPv6 address", "いずれかのIPv6アドレス"}, FT_IPv6, BASE_NONE, NO_STRINGS},
    [F_ANY_PORT] = {"any_port", {"Any port", "いずれかのポート"}, FT_UINT16, BASE_DEC, NO_STRINGS},
    [F_ANY_USER] = {"any_user", {"Any user", "いずれかのユーザ"}, FT_STRING, BASE_NONE, NO_STRINGS},
    [F_SESSION] = {"session.number", {"Session", "セッション"}, FT_UINT32, BASE_DEC, NO_STRINGS},
    [F_SESSION_FIRST] = {"session.first", {"First message", "最初のメッセージ"}, FT_FRAMENUM, BASE_NONE, NO_STRINGS},
    [F_SESSION_PREVIOUS] =
        {"session.previous", {"Previous message", "前のメッセージ"}, FT_FRAMENUM, BASE_NONE, NO_STRINGS},
    [F_SESSION_NEXT] = {"session.next", {"Next message", "次のメッセージ"}, FT_FRAMENUM, BASE_NONE, NO_STRINGS},
    [F_SESSION_ELAPSED] = {"session.elapsed",
                           {"Since the first message", "最初のメッセージからの経過時間"},
                           FT_RELATIVE_TIME,
                           BASE_NONE,
                           NO_STRINGS},
    [F_SETUP] = {"connection.setup", {"Set up in", "確立したフレーム"}, FT_FRAMENUM, BASE_NONE, NO_STRINGS},
    [F_TEARDOWN] = {"connection.teardown", {"Torn down in", "切断したフレーム"}, FT_FRAMENUM, BASE_NONE, NO_STRINGS},
    [F_DURATION] = {"connection.duration", {"Lasted", "接続時間"}, FT_RELATIVE_TIME, BASE_NONE, NO_STRINGS},
};

static const value_string severities[] = {
    {0, "emergency"}, {1, "alert"}, {2, "critical"}, {3, "error"}, {4, "warning"},
    {5, "notice"},    {6, "info"},  {7, "debug"},    {0, NULL},
};

/* Ids that Wireshark hands out; it keeps pointers to them and to the rows, so none of this is ever freed. */
static int fixed_ids[F_FIXED];
static struct field_filters *filters;
static int *group_ids;

struct builder {
    const struct msgt_table *table;
    GArray *rows; /* of hf_register_info */
    bool *coded;  /* for each field: it has meanings in some message */
};

int fixed_filter(enum fixed_field field) { return fixed_ids[field]; }
const char *fixed_label(enum fixed_field field, enum msgt_lang lang) { return fixed_rows[field].label[lang]; }
const struct field_filters *field_filters(uint16_t field) { return &filters[field]; }
int group_filter(uint16_t group) { return group_ids[group]; }

static void add(struct builder *b, int *id, char *name, const char *label, enum ftenum type, int display,
                const void *strings)
{
    *id = -1; /* what 4.0 takes for "not registered yet"; later versions take any number up to 0 */
    hf_register_info row = {id, {label, name, type, display, strings, 0, NULL, HFILL}};
    g_array_append_val(b->rows, row);
}

/* ID → title for the "Message ID" line and for filters such as ftd.id == "VPN address assigned". */
static const value_string_ext *title_strings(const struct msgt_table *table)
{
    size_t count = msgt_message_count(table);
    value_string *titles = g_new0(value_string, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct msgt_message message = msgt_message(table, i, MSGT_EN);
        titles[i] = (value_string){message.id, message.title};
    }
    return NEW_VALUE_STRINGS(titles, (guint)count + 1, "ftd_titles");
}

static void add_fixed(struct builder *b)
{
    const void *strings[] = {[TITLES] = title_strings(b->table), [SEVERITIES] = severities, [NO_STRINGS] = NULL};
    for (int i = 0; i < F_FIXED; i++) {
        const struct fixed_row *row = &fixed_rows[i];
        add(b, &fixed_ids[i], g_strconcat("ftd.", row->name, NULL), row->label[MSGT_EN], row->type, row->display,
            strings[row->strings]);
    }
}

static const struct type_row {
    enum ftenum type;
    int display;
    bool text; /* has ftd.X_text even when it is not coded */
} type_rows[MSGT_TYPES] = {
    [MSGT_TEXT] = {FT_STRING, BASE_NONE, false}, [MSGT_WORD] = {FT_STRING, BASE_NONE, false},
    [MSGT_NAME] = {FT_STRING, BASE_NONE, false}, [MSGT_INT] = {FT_INT64, BASE_DEC, true},
    [MSGT_COUNT] = {FT_UINT64, BASE_DEC, true},  [MSGT_PORT] = {FT_UINT16, BASE_DEC, false},
    [MSGT_HEX] = {FT_STRING, BASE_NONE, false},  [MSGT_DECIMAL] = {FT_DOUBLE, BASE_NONE, false},
    [MSGT_IP] = {FT_IPv4, BASE_NONE, true},      [MSGT_MAC] = {FT_ETHER, BASE_NONE, false},
};

/* A name that says which version of IP it means has no other. */
static void add_address(struct builder *b, struct field_filters *ids, const struct msgt_field *field)
{
    if (!g_str_has_suffix(field->name, "ipv6"))
        add(b, &ids->plain, g_strdup_printf("ftd.%s", field->name), field->label, FT_IPv4, BASE_NONE, NULL);
    if (!g_str_has_suffix(field->name, "ipv4"))
        add(b, &ids->ipv6, g_strdup_printf(ids->plain ? "ftd.%s6" : "ftd.%s", field->name), field->label, FT_IPv6,
            BASE_NONE, NULL);
}

static void add_field(struct builder *b, size_t index)
{
    struct msgt_field field = msgt_field(b->table, index, MSGT_EN);
    const struct type_row *type = &type_rows[field.type];
    struct field_filters *ids = &filters[index];
    if (field.type == MSGT_IP)
        add_address(b, ids, &field);
    else
        add(b, &ids->plain, g_strdup_printf("ftd.%s", field.name), field.label, type->type, type->display, NULL);
    if (type->text || b->coded[index])
        add(b, &ids->text, g_strdup_printf("ftd.%s_text", field.name), field.label, FT_STRING, BASE_NONE, NULL);
    ids->port = field.type == MSGT_PORT;
    ids->user = strcmp(field.ecs, "user.name") == 0 || g_str_has_suffix(field.name, "user");
}

static void find_coded(struct builder *b, size_t fields)
{
    uint16_t *used = g_new(uint16_t, fields);
    b->coded = g_new0(bool, fields);
    for (size_t i = 0; i < msgt_message_count(b->table); i++) {
        size_t count = msgt_message_fields(b->table, i, used, fields);
        for (size_t k = 0; k < count; k++)
            b->coded[used[k]] |= msgt_enum_of(b->table, i, used[k]) != MSGT_NONE;
    }
    g_free(used);
}

static void add_fields(struct builder *b)
{
    size_t fields = msgt_field_count(b->table), groups = msgt_group_count(b->table);
    filters = g_new0(struct field_filters, fields);
    group_ids = g_new0(int, groups);
    find_coded(b, fields);
    for (size_t i = 0; i < fields; i++)
        add_field(b, i);
    for (size_t i = 0; i < groups; i++)
        add(b, &group_ids[i], g_strdup_printf("ftd.group.%s", msgt_group_name(b->table, i)),
            msgt_group_label(b->table, i, MSGT_EN), FT_STRING, BASE_NONE, NULL);
    g_free(b->coded);
}

void fields_register(int protocol, const struct msgt_table *table)
{
    struct builder b = {.table = table, .rows = g_array_new(FALSE, FALSE, sizeof(hf_register_info))};
    add_fixed(&b);
    add_fields(&b);
    proto_register_field_array(protocol, (hf_register_info *)(void *)b.rows->data, (int)b.rows->len);
    g_array_free(b.rows, FALSE); /* the rows stay with Wireshark */
}
