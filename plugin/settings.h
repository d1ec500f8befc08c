/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Preferences and additional catalogue files. */
#ifndef FTD_SETTINGS_H
#define FTD_SETTINGS_H

#include "compat.h"

#include "msgtable/msgtable.h"

enum info_style { INFO_FIELDS, INFO_TEXT, INFO_STOCK };

struct settings {
    host_bool heuristic;
    int language;   /* LANGUAGE_… */
    int info_style; /* enum info_style */
};

extern struct settings settings;

/* Loads the *.cat files of the personal configuration folder's ftd/ on top of the built-in table. Reports a broken file
 * and leaves it out. The result lives as long as the program. */
const struct msgt_table *settings_load_table(void);

void settings_register(int protocol);

/* The language chosen, or that of the locale. */
enum msgt_lang settings_language(void);

#endif
