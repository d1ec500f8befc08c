/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the process may do because of who it is. Capturing needs more than reading; opening the device is all that is done with it.
 *
 *     start ──► as the user who called ──► privilege_borrow() device privilege_return() ──► privilege_drop() for good
 *                                     └──► no device: privilege_forget()
 *
 * Of what the program's file adds (set-user-ID root, file capabilities) no more is held until then than capturing takes: CAP_NET_RAW
 * and CAP_NET_ADMIN, and they are in effect only between borrow and return.
 *
 * FTDPCAP_NO_CAPNG builds without libcap-ng: then what the file adds is held whole until the device is open, and the bounding set stays,
 * of no use without new privileges.
 */
#ifndef FTDPCAP_PRIVILEGE_H
#define FTDPCAP_PRIVILEGE_H

#include <stdbool.h>
#include <sys/types.h>

enum { PRIVILEGE_ERROR_SIZE = 256 };

/* Whom to become. */
struct privilege {
    bool change; /* false: stay who we are, only without capabilities */
    uid_t uid;
    gid_t gid;
    char name[64];
};

/* First of all: a set-user-ID program works as the user who called it. Ends the program when that cannot be had. */
void privilege_start(void);

/* What the program's file adds is given up for good, before anything is read. Ends the program when that cannot be had. */
void privilege_forget(void);

/* In between the program has what its file adds; nothing changes for others. */
void privilege_borrow(void);
void privilege_return(void);

/* The user who called: only what the program's file adds is given up, and all capabilities. */
void privilege_own(struct privilege *privilege);

/*
 * Whom to become after the device is open: root becomes USER (NULL: nobody), a set-user-ID program its caller, others stay. False with
 * a sentence in ERROR (PRIVILEGE_ERROR_SIZE).
 */
bool privilege_choose(const char *user, struct privilege *privilege, char *error);

/* For good: the user, no further groups, no capabilities, none by execve(2) either. False: it is not sure, and one must not go on. */
bool privilege_drop(const struct privilege *privilege, char *error);

#endif
