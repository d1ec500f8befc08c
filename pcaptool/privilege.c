/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "privilege.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <unistd.h>
#ifndef FTDPCAP_NO_CAPNG
#include <cap-ng.h>
#else
#include <linux/capability.h>
#include <sys/syscall.h>
#endif

#define DEFAULT_USER "nobody"

static bool refuse(char *error, const char *what)
{
    snprintf(error, PRIVILEGE_ERROR_SIZE, "privileges could not be given up: %s: %s", what, strerror(errno));
    return false;
}

static void must(bool done, const char *what)
{
    char error[PRIVILEGE_ERROR_SIZE];
    if (done)
        return;
    refuse(error, what);
    fprintf(stderr, "ftdpcap: %s\n", error);
    _exit(2);
}

/* Whether the program's file adds something to what the caller may do. */
static bool file_adds(void) { return getauxval(AT_SECURE) != 0; }

#ifndef FTDPCAP_NO_CAPNG

/* Of those that are permitted. */
static void select_capturing(bool effective)
{
    static const unsigned capturing[] = {CAP_NET_RAW, CAP_NET_ADMIN};
    capng_select_t sets = CAPNG_SELECT_CAPS;
    bool permitted[2] = {false, false};
    if (capng_get_caps_process() == 0)
        for (int i = 0; i < 2; i++)
            permitted[i] = capng_have_capability(CAPNG_PERMITTED, capturing[i]);
    capng_clear(sets);
    for (int i = 0; i < 2; i++)
        if (permitted[i])
            capng_update(CAPNG_ADD, effective ? CAPNG_EFFECTIVE | CAPNG_PERMITTED : CAPNG_PERMITTED, capturing[i]);
}

static bool hold_capturing(bool effective)
{
    select_capturing(effective);
    return capng_apply(CAPNG_SELECT_CAPS) == 0;
}

/* Set-user-ID root becomes the caller with these capabilities. */
static void leave_root(void)
{
    if (geteuid() != 0 || getuid() == 0)
        return;
    select_capturing(true);
    must(capng_change_id((int)getuid(), (int)getgid(), CAPNG_NO_FLAG) == 0, "capng_change_id");
}

#else

static bool hold_capturing(bool effective)
{
    (void)effective;
    return true;
}

static void leave_root(void) {}

#endif

/* Where leave_root() does not apply the saved IDs keep what the file gave. */
static void be_caller(void)
{
    must(getegid() == getgid() || setegid(getgid()) == 0, "setegid");
    must(geteuid() == getuid() || seteuid(getuid()) == 0, "seteuid");
}

void privilege_start(void)
{
    if (!file_adds())
        return;
    leave_root();
    be_caller();
    must(hold_capturing(false), "capabilities");
}

void privilege_forget(void)
{
    char error[PRIVILEGE_ERROR_SIZE];
    struct privilege own;
    if (!file_adds())
        return;
    privilege_own(&own);
    if (privilege_drop(&own, error))
        return;
    fprintf(stderr, "ftdpcap: %s\n", error);
    _exit(2);
}

void privilege_borrow(void)
{
    if (!file_adds() || !hold_capturing(true))
        return;
    uid_t real, effective, saved;
    gid_t real_group, effective_group, saved_group;
    if (getresuid(&real, &effective, &saved) == 0 && saved != effective && seteuid(saved) != 0)
        return; /* opening the device will say what is missing */
    if (getresgid(&real_group, &effective_group, &saved_group) == 0 && saved_group != effective_group && setegid(saved_group) != 0)
        return;
}

void privilege_return(void)
{
    if (!file_adds())
        return;
    be_caller();
    must(hold_capturing(false), "capabilities");
}

void privilege_own(struct privilege *privilege)
{
    uid_t real, effective, saved;
    gid_t group, effective_group, saved_group;
    *privilege = (struct privilege){.uid = getuid(), .gid = getgid()};
    if (getresuid(&real, &effective, &saved) == 0 && getresgid(&group, &effective_group, &saved_group) == 0)
        privilege->change = saved != real || saved_group != group;
}

bool privilege_choose(const char *user, struct privilege *privilege, char *error)
{
    privilege_own(privilege);
    if (getuid() != 0 && user) {
        snprintf(error, PRIVILEGE_ERROR_SIZE, "--user=%s: only root becomes another user", user);
        return false;
    }
    if (getuid() != 0)
        return true;
    const char *name = user ? user : DEFAULT_USER;
    const struct passwd *entry = getpwnam(name);
    if (!entry) {
        snprintf(error, PRIVILEGE_ERROR_SIZE, "--user=%s: there is no such user", name);
        return false;
    }
    privilege->change = entry->pw_uid != 0;
    privilege->uid = entry->pw_uid;
    privilege->gid = entry->pw_gid;
    snprintf(privilege->name, sizeof privilege->name, "%s", name);
    return true;
}

/* Without set-user-ID root's own, the effective ID must be that of root again before it can become another. */
static bool change_user(const struct privilege *privilege, char *error)
{
    uid_t real, effective, saved;
    gid_t group, effective_group, saved_group;
    if (getresuid(&real, &effective, &saved) != 0 || (saved != effective && seteuid(saved) != 0))
        return refuse(error, "seteuid");
    if (geteuid() == 0 && setgroups(0, NULL) != 0)
        return refuse(error, "setgroups");
    if (setresgid(privilege->gid, privilege->gid, privilege->gid) != 0)
        return refuse(error, "setresgid");
    if (setresuid(privilege->uid, privilege->uid, privilege->uid) != 0)
        return refuse(error, "setresuid");
    if (getresuid(&real, &effective, &saved) != 0 || getresgid(&group, &effective_group, &saved_group) != 0 ||
        real != privilege->uid || effective != real || saved != real || group != privilege->gid || effective_group != group ||
        saved_group != group)
        return refuse(error, "the user did not change");
    if (privilege->uid != 0 && setuid(0) == 0)
        return refuse(error, "root came back");
    return true;
}

#ifndef FTDPCAP_NO_CAPNG

static bool drop_capabilities(char *error)
{
    capng_clear(CAPNG_SELECT_BOTH);
    if (capng_apply(CAPNG_SELECT_CAPS) != 0)
        return refuse(error, "capabilities");
    capng_setpid(getpid());
    if (capng_get_caps_process() != 0 || capng_have_capabilities(CAPNG_SELECT_CAPS) != CAPNG_NONE)
        return refuse(error, "capabilities are left");
    return true;
}

/* Needs CAP_SETPCAP. */
static bool empty_bounding_set(void)
{
    if (capng_get_caps_process() != 0 || !capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP))
        return false;
    capng_clear(CAPNG_SELECT_BOUNDS);
    return capng_apply(CAPNG_SELECT_BOUNDS) == 0;
}

#else

static bool drop_capabilities(char *error)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0, 0, 0}};
    return syscall(SYS_capset, &header, none) == 0 || refuse(error, "capset");
}

static bool empty_bounding_set(void) { return false; }

#endif

bool privilege_drop(const struct privilege *privilege, char *error)
{
    (void)empty_bounding_set(); /* where it fails no_new_privs does as well */
    if (privilege->change && !change_user(privilege, error))
        return false;
    if (!drop_capabilities(error))
        return false;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return refuse(error, "no_new_privs");
    return true;
}
