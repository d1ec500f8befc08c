/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * csv: RFC 4180, a header line, cells quoted where needed. tsv: tabs, LF and CR in cells as \t, \n, \r.
 *
 * Octets that a terminal would act on are written as \xHH. A cell that a spreadsheet would take for a formula gets an apostrophe in front.
 */
#include "output.h"
#include "text.h"

/* One of the two formats. */
struct cells {
    char separator;
    /* PLAIN: the text needs no escape anywhere. */
    void (*write)(struct buffer *out, const char *text, size_t length, bool plain);
    void (*fields)(struct buffer *out, const struct record *record, bool plain); /* a faster way when there are any, or NULL */
};

static bool is_number(const char *text, size_t length)
{
    size_t n = length && (text[0] == '-' || text[0] == '+');
    size_t digits = n;
    while (n < length && (g_ascii_isdigit(text[n]) || text[n] == '.'))
        n++;
    return n == length && n > digits;
}

/* Also behind blanks, which some programs drop, and in full-width, which some locales take for the same. */
static bool is_formula(const char *text, size_t length)
{
    static const char *const starts[] = {"=", "+", "-", "@", "＝", "＋", "－", "＠"};
    size_t at = 0;
    if (length == 0 || g_ascii_isalnum(*text))
        return false;
    while (at < length && (text[at] == ' ' || text[at] == '\t' || text[at] == '\r' || text[at] == '\n'))
        at++;
    for (size_t i = 0; i < G_N_ELEMENTS(starts); i++) {
        size_t n = strlen(starts[i]);
        if (length - at >= n && memcmp(text + at, starts[i], n) == 0)
            return !is_number(text, length);
    }
    return false;
}

static void neutralise(struct buffer *out, const char *text, size_t length)
{
    if (is_formula(text, length))
        buffer_char(out, '\'');
}

/* ---- csv ---- */

/* A semicolon is the separator where the comma is a decimal point: what stands behind it would be a cell of its own. */
static void write_csv(struct buffer *out, const char *text, size_t length, bool plain)
{
    bool quoted = memchr(text, ',', length) || memchr(text, ';', length) || (!plain && memchr(text, '"', length));
    if (quoted)
        buffer_char(out, '"');
    neutralise(out, text, length);
    if (plain)
        buffer_octets(out, text, length);
    else
        text_doubled(out, text, length);
    if (quoted)
        buffer_char(out, '"');
}

/* Fields have keys, so there are quotes. */
static void write_csv_fields(struct buffer *out, const struct record *record, bool plain)
{
    buffer_char(out, '"');
    output_json_fields_doubled(out, record, plain);
    buffer_char(out, '"');
}

/* ---- tsv ---- */

static void write_tsv(struct buffer *out, const char *text, size_t length, bool plain)
{
    neutralise(out, text, length);
    if (plain || text_printable_run((const uint8_t *)text, length) == length) {
        buffer_octets(out, text, length);
        return;
    }
    size_t from = 0;
    for (size_t i = 0; i < length; i++) {
        const char *name = text[i] == '\t' ? "\\t" : text[i] == '\n' ? "\\n" : text[i] == '\r' ? "\\r" : NULL;
        if (!name)
            continue;
        text_safe(out, text + from, i - from);
        buffer_text(out, name);
        from = i + 1;
    }
    text_safe(out, text + from, length - from);
}

/* ---- Rows ---- */

static const struct cells csv = {',', write_csv, write_csv_fields};
static const struct cells tsv = {'\t', write_tsv, NULL};

static void write_structure(struct buffer *out, const struct cells *cells, const struct record *record,
                            const struct structure *structure, bool plain)
{
    if (structure->write == output_json_fields && cells->fields && record->message.count) {
        cells->fields(out, record, plain);
    } else if (structure->present(record)) {
        struct buffer json = {0};
        structure->write(&json, record);
        cells->write(out, json.data, json.length, false);
        buffer_free(&json);
    }
}

static void write_key(struct buffer *out, const struct cells *cells, const struct record *record, const struct record_key *key, bool plain)
{
    struct scalar value;
    value.kind = SCALAR_NONE;
    key->get(record, &value);
    if (value.kind == SCALAR_NUMBER)
        buffer_int(out, value.number);
    else if (value.kind == SCALAR_TEXT)
        cells->write(out, value.text, value.length, value.origin == SCALAR_PLAIN || (plain && value.origin == SCALAR_WIRE));
}

/* Several values of one field have a blank between them. */
static void write_values(struct buffer *out, const struct cells *cells, const struct record *record, uint16_t field, bool plain)
{
    const struct msgt_value *first = NULL;
    struct buffer several = {0};
    for (unsigned i = 0; i < record->message.count; i++) {
        const struct msgt_value *value = &record->message.values[i];
        if (value->field != field)
            continue;
        if (!first) {
            first = value;
            continue;
        }
        if (several.data == NULL)
            buffer_octets(&several, record_octets(record, first->offset), first->length);
        buffer_char(&several, ' ');
        buffer_octets(&several, record_octets(record, value->offset), value->length);
    }
    if (several.length)
        cells->write(out, several.data, several.length, plain);
    else if (first && first->length)
        cells->write(out, record_octets(record, first->offset), first->length, plain);
    buffer_free(&several);
}

static void write_cell(struct buffer *out, const struct cells *cells, const struct record *record, const struct column *column)
{
    bool plain = record->message.plain;
    if (column->key)
        write_key(out, cells, record, column->key, plain);
    else if (column->structure)
        write_structure(out, cells, record, column->structure, plain);
    else
        write_values(out, cells, record, column->field, plain);
}

/* Columns that depend on the same, from number FIRST on: rendered once. */
static void write_columns(struct buffer *out, const struct cells *cells, const struct record *record, const struct column *columns,
                          unsigned first)
{
    struct memo_id id;
    struct memo *memo = columns->key ? record_memo(record, columns->key->scope, first, &id) : NULL;
    if (memo && memo_holds(memo, &id)) {
        memo_append(out, memo);
        return;
    }
    size_t start = out->length;
    for (unsigned i = 0; i < columns->together; i++) {
        if (i)
            buffer_char(out, cells->separator);
        write_cell(out, cells, record, &columns[i]);
    }
    if (memo)
        memo_keep(memo, &id, out, start);
}

static void write_row(struct writer *writer, const struct record *record, const struct cells *cells)
{
    const GArray *columns = writer->style->columns;
    for (guint i = 0; i < columns->len;) {
        const struct column *column = &g_array_index(columns, struct column, i);
        if (i)
            buffer_char(&writer->buffer, cells->separator);
        write_columns(&writer->buffer, cells, record, column, i);
        i += column->together;
    }
    buffer_char(&writer->buffer, '\n');
}

static void write_header(struct writer *writer, const struct cells *cells)
{
    for (guint i = 0; i < writer->style->columns->len; i++) {
        if (i)
            buffer_char(&writer->buffer, cells->separator);
        buffer_text(&writer->buffer, g_array_index(writer->style->columns, struct column, i).name);
    }
    buffer_char(&writer->buffer, '\n');
}

void output_csv_begin(struct writer *writer) { write_header(writer, &csv); }
void output_tsv_begin(struct writer *writer) { write_header(writer, &tsv); }
void output_csv_record(struct writer *writer, const struct record *record) { write_row(writer, record, &csv); }
void output_tsv_record(struct writer *writer, const struct record *record) { write_row(writer, record, &tsv); }
