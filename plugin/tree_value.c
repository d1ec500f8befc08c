/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tree_value.h"

#include "fields.h"

static int ett_value;

void tree_value_register(void)
{
    static int *const ids[] = {&ett_value};
    ett_value = -1;
    proto_register_subtree_array(ids, G_N_ELEMENTS(ids));
}

/* ---- By type ---- */

/* One value on its way into the tree. */
struct item {
    const struct message *m;
    const struct msgt_value *value;
    const struct field_filters *filters;
    const char *label, *shown; /* the line: "label: shown" */
};

#define PLACE(i) (i)->m->tvb, (int)(i)->value->offset, (int)(i)->value->length
#define LINE(i) "%s: %s", (i)->label, (i)->shown

static proto_item *add_string(proto_tree *tree, int filter, const struct item *i)
{
    return proto_tree_add_string_format(tree, filter, PLACE(i), message_text(i->m, value_span(i->value)), LINE(i));
}

static proto_item *add_text(proto_tree *tree, const struct item *i) { return add_string(tree, i->filters->plain, i); }

static proto_item *add_int(proto_tree *tree, const struct item *i)
{
    if (i->value->kind != MSGT_KIND_NUMBER)
        return add_string(tree, i->filters->text, i);
    return proto_tree_add_int64_format(tree, i->filters->plain, PLACE(i), i->value->as.number, LINE(i));
}

static proto_item *add_count(proto_tree *tree, const struct item *i)
{
    if (i->value->kind != MSGT_KIND_NUMBER)
        return add_string(tree, i->filters->text, i);
    return proto_tree_add_uint64_format(tree, i->filters->plain, PLACE(i), (uint64_t)i->value->as.number, LINE(i));
}

static proto_item *add_port(proto_tree *tree, const struct item *i)
{
    return proto_tree_add_uint_format(tree, i->filters->plain, PLACE(i), (uint32_t)i->value->as.number, LINE(i));
}

static proto_item *add_decimal(proto_tree *tree, const struct item *i)
{
    double number = g_ascii_strtod(message_text(i->m, value_span(i->value)), NULL);
    return proto_tree_add_double_format(tree, i->filters->plain, PLACE(i), number, LINE(i));
}

static proto_item *add_mac(proto_tree *tree, const struct item *i)
{
    uint8_t address[6] = {0};
    unsigned digits = 0;
    for (uint32_t n = 0; n < i->value->length && digits < 12; n++) {
        int digit = g_ascii_xdigit_value((char)i->m->octets[i->value->offset + n]);
        if (digit < 0)
            continue;
        address[digits / 2] = (uint8_t)(address[digits / 2] << 4 | digit);
        digits++;
    }
    return proto_tree_add_ether_format(tree, i->filters->plain, PLACE(i), address, LINE(i));
}

static proto_item *add_ip(proto_tree *tree, const struct item *i)
{
    if (i->value->kind == MSGT_KIND_IPV4 && i->filters->plain) {
        ws_in4_addr ipv4;
        memcpy(&ipv4, i->value->as.address, sizeof ipv4);
        return proto_tree_add_ipv4_format(tree, i->filters->plain, PLACE(i), ipv4, LINE(i));
    }
    if (i->value->kind == MSGT_KIND_IPV6 && i->filters->ipv6) {
        ws_in6_addr ipv6;
        memcpy(&ipv6, i->value->as.address, sizeof ipv6);
        return proto_tree_add_ipv6_format(tree, i->filters->ipv6, PLACE(i), &ipv6, LINE(i));
    }
    return add_string(tree, i->filters->text, i);
}

static proto_item *(*const adders[MSGT_TYPES])(proto_tree *, const struct item *) = {
    [MSGT_TEXT] = add_text,   [MSGT_WORD] = add_text, [MSGT_NAME] = add_text, [MSGT_INT] = add_int,
    [MSGT_COUNT] = add_count, [MSGT_PORT] = add_port, [MSGT_HEX] = add_text,  [MSGT_DECIMAL] = add_decimal,
    [MSGT_IP] = add_ip,       [MSGT_MAC] = add_mac,
};

/* ---- What hangs on a value ---- */

/* The same octets under a name that several fields share. Under its own item, so that no line of JSON has a key twice.
 */
static void add_aggregate(proto_tree *tree, const struct item *i)
{
    proto_item *item = NULL;
    ws_in4_addr ipv4;
    ws_in6_addr ipv6;
    if (i->value->kind == MSGT_KIND_IPV4) {
        memcpy(&ipv4, i->value->as.address, sizeof ipv4);
        item = proto_tree_add_ipv4(tree, fixed_filter(F_ADDR), PLACE(i), ipv4);
    } else if (i->value->kind == MSGT_KIND_IPV6) {
        memcpy(&ipv6, i->value->as.address, sizeof ipv6);
        item = proto_tree_add_ipv6(tree, fixed_filter(F_ADDR6), PLACE(i), &ipv6);
    } else if (i->filters->port) {
        item = proto_tree_add_uint(tree, fixed_filter(F_ANY_PORT), PLACE(i), (guint)i->value->as.number);
    } else if (i->filters->user) {
        item =
            proto_tree_add_string(tree, fixed_filter(F_ANY_USER), PLACE(i), message_text(i->m, value_span(i->value)));
    }
    proto_item_set_hidden(item);
}

static bool has_aggregate(const struct item *i)
{
    return i->value->kind == MSGT_KIND_IPV4 || i->value->kind == MSGT_KIND_IPV6 || i->filters->port || i->filters->user;
}

static void add_generated(proto_tree *tree, int filter, const struct item *i, const char *label, const char *text)
{
    proto_item_set_generated(proto_tree_add_string_format(tree, filter, i->m->tvb, 0, 0, text, "%s: %s", label, text));
}

void tree_value_add(const struct message *m, proto_tree *tree, const struct msgt_value *value)
{
    struct msgt_field field = msgt_field(m->table, value->field, m->lang);
    const char *meaning = msgt_meaning(m->table, &m->record, m->octets, value, m->lang);
    const char *note = msgt_note(m->table, (size_t)m->record.message_index, value->field, m->lang);
    struct item i = {m, value, field_filters(value->field), field.label, message_shown(m, value_span(value))};
    if (meaning)
        i.shown = wmem_strdup_printf(m->pinfo->pool, "%s (%s)", i.shown, meaning);
    proto_item *item = adders[field.type](tree, &i);
    if (!meaning && !*note && !has_aggregate(&i))
        return;
    proto_tree *subtree = proto_item_add_subtree(item, ett_value);
    add_aggregate(subtree, &i);
    if (meaning)
        add_generated(subtree, i.filters->text, &i, field.label, meaning);
    if (*note)
        add_generated(subtree, fixed_filter(F_NOTE), &i, fixed_label(F_NOTE, m->lang), note);
}

/* ---- Text for people ---- */

static void append_character(wmem_strbuf_t *shown, const char *text, size_t n)
{
    gunichar c = g_utf8_get_char(text);
    if (msgt_unsafe_character(c))
        wmem_strbuf_append_printf(shown, "\\u{%x}", c);
    else
        wmem_strbuf_append_len(shown, text, n);
}

/* Octets in front of the first that is not printable ASCII: nearly always all of them. */
static size_t plain_length(const char *text, size_t length)
{
    size_t at = 0;
    while (at < length && text[at] >= ' ' && text[at] <= '~')
        at++;
    return at;
}

const char *text_shown(wmem_allocator_t *pool, const char *text, size_t length)
{
    size_t plain = plain_length(text, length);
    if (plain == length)
        return wmem_strndup(pool, text, length);
    wmem_strbuf_t *shown = wmem_strbuf_new_len(pool, text, plain);
    for (size_t at = plain, n; at < length; at += n) {
        uint8_t octet = (uint8_t)text[at];
        n = msgt_utf8_character((const uint8_t *)text + at, length - at);
        if (n == 0 || octet < ' ' || octet == 0x7f) {
            n = 1;
            wmem_strbuf_append_printf(shown, octet == '\n' ? "\\n" : octet == '\t' ? "\\t" : "\\x%02x", octet);
        } else {
            append_character(shown, text + at, n);
        }
    }
    return wmem_strbuf_get_str(shown);
}
