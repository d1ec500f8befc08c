/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "settings.h"

#include <epan/prefs.h>
#include <wsutil/filesystem.h>
#include <wsutil/report_message.h>

enum { LANGUAGE_LOCALE, LANGUAGE_ENGLISH, LANGUAGE_JAPANESE };

struct settings settings = {.heuristic = true, .language = LANGUAGE_LOCALE, .info_style = INFO_FIELDS};

static const enum_val_t languages[] = {
    {"auto", "As the system", LANGUAGE_LOCALE},
    {"en", "English", LANGUAGE_ENGLISH},
    {"ja", "日本語", LANGUAGE_JAPANESE},
    {NULL, NULL, 0},
};

static const enum_val_t info_styles[] = {
    {"fields", "Title and the fields that matter", INFO_FIELDS},
    {"text", "Message ID and text", INFO_TEXT},
    {"raw", "The raw line, as without this plugin", INFO_STOCK},
    {NULL, NULL, 0},
};

/* What the preferences say about the additional catalogue files; grows while they are loaded. */
static GString *catalogue_report;

/* Looked up once: it is asked for at every frame. */
static enum msgt_lang locale_language;

static enum msgt_lang language_of_locale(void)
{
    static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < G_N_ELEMENTS(variables); i++) {
        const char *locale = g_getenv(variables[i]);
        if (locale && *locale)
            return msgt_lang_of(locale);
    }
    return MSGT_EN;
}

enum msgt_lang settings_language(void)
{
    if (settings.language == LANGUAGE_LOCALE)
        return locale_language;
    return settings.language == LANGUAGE_JAPANESE ? MSGT_JA : MSGT_EN;
}

/* ---- Additional catalogue files ---- */

static void complain(const struct msgt_error *error)
{
    char *place =
        error->line ? g_strdup_printf("%s:%u:%u", error->file, error->line, error->column) : g_strdup(error->file);
    report_failure("%s: %s (this catalogue file is left out)", place, error->text);
    g_string_append_printf(catalogue_report, "\nleft out: %s: %s", place, error->text);
    g_free(place);
}

/* One at a time, so that a broken file costs only itself. */
static struct msgt_table *load_file(struct msgt_table *table, const char *file)
{
    struct msgt_error error;
    struct msgt_table *larger = msgt_load(table ? table : msgt_builtin(), &file, 1, &error);
    if (!larger) {
        complain(&error);
        return table;
    }
    g_string_append_printf(catalogue_report, "\nloaded: %s", file);
    msgt_free(table);
    return larger;
}

static int by_name(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

/* The *.cat files of the folder in the order of their names. */
static GPtrArray *catalogue_files(const char *folder)
{
    GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
    GDir *directory = g_dir_open(folder, 0, NULL);
    const char *name;
    while (directory && (name = g_dir_read_name(directory)))
        if (g_str_has_suffix(name, ".cat"))
            g_ptr_array_add(files, g_build_filename(folder, name, NULL));
    if (directory)
        g_dir_close(directory);
    g_ptr_array_sort(files, by_name);
    return files;
}

const struct msgt_table *settings_load_table(void)
{
    static struct msgt_table *loaded; /* borrowed by the registered fields until the program ends */
    char *folder = get_persconffile_path("ftd", false);
    GPtrArray *files = catalogue_files(folder);
    catalogue_report = g_string_new(NULL);
    g_string_printf(catalogue_report, "Files *.cat in %s are read at start.", folder);
    for (guint i = 0; i < files->len; i++)
        loaded = load_file(loaded, g_ptr_array_index(files, i));
    g_ptr_array_unref(files);
    g_free(folder);
    return loaded ? loaded : msgt_builtin();
}

/* ---- Preferences ---- */

void settings_register(int protocol)
{
    module_t *module = prefs_register_protocol(protocol, NULL);
    locale_language = language_of_locale();
    prefs_register_bool_preference(module, "heuristic", "Recognise messages on any UDP or TCP port",
                                   "Datagrams and streams on ports that no other protocol claims are taken for syslog "
                                   "when they carry an FTD, ASA, PIX or FWSM tag.",
                                   &settings.heuristic);
    prefs_register_enum_preference(module, "language", "Language", "Language of titles, labels and explanations.",
                                   &settings.language, languages, false);
    prefs_register_enum_preference(module, "info", "Info column", "What the Info column shows of a message.",
                                   &settings.info_style, info_styles, false);
    prefs_register_static_text_preference(module, "catalogue", "Additional catalogue files", catalogue_report->str);
}
