/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a user wants something to be: a text, or a network. A text with a '*' is a glob: '?' is one character in it, and
 * "[*]" and "[?]" are these themselves. */
#ifndef FTDPCAP_WANTED_H
#define FTDPCAP_WANTED_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An address with the bits that count. */
struct network {
    int version; /* 0: the text is no network */
    uint8_t address[16];
    unsigned bits;
};

struct wanted {
    char *text;
    bool glob;              /* there is a '*' in it */
    struct network network; /* when it is one */
};

/* Of struct wanted, which it owns. */
GArray *wanted_new(void);

/* Adds TEXT. False when it is an address with a prefix of more bits than the address has. */
bool wanted_add(GArray *all, const char *text);
/* The sentence for that. */
char *wanted_refuse(const char *option, const char *value);

bool wanted_text(const struct wanted *wanted, const char *text, size_t length);
bool wanted_address(const struct wanted *wanted, int version, const uint8_t *address);

#endif
