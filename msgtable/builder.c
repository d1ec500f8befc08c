/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "builder.h"

#include <string.h>

#include "alike.h"

static void name_row(struct builder *builder, enum builder_space space, uint32_t offset, uint32_t index)
{
    builder_declare(builder, space, builder_at(builder, offset), index);
}

static void index_names(struct builder *builder)
{
    for (uint32_t i = 0; i < builder->fields->len; i++)
        name_row(builder, SPACE_FIELD, g_array_index(builder->fields, struct field_row, i).name, i);
    for (uint32_t i = 0; i < builder->enums->len; i++)
        name_row(builder, SPACE_ENUM, g_array_index(builder->enums, struct enum_row, i).name, i);
    for (uint32_t i = 0; i < builder->groups->len; i++)
        name_row(builder, SPACE_GROUP, g_array_index(builder->groups, struct group_row, i).name, i);
    for (uint32_t i = 0; i < builder->pieces->len; i++)
        name_row(builder, SPACE_PIECE, g_array_index(builder->pieces, struct piece_row, i).name, i);
    for (uint32_t i = 0; i < builder->messages->len; i++) {
        uint32_t id = g_array_index(builder->messages, struct message_row, i).id;
        g_hash_table_insert(builder->ids, GUINT_TO_POINTER(id), GUINT_TO_POINTER(i + 1));
    }
}

static void copy_base(struct builder *builder, const struct msgt_table *base)
{
#define X(type, name) g_array_append_vals(builder->name, base->name, base->name##_count);
    TABLE_ARRAYS(X)
#undef X
    const struct place builtin = {.file = BUILTIN_FILE};
    for (uint32_t i = 0; i < base->fields_count; i++)
        g_array_append_val(builder->field_places, builtin);
    for (uint32_t i = 0; i < base->enums_count; i++)
        g_array_append_val(builder->enum_places, builtin);
    for (uint32_t i = 0; i < base->groups_count; i++)
        g_array_append_val(builder->group_places, builtin);
    for (uint32_t i = 0; i < base->messages_count; i++)
        g_array_append_val(builder->message_places, builtin);
    for (uint32_t i = 0; i < base->templates_count; i++)
        g_array_append_val(builder->template_places, builtin);
    for (uint32_t i = 0; i < base->examples_count; i++)
        g_array_append_val(builder->example_places, builtin);
    builder->base_messages = base->messages_count;
    builder->base_fields = base->fields_count;
}

struct builder *builder_new(const struct msgt_table *base)
{
    struct builder *builder = g_new0(struct builder, 1);
#define X(type, name) builder->name = g_array_new(FALSE, TRUE, sizeof(type));
    TABLE_ARRAYS(X)
#undef X
    builder->strings = g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    for (int space = SPACE_FIELD; space <= SPACE_PIECE; space++)
        builder->names[space] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    builder->ids = g_hash_table_new(NULL, NULL);
    builder->declared = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    builder->field_places = g_array_new(FALSE, TRUE, sizeof(struct place));
    builder->enum_places = g_array_new(FALSE, TRUE, sizeof(struct place));
    builder->group_places = g_array_new(FALSE, TRUE, sizeof(struct place));
    builder->message_places = g_array_new(FALSE, TRUE, sizeof(struct place));
    builder->template_places = g_array_new(FALSE, TRUE, sizeof(struct place));
    builder->example_places = g_array_new(FALSE, TRUE, sizeof(struct place));
    if (base)
        copy_base(builder, base);
    else
        builder_string(builder, "", 0);
    index_names(builder);
    return builder;
}

void builder_free(struct builder *builder)
{
#define X(type, name) g_array_unref(builder->name);
    TABLE_ARRAYS(X)
#undef X
    g_hash_table_unref(builder->strings);
    for (int space = SPACE_FIELD; space <= SPACE_PIECE; space++)
        g_hash_table_unref(builder->names[space]);
    g_hash_table_unref(builder->ids);
    g_hash_table_unref(builder->declared);
    g_array_unref(builder->field_places);
    g_array_unref(builder->enum_places);
    g_array_unref(builder->group_places);
    g_array_unref(builder->message_places);
    g_array_unref(builder->template_places);
    g_array_unref(builder->example_places);
    g_free(builder);
}

uint32_t builder_string(struct builder *builder, const char *octets, size_t length)
{
    GBytes *key = g_bytes_new(octets, length);
    gpointer known;
    if (g_hash_table_lookup_extended(builder->strings, key, NULL, &known)) {
        g_bytes_unref(key);
        return GPOINTER_TO_UINT(known);
    }
    uint32_t offset = builder->pool->len;
    const char nul = 0;
    g_array_append_vals(builder->pool, octets, (guint)length);
    g_array_append_val(builder->pool, nul);
    g_hash_table_insert(builder->strings, key, GUINT_TO_POINTER(offset));
    return offset;
}

struct text_ref builder_text(struct builder *builder, const char *octets, size_t length)
{
    GString *compact = g_string_new(NULL);
    for (size_t i = 0; i < length; i++)
        if (octets[i] != OP_OPTIONAL_BLANKS)
            g_string_append_c(compact, octets[i]);
    struct text_ref text = {.offset = builder_string(builder, octets, length),
                            .compact = builder_string(builder, compact->str, compact->len),
                            .length = (uint16_t)length,
                            .compact_length = (uint16_t)compact->len,
                            .first = length ? (uint8_t)octets[0] : 0,
                            .open = length && (uint8_t)octets[length - 1] <= ' '};
    size_t head = MIN(compact->len, sizeof text.head);
    memcpy(text.head, compact->str, head);
    memset(text.mask, 0xff, head);
    g_string_free(compact, TRUE);
    return text;
}

int builder_find(const struct builder *builder, enum builder_space space, const char *name)
{
    return GPOINTER_TO_INT(g_hash_table_lookup(builder->names[space], name)) - 1;
}

bool builder_restate(struct builder *builder, enum builder_space space, const char *name)
{
    return g_hash_table_add(builder->declared, g_strdup_printf("%d %s", space, name));
}

void builder_declare(struct builder *builder, enum builder_space space, const char *name, uint32_t index)
{
    g_hash_table_insert(builder->names[space], g_strdup(name), GUINT_TO_POINTER(index + 1));
}

/* ---- Templates that start alike ---- */

/* Each template goes to the earliest that starts with at least half of its ops, and with no fewer than those that went there before. */
static void share(const struct builder *builder, const struct slice *templates)
{
    if (templates->count == 0)
        return; /* the array may not be there */
    struct template_row *rows = &g_array_index(builder->templates, struct template_row, templates->first);
    const struct op *ops = (const struct op *)(void *)builder->ops->data;
    const struct text_ref *texts = (const struct text_ref *)(void *)builder->texts->data;
    for (uint16_t i = 0; i < templates->count; i++) {
        rows[i].like = i;
        rows[i].shared = 0;
        for (uint16_t k = 0; k < i && rows[i].like == i; k++) {
            uint32_t common = rows[k].like == k ? common_ops(ops, texts, &rows[k].ops, &rows[i].ops) : 0;
            if (common < rows[i].ops.count / 2 || common == 0 || common < rows[k].shared)
                continue;
            if (rows[k].shared == 0)
                rows[k].shared = (uint16_t)common;
            rows[i].like = k;
            rows[i].shared = rows[k].shared;
        }
    }
}

static int by_id(const void *a, const void *b)
{
    uint32_t left = ((const struct message_row *)a)->id, right = ((const struct message_row *)b)->id;
    return (left > right) - (left < right);
}

static GArray *sorted_messages(const struct builder *builder)
{
    GArray *sorted = g_array_new(FALSE, FALSE, sizeof(struct message_row));
    for (uint32_t i = 0; i < builder->messages->len; i++) {
        const struct message_row *message = &g_array_index(builder->messages, struct message_row, i);
        if (GPOINTER_TO_UINT(g_hash_table_lookup(builder->ids, GUINT_TO_POINTER(message->id))) == i + 1)
            g_array_append_vals(sorted, message, 1);
    }
    g_array_sort(sorted, by_id);
    return sorted;
}

/* MESSAGES are sorted. */
static void index_messages(const struct builder *builder, const GArray *messages)
{
    g_array_set_size(builder->slots, 0);
    g_array_set_size(builder->classes, 0);
    g_array_set_size(builder->classes, CLASSES);
    for (uint32_t i = 0; i < messages->len; i++) {
        uint32_t id = g_array_index(messages, struct message_row, i).id;
        uint16_t number = (uint16_t)(id % CLASS_NUMBERS), slot = (uint16_t)(i + 1);
        struct class_row *class = &g_array_index(builder->classes, struct class_row, id / CLASS_NUMBERS);
        if (class->count == 0)
            *class = (struct class_row){builder->slots->len, number, 0};
        class->count = (uint16_t)(number - class->least + 1);
        g_array_set_size(builder->slots, class->first + class->count - 1u);
        g_array_append_val(builder->slots, slot);
    }
}

struct msgt_table *builder_finish(struct builder *builder)
{
    static const char padding[TABLE_PADDING];
    g_array_append_vals(builder->pool, padding, TABLE_PADDING);
    struct msgt_table *table = g_new0(struct msgt_table, 1);
    GArray *messages = sorted_messages(builder);
    for (uint32_t i = 0; i < messages->len; i++)
        share(builder, &g_array_index(messages, struct message_row, i).templates);
    index_messages(builder, messages);
#define X(type, array)                                                                    \
    {                                                                                     \
        const GArray *from = builder->array;                                              \
        table->array = from->len ? g_memdup2(from->data, from->len * sizeof(type)) : g_malloc0(sizeof(type)); /* never NULL */ \
        table->array##_count = from->len;                                                 \
    }
    TABLE_ARRAYS(X)
#undef X
    g_free((void *)table->messages);
    table->messages_count = messages->len;
    table->messages = (struct message_row *)g_array_free(messages, FALSE);
    table->loaded = true;
    return table;
}
