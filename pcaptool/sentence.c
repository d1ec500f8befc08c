/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sentence.h"

#include <glib.h>

#include "text.h"

sentence_text sentence_damaged = {" Part of the input could not be read: this is about the rest.",
                                  "入力の一部を読めませんでした。読めた範囲についての結果です。"};

/* "{n} of {all} message{s} of {device} {were} lost": a noun follows the number that was filled in last, a verb N. */
static const struct plural {
    const char *name, *one, *many;
    bool verb;
} plurals[] = {{"s", "", "s", false}, {"are", "is", "are", true}, {"were", "was", "were", true}, {"have", "has", "have", true}};

static const struct plural *find_plural(const char *name, size_t length)
{
    for (size_t i = 0; i < G_N_ELEMENTS(plurals); i++)
        if (strlen(plurals[i].name) == length && memcmp(plurals[i].name, name, length) == 0)
            return &plurals[i];
    return NULL;
}

static const char *find_value(const char *const *names, const char *name, size_t length)
{
    for (; *names; names += 2)
        if (strlen(*names) == length && memcmp(*names, name, length) == 0)
            return names[1];
    return NULL;
}

static bool is_number(const char *text) { return *text && strspn(text, "0123456789,") == strlen(text); }

void sentence_put(struct buffer *out, const char *text, const char *const *names)
{
    const char *last = "";
    while (*text) {
        const char *end = *text == '{' ? strchr(text, '}') : NULL;
        size_t length = end ? (size_t)(end - text - 1) : 0;
        const char *value = end ? find_value(names, text + 1, length) : NULL;
        const struct plural *plural = end && !value ? find_plural(text + 1, length) : NULL;
        if (value) {
            text_safe(out, value, strlen(value));
            last = is_number(value) ? value : last;
        } else if (plural) {
            const char *number = plural->verb ? find_value(names, "n", 1) : last;
            buffer_text(out, number && strcmp(number, "1") == 0 ? plural->one : plural->many);
        }
        if (value || plural)
            text = end + 1;
        else
            buffer_char(out, *text++);
    }
}

char *sentence_filled(const char *text, const char *const *names)
{
    struct buffer out = {0};
    sentence_put(&out, text, names);
    char *filled = g_strndup(out.data ? out.data : "", out.length);
    buffer_free(&out);
    return filled;
}

void sentence_span(struct buffer *buffer, double seconds, enum msgt_lang lang)
{
    static const char *const days[MSGT_LANGS] = {" d ", " 日 "};
    uint64_t whole = seconds > 0 ? (uint64_t)seconds : 0;
    if (whole >= 86400) {
        buffer_uint(buffer, whole / 86400);
        buffer_text(buffer, days[lang]);
    }
    buffer_format(buffer, "%02u:%02u:%02u", (unsigned)(whole / 3600 % 24), (unsigned)(whole / 60 % 60), (unsigned)(whole % 60));
}
