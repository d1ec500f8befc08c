/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs commands in turn, several rounds, and prints medians as ratios to the first. Usage:
 *
 *     measure ROUNDS NAME COMMAND [NAME COMMAND]…      each COMMAND for sh -c; its output goes to /dev/null
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS_MAX = 99, COMMANDS_MAX = 32 };

struct series {
    const char *name, *command;
    double wall[ROUNDS_MAX], cpu[ROUNDS_MAX];
    long peak; /* KiB */
    int status;
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void run_once(struct series *s, int round)
{
    double start = now();
    pid_t child = fork();
    if (child == 0) {
        int null = open("/dev/null", O_WRONLY);
        dup2(null, STDOUT_FILENO);
        execl("/bin/sh", "sh", "-c", s->command, (char *)NULL);
        _exit(127);
    }
    struct rusage usage;
    int status;
    wait4(child, &status, 0, &usage);
    s->wall[round] = now() - start;
    s->cpu[round] = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                    (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    s->peak = usage.ru_maxrss > s->peak ? usage.ru_maxrss : s->peak;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        s->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
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

int main(int argc, char **argv)
{
    static struct series all[COMMANDS_MAX];
    int rounds = argc > 1 ? atoi(argv[1]) : 0, count = (argc - 2) / 2;
    if (rounds < 1 || rounds > ROUNDS_MAX || count < 1 || count > COMMANDS_MAX || argc % 2) {
        fputs("usage: measure ROUNDS NAME COMMAND [NAME COMMAND]...\n", stderr);
        return 2;
    }
    for (int i = 0; i < count; i++)
        all[i] = (struct series){.name = argv[2 + 2 * i], .command = argv[3 + 2 * i]};
    for (int round = 0; round < rounds; round++)
        for (int i = 0; i < count; i++)
            run_once(&all[i], round);
    printf("%-28s %9s %9s %8s %10s\n", "", "wall s", "cpu s", "ratio", "peak KiB");
    double floor_wall = 0;
    int status = 0;
    for (int i = 0; i < count; i++) {
        double wall = median(all[i].wall, rounds), cpu = median(all[i].cpu, rounds);
        if (i == 0)
            floor_wall = wall;
        printf("%-28s %9.3f %9.3f %8.2f %10ld", all[i].name, wall, cpu, wall / floor_wall, all[i].peak);
        if (all[i].status)
            printf("  exit status %d", all[i].status);
        printf("\n");
        status = status || all[i].status;
    }
    return status;
}
