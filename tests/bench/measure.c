/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs commands in turn, several rounds, and prints medians as ratios. Usage: measure ROUNDS < TABLE. The table's lines are
 *
 *     = HEADING                          a new group: its ratios are to its first row
 *     NAME|MESSAGES|TARGET|COMMAND       COMMAND for sh -c, its output goes to /dev/null; TARGET is printed as it stands
 *     +NAME|…                            the ratio is to the last row without a plus
 *     -NAME|…                            what starting takes: it is left out of the rows behind it, in what a message takes and in the ratios
 *
 * Where both rows name how many messages they treat, the ratio is that of the times per message.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS_MAX = 99, ROWS_MAX = 32 };

struct row {
    char *line; /* owns the strings */
    const char *name, *target, *command;
    char mark; /* '+', '-' or 0 */
    double messages; /* 0: not said */
    double wall[ROUNDS_MAX], cpu[ROUNDS_MAX]; /* seconds */
    long peak; /* KiB */
    int status;
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double seconds(struct timeval t) { return (double)t.tv_sec + (double)t.tv_usec / 1e6; }

static void run_once(struct row *row, int round)
{
    double start = now();
    pid_t child = fork();
    if (child == 0) {
        int null = open("/dev/null", O_RDWR);
        dup2(null, STDIN_FILENO); /* the table is not theirs */
        dup2(null, STDOUT_FILENO);
        execl("/bin/sh", "sh", "-c", row->command, (char *)NULL);
        _exit(127);
    }
    struct rusage usage = {0};
    int status = -1;
    wait4(child, &status, 0, &usage);
    row->wall[round] = now() - start;
    row->cpu[round] = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    row->peak = usage.ru_maxrss > row->peak ? usage.ru_maxrss : row->peak;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        row->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static int ascending(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static double median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, ascending);
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

struct medians {
    double wall, cpu;
};

static struct medians medians_of(struct row *row, int rounds)
{
    return (struct medians){median(row->wall, rounds), median(row->cpu, rounds)};
}

/* What ratios are to. */
struct reference {
    struct medians medians, start;
    double messages;
    bool known;
};

static void print_row(struct row *row, struct medians m, const struct reference *reference)
{
    double scale = row->messages > 0 && reference->messages > 0 ? reference->messages / row->messages : 1;
    double wall = m.wall - reference->start.wall, cpu = m.cpu - reference->start.cpu;
    printf("%-46s %9.1f %9.1f ", row->name, m.wall * 1e3, m.cpu * 1e3);
    if (row->messages > 0)
        printf("%7.2f", wall * 1e6 / row->messages);
    else
        printf("%7s", "");
    if (reference->known && row->mark != '-')
        printf(" %7.2f %7.2f", wall * scale / reference->medians.wall, cpu * scale / reference->medians.cpu);
    else
        printf(" %7s %7s", "", "");
    printf(" %6.1f%s%s", (double)row->peak / 1024, *row->target ? "   " : "", row->target);
    if (row->status)
        printf("  exit status %d", row->status);
    printf("\n");
    fflush(stdout);
}

static int run_group(const char *heading, struct row *rows, int count, int rounds)
{
    int status = 0;
    struct reference reference = {.known = false};
    if (count == 0)
        return 0;
    for (int round = 0; round < rounds; round++)
        for (int i = 0; i < count; i++)
            run_once(&rows[i], round);
    printf("\n%-46s %9s %9s %7s %7s %7s %6s   %s\n", heading, "wall ms", "cpu ms", "us/msg", "ratio", "of cpu", "MiB", "target");
    for (int i = 0; i < count; i++) {
        struct medians m = medians_of(&rows[i], rounds);
        bool of_a_pair = i + 1 < count && rows[i + 1].mark == '+';
        if (rows[i].mark == 0 && (!reference.known || of_a_pair)) {
            reference.medians = (struct medians){m.wall - reference.start.wall, m.cpu - reference.start.cpu};
            reference.messages = rows[i].messages;
            reference.known = true;
        }
        print_row(&rows[i], m, &reference);
        if (rows[i].mark == '-')
            reference.start = m;
        status = status ? status : rows[i].status;
        free(rows[i].line);
    }
    return status;
}

/* Takes LINE. False when it is no row. */
static bool read_row(struct row *row, char *line)
{
    char mark = *line == '+' || *line == '-' ? *line : 0;
    *row = (struct row){.line = line, .name = line + (mark != 0), .mark = mark};
    char *messages = strchr(line, '|'), *target = messages ? strchr(messages + 1, '|') : NULL;
    char *command = target ? strchr(target + 1, '|') : NULL;
    if (!command) {
        fprintf(stderr, "measure: no row: %s\n", line);
        free(line);
        return false;
    }
    *messages = *target = *command = 0;
    row->messages = strtod(messages + 1, NULL);
    row->target = target + 1;
    row->command = command + 1;
    return true;
}

int main(int argc, char **argv)
{
    static struct row rows[ROWS_MAX];
    static char heading[128];
    int rounds = argc == 2 ? atoi(argv[1]) : 0, count = 0, status = 0;
    if (rounds < 1 || rounds > ROUNDS_MAX) {
        fputs("usage: measure ROUNDS < TABLE\n", stderr);
        return 2;
    }
    char line[4096];
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        if (line[0] == '=') {
            int got = run_group(heading, rows, count, rounds);
            status = status ? status : got;
            count = 0;
            snprintf(heading, sizeof heading, "%.100s", line + 1 + strspn(line + 1, " "));
        } else if (line[0]) {
            if (count == ROWS_MAX || !read_row(&rows[count], strdup(line)))
                return 2;
            count++;
        }
    }
    int got = run_group(heading, rows, count, rounds);
    return status ? status : got;
}
