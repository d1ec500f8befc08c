/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "interrupt.h"

#include <signal.h>

static volatile sig_atomic_t came;

static void note(int number) { came = number; }

void interrupt_catch(void)
{
    /* No SA_RESTART: a read that waits must end. */
    struct sigaction before, action = {.sa_handler = note, .sa_flags = (int)SA_RESETHAND};
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
