/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From here on the process can do no more than it needs: called once, when all is open and before the first octet is read. */
#ifndef FTDPCAP_CONFINE_H
#define FTDPCAP_CONFINE_H

#include "options.h"
#include "privilege.h"
#include "sandbox.h"

/*
 * Opens the files (each as often as TIMES says for a regular one), closes all else, gives up capabilities and enters the sandbox.
 * Nothing happens with --no-sandbox; where the kernel cannot, the rest is done. False, and it was said: privileges are left.
 */
bool confine_to_files(const struct options *options, const char *const *paths, unsigned times);

/* The same for a live capture, whose descriptors SANDBOX names. A sentence to free, or NULL. */
char *confine_live(const struct options *options, const struct privilege *privilege, const struct sandbox *sandbox);

#endif
