/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text of a catalogue file → a table on top of the shared dictionary; what it declares decodes and is written out. */
#include "fuzz.h"

#include <stdlib.h>

#include "msgtable/catalog.h"
#include "page.h"

/* The shared fields and pieces. No message uses them, so the loader would refuse them alone. */
static const struct msgt_table *dictionary(void)
{
    static struct msgt_table *table;
    static const char *const files[] = {CATALOG "/fields.cat"};
    struct msgt_error error;
    if (table)
        return table;
    struct builder *builder = builder_new(NULL);
    CHECK(catalog_read_files(builder, files, 1, &error));
    table = builder_finish(builder);
    builder_free(builder);
    return table;
}

static void check_error(const struct msgt_error *error)
{
    CHECK(memchr(error->file, 0, sizeof error->file) && memchr(error->text, 0, sizeof error->text));
    CHECK(*error->text && error->text[strlen(error->text) - 1] != '.');
}

/* Every prefix of an example, at most. */
static void decode_example(const struct msgt_table *table, uint32_t id, const char *text)
{
    size_t length = strlen(text), step = 1 + length / 64;
    for (size_t n = 0; n <= length; n += step) {
        uint8_t *copy = malloc(n); /* of exactly its size */
        struct msgt_record record;
        CHECK(copy || n == 0);
        if (n)
            memcpy(copy, text, n);
        msgt_decode_text(table, id, copy, n, 0, &record);
        CHECK(record.status <= MSGT_TRUNCATED && record.count <= MSGT_VALUES_MAX && record.message_index >= 0);
        for (unsigned i = 0; i < record.count; i++) {
            CHECK((size_t)record.values[i].offset + record.values[i].length <= n);
            msgt_meaning(table, &record, copy, &record.values[i], MSGT_EN);
        }
        free(copy);
    }
    struct msgt_record record;
    msgt_decode_text(table, id, (const uint8_t *)text, length, 0, &record);
    CHECK(record.status == MSGT_OK);
}

static void use(const struct msgt_table *table)
{
    static struct buffer text, json;
    struct view view = {.table = table, .lang = MSGT_EN};
    text.length = json.length = 0;
    for (size_t i = 0; i < msgt_message_count(table); i++) {
        struct msgt_message message = msgt_message(table, i, MSGT_EN);
        CHECK(msgt_message_index(table, message.id) == (int)i);
        for (unsigned n = 0; n < message.examples; n++)
            decode_example(table, message.id, msgt_example(table, i, n));
        page_text(&text, &view, i, false);
        page_json(&json, &view, i);
    }
    prove_text(&text);
    prove_json(&json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct msgt_error error;
    const char *file = fuzz_file(0, data, size);
    struct msgt_table *table = msgt_load(dictionary(), &file, 1, &error);
    if (table)
        use(table);
    else
        check_error(&error);
    msgt_free(table);
    return 0;
}
