/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From here on the process can do no more than it needs: called once, when all is open and before the first octet is read. */
#ifndef FTDPCAP_CONFINE_H
#define FTDPCAP_CONFINE_H

#include "options.h"
#include "privilege.h"
#include "sandbox.h"

/*
 * Opens the files (each as often as TIMES says for a regular one), closes all else, gives up capabilities. Those are a thread's own: before
 * there are others. Nothing happens with --no-sandbox. False, and it was said: privileges are left.
 */
bool confine_open(const struct options *options, const char *const *paths, unsigned times, struct sandbox *sandbox);

/* Then the sandbox, for all threads; not with --no-sandbox, nor where the kernel cannot. */
void confine_enter(const struct options *options, const struct sandbox *sandbox);

/* Both for a live capture, whose descriptors SANDBOX names. A sentence to free, or NULL. */
char *confine_live(const struct options *options, const struct privilege *privilege, const struct sandbox *sandbox);

#endif
