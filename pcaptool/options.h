/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a user asked for. Each command takes some of the sets of options below; each set is a table in options.c. */
#ifndef FTDPCAP_OPTIONS_H
#define FTDPCAP_OPTIONS_H

#include "dump.h"
#include "filter.h"
#include "output.h"
#include "select.h"
#include "source.h"

/* CONTRACT.md, section 1. */
enum exit_status { EXIT_DONE = 0, EXIT_FOUND = 1, EXIT_TROUBLE = 2 };

enum option_set {
    OPTIONS_CATALOG = 1, /* -m, --lang */
    OPTIONS_FORMAT = 2,  /* -o, --color */
    OPTIONS_INPUT = 4,   /* FILE, -i, -f, -c, -j, --tz, selection */
    OPTIONS_RECORD = 8,  /* --columns, -v, --utc, --full-time, --all */
    OPTIONS_TABLE = 16,  /* --check, --fields */
    OPTIONS_CHECK = 32,  /* --explain, --rcvbuf, --drain */
    OPTIONS_COMPARE = 64, /* --log, --window */
    OPTIONS_LIVE = 128,   /* -w, --rotate-…, --user */
};

struct options {
    const char *command;
    struct view view;
    struct msgt_table *loaded;   /* the table when it is not the built-in one */
    struct output_style style;
    const struct output *format;
    struct source_options source;
    struct filter *filter;       /* -f for files, or NULL */
    struct selection *selection;
    char *interface;
    char **arguments;            /* files or IDs */
    uint64_t limit;              /* -c, 0: none */
    unsigned threads;            /* -j, 0: not said */
    bool check, fields;          /* catalog */
    char *explain;               /* check: a code of CONTRACT.md, section 3, or NULL */
    char *log;                   /* compare: the collector's log, or NULL */
    uint64_t window;             /* compare: seconds; 0: not said */
    bool no_sandbox;
    char *user;                  /* live: whom root becomes, or NULL */
    struct dump_options dump;    /* live: -w, or no path */
    uint64_t rcvbuf, drain;      /* check: octets of the receive buffer, messages read a second; 0: not said */
};

struct command {
    const char *name, *arguments, *purpose;
    unsigned sets;                           /* enum option_set */
    const char *formats;                     /* names that -o takes, the default first, blanks between */
    int (*run)(struct options *options);     /* returns enum exit_status */
};

/* Reads the command line (argv[0] is the program). False after --help or an error; *status is then the exit status. */
bool options_read(struct options *options, const struct command *command, int argc, char **argv, int *status);
void options_clear(struct options *options);

/* One line on standard error with the program's name in front. */
__attribute__((format(printf, 1, 2))) void complain(const char *format, ...);

#endif
