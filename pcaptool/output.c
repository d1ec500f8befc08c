/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "output.h"

#include "ecs_names.h"

static const struct output outputs[] = {
    {"text", NULL, NULL, output_text_record, false},
    {"json", NULL, NULL, output_json_record, false},
    {"ecs", output_ecs_prepare, NULL, output_ecs_record, false},
    {"csv", NULL, output_csv_begin, output_csv_record, true},
    {"tsv", NULL, output_tsv_begin, output_tsv_record, true},
};

const struct output *output_find(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(outputs); i++)
        if (strcmp(outputs[i].name, name) == 0)
            return &outputs[i];
    return NULL;
}

static bool always(const struct record *record)
{
    (void)record;
    return true;
}

static bool diverges(const struct record *record)
{
    return record->message.status == MSGT_PARTIAL || record->message.status == MSGT_TRUNCATED;
}

static const struct structure structures[] = {
    {"fields", output_json_fields, always},
    {"findings", output_json_findings, always},
    {"diverges", output_json_diverges, diverges},
    {"raw", output_json_raw, record_needs_raw},
};

static bool find_field(const char *name, const struct msgt_table *table, struct column *column)
{
    column->field = record_field(table, name, &column->meaning);
    return column->field != MSGT_NONE;
}

static bool find_column(const char *name, const struct msgt_table *table, struct column *column)
{
    const char *only = record_field_only(name);
    *column = (struct column){.field = MSGT_NONE};
    if (only)
        return find_field(only, table, column);
    column->key = record_key(name);
    for (size_t i = 0; i < G_N_ELEMENTS(structures); i++)
        if (strcmp(structures[i].name, name) == 0)
            column->structure = &structures[i];
    return column->key || column->structure || find_field(name, table, column);
}

static void clear_column(gpointer row) { g_free(((struct column *)row)->name); }

static bool depends_on(const struct column *column, enum record_scope scope) { return column->key && column->key->scope == scope; }

static void join_columns(GArray *columns)
{
    for (guint i = columns->len; i-- > 0;) {
        struct column *column = &g_array_index(columns, struct column, i), *next = column + 1;
        if (!column->key || depends_on(column, SCOPE_RECORD))
            continue;
        bool joins = i + 1 < columns->len && depends_on(next, column->key->scope);
        column->together = joins ? next->together + 1 : 1;
    }
}

char *output_set_columns(struct output_style *style, const char *names, const struct msgt_table *table)
{
    char *wrong = NULL;
    char **list = g_strsplit(names ? names : "frame,time,src,hostname,severity,id,title,status,fields,message", ",", 0);
    style->columns = g_array_new(FALSE, TRUE, sizeof(struct column));
    g_array_set_clear_func(style->columns, clear_column);
    for (char **name = list; *name && !wrong; name++) {
        struct column column;
        if (find_column(*name, table, &column)) {
            column.name = g_strdup(*name);
            g_array_append_val(style->columns, column);
        } else {
            wrong = g_strdup_printf("--columns: there is no key or field \"%s\" (ftdpcap catalog --fields lists the fields)", *name);
        }
    }
    g_strfreev(list);
    join_columns(style->columns);
    return wrong;
}

void output_prepare(struct output_style *style, const struct output *output, const struct msgt_table *table)
{
    if (output->prepare)
        output->prepare(style, table);
}

void output_style_clear(struct output_style *style)
{
    ecs_names_free(style->ecs);
    style->ecs = NULL;
    if (style->columns)
        g_array_unref(style->columns);
    style->columns = NULL;
}
