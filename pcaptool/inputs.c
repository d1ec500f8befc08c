/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inputs.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* Left for what reads and writes besides. */
enum { SPARE = 16 };

struct opened {
    char *path;
    int fd; /* -1: failed */
    int error;
};

static GMutex mutex;
static GQueue waiting = G_QUEUE_INIT; /* struct opened */

static int open_path(const char *path)
{
    struct stat status;
    int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY, fd;
    if (stat(path, &status) == 0 && S_ISFIFO(status.st_mode))
        flags |= O_NONBLOCK; /* readers poll(2) */
    do
        fd = open(path, flags);
    while (fd < 0 && errno == EINTR);
    return fd;
}

/* As many as the administrator allows. */
static rlim_t raise_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 256;
    if (limit.rlim_cur < limit.rlim_max) {
        rlim_t before = limit.rlim_cur;
        limit.rlim_cur = limit.rlim_max;
        if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
            return before;
    }
    return limit.rlim_cur;
}

bool inputs_open(const char *path)
{
    static rlim_t limit;
    if (strcmp(path, "-") == 0)
        return true;
    if (limit == 0)
        limit = raise_limit();
    int fd = open_path(path), error = errno;
    if (fd < 0 ? error == EMFILE || error == ENFILE : (rlim_t)fd + SPARE >= limit) {
        if (fd >= 0)
            close(fd);
        return false;
    }
    struct opened *opened = g_new(struct opened, 1);
    *opened = (struct opened){g_strdup(path), fd, error};
    g_mutex_lock(&mutex);
    g_queue_push_tail(&waiting, opened);
    g_mutex_unlock(&mutex);
    return true;
}

static void forget(struct opened *opened)
{
    g_free(opened->path);
    g_free(opened);
}

int inputs_take(const char *path)
{
    struct opened *found = NULL;
    g_mutex_lock(&mutex);
    for (GList *at = waiting.head; at && !found; at = at->next) {
        struct opened *opened = at->data;
        if (strcmp(opened->path, path) != 0)
            continue;
        found = opened;
        g_queue_delete_link(&waiting, at);
        break;
    }
    g_mutex_unlock(&mutex);
    if (!found)
        return open_path(path);
    int fd = found->fd, error = found->error;
    forget(found);
    errno = error;
    return fd;
}

void inputs_each(void (*look)(int fd))
{
    g_mutex_lock(&mutex);
    for (GList *at = waiting.head; at; at = at->next)
        if (((struct opened *)at->data)->fd >= 0)
            look(((struct opened *)at->data)->fd);
    g_mutex_unlock(&mutex);
}

void inputs_close(void)
{
    struct opened *opened;
    g_mutex_lock(&mutex);
    while ((opened = g_queue_pop_head(&waiting))) {
        if (opened->fd >= 0)
            close(opened->fd);
        forget(opened);
    }
    g_mutex_unlock(&mutex);
}

static int by_number(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }

/* From FIRST to LAST, LAST included. */
static void close_from(int first, int last)
{
    if (first > last || close_range((unsigned)first, (unsigned)last, 0) == 0)
        return;
    struct rlimit limit; /* Linux before 5.9 */
    int most = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 65536 ? (int)limit.rlim_cur : 65536;
    for (int fd = first; fd <= last && fd < most; fd++)
        close(fd);
}

void inputs_close_others(bool stdin_too, int also)
{
    int null = stdin_too ? -1 : open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (null >= 0)
        dup2(null, STDIN_FILENO);
    g_mutex_lock(&mutex);
    GArray *kept = g_array_new(FALSE, FALSE, sizeof(int));
    if (also > STDERR_FILENO)
        g_array_append_val(kept, also);
    for (GList *at = waiting.head; at; at = at->next)
        if (((struct opened *)at->data)->fd > STDERR_FILENO)
            g_array_append_val(kept, ((struct opened *)at->data)->fd);
    g_array_sort(kept, by_number); /* which may be empty, without data */
    int from = STDERR_FILENO + 1;
    for (guint i = 0; i < kept->len; i++) {
        int fd = g_array_index(kept, int, i);
        close_from(from, fd - 1);
        from = fd + 1;
    }
    close_from(from, G_MAXINT);
    g_array_unref(kept);
    g_mutex_unlock(&mutex);
}

const char *inputs_shown(const char *path) { return strcmp(path, "-") == 0 ? "standard input" : path; }
