/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Build-time program: catalogue files → the built-in table as C. Usage: mkcatalog OUTPUT.c FILE… */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog.h"

static int complain(const struct msgt_error *error)
{
    fprintf(stderr, "%s", error->file);
    if (error->line)
        fprintf(stderr, ":%u:%u", error->line, error->column);
    fprintf(stderr, ": error: %s\n", error->text);
    return EXIT_FAILURE;
}

/* Each row type prints itself as one initialiser. */
static void print_pool(FILE *out, const char *row) { fprintf(out, "%d", *row); }
static void print_examples(FILE *out, const uint32_t *row) { fprintf(out, "%" PRIu32, *row); }
static void print_related(FILE *out, const uint32_t *row) { print_examples(out, row); }
static void print_forms(FILE *out, const uint32_t *row) { print_examples(out, row); }
static void print_infos(FILE *out, const uint16_t *row) { fprintf(out, "%u", *row); }
static void print_slots(FILE *out, const uint16_t *row) { print_infos(out, row); }

static void print_octets(FILE *out, const uint8_t *octets, size_t count)
{
    for (size_t i = 0; i < count; i++)
        fprintf(out, "%s%u", i ? "," : ",{", octets[i]);
    fputc('}', out);
}

static void print_texts(FILE *out, const struct text_ref *row)
{
    fprintf(out, "{%" PRIu32 ",%" PRIu32 ",%u,%u,%u,%u,0", row->offset, row->compact, row->length, row->compact_length, row->first,
            row->open);
    print_octets(out, row->head, sizeof row->head);
    print_octets(out, row->mask, sizeof row->mask);
    fputc('}', out);
}

static void print_slice(FILE *out, const struct slice *slice)
{
    fprintf(out, "{%" PRIu32 ",%" PRIu32 "}", slice->first, slice->count);
}

static void print_languages(FILE *out, const uint32_t *texts)
{
    for (int lang = 0; lang < MSGT_LANGS; lang++)
        fprintf(out, "%s%" PRIu32, lang ? "," : "{", texts[lang]);
    fputc('}', out);
}

static void print_ops(FILE *out, const struct op *row)
{
    fprintf(out, "{%u,%u,%u,%u,%u,%u,%u,%u,%u,%u,%u,%" PRIu32 ",%" PRIu32 ",", row->kind, row->type, row->open, row->close, row->last, row->blanks,
            row->blank, row->leads, row->numeric, row->start, row->field, row->at, row->count);
    print_texts(out, &row->text);
    fputc('}', out);
}

static void print_templates(FILE *out, const struct template_row *row)
{
    fputc('{', out);
    print_slice(out, &row->ops);
    fprintf(out, ",%" PRIu32 ",%u,%u,%u,%u}", row->source, row->line, row->form, row->like, row->shared);
}

static void print_fields(FILE *out, const struct field_row *row)
{
    fprintf(out, "{%" PRIu32 ",%" PRIu32 ",", row->name, row->ecs);
    print_languages(out, row->label);
    fprintf(out, ",%u,%u,%u,0}", row->type, row->group, row->values);
}

static void print_meanings(FILE *out, const struct meaning_row *row)
{
    fprintf(out, "{%" PRIu32 ",", row->code);
    print_languages(out, row->meaning);
    fputc('}', out);
}

static void print_enums(FILE *out, const struct enum_row *row)
{
    fprintf(out, "{%" PRIu32 ",", row->name);
    print_slice(out, &row->meanings);
    fputc('}', out);
}

static void print_groups(FILE *out, const struct group_row *row)
{
    fprintf(out, "{%" PRIu32 ",", row->name);
    print_languages(out, row->label);
    fputc(',', out);
    print_slice(out, &row->parts);
    fputc('}', out);
}

static void print_parts(FILE *out, const struct part_row *row)
{
    fprintf(out, "{%" PRIu32 ",%" PRIu32 ",%" PRIu32 "}", row->before, row->after, row->field);
}

static void print_pieces(FILE *out, const struct piece_row *row)
{
    fprintf(out, "{%" PRIu32 ",", row->name);
    print_slice(out, &row->forms);
    fputc('}', out);
}

static void print_codings(FILE *out, const struct coding_row *row) { fprintf(out, "{%u,%u}", row->field, row->values); }

static void print_notes(FILE *out, const struct note_row *row)
{
    fprintf(out, "{%" PRIu32 ",", row->field);
    print_languages(out, row->text);
    fputc('}', out);
}

static void print_classes(FILE *out, const struct class_row *row) { fprintf(out, "{%" PRIu32 ",%u,%u}", row->first, row->least, row->count); }

static void print_messages(FILE *out, const struct message_row *row)
{
    fprintf(out, "{%" PRIu32 ",%u,%u,", row->id, row->severity, row->severities);
    print_languages(out, row->title);
    fputc(',', out);
    print_languages(out, row->about);
    fputc(',', out);
    print_languages(out, row->action);
    const struct slice *slices[] = {&row->templates, &row->examples, &row->related, &row->infos, &row->notes, &row->codings};
    for (size_t i = 0; i < G_N_ELEMENTS(slices); i++) {
        fputc(',', out);
        print_slice(out, slices[i]);
    }
    fputc('}', out);
}

static void print_table(FILE *out, const struct msgt_table *table)
{
    fprintf(out, "/* Made by mkcatalog from the catalogue. Do not edit. */\n#include \"table.h\"\n");
    /* An empty array still needs an element. */
#define X(type, name)                                                             \
    fprintf(out, "\nstatic const " #type " " #name "[] = {\n");                    \
    for (uint32_t i = 0; i < table->name##_count; i++) {                           \
        print_##name(out, &table->name[i]);                                        \
        fputs(i % 16 == 15 ? ",\n" : ",", out);                                    \
    }                                                                              \
    fputs(table->name##_count ? "\n};\n" : "{0}\n};\n", out);
    TABLE_ARRAYS(X)
#undef X
    fprintf(out, "\nstatic const struct msgt_table builtin = {\n");
#define X(type, name) fprintf(out, "    ." #name " = " #name ", ." #name "_count = %" PRIu32 ",\n", table->name##_count);
    TABLE_ARRAYS(X)
#undef X
    fprintf(out, "};\n\nconst struct msgt_table *msgt_builtin(void) { return &builtin; }\n");
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: mkcatalog OUTPUT.c FILE...\n");
        return EXIT_FAILURE;
    }
    struct msgt_error error;
    struct msgt_table *table = catalog_load_whole((const char *const *)argv + 2, (size_t)argc - 2, &error);
    if (!table)
        return complain(&error);
    FILE *out = fopen(argv[1], "w");
    if (out)
        print_table(out, table);
    msgt_free(table);
    if (!out || ferror(out) || fclose(out) != 0) {
        fprintf(stderr, "mkcatalog: %s: %s\n", argv[1], strerror(errno));
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
