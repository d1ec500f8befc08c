/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "json.h"
#include "page.h"
#include "sink.h"
#include "text.h"

static void say_error(const struct msgt_error *error)
{
    if (!error->line) {
        complain("%s: %s", error->file, error->text);
        return;
    }
    /* The form that editors jump to: no name of the program in front. */
    struct buffer line = {0};
    text_safe(&line, error->file, strlen(error->file));
    buffer_format(&line, ":%u:%u: ", error->line, error->column);
    text_safe(&line, error->text, strlen(error->text));
    buffer_char(&line, '\n');
    fwrite(line.data, 1, line.length, stderr);
    buffer_free(&line);
}

/* The other files are still looked at. */
static bool leave_out(char **files, size_t *count, const char *file)
{
    size_t i = 0;
    while (i < *count && strcmp(files[i], file) != 0)
        i++;
    if (i == *count)
        return false;
    g_free(files[i]);
    memmove(&files[i], &files[i + 1], (*count - i) * sizeof *files); /* with the NULL behind them */
    return --*count > 0;
}

static int check_files(struct options *options)
{
    struct msgt_error error;
    size_t count = g_strv_length(options->arguments);
    if (count == 0) {
        complain("catalog --check: name the files to validate");
        return EXIT_TROUBLE;
    }
    int status = EXIT_DONE;
    struct msgt_table *table;
    while (!(table = msgt_load(options->view.table, (const char *const *)options->arguments, count, &error))) {
        if (status == EXIT_TROUBLE && error.line)
            complain("the next one may follow from the file that was left out");
        status = EXIT_TROUBLE;
        say_error(&error);
        if (!leave_out(options->arguments, &count, error.file))
            break;
    }
    msgt_free(table);
    return status;
}

static void write_field(struct buffer *buffer, const struct msgt_field *field, bool json)
{
    if (json) {
        buffer_char(buffer, '{');
        json_key_text(buffer, "name", field->name);
        json_key_text(buffer, "type", msgt_type_name(field->type));
        json_key_text(buffer, "label", field->label);
        if (*field->ecs)
            json_key_text(buffer, "ecs", field->ecs);
        buffer_text(buffer, "}\n");
        return;
    }
    text_padded(buffer, field->name, 26);
    buffer_char(buffer, ' ');
    text_padded(buffer, msgt_type_name(field->type), 8);
    buffer_char(buffer, ' ');
    text_padded(buffer, field->label, 40);
    buffer_text(buffer, field->ecs);
    while (buffer->length && buffer->data[buffer->length - 1] == ' ')
        buffer->length--;
    buffer_char(buffer, '\n');
}

int cmd_catalog(struct options *options)
{
    if (options->check)
        return check_files(options);
    const struct view *view = &options->view;
    bool json = strcmp(options->format->name, "json") == 0;
    struct buffer buffer = {0};
    if (options->arguments[0]) {
        complain("catalog: files are read with -m, or validated with --check");
        return EXIT_TROUBLE;
    }
    if (options->fields) {
        for (size_t i = 0; i < msgt_field_count(view->table); i++) {
            struct msgt_field field = msgt_field(view->table, i, view->lang);
            write_field(&buffer, &field, json);
        }
    } else {
        for (size_t i = 0; i < msgt_message_count(view->table); i++) {
            if (json)
                page_json(&buffer, view, i);
            else
                page_line(&buffer, view, i, options->style.color);
        }
    }
    sink_write(&buffer);
    buffer_free(&buffer);
    return EXIT_DONE;
}
