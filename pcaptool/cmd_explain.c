/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arguments are IDs and ranges, tags or lines of a log that hold one, or words that are looked for in every language. */
#include <string.h>

#include "commands.h"
#include "page.h"
#include "sink.h"

struct explain {
    struct options *options;
    struct buffer buffer;
    unsigned shown; /* by one argument */
};

static void show(struct explain *explain, size_t message)
{
    bool json = strcmp(explain->options->format->name, "json") == 0;
    if (json) {
        page_json(&explain->buffer, &explain->options->view, message);
    } else {
        if (explain->buffer.length)
            buffer_char(&explain->buffer, '\n');
        page_text(&explain->buffer, &explain->options->view, message, explain->options->style.color);
    }
    explain->shown++;
}

static void show_range(uint32_t first, uint32_t last, void *user)
{
    struct explain *explain = user;
    const struct msgt_table *table = explain->options->view.table;
    for (size_t i = 0; i < msgt_message_count(table); i++) {
        uint32_t id = msgt_message(table, i, MSGT_EN).id;
        if (id >= first && id <= last)
            show(explain, i);
    }
}

static bool contains(const char *text, const char *folded)
{
    char *copy = g_utf8_casefold(text, -1);
    bool found = strstr(copy, folded) != NULL;
    g_free(copy);
    return found;
}

static bool mentions(const struct msgt_table *table, size_t message, const char *folded)
{
    for (int lang = MSGT_EN; lang < MSGT_LANGS; lang++) {
        struct msgt_message m = msgt_message(table, message, (enum msgt_lang)lang);
        if (contains(m.title, folded) || contains(m.about, folded) || contains(m.action, folded))
            return true;
    }
    struct msgt_message m = msgt_message(table, message, MSGT_EN);
    for (unsigned i = 0; i < m.templates; i++)
        if (contains(msgt_template(table, message, i), folded))
            return true;
    return false;
}

/* A word that many messages mention gives their titles; few give their pages. */
static void search(struct explain *explain, const char *word)
{
    enum { PAGES_MAX = 3 };
    const struct msgt_table *table = explain->options->view.table;
    char *folded = g_utf8_casefold(word, -1);
    GArray *hits = g_array_new(FALSE, FALSE, sizeof(size_t));
    for (size_t i = 0; i < msgt_message_count(table); i++)
        if (mentions(table, i, folded))
            g_array_append_val(hits, i);
    bool lines = hits->len > PAGES_MAX && strcmp(explain->options->format->name, "text") == 0;
    for (guint i = 0; i < hits->len; i++) {
        size_t message = g_array_index(hits, size_t, i);
        if (lines)
            page_line(&explain->buffer, &explain->options->view, message, explain->options->style.color);
        else
            show(explain, message);
    }
    explain->shown += hits->len;
    g_array_unref(hits);
    g_free(folded);
}

/* False, and said, when nothing is there to explain. */
static bool explain_one(struct explain *explain, const char *argument)
{
    struct msgt_tag tag;
    bool tagged = msgt_find_tag((const uint8_t *)argument, strlen(argument), &tag), number = tagged || g_ascii_isdigit(*argument);
    explain->shown = 0;
    if (tagged) {
        show_range(tag.id, tag.id, explain);
    } else if (!number && *argument && g_utf8_validate(argument, -1, NULL)) {
        search(explain, argument);
    } else if (!selection_parse_ids(argument, show_range, explain)) {
        complain("%s: message IDs have six digits, as in 722051,725001-725022", argument);
        return false;
    }
    if (explain->shown == 0)
        complain(number ? "%s: no such message in the catalogue" : "%s: no message mentions it", argument);
    return explain->shown > 0;
}

int cmd_explain(struct options *options)
{
    struct explain explain = {.options = options};
    int status = EXIT_DONE;
    if (!options->arguments[0]) {
        complain("explain: name a message ID, a range or a word");
        return EXIT_TROUBLE;
    }
    for (char **argument = options->arguments; *argument; argument++) {
        if (!explain_one(&explain, *argument))
            status = EXIT_TROUBLE;
        sink_write(&explain.buffer);
    }
    buffer_free(&explain.buffer);
    return status;
}
