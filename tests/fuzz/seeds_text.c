/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Datagrams, pieces of the catalogue, and lines as collectors write them. */
#include <string.h>

#include "seeds.h"
#include "source.h"

/* Headers as devices and relays write them, in front of the severity and ID. */
static const char *const headers[] = {
    "<166>Sep 30 2020 09:06:09 fw1 : %FTD-", "<166>Sep 30 2020 09:06:09: %FTD-", "<166>Sep 30 09:06:09 fw1 %ASA-",
    "<166>2020-09-30T09:06:09Z fw1 : %FTD-", "<166>1 2020-09-30T09:06:09.123Z fw1 - - - - %FTD-", "<166>:Sep 30 09:06:09 UTC: %FTD-",
    "<133>:: %FTD-session-", "Sep 30 2020 09:06:09 fw1 : %FTD-", "<166>%FTD-", "Oct 23 14:43:13 MSK fw1 : %ASA-",
    "Sep 25 15:47:07 relay : Sep 25 15:47:07 EDT: %ASA-auth-", "2020-09-30T09:06:09.254798+09:00 local4.err host %ASA-",
    "<166>Sep 30 09:06:09 host CiscoASA[999]: %ASA-", "<166>3132517: sw01: 3132513: *Sep 30 09:06:09.123: %PIX-", "%FTD<Up>-",
    "<166>Sep 30 2020 09:06:09 2001:db8::1 : %FWSM--",
};

/* As datagrams end, or are repeated. */
static const char *const tails[] = {"", "\n", "\r\n", "\0", " (35 instances received)", "\n<166>%FTD-6-725002: x", "<166>%FTD-6-725002: x"};

static void add_example(size_t message, unsigned example, unsigned number)
{
    const struct msgt_table *table = msgt_builtin();
    struct msgt_message m = msgt_message(table, message, MSGT_EN);
    const char *header = headers[number % G_N_ELEMENTS(headers)], *tail = tails[number % G_N_ELEMENTS(tails)];
    bool repeated = number % 11 == 0;
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "%s%u-%u: %s%s%s%s", header, m.severity, m.id, repeated ? "message repeated 2 times: [ " : "",
                           msgt_example(table, message, example), repeated ? " ]" : "", tail);
    seed(text->str, text->len);
    g_string_free(text, TRUE);
}

static bool add_payload(const struct datagram *datagram, void *user)
{
    (void)user;
    seed(datagram->octets, datagram->length);
    return true;
}

static void payloads_of(const char *path)
{
    static const struct source_options all = {.untagged = true};
    struct source *source = source_new(&all, add_payload, NULL);
    g_free(source_read(source, path, false));
    source_free(source);
}

void seeds_datagrams(void)
{
    const struct msgt_table *table = msgt_builtin();
    unsigned number = 0;
    for (size_t i = 0; i < msgt_message_count(table); i++)
        for (unsigned n = 0; n < msgt_message(table, i, MSGT_EN).examples; n++)
            add_example(i, n, number++);
    each_sample(payloads_of);
}

/* ---- The catalogue ---- */

/* One seed for each statement at the start of a line, with what belongs to it. */
static void cut(const char *text)
{
    GString *piece = g_string_new(NULL);
    char **lines = g_strsplit(text, "\n", 0);
    for (char **line = lines; *line; line++) {
        bool starts = **line && **line != ' ' && **line != '#';
        if (starts && piece->len) {
            seed(piece->str, piece->len);
            g_string_truncate(piece, 0);
        }
        g_string_append(piece, *line);
        g_string_append_c(piece, '\n');
    }
    seed(piece->str, piece->len);
    g_strfreev(lines);
    g_string_free(piece, TRUE);
}

void seeds_catalog(void)
{
    static const char *const files[] = {"fields.cat", "svc.cat", "ssl.cat", "threat.cat", "ikev2.cat", "cts.cat", "ja/svc.cat", "ja/fields.cat"};
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        char *path = g_build_filename(CATALOG, files[i], NULL), *text = NULL;
        if (g_file_get_contents(path, &text, NULL, NULL))
            cut(text);
        g_free(text);
        g_free(path);
    }
    static const char whole[] = "field probe_name text \"Name\" ecs=user.name\nenum probe\n  value 1 \"one\"\n  value two \"second\"\n"
                                "field probe_kind count \"Kind\" enum=probe\npiece probe_front Probe {<probe_name>}\n  or Sonde {'probe_name'}\n"
                                "group probed \"Probed\" {probe_name}/{probe_kind}\n"
                                "message 999001 5 \"Our own probe\"\n  text {@probe_front} {?kind {probe_kind} }{state=up|down}~{a|b}\n"
                                "  note probe_kind \"What it was\"\n  info probe_name\n  about \"The probe spoke.\"\n    \"Twice.\"\n  action \"Listen.\"\n"
                                "  example Probe <x> kind 1 up a\n  example Sonde 'x' down b\nlanguage ja\n";
    seed(whole, sizeof whole - 1);
}

/* ---- Logs ---- */

enum log_form { AS_IT_IS, TRADITIONAL, ISO, JSON, LOG_FORMS };

static void append_escaped(GString *line, const struct datagram *d, bool json)
{
    for (uint32_t i = 0; i < d->length; i++) {
        uint8_t octet = d->octets[i];
        if (octet < ' ' || octet == 0x7f)
            g_string_append_printf(line, json ? "\\u%04x" : "#%03o", octet);
        else if (json && (octet == '"' || octet == '\\'))
            g_string_append_printf(line, "\\%c", octet);
        else
            g_string_append_c(line, (char)octet);
    }
}

static void append_line(GString *line, enum log_form form, const struct datagram *d)
{
    static const char *const fronts[LOG_FORMS] = {"", "Sep 30 09:06:09 192.0.2.1 ", "2020-09-30T09:06:09.254798+00:00 fw1 ",
                                                  "{\"@timestamp\":\"2020-09-30T09:06:09Z\",\"host\":\"fw1\",\"message\":\""};
    g_string_append(line, fronts[form]);
    append_escaped(line, d, form == JSON);
    g_string_append(line, form == JSON ? "\",\"severity\":6}\n" : "\n");
}

static bool add_line(const struct datagram *datagram, void *user)
{
    unsigned *number = user;
    GString *line = g_string_new(NULL);
    append_line(line, (enum log_form)(*number % LOG_FORMS), datagram);
    append_line(line, (enum log_form)(++*number % LOG_FORMS), datagram);
    seed(line->str, line->len);
    g_string_free(line, TRUE);
    return true;
}

static void lines_of(const char *path)
{
    static const struct source_options all = {.untagged = true};
    unsigned number = 0;
    struct source *source = source_new(&all, add_line, &number);
    g_free(source_read(source, path, false));
    source_free(source);
}

void seeds_log(void) { each_sample(lines_of); }
