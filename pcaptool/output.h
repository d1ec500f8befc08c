/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A record → one line, in the format that -o names. A new format is a new row in output.c and a file of its own. */
#ifndef FTDPCAP_OUTPUT_H
#define FTDPCAP_OUTPUT_H

#include "buffer.h"
#include "record.h"

/* A part of the record that is no scalar. */
struct structure {
    const char *name;
    void (*write)(struct buffer *buffer, const struct record *record); /* JSON */
    bool (*present)(const struct record *record);
};

/* A column of csv and tsv: a key of the record, a field, what a coded field means (NAME_text), or a key that is no
 * scalar ("fields", "findings", "diverges", "raw"). */
struct column {
    char *name;
    const struct record_key *key;
    uint16_t field;                    /* MSGT_NONE unless it is one */
    bool meaning;                      /* of the field */
    const struct structure *structure; /* or NULL */
    unsigned together;                 /* columns from this one on, keys that depend on the same; 0: rendered for each record */
};

struct output_style {
    bool color;
    bool verbose;   /* text: the tree */
    bool full_time; /* text: the date in each line */
    GArray *columns; /* struct column, csv and tsv */
    struct ecs_names *ecs; /* ecs */
};

struct output;

struct writer {
    struct buffer buffer;
    size_t whole; /* octets of the buffer that are complete records: all, but when memory ends within one */
    const struct output *output;
    const struct output_style *style;
    int64_t day; /* text: the date that was printed last, in days, or WRITER_NO_DAY */
    int64_t first_day;       /* text: the first date that was printed, and where its line is in the buffer */
    size_t first_day_at, first_day_length;
    struct {
        bool known;
        int64_t second, shown; /* of the capture, and in the zone that is shown */
        char text[8];
    } clock; /* text: of the record before */
};

#define WRITER_NO_DAY INT64_MIN

struct output {
    const char *name;
    void (*prepare)(struct output_style *style, const struct msgt_table *table); /* or NULL */
    void (*begin)(struct writer *writer); /* or NULL */
    void (*record)(struct writer *writer, const struct record *record);
    bool columns; /* --columns says which */
};

/* NULL when there is no such format. */
const struct output *output_find(const char *name);

/* Reads --columns; NULL or a sentence to free. NAMES NULL: the default columns. */
char *output_set_columns(struct output_style *style, const char *names, const struct msgt_table *table);
/* What a format needs to know of the table before its first record. */
void output_prepare(struct output_style *style, const struct output *output, const struct msgt_table *table);
void output_style_clear(struct output_style *style);

/* The parts of the JSON record that are no scalars. */
void output_json_fields(struct buffer *buffer, const struct record *record);
/* As a cell of csv: in quotation marks, those within twice. */
void output_json_fields_quoted(struct buffer *buffer, const struct record *record);
void output_json_findings(struct buffer *buffer, const struct record *record);
void output_json_diverges(struct buffer *buffer, const struct record *record);
void output_json_raw(struct buffer *buffer, const struct record *record);

void output_json_record(struct writer *writer, const struct record *record);
void output_ecs_prepare(struct output_style *style, const struct msgt_table *table);
void output_ecs_record(struct writer *writer, const struct record *record);
void output_text_record(struct writer *writer, const struct record *record);
void output_csv_begin(struct writer *writer);
void output_csv_record(struct writer *writer, const struct record *record);
void output_tsv_begin(struct writer *writer);
void output_tsv_record(struct writer *writer, const struct record *record);

#endif
