/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Enters the sandbox of files, then tries what its argument says. 0: it was done; 77: there is no sandbox here. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sandbox.h"

static void do_open(void) { (void)!open("/etc/passwd", O_RDONLY); }
static void do_create(void) { (void)!open("made-by-probe", O_WRONLY | O_CREAT, 0600); }
static void do_socket(void) { (void)!socket(AF_INET, SOCK_DGRAM, 0); }
static void do_execve(void) { execl("/bin/true", "true", (char *)NULL); }
static void do_fork(void) { (void)!fork(); }
static void do_ptrace(void) { (void)!ptrace(PTRACE_TRACEME, 0, NULL, NULL); }
static void do_kill(void) { (void)!kill(1, 0); }
static void do_unlink(void) { (void)!unlink("made-by-probe"); }
static void do_executable(void) { (void)!mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); }

static void do_allowed(void)
{
    char *memory = malloc(4 << 20);
    if (memory)
        memset(memory, 1, 4 << 20);
    free(memory);
    (void)!write(STDOUT_FILENO, "written\n", 8);
}

static const struct {
    const char *name;
    void (*attempt)(void);
} attempts[] = {
    {"open", do_open},     {"create", do_create}, {"socket", do_socket}, {"execve", do_execve},         {"fork", do_fork},
    {"ptrace", do_ptrace}, {"kill", do_kill},     {"unlink", do_unlink}, {"executable", do_executable}, {"allowed", do_allowed},
};

int main(int argc, char **argv)
{
    const struct sandbox sandbox = {.socket = -1, .directory = -1};
    if (argc != 2)
        return 3;
    if (!sandbox_enter(&sandbox))
        return 77;
    for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++)
        if (strcmp(attempts[i].name, argv[1]) == 0)
            attempts[i].attempt();
    return 0;
}
