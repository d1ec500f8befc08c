/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "columns.h"

#include "settings.h"

/* Octets in the Info column. Wireshark cuts it at COL_MAX_INFO_LEN, if need be within a character; TCP may have put something in front. */
enum { MEANING_MAX = 32, VALUE_MAX = 100, RAW_MAX = 200, FIELDS_MAX = 3000, INFO_MAX = COL_MAX_INFO_LEN - 64 };

/* Quoted when a blank would make it two words. */
static void append_value(const struct message *m, wmem_strbuf_t *line, const struct msgt_value *value)
{
    const char *shown = message_clipped(m, value_span(value), VALUE_MAX);
    const char *meaning = msgt_meaning(m->table, &m->record, m->octets, value, m->lang);
    bool quoted = !*shown || strpbrk(shown, " \"");
    wmem_strbuf_append_c(line, ' ');
    wmem_strbuf_append(line, msgt_field(m->table, value->field, MSGT_EN).name);
    wmem_strbuf_append(line, quoted ? "=\"" : "=");
    wmem_strbuf_append(line, shown);
    if (quoted)
        wmem_strbuf_append_c(line, '"');
    if (meaning && value->kind == MSGT_KIND_NUMBER && strlen(meaning) <= MEANING_MAX) /* words speak for themselves */
        wmem_strbuf_append_printf(line, " (%s)", meaning);
}

static void append_text(const struct message *m, wmem_strbuf_t *line)
{
    wmem_strbuf_append_c(line, ' ');
    wmem_strbuf_append(line, message_clipped(m, m->record.message, RAW_MAX));
}

/* The fields that the catalogue names for a single line; of a message without such, its text. */
static void append_fields(const struct message *m, wmem_strbuf_t *line)
{
    const struct msgt_record *r = &m->record;
    uint16_t count = r->message_index < 0 ? 0 : msgt_message(m->table, (size_t)r->message_index, MSGT_EN).info;
    if (r->message_index < 0)
        append_text(m, line);
    for (uint16_t i = 0; i < count; i++) {
        const struct msgt_value *value = message_value(m, msgt_info(m->table, (size_t)r->message_index, i));
        if (value && wmem_strbuf_get_len(line) < FIELDS_MAX)
            append_value(m, line, value);
    }
    if (r->status == MSGT_PARTIAL || r->status == MSGT_TRUNCATED)
        wmem_strbuf_append_printf(line, " [%s]", message_divergence(m));
    if (r->repeat)
        wmem_strbuf_append_printf(line, " (%u times)", r->repeat);
}

/* Six digits. Without a format, which in each line of the list would take a sixth of the time for it. */
static void append_id(wmem_strbuf_t *line, uint32_t id)
{
    char digits[] = "000000";
    for (size_t i = sizeof digits - 1; i-- > 0; id /= 10)
        digits[i] = (char)('0' + id % 10);
    wmem_strbuf_append(line, digits);
}

static const char *info_line(const struct message *m)
{
    wmem_strbuf_t *line = wmem_strbuf_new(m->pinfo->pool, "");
    append_id(line, m->record.id);
    if (settings.info_style == INFO_TEXT) {
        append_text(m, line);
        return wmem_strbuf_get_str(line);
    }
    wmem_strbuf_append_c(line, ' ');
    wmem_strbuf_append(line, m->title);
    size_t before = wmem_strbuf_get_len(line);
    wmem_strbuf_append_c(line, ':');
    append_fields(m, line);
    if (wmem_strbuf_get_len(line) == before + 1)
        wmem_strbuf_truncate(line, before);
    return wmem_strbuf_get_str(line);
}

/* Behind those in front. Where there is no more room, a bar and an ellipsis end the column. */
static void append_info(column_info *columns, const char *line)
{
    static const char end[] = "…", bar[] = " | ";
    const char *shown = col_get_text(columns, COL_INFO);
    size_t length = shown ? strlen(shown) : 0;
    bool fits = length + strlen(bar) + strlen(line) < INFO_MAX;
    if (shown && !(length > FIELDS_MAX && g_str_has_suffix(shown, " | …")))
        col_append_sep_str(columns, COL_INFO, bar, fits ? line : end);
}

/* TCP locks the column when a frame goes on behind what it completes. */
static void set_protocol(column_info *columns, const char *product)
{
    bool writable = col_get_writable(columns, COL_PROTOCOL);
    col_set_writable(columns, COL_PROTOCOL, true);
    col_add_str(columns, COL_PROTOCOL, product);
    col_set_writable(columns, COL_PROTOCOL, writable);
}

void columns_set(const struct message *m)
{
    column_info *columns = m->pinfo->cinfo;
    if (m->ordinal == 0)
        set_protocol(columns, message_shown(m, m->record.product));
    if (settings.info_style == INFO_STOCK)
        return;
    if (m->ordinal == 0)
        col_add_str(columns, COL_INFO, info_line(m));
    else
        append_info(columns, info_line(m));
}

void columns_to_fields(packet_info *pinfo, proto_tree *tree)
{
    static const struct {
        const char *name;
        int column;
    } fields[] = {{"_ws.col.protocol", COL_PROTOCOL}, {"_ws.col.info", COL_INFO}};
    for (size_t i = 0; tree && i < G_N_ELEMENTS(fields); i++) {
        int id = proto_registrar_get_id_byname(fields[i].name);
        const GPtrArray *found = id > 0 ? proto_get_finfo_ptr_array(tree, id) : NULL;
        for (unsigned n = 0; found && n < found->len; n++) {
            field_info *item = g_ptr_array_index(found, n);
            SET_COLUMN_FIELD(item, col_get_text(pinfo->cinfo, fields[i].column));
        }
    }
}
