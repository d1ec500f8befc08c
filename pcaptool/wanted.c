/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wanted.h"

#include <arpa/inet.h>
#include <string.h>

static void clear(gpointer row)
{
    struct wanted *wanted = row;
    g_free(wanted->text);
}

GArray *wanted_new(void)
{
    GArray *all = g_array_new(FALSE, TRUE, sizeof(struct wanted));
    g_array_set_clear_func(all, clear);
    return all;
}

static bool parse_network(const char *text, struct network *result)
{
    struct network network = {0};
    char **parts = g_strsplit(text, "/", 2);
    guint64 bits;
    bool good = true;
    if (parts[0] && inet_pton(AF_INET, parts[0], network.address) == 1)
        network.version = 4, network.bits = 32;
    else if (parts[0] && inet_pton(AF_INET6, parts[0], network.address) == 1)
        network.version = 6, network.bits = 128;
    if (network.version && parts[1]) {
        if (g_ascii_string_to_unsigned(parts[1], 10, 0, network.bits, &bits, NULL)) {
            network.bits = (unsigned)bits;
        } else { /* a mask, perhaps: a text like others */
            good = *parts[1] == 0 || strspn(parts[1], "0123456789") < strlen(parts[1]);
            network.version = 0;
        }
    }
    g_strfreev(parts);
    *result = network;
    return good;
}

bool wanted_add(GArray *all, const char *text)
{
    struct wanted wanted = {.text = g_strdup(text), .glob = strchr(text, '*') != NULL};
    bool good = parse_network(text, &wanted.network);
    g_array_append_val(all, wanted);
    return good;
}

char *wanted_refuse(const char *option, const char *value)
{
    return g_strdup_printf("--%s=%s: the prefix of a network is at most 32 bits long, with IPv6 128", option, value);
}

/* Octets of the pattern that stand for one of the text, or for a character. */
static size_t element_length(const char *pattern) { return strncmp(pattern, "[*]", 3) == 0 || strncmp(pattern, "[?]", 3) == 0 ? 3 : 1; }

/* Where one '*' does not lead to a match, the last one is to stand for one octet more: an earlier one never needs to. */
static bool matches(const char *pattern, const char *text, size_t length)
{
    const char *retry = NULL;
    size_t at = 0, retry_at = 0;
    for (;;) {
        size_t element = element_length(pattern);
        if (element == 1 && *pattern == '*') {
            retry = ++pattern;
            retry_at = at;
        } else if (at < length && element == 1 && *pattern == '?') {
            pattern++;
            at += MIN((size_t)g_utf8_skip[(unsigned char)text[at]], length - at);
        } else if (at < length && *pattern && pattern[element / 2] == text[at]) {
            pattern += element;
            at++;
        } else if (at == length && *pattern == 0) {
            return true;
        } else if (retry && retry_at < length) {
            pattern = retry;
            at = ++retry_at;
        } else {
            return false;
        }
    }
}

bool wanted_text(const struct wanted *wanted, const char *text, size_t length)
{
    if (wanted->glob)
        return matches(wanted->text, text, length);
    return strlen(wanted->text) == length && memcmp(wanted->text, text, length) == 0;
}

bool wanted_address(const struct wanted *wanted, int version, const uint8_t *address)
{
    const struct network *network = &wanted->network;
    if (network->version != version)
        return false;
    unsigned octets = network->bits / 8, rest = network->bits % 8;
    if (memcmp(network->address, address, octets) != 0)
        return false;
    return rest == 0 || ((network->address[octets] ^ address[octets]) >> (8 - rest)) == 0;
}
