/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a user asked for. Each command takes some of the sets of options below; each set is a table in options.c. */
#ifndef FTDPCAP_OPTIONS_H
#define FTDPCAP_OPTIONS_H

#include "dump.h"
#include "filter.h"
#include "output.h"
#include "select.h"
#include "source.h"

/* README.md: Exit status. */
enum exit_status { EXIT_DONE = 0, EXIT_FOUND = 1, EXIT_TROUBLE = 2 };

enum option_set {
    OPTIONS_CATALOG = 1, /* -m, --lang */
    OPTIONS_FORMAT = 2,  /* -o, --color */
    OPTIONS_INPUT = 4,   /* FILE, -f, --tz, selection, --all */
    OPTIONS_RECORD = 8,  /* --columns, -v, --utc, --full-time */
    OPTIONS_TABLE = 16,  /* --check, --fields */
    OPTIONS_CHECK = 32,  /* --explain, --rcvbuf, --drain, --utc */
    OPTIONS_COMPARE = 64, /* --log, --window, -c, --utc */
    OPTIONS_LIVE = 128,   /* -i, -c, -j, -w, --rotate-…, --user */
};

/* What holds where nothing is said: net.core.rmem_default of Linux; what a collector with one thread reads at least; seconds. */
enum { CHECK_RCVBUF = 212992, CHECK_DRAIN = 5000, COMPARE_WINDOW = 60 };

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
    char *explain;               /* check: a code of a finding, or NULL */
    char *log;                   /* compare: the collector's log, or NULL */
    uint64_t window;             /* compare: seconds */
    bool no_sandbox;
    char *user;                  /* live: whom root becomes, or NULL */
    struct dump_options dump;    /* live: -w, or no path */
    uint64_t rcvbuf, drain;      /* check: octets of the receive buffer, messages read a second */
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

/* Prints what was asked for instead of work, and frees it. Returns the exit status. */
int options_print(struct buffer *text);

/* One line on standard error with the program's name in front. */
__attribute__((format(printf, 1, 2))) void complain(const char *format, ...);

#endif
