/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables that are loaded at run time. */
#include "catalog.h"

static struct msgt_table *load(const struct msgt_table *base, const char *const *files, size_t count, bool languages, struct msgt_error *error)
{
    *error = (struct msgt_error){0};
    struct builder *builder = builder_new(base);
    struct msgt_table *table = NULL;
    if (catalog_read_files(builder, files, count, error)) {
        table = builder_finish(builder);
        if (!catalog_verify(builder, table, files, error) || (languages && !catalog_verify_languages(builder, table, files, error))) {
            msgt_free(table);
            table = NULL;
        }
    }
    builder_free(builder);
    return table;
}

struct msgt_table *msgt_load(const struct msgt_table *base, const char *const *files, size_t count,
                             struct msgt_error *error)
{
    return load(base, files, count, false, error);
}

struct msgt_table *catalog_load_whole(const char *const *files, size_t count, struct msgt_error *error) { return load(NULL, files, count, true, error); }

void msgt_free(struct msgt_table *table)
{
    if (!table || !table->loaded)
        return;
#define X(type, name) g_free((void *)table->name);
    TABLE_ARRAYS(X)
#undef X
    g_free(table);
}
