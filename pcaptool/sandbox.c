/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sandbox.h"

#include <fcntl.h>

int sandbox_create_flags(void) { return O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC; }

#ifdef FTDPCAP_NO_SANDBOX

bool sandbox_enter(const struct sandbox *sandbox)
{
    (void)sandbox;
    return false;
}

#else

#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include "memory.h"
#ifdef FTDPCAP_VALGRIND
#include <valgrind/valgrind.h>
#else
#define RUNNING_ON_VALGRIND 0
#endif

/* ---- What is allowed ---- */

#define ANY {0}
/* Argument N has none of these bits, all of them, or is this 32-bit value. */
#define WITHOUT(n, bits) {.arg = (n), .op = SCMP_CMP_MASKED_EQ, .datum_a = (bits), .datum_b = 0}
#define WITH(n, bits) {.arg = (n), .op = SCMP_CMP_MASKED_EQ, .datum_a = (bits), .datum_b = (bits)}
#define IS(n, value) {.arg = (n), .op = SCMP_CMP_MASKED_EQ, .datum_a = UINT32_MAX, .datum_b = (uint32_t)(value)}

/* A system call that this machine does not have is passed over. */
struct rule {
    int call;
    struct scmp_arg_cmp condition; /* op 0: none */
};

static const struct rule always[] = {
    /* what is open */
    {SCMP_SYS(read), ANY}, {SCMP_SYS(readv), ANY}, {SCMP_SYS(pread64), ANY}, {SCMP_SYS(lseek), ANY}, {SCMP_SYS(_llseek), ANY},
    {SCMP_SYS(close), ANY}, {SCMP_SYS(fstat), ANY}, {SCMP_SYS(fstat64), ANY}, {SCMP_SYS(newfstatat), WITH(3, AT_EMPTY_PATH)},
    {SCMP_SYS(statx), WITH(2, AT_EMPTY_PATH)}, {SCMP_SYS(poll), ANY}, {SCMP_SYS(ppoll), ANY}, {SCMP_SYS(ftruncate), ANY},
    {SCMP_SYS(ftruncate64), ANY}, {SCMP_SYS(fcntl), IS(1, F_DUPFD_CLOEXEC)}, {SCMP_SYS(fcntl), IS(1, F_GETFL)},
    {SCMP_SYS(fcntl), IS(1, F_GETFD)}, {SCMP_SYS(fcntl64), IS(1, F_DUPFD_CLOEXEC)}, {SCMP_SYS(fcntl64), IS(1, F_GETFL)},
    {SCMP_SYS(ioctl), IS(1, TCGETS)}, {SCMP_SYS(ioctl), IS(1, TIOCGWINSZ)},
    /* memory, none of it executable */
    {SCMP_SYS(brk), ANY}, {SCMP_SYS(mmap), WITHOUT(2, PROT_EXEC)}, {SCMP_SYS(mmap2), WITHOUT(2, PROT_EXEC)},
    {SCMP_SYS(mprotect), WITHOUT(2, PROT_EXEC)}, {SCMP_SYS(munmap), ANY}, {SCMP_SYS(mremap), ANY}, {SCMP_SYS(madvise), ANY},
    {SCMP_SYS(getrandom), ANY}, {SCMP_SYS(sysinfo), ANY},
    /* threads, no processes */
    {SCMP_SYS(clone), WITH(0, CLONE_VM | CLONE_THREAD)}, {SCMP_SYS(set_robust_list), ANY}, {SCMP_SYS(rseq), ANY},
    {SCMP_SYS(futex), ANY}, {SCMP_SYS(futex_time64), ANY}, {SCMP_SYS(sched_yield), ANY}, {SCMP_SYS(sched_getaffinity), ANY},
    {SCMP_SYS(prctl), IS(0, PR_SET_NAME)}, {SCMP_SYS(gettid), ANY}, {SCMP_SYS(getpid), ANY},
    /* signals, time, the end */
    {SCMP_SYS(rt_sigprocmask), ANY}, {SCMP_SYS(rt_sigaction), ANY}, {SCMP_SYS(rt_sigreturn), ANY}, {SCMP_SYS(sigreturn), ANY},
    {SCMP_SYS(restart_syscall), ANY}, {SCMP_SYS(clock_gettime), ANY}, {SCMP_SYS(clock_gettime64), ANY},
    {SCMP_SYS(gettimeofday), ANY}, {SCMP_SYS(time), ANY}, {SCMP_SYS(clock_nanosleep), ANY}, {SCMP_SYS(exit), ANY},
    {SCMP_SYS(exit_group), ANY},
};

/* What libpcap asks of a socket that it reads, and whether the interface is still there. */
static const struct rule live[] = {
    {SCMP_SYS(recvfrom), ANY}, {SCMP_SYS(recvmsg), ANY}, {SCMP_SYS(getsockopt), ANY}, {SCMP_SYS(getsockname), ANY},
    {SCMP_SYS(setsockopt), IS(2, PACKET_RX_RING)}, /* when it is closed */
    {SCMP_SYS(ioctl), IS(1, SIOCGIFINDEX)}, {SCMP_SYS(ioctl), IS(1, SIOCGIFNAME)}, {SCMP_SYS(ioctl), IS(1, SIOCGIFFLAGS)},
};

static const struct rule opens[] = {
    {SCMP_SYS(openat), WITHOUT(2, O_ACCMODE | O_CREAT | O_TRUNC)},
    {SCMP_SYS(open), WITHOUT(1, O_ACCMODE | O_CREAT | O_TRUNC)},
    {SCMP_SYS(stat), ANY},
    {SCMP_SYS(newfstatat), ANY},
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

static int add(scmp_filter_ctx filter, int call, unsigned count, const struct scmp_arg_cmp *conditions)
{
    int status = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, count, conditions);
    return status == -EDOM || status == -EOPNOTSUPP ? 0 : status; /* not a call of this machine */
}

static int add_rules(scmp_filter_ctx filter, const struct rule *rules, size_t count)
{
    int status = 0;
    for (size_t i = 0; i < count && status == 0; i++)
        status = add(filter, rules[i].call, rules[i].condition.op ? 1 : 0, &rules[i].condition);
    return status;
}

/* Writing: anywhere that is open, but never to the network. */
static int add_writing(scmp_filter_ctx filter, int socket)
{
    const int calls[] = {SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(pwrite64)};
    const struct scmp_arg_cmp elsewhere = {.arg = 0, .op = SCMP_CMP_NE, .datum_a = (uint64_t)(uint32_t)socket};
    int status = 0;
    for (size_t i = 0; i < COUNT(calls) && status == 0; i++)
        status = add(filter, calls[i], socket >= 0, &elsewhere);
    return status;
}

/* Signals to this process only: abort(3) and raise(3). */
static int add_raising(scmp_filter_ctx filter)
{
    const struct scmp_arg_cmp self = IS(0, getpid());
    return add(filter, SCMP_SYS(tgkill), 1, &self);
}

static int add_directory(scmp_filter_ctx filter, int directory)
{
    const struct scmp_arg_cmp create[] = {IS(0, directory), IS(2, sandbox_create_flags())};
    const struct scmp_arg_cmp remove[] = {IS(0, directory), IS(2, 0)};
    int status = add(filter, SCMP_SYS(openat), 2, create);
    return status == 0 ? add(filter, SCMP_SYS(unlinkat), 2, remove) : status;
}

/* ---- What is not ---- */

#define NAME(call) {SCMP_SYS(call), #call}

/* Names for the message; any other call is told by its number. */
static const struct {
    int call;
    const char *name;
} names[] = {
    NAME(access),     NAME(bind),     NAME(bpf),        NAME(chmod),    NAME(clone),         NAME(clone3),
    NAME(connect),    NAME(creat),    NAME(dup2),       NAME(execve),   NAME(execveat),      NAME(fcntl),
    NAME(fork),       NAME(getcwd),   NAME(getdents64), NAME(ioctl),    NAME(io_uring_setup), NAME(kill),
    NAME(memfd_create), NAME(mmap),   NAME(mount),      NAME(mprotect), NAME(newfstatat),    NAME(open),
    NAME(openat),     NAME(openat2),  NAME(pipe2),      NAME(prctl),    NAME(process_vm_readv), NAME(ptrace),
    NAME(readlink),   NAME(readlinkat), NAME(rename),   NAME(sendmsg),  NAME(sendto),        NAME(setsockopt), NAME(setuid),
    NAME(socket),     NAME(stat),     NAME(tgkill),     NAME(unlink),   NAME(unlinkat),      NAME(unshare),
    NAME(vfork),      NAME(write),
};

static size_t append(char *text, size_t size, size_t at, const char *more)
{
    while (*more && at + 1 < size)
        text[at++] = *more++;
    return at;
}

/* In a signal handler: nothing but write(2). */
static void refuse(int number, siginfo_t *info, void *context)
{
    char text[256], digits[12];
    size_t at = append(text, sizeof text, 0, "ftdpcap: the sandbox refuses the system call ");
    size_t i = sizeof digits;
    unsigned call = (unsigned)info->si_syscall;
    (void)number;
    (void)context;
    for (size_t n = 0; n < COUNT(names); n++)
        if (names[n].call == info->si_syscall)
            at = append(text, sizeof text, append(text, sizeof text, at, names[n].name), ", number ");
    digits[--i] = '\0';
    do
        digits[--i] = (char)('0' + call % 10);
    while ((call /= 10) != 0);
    at = append(text, sizeof text, at, digits + i);
    at = append(text, sizeof text, at, "; this is a fault of ftdpcap or an attack. --no-sandbox runs without it\n");
    ssize_t written = write(STDERR_FILENO, text, at);
    (void)written;
    _exit(2);
}

static int fill(scmp_filter_ctx filter, const struct sandbox *sandbox)
{
    int status = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
    if (status == 0)
        status = add_rules(filter, always, COUNT(always));
    if (status == 0)
        status = add_writing(filter, sandbox->socket);
    if (status == 0)
        status = add_raising(filter);
    if (status == 0 && sandbox->socket >= 0)
        status = add_rules(filter, live, COUNT(live));
    if (status == 0 && sandbox->opens)
        status = add_rules(filter, opens, COUNT(opens));
    if (status == 0 && sandbox->directory >= 0)
        status = add_directory(filter, sandbox->directory);
    /* Its arguments are in memory, where a filter cannot look: the C library then uses clone(2). */
    if (status == 0)
        status = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    return status == -EDOM ? 0 : status;
}

bool sandbox_enter(const struct sandbox *sandbox)
{
    if (RUNNING_ON_VALGRIND)
        return false;
    struct sigaction action = {.sa_sigaction = refuse, .sa_flags = SA_SIGINFO};
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_TRAP);
    int status = filter != NULL ? fill(filter, sandbox) : -ENOMEM;
    if (status == 0) {
        sigaction(SIGSYS, &action, NULL);
        status = seccomp_load(filter);
    }
    if (status == -ENOMEM) /* no reason to go without */
        memory_exhausted();
    seccomp_release(filter);
    return status == 0;
}

#endif
