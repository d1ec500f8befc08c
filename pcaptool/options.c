/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "options.h"

#include <glib/gstdio.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "privilege.h"
#include "sink.h"
#include "text.h"

void complain(const char *format, ...)
{
    va_list arguments;
    struct buffer line = {0};
    va_start(arguments, format);
    char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    buffer_text(&line, "ftdpcap: ");
    text_safe(&line, text, strlen(text)); /* names of files come from others, too */
    buffer_char(&line, '\n');
    fwrite(line.data, 1, line.length, stderr);
    g_free(text);
    buffer_free(&line);
}

/* Values as they come from the command line, before they are understood. */
#define ALL_FILES G_MAXINT64

struct raw {
    char *formats; /* of the command, as its help names them */
    gboolean help;
    char *format, *color, *lang, *zone, *columns, *filter, *interface;
    char **catalogs, **ids, **severities, **devices, **statuses, **conditions;
    gint64 limit, drain, window;
    char *rcvbuf, *explain, *log, *save, *rotate_size, *rotate_time, *user;
    gint64 rotate_files; /* or ALL_FILES */
    gint threads;
    gboolean no_sandbox;
    gboolean all, verbose, utc, full_time, check, fields;
};

#define ENTRY(name, letter, kind, target, help, value) {name, letter, 0, G_OPTION_ARG_##kind, target, help, value}

static void add_entries(GOptionContext *context, unsigned sets, struct raw *raw)
{
    const struct {
        unsigned set;
        GOptionEntry entry;
    } entries[] = {
        {~0u, ENTRY("help", 'h', NONE, &raw->help, "Print this text", NULL)},
        {OPTIONS_FORMAT, ENTRY("output", 'o', STRING, &raw->format, raw->formats, "FORMAT")},
        {OPTIONS_FORMAT, ENTRY("color", 0, STRING, &raw->color, "auto, always or never", "WHEN")},
        {OPTIONS_CATALOG, ENTRY("catalog", 'm', FILENAME_ARRAY, &raw->catalogs, "Add a catalogue file (repeatable)", "FILE")},
        {OPTIONS_CATALOG, ENTRY("lang", 0, STRING, &raw->lang, "Language of titles and explanations: en or ja", "LANG")},
        {OPTIONS_LIVE, ENTRY("interface", 'i', STRING, &raw->interface, "Read live from an interface", "IFACE")},
        {OPTIONS_INPUT, ENTRY("filter", 'f', STRING, &raw->filter, "Only frames that a pcap filter takes", "EXPR")},
        {OPTIONS_LIVE, ENTRY("count", 'c', INT64, &raw->limit, "Stop after N messages", "N")},
        {OPTIONS_COMPARE, ENTRY("count", 'c', INT64, &raw->limit, "Show at most N of the messages, and count all", "N")},
        {OPTIONS_LIVE, ENTRY("jobs", 'j', INT, &raw->threads, "Use N threads, at most 64", "N")},
        {OPTIONS_COMPARE, {"jobs", 'j', G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_INT, &raw->threads, NULL, NULL}}, /* as everywhere; there is one */
        {OPTIONS_INPUT, ENTRY("id", 0, STRING_ARRAY, &raw->ids, "Only these message IDs: 722051,725001-725022", "IDS")},
        {OPTIONS_INPUT, ENTRY("severity", 0, STRING_ARRAY, &raw->severities, "Only these severities: 0-4, warning", "LIST")},
        {OPTIONS_INPUT, ENTRY("device", 0, STRING_ARRAY, &raw->devices, "Only these devices: name, address or CIDR", "LIST")},
        {OPTIONS_INPUT, ENTRY("status", 0, STRING_ARRAY, &raw->statuses, "Only these statuses: partial,truncated", "LIST")},
        {OPTIONS_INPUT, ENTRY("where", 0, STRING_ARRAY, &raw->conditions, "Only where a field has a value; * and CIDR match", "FIELD=VALUE")},
        {OPTIONS_INPUT, ENTRY("tz", 0, STRING, &raw->zone, "Zone of device times that have none: Asia/Tokyo, +09:00", "ZONE")},
        {OPTIONS_INPUT, ENTRY("all", 0, NONE, &raw->all, "Also syslog without an FTD or ASA tag", NULL)},
        {OPTIONS_INPUT, ENTRY("no-sandbox", 0, NONE, &raw->no_sandbox, "Do not restrict the system calls while reading", NULL)},
        {OPTIONS_LIVE, ENTRY("write", 'w', FILENAME, &raw->save, "Live: save the frames as pcap", "FILE")},
        {OPTIONS_LIVE, ENTRY("rotate-size", 0, STRING, &raw->rotate_size, "Begin another file after so much: 500k, 100M, 2G", "SIZE")},
        {OPTIONS_LIVE, ENTRY("rotate-time", 0, STRING, &raw->rotate_time, "Begin another file after so long: 90s, 10m, 1h, 1d", "TIME")},
        {OPTIONS_LIVE, ENTRY("rotate-files", 0, INT64, &raw->rotate_files, "Keep the newest N files of this run, remove older ones", "N")},
        {OPTIONS_LIVE, ENTRY("user", 0, STRING, &raw->user, "Live: whom root becomes once the interface is open (nobody)", "NAME")},
        {OPTIONS_RECORD, ENTRY("columns", 0, STRING, &raw->columns, "Columns of csv and tsv: keys and field names", "A,B,…")},
        {OPTIONS_RECORD, ENTRY("verbose", 'v', NONE, &raw->verbose, "Text: every field, what it means and what to do", NULL)},
        {OPTIONS_RECORD | OPTIONS_CHECK | OPTIONS_COMPARE, ENTRY("utc", 0, NONE, &raw->utc, "Text: times in UTC", NULL)},
        {OPTIONS_RECORD, ENTRY("full-time", 0, NONE, &raw->full_time, "Text: the date in every line", NULL)},
        {OPTIONS_TABLE, ENTRY("check", 0, NONE, &raw->check, "Validate the catalogue files named as arguments", NULL)},
        {OPTIONS_CHECK, ENTRY("explain", 0, STRING, &raw->explain, "How a finding is derived; codes lists them (no FILE needed)", "CODE")},
        {OPTIONS_CHECK, ENTRY("rcvbuf", 0, STRING, &raw->rcvbuf, "Receive buffer of the collector: 512k, 8M (212992 octets)", "SIZE")},
        {OPTIONS_CHECK, ENTRY("drain", 0, INT64, &raw->drain, "Messages that the collector reads a second (5000)", "N")},
        {OPTIONS_COMPARE, ENTRY("log", 0, FILENAME, &raw->log, "The collector's log instead of B", "FILE")},
        {OPTIONS_COMPARE, ENTRY("window", 0, INT64, &raw->window, "Seconds of A's time in which a message must arrive (60)", "N")},
        {OPTIONS_TABLE, ENTRY("fields", 0, NONE, &raw->fields, "List the fields instead of the messages", NULL)},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(entries); i++) {
        const GOptionEntry pair[] = {entries[i].entry, {0}};
        if (entries[i].set & sets)
            g_option_context_add_main_entries(context, pair, NULL);
    }
}

static void clear_raw(struct raw *raw)
{
    char **const strings[] = {&raw->formats, &raw->format, &raw->color, &raw->lang, &raw->zone, &raw->columns, &raw->rotate_size, &raw->rotate_time, &raw->rcvbuf};
    char **const lists[] = {raw->catalogs, raw->ids, raw->severities, raw->devices, raw->statuses, raw->conditions};
    for (size_t i = 0; i < G_N_ELEMENTS(strings); i++)
        g_free(*strings[i]);
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
        g_strfreev(lists[i]);
}

/* Each of the steps below returns NULL, or a sentence to free. */

static char *read_format(struct options *o, const struct command *command, const struct raw *raw)
{
    char **names = g_strsplit(command->formats, " ", 0);
    const char *wanted = raw->format ? raw->format : names[0];
    bool known = g_strv_contains((const gchar *const *)names, wanted);
    o->format = known ? output_find(wanted) : NULL;
    g_strfreev(names);
    return o->format ? NULL : g_strdup_printf("-o %s: the formats of %s are: %s", wanted, command->name, command->formats);
}

static char *read_color(struct options *o, const struct raw *raw)
{
    const char *when = raw->color ? raw->color : "auto";
    const char *none = g_getenv("NO_COLOR"), *term = g_getenv("TERM");
    if (strcmp(when, "always") == 0)
        o->style.color = true;
    else if (strcmp(when, "auto") == 0)
        o->style.color = isatty(STDOUT_FILENO) && !(none && *none) && !(term && strcmp(term, "dumb") == 0);
    else if (strcmp(when, "never") != 0)
        return g_strdup_printf("--color=%s: expected auto, always or never", when);
    return NULL;
}

static char *read_lang(struct options *o, const struct raw *raw)
{
    static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    const char *locale = raw->lang;
    for (size_t i = 0; !locale && i < G_N_ELEMENTS(variables); i++) {
        const char *value = g_getenv(variables[i]);
        locale = value && *value ? value : NULL;
    }
    o->view.lang = msgt_lang_of(locale);
    if (raw->lang && strcmp(raw->lang, "en") != 0 && strcmp(raw->lang, "ja") != 0)
        return g_strdup_printf("--lang=%s: the languages are en and ja", raw->lang);
    return NULL;
}

static char *describe(const struct msgt_error *error)
{
    return error->line ? g_strdup_printf("%s:%u:%u: %s", error->file, error->line, error->column, error->text)
                       : g_strdup_printf("%s: %s", error->file, error->text);
}

/* Puts files on top of the table. */
static char *load_catalogs(struct options *o, const char *const *files, size_t count)
{
    struct msgt_error error;
    struct msgt_table *table = msgt_load(o->view.table, files, count, &error);
    if (!table)
        return describe(&error);
    msgt_free(o->loaded);
    o->view.table = o->loaded = table;
    return NULL;
}

/* The user's own folder: a file that is broken costs only itself. */
static void load_personal(struct options *o)
{
    char *folder = g_build_filename(g_get_user_config_dir(), "ftdpcap", NULL);
    GDir *dir = g_dir_open(folder, 0, NULL);
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    const char *name;
    while (dir && (name = g_dir_read_name(dir)))
        if (g_str_has_suffix(name, ".cat"))
            g_ptr_array_add(names, g_build_filename(folder, name, NULL));
    g_ptr_array_sort(names, (GCompareFunc)(void (*)(void))g_strcmp0);
    for (guint i = 0; i < names->len; i++) {
        const char *file = g_ptr_array_index(names, i);
        char *wrong = load_catalogs(o, &file, 1);
        if (wrong)
            complain("%s (this file is left out)", wrong);
        g_free(wrong);
    }
    g_ptr_array_unref(names);
    if (dir)
        g_dir_close(dir);
    g_free(folder);
}

static char *read_catalogs(struct options *o, const struct raw *raw)
{
    o->view.table = msgt_builtin();
    load_personal(o);
    return raw->catalogs ? load_catalogs(o, (const char *const *)raw->catalogs, g_strv_length(raw->catalogs)) : NULL;
}

static char *add_all(struct selection *selection, char **values, char *(*add)(struct selection *, const char *))
{
    char *wrong = NULL;
    for (; values && *values && !wrong; values++)
        wrong = add(selection, *values);
    return wrong;
}

static char *read_selection(struct options *o, const struct raw *raw)
{
    char *wrong = add_all(o->selection, raw->ids, selection_add_ids);
    if (!wrong)
        wrong = add_all(o->selection, raw->severities, selection_add_severity);
    if (!wrong)
        wrong = add_all(o->selection, raw->devices, selection_add_device);
    if (!wrong)
        wrong = add_all(o->selection, raw->statuses, selection_add_status);
    if (!wrong)
        wrong = add_all(o->selection, raw->conditions, selection_add_where);
    return wrong ? wrong : selection_bind(o->selection, o->view.table);
}

struct unit {
    char letter;
    uint64_t factor;
};

static const struct unit size_units[] = {{'k', 1000}, {'M', 1000000}, {'G', 1000000000}, {0, 1}};
static const struct unit time_units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {0, 1}};

/* A number above 0 with a unit behind it; false when it is none. TEXT NULL is 0. */
static bool read_amount(const char *text, const struct unit *units, uint64_t *amount)
{
    char *end;
    *amount = 0;
    if (!text)
        return true;
    if (!g_ascii_isdigit(*text))
        return false;
    uint64_t number = g_ascii_strtoull(text, &end, 10);
    while (units->letter && units->letter != *end)
        units++;
    if (end[units->letter != 0] != '\0' || number == 0 || number > (UINT64_C(1) << 50) / units->factor)
        return false;
    *amount = number * units->factor;
    return true;
}

static char *read_live(struct options *o, const struct raw *raw)
{
    bool some = raw->rotate_files != ALL_FILES;
    o->dump = (struct dump_options){.path = raw->save, .files = some ? (uint64_t)raw->rotate_files : 0};
    if (!read_amount(raw->rotate_size, size_units, &o->dump.size))
        return g_strdup_printf("--rotate-size=%s: expected octets, as 500k, 100M or 2G", raw->rotate_size);
    if (!read_amount(raw->rotate_time, time_units, &o->dump.seconds))
        return g_strdup_printf("--rotate-time=%s: expected a time, as 90s, 10m, 1h or 1d", raw->rotate_time);
    if (some && (raw->rotate_files < 1 || raw->rotate_files > 65535))
        return g_strdup("--rotate-files takes a number from 1 to 65535");
    if ((o->dump.size || o->dump.seconds) && !o->dump.path)
        return g_strdup("--rotate-size and --rotate-time are about -w FILE");
    if (o->dump.files && !o->dump.size && !o->dump.seconds)
        return g_strdup("--rotate-files needs --rotate-size or --rotate-time");
    if ((raw->save || raw->user) && !raw->interface)
        return g_strdup("-w and --user are about a live capture: -i");
    if (raw->save && strcmp(raw->save, "-") == 0)
        return g_strdup("-w -: standard output has the records; name a file");
    return NULL;
}

static char *read_input(struct options *o, const struct raw *raw)
{
    if (raw->zone && !(o->view.zone = g_time_zone_new_identifier(raw->zone)))
        return g_strdup_printf("--tz=%s: no such zone", raw->zone);
    if (raw->limit <= 0)
        return g_strdup("-c takes a number above 0");
    if (raw->threads < 0)
        return g_strdup("-j takes a number that is not negative");
    o->limit = raw->limit == G_MAXINT64 ? 0 : (uint64_t)raw->limit;
    o->threads = (unsigned)raw->threads;
    o->interface = raw->interface;
    if (raw->filter && !raw->interface && !(o->filter = filter_new(raw->filter)))
        return g_strdup("-f: no memory");
    o->source = (struct source_options){.filter = raw->filter, .compiled = o->filter, .untagged = raw->all, .progress = isatty(STDERR_FILENO)};
    if (!o->interface && (!o->arguments || !o->arguments[0]))
        return g_strdup("no file given");
    if (o->interface && o->arguments && o->arguments[0])
        return g_strdup("either files or -i, not both");
    char *wrong = read_selection(o, raw);
    o->source.untagged |= selection_wants_untagged(o->selection);
    return wrong;
}

static char *read_all(struct options *o, const struct command *command, const struct raw *raw)
{
    char *wrong = NULL;
    if (!raw->interface)
        privilege_forget();
    if (command->sets & OPTIONS_FORMAT && !(wrong = read_format(o, command, raw)))
        wrong = read_color(o, raw);
    if (!wrong && command->sets & OPTIONS_CATALOG && !(wrong = read_lang(o, raw)))
        wrong = read_catalogs(o, raw);
    if (!wrong && raw->rcvbuf && (!read_amount(raw->rcvbuf, size_units, &o->rcvbuf) || o->rcvbuf == 0))
        wrong = g_strdup_printf("--rcvbuf=%s: expected octets above 0, as 212992, 512k or 8M", raw->rcvbuf);
    if (!wrong && raw->drain <= 0)
        wrong = g_strdup("--drain takes a number above 0");
    if (!wrong && (raw->window <= 0 || raw->window > 86400))
        wrong = g_strdup("--window takes a number of seconds from 1 to 86400");
    if (!wrong && command->sets & OPTIONS_INPUT && !raw->explain)
        wrong = read_input(o, raw);
    if (!wrong && command->sets & OPTIONS_LIVE && !raw->explain)
        wrong = read_live(o, raw);
    if (!wrong && raw->columns && !o->format->columns)
        wrong = g_strdup("--columns is about -o csv and -o tsv");
    if (!wrong && (raw->verbose || raw->full_time) && command->sets & OPTIONS_RECORD && strcmp(o->format->name, "text") != 0)
        wrong = g_strdup_printf("%s is about -o text", raw->verbose ? "-v" : "--full-time");
    if (!wrong && raw->columns && !*raw->columns)
        wrong = g_strdup("--columns names none");
    if (!wrong && command->sets & OPTIONS_RECORD)
        wrong = output_set_columns(&o->style, raw->columns, o->view.table);
    if (!wrong && command->sets & OPTIONS_RECORD)
        output_prepare(&o->style, o->format, o->view.table);
    if (o->view.table)
        view_prepare(&o->view);
    o->style.verbose = raw->verbose;
    o->view.utc = raw->utc;
    o->style.full_time = raw->full_time;
    o->no_sandbox = raw->no_sandbox;
    o->check = raw->check;
    o->fields = raw->fields;
    o->window = (uint64_t)raw->window;
    o->drain = (uint64_t)raw->drain;
    return wrong;
}

/* "-c5" and "-ojson" as two words, "-vc5" as three: GLib does not take a short option with its value attached. */
static char **split_attached(int argc, char **argv, const char *program)
{
    GPtrArray *words = g_ptr_array_new();
    bool options = true;
    g_ptr_array_add(words, g_strdup(program));
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        options = options && strcmp(word, "--") != 0;
        size_t flags = word[0] == '-' ? strspn(word + 1, "v") : 0;
        const char *letter = word + 1 + flags;
        if (options && word[0] == '-' && *letter && strchr("oifcjmw", *letter) && letter[1]) {
            if (flags)
                g_ptr_array_add(words, g_strndup(word, 1 + flags));
            g_ptr_array_add(words, g_strdup_printf("-%c", *letter));
            word = letter + (letter[1] == '=' ? 2 : 1);
        }
        g_ptr_array_add(words, g_strdup(word));
    }
    g_ptr_array_add(words, NULL);
    return (char **)g_ptr_array_free(words, FALSE);
}

/* "Output format: text, json" */
static char *formats_of(const struct command *command)
{
    char **names = g_strsplit(command->formats, " ", 0), *list = g_strjoinv(", ", names);
    char *text = g_strdup_printf("Output format: %s", list);
    g_free(list);
    g_strfreev(names);
    return text;
}

int options_print(struct buffer *text)
{
    sink_write(text);
    buffer_free(text);
    return sink_status(EXIT_DONE);
}

bool options_read(struct options *o, const struct command *command, int argc, char **argv, int *status)
{
    struct raw raw = {.limit = G_MAXINT64, .rotate_files = ALL_FILES, .drain = CHECK_DRAIN, .window = COMPARE_WINDOW};
    GError *error = NULL;
    char *summary = g_strdup_printf("%s.", command->purpose);
    GOptionContext *context = g_option_context_new(command->arguments);
    *o = (struct options){.command = command->name, .selection = selection_new(), .rcvbuf = CHECK_RCVBUF};
    char *program = g_strdup_printf("ftdpcap %s", command->name);
    char **copy = split_attached(argc, argv, program);
    g_set_prgname(program);
    g_option_context_set_summary(context, summary);
    g_option_context_set_help_enabled(context, FALSE); /* GLib's own does not tell when it cannot be written */
    raw.formats = formats_of(command);
    add_entries(context, command->sets, &raw);
    bool parsed = g_option_context_parse_strv(context, &copy, &error);
    char *help = raw.help ? g_option_context_get_help(context, TRUE, NULL) : NULL;
    char *wrong = parsed ? NULL : g_strdup(error->message);
    g_clear_error(&error);
    g_option_context_free(context);
    g_free(summary);
    g_free(program);
    if (parsed && !help && copy[0]) {
        /* What is left behind the program's name; "--" only ended the options. */
        guint from = copy[1] && strcmp(copy[1], "--") == 0 ? 2 : 1;
        o->arguments = g_strdupv(copy + from);
        wrong = read_all(o, command, &raw);
    }
    g_strfreev(copy);
    o->interface = raw.interface;
    o->explain = raw.explain;
    o->log = raw.log;
    o->dump.path = raw.save;
    o->user = raw.user;
    o->source.filter = raw.filter;
    clear_raw(&raw);
    if (help) {
        struct buffer text = {0};
        buffer_text(&text, help);
        g_free(help);
        *status = options_print(&text);
        options_clear(o);
        return false;
    }
    if (!wrong)
        return true;
    complain("%s", wrong);
    if (!strchr(wrong, ':') || !parsed)
        fprintf(stderr, "Try 'ftdpcap %s --help'.\n", command->name);
    g_free(wrong);
    options_clear(o);
    *status = EXIT_TROUBLE;
    return false;
}

void options_clear(struct options *o)
{
    g_strfreev(o->arguments);
    g_free(o->interface);
    g_free(o->explain);
    g_free(o->log);
    g_free((char *)o->dump.path);
    g_free(o->user);
    g_free((char *)o->source.filter);
    filter_free(o->filter);
    selection_free(o->selection);
    output_style_clear(&o->style);
    view_clear(&o->view);
    msgt_free(o->loaded);
}
