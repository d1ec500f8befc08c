/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * csv: RFC 4180, a header line, cells quoted where needed. tsv: tabs, LF and CR in cells as \t, \n, \r.
 *
 * Octets that a terminal would act on are written as \xHH. A cell that a spreadsheet would take for a formula (it starts with = + - @ and is
 * no number) gets an apostrophe in front.
 */
#include <stdlib.h>

#include "output.h"
#include "text.h"

static void append_value(struct buffer *cell, const struct record *record, uint16_t field)
{
    bool first = true;
    for (unsigned i = 0; i < record->message.count; i++) {
        const struct msgt_value *value = &record->message.values[i];
        if (value->field != field)
            continue;
        if (!first)
            buffer_char(cell, ' ');
        buffer_octets(cell, record_octets(record, value->offset), value->length);
        first = false;
    }
}

static bool has_structure(const struct column *column, const struct record *record)
{
    const struct msgt_record *message = &record->message;
    if (strcmp(column->name, "diverges") == 0)
        return message->status == MSGT_PARTIAL || message->status == MSGT_TRUNCATED;
    return strcmp(column->name, "raw") != 0 || record_needs_raw(record);
}

static void append_cell(struct buffer *cell, const struct record *record, const struct column *column)
{
    if (column->structure) {
        if (has_structure(column, record))
            column->structure(cell, record);
    } else if (column->key) {
        struct scalar value = {0};
        column->key->get(record, &value);
        if (value.kind == SCALAR_NUMBER)
            buffer_int(cell, value.number);
        else if (value.kind == SCALAR_TEXT)
            buffer_octets(cell, value.text, value.length);
    } else {
        append_value(cell, record, column->field);
    }
}

static bool is_number(const char *text, size_t length)
{
    size_t n = length && (text[0] == '-' || text[0] == '+');
    size_t digits = n;
    while (n < length && (g_ascii_isdigit(text[n]) || text[n] == '.'))
        n++;
    return n == length && n > digits;
}

static void neutralise(struct buffer *out, const struct buffer *cell)
{
    if (cell->length && strchr("=+-@\t\r", cell->data[0]) && !is_number(cell->data, cell->length))
        buffer_char(out, '\'');
}

static void write_csv(struct buffer *out, const struct buffer *cell)
{
    struct buffer safe = {0};
    neutralise(&safe, cell);
    text_safe(&safe, cell->data, cell->length);
    if (!memchr(safe.data, ',', safe.length) && !memchr(safe.data, '"', safe.length)) {
        buffer_octets(out, safe.data, safe.length);
    } else {
        buffer_char(out, '"');
        for (size_t i = 0; i < safe.length; i++) {
            if (safe.data[i] == '"')
                buffer_char(out, '"');
            buffer_char(out, safe.data[i]);
        }
        buffer_char(out, '"');
    }
    buffer_free(&safe);
}

static void write_tsv(struct buffer *out, const struct buffer *cell)
{
    neutralise(out, cell);
    size_t from = 0;
    for (size_t i = 0; i < cell->length; i++) {
        const char *name = cell->data[i] == '\t' ? "\\t" : cell->data[i] == '\n' ? "\\n" : cell->data[i] == '\r' ? "\\r" : NULL;
        if (!name)
            continue;
        text_safe(out, cell->data + from, i - from);
        buffer_text(out, name);
        from = i + 1;
    }
    text_safe(out, cell->data + from, cell->length - from);
}

static void write_header(struct writer *writer, char separator)
{
    for (guint i = 0; i < writer->style->columns->len; i++) {
        if (i)
            buffer_char(&writer->buffer, separator);
        buffer_text(&writer->buffer, g_array_index(writer->style->columns, struct column, i).name);
    }
    buffer_char(&writer->buffer, '\n');
}

static void write_row(struct writer *writer, const struct record *record, char separator,
                      void (*write)(struct buffer *, const struct buffer *))
{
    struct buffer cell = {0};
    for (guint i = 0; i < writer->style->columns->len; i++) {
        if (i)
            buffer_char(&writer->buffer, separator);
        cell.length = 0;
        append_cell(&cell, record, &g_array_index(writer->style->columns, struct column, i));
        if (cell.length)
            write(&writer->buffer, &cell);
    }
    buffer_free(&cell);
    buffer_char(&writer->buffer, '\n');
}

void output_csv_begin(struct writer *writer) { write_header(writer, ','); }
void output_tsv_begin(struct writer *writer) { write_header(writer, '\t'); }
void output_csv_record(struct writer *writer, const struct record *record) { write_row(writer, record, ',', write_csv); }
void output_tsv_record(struct writer *writer, const struct record *record) { write_row(writer, record, '\t', write_tsv); }
