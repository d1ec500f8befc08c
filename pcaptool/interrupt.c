/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "interrupt.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <time.h>

/* timeout(1) sends two at once, one to the process and one to its group. */
static const int64_t impatient = 1000000000; /* ns */

static volatile sig_atomic_t came;
static _Atomic int64_t first; /* when, in ns of the monotonic clock; 0: not yet */

static void note(int number)
{
    struct timespec time;
    int64_t before = 0;
    clock_gettime(CLOCK_MONOTONIC, &time);
    int64_t now = (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
    if (atomic_compare_exchange_strong(&first, &before, now)) {
        came = number;
    } else if (now - before >= impatient) {
        signal(number, SIG_DFL);
        raise(number);
    }
}

void interrupt_catch(void)
{
    /* No SA_RESTART: a read that waits must end. */
    struct sigaction before, action = {.sa_handler = note};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    if (sigaction(SIGHUP, NULL, &before) == 0 && before.sa_handler != SIG_IGN) /* nohup(1) */
        sigaction(SIGHUP, &action, NULL);
}

int interrupt_number(void) { return came; }

void interrupt_pass_on(void)
{
    if (came == 0)
        return;
    signal(came, SIG_DFL);
    raise(came);
}
