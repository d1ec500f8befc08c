/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * csv: RFC 4180, a header line, cells quoted where needed. tsv: tabs, LF, CR and backslashes in cells as \t, \n, \r, \\.
 *
 * Octets that a terminal would act on are written as \xHH. A cell that a spreadsheet would take for a formula gets an apostrophe in front.
 */
#include "output.h"
#include "text.h"

/* One of the two formats. */
struct cells {
    char separator;
    bool quoted;                                                          /* a cell with a separator is */
    void (*write)(struct buffer *out, const char *text, size_t length);   /* any text */
    void (*fields)(struct buffer *out, const struct record *record);      /* when there are any: a faster way to the same */
};

/* A row on its way into a buffer that has room for it: CELL_ROOM for each of its cells. What takes more reserves that anew. */
struct row {
    struct buffer *out;
    const struct record *record;
    size_t room;
    const struct cells *cells;
};

enum { CELL_ROOM = MEMO_ROOM + COPY_STEP, CELL_TEXT = CELL_ROOM - COPY_STEP - sizeof ",\"'\"" };

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
static inline bool has_separator(const char *text, size_t length)
{
    enum { SHORT = 16 };
    bool found = false;
    if (length > SHORT)
        return memchr(text, ',', length) || memchr(text, ';', length);
    for (size_t i = 0; i < length; i++)
        found = found || text[i] == ',' || text[i] == ';';
    return found;
}

static void write_csv(struct buffer *out, const char *text, size_t length)
{
    bool quoted = has_separator(text, length) || memchr(text, '"', length);
    if (quoted)
        buffer_char(out, '"');
    neutralise(out, text, length);
    text_doubled(out, text, length);
    if (quoted)
        buffer_char(out, '"');
}

/* ---- tsv ---- */

static void write_tsv(struct buffer *out, const char *text, size_t length)
{
    size_t from = 0;
    neutralise(out, text, length);
    if (text_printable_run((const uint8_t *)text, length) == length && !memchr(text, '\\', length)) {
        buffer_octets(out, text, length);
        return;
    }
    for (size_t i = 0; i < length; i++) {
        const char *name = text[i] == '\t' ? "\\t" : text[i] == '\n' ? "\\n" : text[i] == '\r' ? "\\r" : text[i] == '\\' ? "\\\\" : NULL;
        if (!name)
            continue;
        text_safe(out, text + from, i - from);
        buffer_text(out, name);
        from = i + 1;
    }
    text_safe(out, text + from, length - from);
}

/* JSON holds nothing that a terminal would act on, and no tab: but backslashes. */
static void write_tsv_fields(struct buffer *out, const struct record *record)
{
    size_t start = out->length, more = 0;
    output_json_fields(out, record);
    if (!memchr(out->data + start, '\\', out->length - start))
        return;
    for (size_t i = start; i < out->length; i++)
        more += out->data[i] == '\\';
    buffer_need(out, more);
    char *from = out->data + out->length, *to = from + more;
    while (to > from) {
        *--to = *--from;
        if (*to == '\\')
            *--to = '\\';
    }
    out->length += more;
}

/* ---- Rows ---- */

static const struct cells csv = {',', true, write_csv, output_json_fields_quoted};
static const struct cells tsv = {'\t', false, write_tsv, write_tsv_fields};

/* Behind what was written there is room for LENGTH octets and for a whole row again. */
static char *more_room(const char *to, const struct row *row, size_t length)
{
    buffer_end(row->out, to);
    buffer_need(row->out, length + row->room);
    return buffer_at(row->out);
}

static char *put_any(char *to, const struct row *row, const char *text, size_t length)
{
    buffer_end(row->out, to);
    row->cells->write(row->out, text, length);
    return more_room(buffer_at(row->out), row, 0);
}

static char *put_structure(char *to, const struct row *row, const struct structure *structure)
{
    const struct record *record = row->record;
    buffer_end(row->out, to);
    if (structure->write == output_json_fields && record->message.count) {
        row->cells->fields(row->out, record);
    } else if (structure->present(record)) {
        struct buffer json = {0};
        structure->write(&json, record);
        row->cells->write(row->out, json.data, json.length);
        buffer_free(&json);
    }
    return more_room(buffer_at(row->out), row, 0);
}

/* Octets of the datagram. */
static inline char *put_wire(char *to, const struct row *row, const char *text, size_t length)
{
    if (!row->record->message.plain)
        return put_any(to, row, text, length);
    if (length > CELL_TEXT)
        to = more_room(to, row, length);
    bool quoted = row->cells->quoted && has_separator(text, length);
    *to = '"';
    to += quoted;
    *to = '\'';
    to += is_formula(text, length);
    to = put_steps(to, text, length);
    *to = '"';
    return to + quoted;
}

static inline char *put_key(char *to, const struct row *row, const struct record_key *key)
{
    struct scalar value;
    value.kind = SCALAR_NONE;
    key->get(row->record, &value);
    if (value.kind == SCALAR_NONE)
        return to;
    if (value.kind == SCALAR_NUMBER)
        return put_int(to, value.number);
    if (value.origin == SCALAR_BARE)
        return put_steps(to, value.text, value.length);
    if (value.origin == SCALAR_WIRE)
        return put_wire(to, row, value.text, value.length);
    return put_any(to, row, value.text, value.length);
}

/* Several values of one field have a blank between them. */
static char *put_values(char *to, const struct row *row, uint16_t field)
{
    const struct record *record = row->record;
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
        to = put_any(to, row, several.data, several.length);
    else if (first)
        to = put_wire(to, row, record_octets(record, first->offset), first->length);
    buffer_free(&several);
    return to;
}

/* Texts of the table, with a semicolon between several; nothing stands where a value among them has no meaning. */
static char *put_meanings(char *to, const struct row *row, uint16_t field)
{
    const struct record *record = row->record;
    struct buffer meanings = {0};
    bool any = false, several = false;
    for (unsigned i = 0; i < record->message.count; i++) {
        const struct msgt_value *value = &record->message.values[i];
        if (value->field != field)
            continue;
        const char *meaning = record_meaning(record, value);
        buffer_text(&meanings, several ? "; " : "");
        buffer_text(&meanings, meaning ? meaning : "");
        any = any || meaning;
        several = true;
    }
    if (any)
        to = put_any(to, row, meanings.data, meanings.length);
    buffer_free(&meanings);
    return to;
}

static __attribute__((noinline)) char *put_together_anew(char *to, const struct row *row, const struct column *columns, struct memo *memo,
                                                          const struct memo_id *id)
{
    size_t start = (size_t)(to - row->out->data);
    for (unsigned i = 0; i < columns->together; i++) {
        if (i > 0)
            *to++ = row->cells->separator;
        to = put_key(to, row, columns[i].key);
    }
    buffer_end(row->out, to);
    if (memo)
        memo_keep(memo, id, row->out, start);
    return to;
}

/* Columns that depend on the same, from number PART on: rendered once. */
static inline __attribute__((always_inline)) char *put_together(char *to, const struct row *row, const struct column *columns, unsigned part)
{
    struct memo_id id;
    struct memo *memo = record_memo(row->record, columns->key->scope, part, &id);
    if (memo && memo_holds(memo, &id))
        return memo_put(to, memo);
    return put_together_anew(to, row, columns, memo, &id);
}

static inline char *put_cell(char *to, const struct row *row, const struct column *column)
{
    if (column->key)
        return put_key(to, row, column->key);
    if (column->structure)
        return put_structure(to, row, column->structure);
    return column->meaning ? put_meanings(to, row, column->field) : put_values(to, row, column->field);
}

static inline __attribute__((always_inline)) void write_row(struct writer *writer, const struct record *record, const struct cells *cells)
{
    const struct column *columns = (const struct column *)writer->style->columns->data;
    unsigned count = writer->style->columns->len;
    const struct row row = {&writer->buffer, record, (count + 1) * CELL_ROOM, cells};
    char *to = more_room(buffer_at(row.out), &row, 0);
    for (unsigned i = 0; i < count;) {
        if (i)
            *to++ = cells->separator;
        if (columns[i].together) {
            to = put_together(to, &row, &columns[i], i);
            i += columns[i].together;
        } else {
            to = put_cell(to, &row, &columns[i++]);
        }
    }
    *to = '\n';
    buffer_end(row.out, to + 1);
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
