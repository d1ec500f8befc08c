/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every output promises, whatever came in. Written apart from the code that it judges: no function of the tool is used. */
#include <glib.h>

#include "fuzz.h"

/* The character at TEXT (RFC 3629), its octets in *length; what is none fails. */
static gunichar character_at(const uint8_t *text, const uint8_t *end, size_t *length)
{
    static const gunichar least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t n = *text < 0x80 ? 1 : *text >= 0xf0 ? 4 : *text >= 0xe0 ? 3 : 2;
    CHECK(*text < 0x80 || (*text >= 0xc2 && *text <= 0xf4));
    CHECK((size_t)(end - text) >= n);
    gunichar character = n == 1 ? *text : *text & (0xffu >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        CHECK((text[i] & 0xc0) == 0x80);
        character = character << 6 | (text[i] & 0x3f);
    }
    CHECK(character >= least[n] && character <= 0x10ffff && (character < 0xd800 || character > 0xdfff));
    *length = n;
    return character;
}

static void prove_safe(const struct buffer *output, char also)
{
    if (output->length == 0)
        return;
    const uint8_t *at = (const uint8_t *)output->data, *end = at + output->length;
    CHECK(end[-1] == '\n');
    while (at < end) {
        size_t length;
        gunichar character = character_at(at, end, &length);
        GUnicodeType type = g_unichar_type(character);
        bool moves = type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT || type == G_UNICODE_LINE_SEPARATOR ||
                     type == G_UNICODE_PARAGRAPH_SEPARATOR;
        CHECK(!moves || character == '\n' || (also && character == (gunichar)also));
        at += length;
    }
}

void prove_text(const struct buffer *output) { prove_safe(output, 0); }

void prove_tsv(const struct buffer *output)
{
    size_t tabs = 0, wanted = SIZE_MAX;
    prove_safe(output, '\t');
    for (size_t i = 0; i < output->length; i++) {
        tabs += output->data[i] == '\t';
        if (output->data[i] != '\n')
            continue;
        CHECK(wanted == SIZE_MAX || tabs == wanted);
        wanted = tabs;
        tabs = 0;
    }
}

/* ---- JSON ---- */

enum { DEPTH_MAX = 16 };

static const char *value(const char *at, unsigned depth);

static const char *string(const char *at)
{
    CHECK(*at == '"');
    for (at++; *at != '"'; at++) {
        CHECK((uint8_t)*at >= ' ');
        if (*at != '\\')
            continue;
        at++;
        CHECK(*at && strchr("\"\\/bfnrtu", *at));
        for (int i = 0; at[0] == 'u' && i < 4; i++)
            CHECK(g_ascii_isxdigit(at[1 + i]));
        if (*at == 'u')
            at += 4;
    }
    return at + 1;
}

static const char *digits(const char *at)
{
    CHECK(g_ascii_isdigit(*at));
    while (g_ascii_isdigit(*at))
        at++;
    return at;
}

static const char *number(const char *at)
{
    at += *at == '-';
    at = *at == '0' ? at + 1 : digits(at);
    if (*at == '.')
        at = digits(at + 1);
    if (*at == 'e' || *at == 'E') {
        at++;
        at = digits(at + (*at == '+' || *at == '-'));
    }
    return at;
}

static const char *members(const char *at, char close, unsigned depth)
{
    CHECK(depth < DEPTH_MAX);
    if (*++at == close)
        return at + 1;
    for (;; at++) {
        if (close == '}') {
            at = string(at);
            CHECK(*at++ == ':');
        }
        at = value(at, depth + 1);
        if (*at != ',')
            break;
    }
    CHECK(*at == close);
    return at + 1;
}

static const char *value(const char *at, unsigned depth)
{
    static const char *const words[] = {"true", "false", "null"};
    if (*at == '{' || *at == '[')
        return members(at, *at == '{' ? '}' : ']', depth);
    if (*at == '"')
        return string(at);
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_str_has_prefix(at, words[i]))
            return at + strlen(words[i]);
    return number(at);
}

/* Line feeds stand behind every line, so no reader above runs past its line. */
void prove_json(const struct buffer *output)
{
    prove_safe(output, 0);
    for (size_t at = 0; at < output->length;) {
        const char *end = value(output->data + at, 0);
        CHECK(*end == '\n');
        at = (size_t)(end - output->data) + 1;
    }
}
