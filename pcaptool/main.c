/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Picks the command. */
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "commands.h"
#include "interrupt.h"
#include "memory.h"
#include "privilege.h"
#include "sink.h"

static const struct command commands[] = {
    {"decode", "FILE…", "Print one record for every FTD and ASA syslog message of the captures",
     OPTIONS_CATALOG | OPTIONS_FORMAT | OPTIONS_INPUT | OPTIONS_LIVE | OPTIONS_RECORD, "text json ecs csv tsv", cmd_decode},
    {"summary", "FILE…", "Count the messages of the captures by ID, severity, device, status and time",
     OPTIONS_CATALOG | OPTIONS_FORMAT | OPTIONS_INPUT | OPTIONS_LIVE, "text json", cmd_summary},
    {"check", "FILE…", "Diagnose lost and malformed syslog: what went wrong, why, and which setting fixes it",
     OPTIONS_CATALOG | OPTIONS_FORMAT | OPTIONS_INPUT | OPTIONS_LIVE | OPTIONS_CHECK, "text json", cmd_check},
    {"compare", "A B", "Tell what left A and never reached B: two captures, or a capture and a collector's log",
     OPTIONS_CATALOG | OPTIONS_FORMAT | OPTIONS_INPUT | OPTIONS_COMPARE, "text json", cmd_compare},
    {"explain", "ID…", "Tell what messages mean, what their fields are and what to do",
     OPTIONS_CATALOG | OPTIONS_FORMAT, "text json", cmd_explain},
    {"catalog", "[FILE…]", "List the message catalogue, or validate catalogue files",
     OPTIONS_CATALOG | OPTIONS_FORMAT | OPTIONS_TABLE, "text json", cmd_catalog},
};

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

static int usage(FILE *out)
{
    fputs("Usage: ftdpcap [COMMAND] [OPTION…] FILE…\n"
          "Cisco FTD and ASA syslog in captures, decoded into fields.\n\nCommands:\n", out);
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
        fprintf(out, "  %-8s %-8s %s%s\n", commands[i].name, commands[i].arguments[0] == '[' ? "[FILE…]" : commands[i].arguments,
                commands[i].purpose, i == 0 ? " (default)" : "");
    fputs("\n'ftdpcap COMMAND --help' lists the options of a command.\n"
          "Exit status: 0 done, 1 something found (check, compare), 2 trouble with usage or input.\n", out);
    return out == stdout ? EXIT_DONE : EXIT_TROUBLE;
}

/* A standard descriptor that was closed must not become an input's; used all the same, it still fails. */
static void hold_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) >= 0)
            continue;
        int opened = open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
        if (opened != fd)
            _exit(EXIT_TROUBLE);
    }
}

int main(int argc, char **argv)
{
    hold_descriptors();
    privilege_start();
    setlocale(LC_ALL, "");
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file may not grow: write(2) says so */
    memory_watch();
    if (argc < 2)
        return usage(stderr);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0)
        return usage(stdout);
    if (strcmp(argv[1], "--version") == 0) {
        printf("ftdpcap %s, %zu messages\n", FTD_VERSION, msgt_message_count(msgt_builtin()));
        return EXIT_DONE;
    }
    const struct command *command = find_command(argv[1]);
    int skip = command != NULL;
    if (!command)
        command = &commands[0];
    struct options options;
    int status;
    if (!options_read(&options, command, argc - skip, argv + skip, &status))
        return status;
    status = command->run(&options);
    bool live = options.interface != NULL;
    options_clear(&options);
    if (!live && sink_open())
        interrupt_pass_on();
    return sink_status(status);
}
