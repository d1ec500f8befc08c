/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "dump.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "buffer.h"
#include "sandbox.h"

enum { WRITE_AT = 1 << 16, FILE_HEADER = 24, RECORD_HEADER = 16, MODE = 0600, TRIES = 1000 };

struct dump {
    const struct dump_options *options;
    int fd, directory;
    char *folder;           /* of files that rotate; "" where that is the working folder and nobody named it */
    char *base, *extension; /* of names, without and with the dot */
    GQueue names;           /* of the files that are kept, the oldest first */
    uint64_t number;
    int link_type;
    uint8_t precision;
    uint64_t written; /* octets of the file, all of whole frames */
    int64_t begun;    /* seconds of the file's first frame; G_MININT64 before it */
    struct buffer buffer; /* whole frames that wait */
    bool failed;
};

static char *sentence(const struct dump *dump, const char *what, int error)
{
    const char *newest = g_queue_peek_tail((GQueue *)&dump->names);
    char *path = newest ? g_build_filename(dump->folder, newest, NULL) : g_strdup(dump->options->path);
    char *text = g_strdup_printf("-w %s: %s%s%s", path, what, *what ? ": " : "", strerror(error));
    g_free(path);
    return text;
}

static char *fail(struct dump *dump, const char *what)
{
    int error = errno;
    dump->failed = true;
    dump->buffer.length = 0;
    return sentence(dump, what, error);
}

static bool rotates(const struct dump *dump) { return dump->directory >= 0; }

/* ---- Opening ---- */

/* Who called sudo shall read the file. */
static void give_to_caller(int fd)
{
    const char *uid = getenv("SUDO_UID"), *gid = getenv("SUDO_GID");
    struct stat status;
    if (getuid() != 0 || !uid || !gid || fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))
        return;
    int refused = fchown(fd, (uid_t)strtoul(uid, NULL, 10), (gid_t)strtoul(gid, NULL, 10));
    (void)refused; /* root can read it all the same */
}

static char *open_single(struct dump *dump)
{
    do
        dump->fd = open(dump->options->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, MODE);
    while (dump->fd < 0 && errno == EINTR);
    if (dump->fd < 0)
        return fail(dump, "");
    give_to_caller(dump->fd);
    return NULL;
}

static char *open_directory(struct dump *dump)
{
    char *folder = g_path_get_dirname(dump->options->path), *name = g_path_get_basename(dump->options->path);
    char *dot = strrchr(name, '.'), *wrong = NULL;
    dump->extension = g_strdup(dot && dot != name ? dot : "");
    dump->base = g_strndup(name, strlen(name) - strlen(dump->extension));
    dump->directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dump->directory < 0)
        wrong = fail(dump, folder);
    dump->folder = strchr(dump->options->path, '/') ? g_steal_pointer(&folder) : g_strdup("");
    g_free(folder);
    g_free(name);
    return wrong;
}

struct dump *dump_open(const struct dump_options *options, char **wrong)
{
    struct dump *dump = g_new0(struct dump, 1);
    dump->options = options;
    dump->fd = dump->directory = -1;
    g_queue_init(&dump->names);
    *wrong = options->size || options->seconds ? open_directory(dump) : open_single(dump);
    if (!*wrong)
        return dump;
    g_free(dump_close(dump));
    return NULL;
}

int dump_descriptor(const struct dump *dump) { return rotates(dump) ? dump->directory : dump->fd; }

int dump_directory(const struct dump *dump) { return dump->directory; }

/* ---- Writing ---- */

/* How many of the first COUNT octets of the buffer are whole frames. */
static size_t whole_frames(const struct buffer *buffer, size_t count)
{
    size_t at = 0;
    for (;;) {
        uint32_t captured;
        if (count - at < RECORD_HEADER)
            return at;
        memcpy(&captured, buffer->data + at + 8, sizeof captured);
        if (count - at - RECORD_HEADER < captured)
            return at;
        at += RECORD_HEADER + captured;
    }
}

/* What could be written of a frame is taken back. */
static char *write_failed(struct dump *dump, size_t done)
{
    int error = errno;
    off_t end = (off_t)(dump->written + whole_frames(&dump->buffer, done));
    int refused = ftruncate(dump->fd, end); /* a pipe or a device cannot */
    (void)refused;
    errno = error;
    return fail(dump, "");
}

static ssize_t write_some(int fd, const void *octets, size_t count)
{
    ssize_t n;
    do
        n = write(fd, octets, count);
    while (n < 0 && errno == EINTR);
    return n;
}

char *dump_flush(struct dump *dump)
{
    for (size_t done = 0; !dump->failed && done < dump->buffer.length;) {
        ssize_t n = write_some(dump->fd, dump->buffer.data + done, dump->buffer.length - done);
        if (n < 0)
            return write_failed(dump, done);
        done += (size_t)n;
    }
    dump->written += dump->buffer.length;
    dump->buffer.length = 0;
    return NULL;
}

static char *write_header(struct dump *dump)
{
    const uint32_t header[FILE_HEADER / 4] = {dump->precision == 9 ? 0xa1b23c4d : 0xa1b2c3d4,
                                              G_BYTE_ORDER == G_LITTLE_ENDIAN ? 4u << 16 | 2 : 2u << 16 | 4,
                                              0, 0, CAPTURE_SNAP_LENGTH, (uint32_t)dump->link_type};
    dump->written = 0;
    dump->begun = G_MININT64;
    for (size_t done = 0; done < sizeof header;) {
        ssize_t n = write_some(dump->fd, (const char *)header + done, sizeof header - done);
        if (n < 0)
            return write_failed(dump, 0);
        done += (size_t)n;
    }
    dump->written = sizeof header;
    return NULL;
}

/* ---- One file after another ---- */

static char *file_name(const struct dump *dump, int64_t seconds)
{
    char stamp[32];
    time_t at = (time_t)seconds;
    struct tm utc;
    if (!gmtime_r(&at, &utc) || strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", &utc) == 0)
        g_strlcpy(stamp, "unknown", sizeof stamp);
    return g_strdup_printf("%s-%s-%05" G_GUINT64_FORMAT "%s", dump->base, stamp, dump->number, dump->extension);
}

static char *make_file(struct dump *dump, int64_t seconds)
{
    for (unsigned i = 0; i < TRIES; i++) {
        dump->number++;
        char *name = file_name(dump, seconds);
        dump->fd = openat(dump->directory, name, sandbox_create_flags(), MODE);
        g_queue_push_tail(&dump->names, name);
        if (dump->fd >= 0 || errno != EEXIST)
            break;
        g_free(g_queue_pop_tail(&dump->names));
    }
    if (dump->fd < 0)
        return fail(dump, "");
    /* Somebody else may have removed it before. */
    while (dump->options->files && dump->names.length > dump->options->files) {
        char *oldest = g_queue_pop_head(&dump->names);
        unlinkat(dump->directory, oldest, 0);
        g_free(oldest);
    }
    if (dump->options->files == 0)
        while (dump->names.length > 1)
            g_free(g_queue_pop_head(&dump->names));
    return write_header(dump);
}

static char *next_file(struct dump *dump, int64_t seconds)
{
    char *wrong = dump_flush(dump);
    if (wrong)
        return wrong;
    close(dump->fd);
    dump->fd = -1;
    return make_file(dump, seconds);
}

char *dump_begin(struct dump *dump, const struct capture_interface *interface)
{
    dump->link_type = interface->link_type;
    dump->precision = interface->precision;
    return rotates(dump) ? make_file(dump, (int64_t)time(NULL)) : write_header(dump);
}

static bool is_full(const struct dump *dump, const struct frame *frame)
{
    const struct dump_options *options = dump->options;
    uint64_t size = dump->written + dump->buffer.length + RECORD_HEADER + frame->captured;
    if (dump->begun == G_MININT64) /* nothing is in it */
        return false;
    return (options->size && size > options->size) ||
           (options->seconds && frame->seconds - dump->begun >= (int64_t)options->seconds);
}

char *dump_frame(struct dump *dump, const struct frame *frame)
{
    char *wrong = NULL;
    if (dump->failed)
        return NULL;
    if (rotates(dump) && is_full(dump, frame) && (wrong = next_file(dump, frame->seconds)))
        return wrong;
    if (dump->begun == G_MININT64)
        dump->begun = frame->seconds;
    const uint32_t header[RECORD_HEADER / 4] = {(uint32_t)frame->seconds,
                                                dump->precision == 9 ? frame->nanoseconds : frame->nanoseconds / 1000,
                                                frame->captured, frame->wire};
    buffer_octets(&dump->buffer, header, sizeof header);
    buffer_octets(&dump->buffer, frame->data, frame->captured);
    return dump->buffer.length >= WRITE_AT ? dump_flush(dump) : NULL;
}

char *dump_close(struct dump *dump)
{
    char *wrong = dump_flush(dump);
    if (dump->fd >= 0 && close(dump->fd) != 0 && !wrong && !dump->failed)
        wrong = fail(dump, "");
    if (dump->directory >= 0)
        close(dump->directory);
    g_queue_clear_full(&dump->names, g_free);
    g_free(dump->folder);
    g_free(dump->base);
    g_free(dump->extension);
    buffer_free(&dump->buffer);
    g_free(dump);
    return wrong;
}
