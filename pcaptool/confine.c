/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "confine.h"

#include <errno.h>
#include <time.h>
#include <unistd.h>

#include "inputs.h"
#include "packed.h"

/* Files that the C library opens when they are first asked for: the zone, the language of error messages. */
static void open_library_files(void)
{
    tzset();
    (void)strerror(EIO);
}

/* Names of what the process was given open. */
static bool is_inherited(const char *path)
{
    return strcmp(path, "/dev/stdin") == 0 || g_str_has_prefix(path, "/dev/fd/") || g_str_has_prefix(path, "/proc/self/fd/");
}

/* Those that are inherited, or the others: what is inherited is not there any more once all else is closed. False: not all could be opened. */
static bool open_some(const char *const *paths, unsigned times, bool inherited)
{
    bool all = true;
    for (const char *const *path = paths; *path; path++) {
        if (is_inherited(*path) != inherited)
            continue;
        bool again = times > 1 && g_file_test(*path, G_FILE_TEST_IS_REGULAR);
        for (unsigned i = 0; i < (again ? times : 1); i++)
            all = inputs_open(*path) && all;
    }
    return all;
}

bool confine_open(const struct options *options, const char *const *paths, unsigned times, struct sandbox *sandbox)
{
    char error[PRIVILEGE_ERROR_SIZE];
    struct privilege own;
    bool stdin_too = false;
    *sandbox = (struct sandbox){.socket = -1, .directory = -1};
    if (options->no_sandbox)
        return true;
    bool all = open_some(paths, times, true);
    sandbox->opens = !open_some(paths, times, false) || !all;
    for (const char *const *path = paths; *path; path++)
        stdin_too = stdin_too || strcmp(*path, "-") == 0;
    open_library_files();
    inputs_close_others(stdin_too, -1);
    if (!sandbox->opens) { /* otherwise a file may need them */
        privilege_own(&own);
        if (!privilege_drop(&own, error)) {
            complain("%s", error);
            return false;
        }
    }
    inputs_each(packed_prepare);
    if (stdin_too || sandbox->opens)
        packed_prepare(sandbox->opens ? -1 : STDIN_FILENO);
    return true;
}

void confine_enter(const struct options *options, const struct sandbox *sandbox)
{
    if (!options->no_sandbox)
        sandbox_enter(sandbox);
}

char *confine_live(const struct options *options, const struct privilege *privilege, const struct sandbox *sandbox)
{
    char error[PRIVILEGE_ERROR_SIZE];
    open_library_files();
    if (!privilege_drop(privilege, error))
        return g_strdup(error);
    confine_enter(options, sandbox);
    return NULL;
}
