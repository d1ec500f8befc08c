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
#include "text.h"

static const struct command commands[] = {
    {"decode", "FILE…", "Print one record for each FTD and ASA syslog message of the captures",
     OPTIONS_CATALOG | OPTIONS_FORMAT | OPTIONS_INPUT | OPTIONS_LIVE | OPTIONS_RECORD, "text json ecs csv tsv", cmd_decode},
    {"summary", "FILE…", "Count the messages of the captures by ID, severity, device, status and time",
     OPTIONS_CATALOG | OPTIONS_FORMAT | OPTIONS_INPUT | OPTIONS_LIVE, "text json", cmd_summary},
    {"check", "FILE…", "Diagnose lost and malformed syslog: what, why, and which setting fixes it",
     OPTIONS_CATALOG | OPTIONS_FORMAT | OPTIONS_INPUT | OPTIONS_LIVE | OPTIONS_CHECK, "text json", cmd_check},
    {"compare", "A B", "Tell what left A and never reached B, a capture or a collector's log",
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

static struct buffer usage(void)
{
    enum { NAME_WIDTH = 8, ARGUMENTS_WIDTH = 7 };
    struct buffer text = {0};
    buffer_text(&text, "Usage: ftdpcap [COMMAND] [OPTION…] FILE…\n"
                       "Cisco FTD and ASA syslog in captures, decoded into fields.\n\nCommands:\n");
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
        buffer_text(&text, "  ");
        text_padded(&text, commands[i].name, NAME_WIDTH);
        buffer_char(&text, ' ');
        text_padded(&text, commands[i].arguments, ARGUMENTS_WIDTH);
        buffer_format(&text, "  %s%s\n", commands[i].purpose, i == 0 ? " (default)" : "");
    }
    buffer_text(&text, "\n'ftdpcap COMMAND --help' lists the options of a command, 'ftdpcap --version' tells the version.\n"
                       "Exit status: 0 done, 1 something found (check, compare), 2 trouble with usage or input.\n");
    return text;
}

/* An option stood in front of the command, which was then taken for a file. */
static bool misplaced_command(const struct options *options)
{
    for (char **file = options->arguments; file && *file; file++) {
        if (!find_command(*file) || access(*file, F_OK) == 0)
            continue;
        complain("%s: no such file; as a command it has to be the first word", *file);
        return true;
    }
    return false;
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
    sink_look();
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file may not grow: write(2) says so */
    memory_watch();
    if (argc < 2) {
        struct buffer text = usage();
        fwrite(text.data, 1, text.length, stderr);
        buffer_free(&text);
        return EXIT_TROUBLE;
    }
    if (argc == 3 && strcmp(argv[1], "help") == 0 && find_command(argv[2])) {
        static char help[] = "--help";
        argv[1] = argv[2];
        argv[2] = help;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        struct buffer text = usage();
        return options_print(&text);
    }
    if (strcmp(argv[1], "--version") == 0) {
        struct buffer text = {0};
        buffer_format(&text, "ftdpcap %s, %zu messages\n", FTD_VERSION, msgt_message_count(msgt_builtin()));
        return options_print(&text);
    }
    const struct command *command = find_command(argv[1]);
    int skip = command != NULL;
    if (!command)
        command = &commands[0];
    struct options options;
    int status;
    if (!options_read(&options, command, argc - skip, argv + skip, &status))
        return status;
    if (!skip && misplaced_command(&options)) {
        options_clear(&options);
        return EXIT_TROUBLE;
    }
    status = command->run(&options);
    bool live = options.interface != NULL;
    options_clear(&options);
    if (!live && sink_open())
        interrupt_pass_on();
    return sink_status(status);
}
