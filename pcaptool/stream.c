/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stream.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inputs.h"
#include "interrupt.h"
#include "packed.h"

#ifndef FTDPCAP_NO_LIBARCHIVE
#include "archive_library.h"
#endif
#ifndef FTDPCAP_NO_ZLIB
#include <zlib.h>
#endif

enum { BUFFER_SIZE = 256 << 10, INPUT_SIZE = 64 << 10, WAKE_MILLISECONDS = 500 };

struct head {
    uint8_t octets[STREAM_HEAD_SIZE];
    size_t size;
    size_t taken;
};

/*
 *     fd ──► raw head ──► decode() ──► head ──► stream_read()
 *
 * Both heads are octets that were read to look at them and still have to be handed out; so are those that libarchive was given
 * before it said that it does not know them.
 */
struct stream {
    int fd;
    volatile sig_atomic_t stop;
    bool regular;
    bool plain;
    uint64_t size;  /* of a regular file */
    uint64_t taken; /* octets read from fd */
    struct head raw;
    struct head head;
    void (*waits)(void *user); /* or NULL */
    void *waits_user;
    ssize_t (*decode)(struct stream *stream, void *octets, size_t size);
    void (*close)(struct stream *stream);
    uint8_t *input; /* INPUT_SIZE compressed octets, when decompressing */
    char *buffer;   /* BUFFER_SIZE, of the stdio stream */
    char error[STREAM_ERROR_SIZE];
#ifndef FTDPCAP_NO_LIBARCHIVE
    const struct archive_library *library;
    struct archive *archive;
    const uint8_t *block; /* decompressed octets that it still owns */
    size_t block_left;
    bool trying;      /* it has not yet said whether it knows the content */
    bool fed;         /* with all there is */
    uint8_t *tried;   /* what it was given until then */
    size_t tried_size, tried_taken;
#endif
#ifndef FTDPCAP_NO_ZLIB
    z_stream zlib;
    bool between; /* no gzip member is open */
#endif
};

static bool refuse(struct stream *stream, const char *what, const char *detail)
{
    snprintf(stream->error, sizeof stream->error, "%s%s%s", what, *detail ? ": " : "", detail);
    return false;
}

static ssize_t fail(struct stream *stream, const char *what, const char *detail)
{
    refuse(stream, what, detail);
    return -1;
}

static size_t take_head(struct head *head, void *octets, size_t size)
{
    size_t left = head->size - head->taken;
    size_t count = left < size ? left : size;
    memcpy(octets, head->octets + head->taken, count);
    head->taken += count;
    return count;
}

static bool stopped(const struct stream *stream) { return stream->stop || interrupt_number() != 0; }

/*
 * Waits until there is something to read, or the end. Who asked for it is told that nothing is there for now. Wakes now and
 * then: a signal may come between the look for one and the wait.
 */
static void wait_fd(struct stream *stream)
{
    struct pollfd ready = {.fd = stream->fd, .events = POLLIN};
    int status = poll(&ready, 1, 0);
    if (status == 0 && stream->waits != NULL)
        stream->waits(stream->waits_user);
    while (!stopped(stream) && (status == 0 || (status < 0 && errno == EINTR)))
        status = poll(&ready, 1, WAKE_MILLISECONDS);
}

/* read(2) that goes on after signals and waits on a descriptor that does not block. */
static ssize_t read_fd(struct stream *stream, void *octets, size_t size)
{
    while (!stopped(stream)) {
        if (!stream->regular)
            wait_fd(stream);
        if (stopped(stream))
            break;
        ssize_t count = read(stream->fd, octets, size);
        if (count >= 0) {
            stream->taken += (uint64_t)count;
            return count;
        }
        if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
            return fail(stream, "reading failed", strerror(errno));
    }
    return 0;
}

static ssize_t read_raw(struct stream *stream, void *octets, size_t size)
{
    size_t count = take_head(&stream->raw, octets, size);
    return count > 0 ? (ssize_t)count : read_fd(stream, octets, size);
}

#ifndef FTDPCAP_NO_LIBARCHIVE

static ssize_t read_tried(struct stream *stream, void *octets, size_t size)
{
    size_t left = stream->tried_size - stream->tried_taken, count = left < size ? left : size;
    if (left == 0)
        return read_fd(stream, octets, size);
    memcpy(octets, stream->tried + stream->tried_taken, count);
    stream->tried_taken += count;
    return (ssize_t)count;
}

#endif

static void close_nothing(struct stream *stream) { (void)stream; }

/* Fills `head` from `read`; less only at the end. */
static bool fill_head(struct stream *stream, struct head *head, ssize_t (*read_octets)(struct stream *, void *, size_t))
{
    struct head filled = {.size = 0};
    while (filled.size < sizeof filled.octets) {
        ssize_t count = read_octets(stream, filled.octets + filled.size, sizeof filled.octets - filled.size);
        if (count <= 0) {
            *head = filled;
            return count == 0 || filled.size > 0;
        }
        filled.size += (size_t)count;
    }
    *head = filled;
    return true;
}

#ifndef FTDPCAP_NO_ZLIB

/* Makes compressed octets available; 1, or 0 at the end of the input, or -1. */
static int refill(struct stream *stream)
{
    if (stream->zlib.avail_in > 0)
        return 1;
    ssize_t count = read_raw(stream, stream->input, INPUT_SIZE);
    if (count <= 0)
        return (int)count;
    stream->zlib.next_in = stream->input;
    stream->zlib.avail_in = (uInt)count;
    return 1;
}

/* After a member: another one (RFC 1952 section 2.2), or the end; what is no member is ignored. */
static bool next_member(struct stream *stream)
{
    if (refill(stream) <= 0 || stream->zlib.next_in[0] != 0x1f)
        return false;
    stream->between = false;
    return inflateReset(&stream->zlib) == Z_OK;
}

static ssize_t read_gzip(struct stream *stream, void *octets, size_t size)
{
    z_stream *zlib = &stream->zlib;
    uInt room = size > INPUT_SIZE ? INPUT_SIZE : (uInt)size;
    zlib->next_out = octets;
    zlib->avail_out = room;
    while (zlib->avail_out == room) {
        if (*stream->error != '\0')
            return -1;
        if (stream->between && !next_member(stream))
            return *stream->error != '\0' ? -1 : 0;
        int filled = refill(stream);
        if (filled == 0 && stopped(stream))
            return 0;
        if (filled == 0)
            return fail(stream, "the compressed data end early", "");
        if (filled < 0)
            return -1;
        int status = inflate(zlib, Z_NO_FLUSH);
        if (status == Z_STREAM_END)
            stream->between = true;
        else if (status != Z_OK && status != Z_BUF_ERROR)
            fail(stream, "the gzip data are damaged", zlib->msg != NULL ? zlib->msg : "");
    }
    return (ssize_t)(room - zlib->avail_out);
}

static void close_gzip(struct stream *stream) { inflateEnd(&stream->zlib); }

static bool open_gzip(struct stream *stream)
{
    if (inflateInit2(&stream->zlib, 15 + 16) != Z_OK)
        return refuse(stream, "no memory", "");
    stream->decode = read_gzip;
    stream->close = close_gzip;
    return true;
}

#endif
#ifndef FTDPCAP_NO_LIBARCHIVE

/* No filter looks further ahead than libarchive's own buffer: what is kept stays small. */
static bool keep_tried(struct stream *stream, size_t count)
{
    uint8_t *more = realloc(stream->tried, stream->tried_size + count);
    if (more == NULL)
        return false;
    memcpy(more + stream->tried_size, stream->input, count);
    stream->tried = more;
    stream->tried_size += count;
    return true;
}

static la_ssize_t feed_archive(struct archive *archive, void *user, const void **octets)
{
    struct stream *stream = user;
    ssize_t count = read_raw(stream, stream->input, INPUT_SIZE);
    if (count > 0 && stream->trying && !keep_tried(stream, (size_t)count))
        count = fail(stream, "no memory", "");
    if (count < 0)
        stream->library->set_error(archive, EIO, "%s", stream->error);
    stream->fed = count == 0;
    *octets = stream->input;
    return count;
}

static bool refuse_archive(struct stream *stream)
{
    const char *detail = stream->library->error_string(stream->archive);
    if (stream->fed)
        return refuse(stream, "the compressed data end early", "");
    return refuse(stream, "decompression failed", detail != NULL ? detail : "");
}

/* By blocks as they come: archive_read_data() drops what it has of a request when the next block is damaged. */
static ssize_t read_archive(struct stream *stream, void *octets, size_t size)
{
    while (stream->block_left == 0) {
        const void *block;
        la_int64_t offset;
        int status = stream->library->read_data_block(stream->archive, &block, &stream->block_left, &offset);
        if (status == ARCHIVE_EOF)
            return 0;
        if (status != ARCHIVE_OK) {
            stream->block_left = 0;
            refuse_archive(stream);
            return -1;
        }
        stream->block = block;
    }
    size_t count = stream->block_left < size ? stream->block_left : size;
    memcpy(octets, stream->block, count);
    stream->block += count;
    stream->block_left -= count;
    return (ssize_t)count;
}

static ssize_t read_nothing(struct stream *stream, void *octets, size_t size) { return (void)stream, (void)octets, (void)size, 0; }

static void close_archive(struct stream *stream) { stream->library->read_free(stream->archive); }

/* False: no filter recognised the content, or what it said is in stream->error. */
static bool open_archive(struct stream *stream)
{
    const char *why;
    const struct archive_library *library = stream->library = archive_library(&why);
    struct archive *archive = library != NULL ? library->read_new() : NULL;
    if (archive == NULL)
        return library == NULL ? refuse(stream, "it is compressed, and libarchive is missing", why) : refuse(stream, "no memory", "");
    stream->archive = archive;
    stream->decode = read_archive;
    stream->close = close_archive;
    /* ARCHIVE_WARN: only an external program could do it, or a filter already enabled. */
    for (size_t i = 0; library->support_filters[i] != NULL; i++)
        library->support_filters[i](archive);
    library->support_format_raw(archive);
    library->support_format_empty(archive);
    struct archive_entry *entry;
    stream->trying = true;
    int status = library->read_open(archive, stream, NULL, feed_archive, NULL);
    stream->trying = false;
    if (library->filter_code(archive, 0) == ARCHIVE_FILTER_NONE)
        return false;
    free(stream->tried);
    stream->tried = NULL;
    if (status == ARCHIVE_OK)
        status = library->read_next_header(archive, &entry);
    if (status == ARCHIVE_EOF) /* it is whole, and holds nothing */
        stream->decode = read_nothing;
    return status == ARCHIVE_OK || status == ARCHIVE_EOF || refuse_archive(stream);
}

/* The content is as it stands after all: libarchive goes, and what it was given is read again. */
static void give_back(struct stream *stream)
{
    close_archive(stream);
    stream->decode = read_tried;
    stream->close = close_nothing;
    stream->plain = true;
}

#endif

/* Chooses the way from the first raw octets. What no decoder knows stays as it is. */
static bool choose(struct stream *stream)
{
    const struct head *raw = &stream->raw;
    stream->decode = read_raw;
    stream->close = close_nothing;
    stream->plain = true;
    if (raw->size < 2 || stream_is_pcap(raw->octets, raw->size) || stream_is_pcapng(raw->octets, raw->size))
        return true;
    stream->input = malloc(INPUT_SIZE);
    if (stream->input == NULL)
        return refuse(stream, "no memory", "");
#ifndef FTDPCAP_NO_ZLIB
    if (raw->octets[0] == 0x1f && raw->octets[1] == 0x8b) {
        stream->plain = false;
        return open_gzip(stream);
    }
#endif
#ifndef FTDPCAP_NO_LIBARCHIVE
    if (packed_looks(raw->octets, raw->size)) {
        stream->plain = false;
        if (open_archive(stream))
            return true;
        if (*stream->error == '\0')
            give_back(stream);
    }
#endif
    return *stream->error == '\0';
}

bool stream_is_pcapng(const uint8_t *head, size_t size)
{
    return size >= 4 && memcmp(head, "\x0a\x0d\x0d\x0a", 4) == 0;
}

bool stream_is_pcap(const uint8_t *head, size_t size)
{
    static const uint32_t magics[] = {
        0xa1b2c3d4, /* microseconds */
        0xa1b23c4d, /* nanoseconds */
        0xa1b2cd34, /* Kuznetzov's, with longer record headers */
        0xa1b234cd, /* Mesquita's likewise */
        0xa12b3c4d, /* Navtel's likewise */
    };
    if (size < 4)
        return false;
    uint32_t little = (uint32_t)head[3] << 24 | (uint32_t)head[2] << 16 | (uint32_t)head[1] << 8 | head[0];
    uint32_t big = (uint32_t)head[0] << 24 | (uint32_t)head[1] << 16 | (uint32_t)head[2] << 8 | head[3];
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
        if (little == magics[i] || big == magics[i])
            return true;
    return false;
}

bool stream_is_nanosecond_pcap(const uint8_t *head)
{
    return memcmp(head, "\xa1\xb2\x3c\x4d", 4) == 0 || memcmp(head, "\x4d\x3c\xb2\xa1", 4) == 0;
}

/* Of a descriptor, or -1 with errno. */
static bool take_fd(struct stream *stream, int fd)
{
    struct stat status;
    stream->fd = fd;
    if (fd < 0 || fstat(fd, &status) < 0)
        return refuse(stream, strerror(errno), "");
    if (S_ISDIR(status.st_mode))
        return refuse(stream, "is a directory", "");
    stream->regular = S_ISREG(status.st_mode);
    stream->size = (uint64_t)status.st_size;
    return true;
}

struct stream *stream_open_fd(int fd, char *error)
{
    int number = errno;
    *error = '\0';
    struct stream *stream = calloc(1, sizeof *stream);
    if (stream == NULL) {
        snprintf(error, STREAM_ERROR_SIZE, "no memory");
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    stream->close = close_nothing;
#ifndef FTDPCAP_NO_ZLIB
    stream->between = true;
#endif
    errno = number;
    if (take_fd(stream, fd) && fill_head(stream, &stream->raw, read_fd) && choose(stream) &&
        fill_head(stream, &stream->head, stream->decode))
        return stream;
    snprintf(error, STREAM_ERROR_SIZE, "%s", stream->error);
    stream_close(stream);
    return NULL;
}

struct stream *stream_open(const char *path, char *error)
{
    return stream_open_fd(strcmp(path, "-") == 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0) : inputs_take(path), error);
}

void stream_close(struct stream *stream)
{
    if (stream == NULL)
        return;
    stream->close(stream);
    if (stream->fd >= 0)
        close(stream->fd);
    free(stream->input);
    free(stream->buffer);
#ifndef FTDPCAP_NO_LIBARCHIVE
    free(stream->tried);
#endif
    free(stream);
}

size_t stream_head(const struct stream *stream, const uint8_t **octets)
{
    *octets = stream->head.octets;
    return stream->head.size;
}

ssize_t stream_read(void *user, void *octets, size_t size)
{
    struct stream *stream = user;
    size_t count = take_head(&stream->head, octets, size);
    return count > 0 ? (ssize_t)count : stream->decode(stream, octets, size);
}

static ssize_t read_cookie(void *cookie, char *octets, size_t size) { return stream_read(cookie, octets, size); }

/* A plain regular file from where it stood when it was opened: standard input may be one, too. */
static FILE *open_direct(struct stream *stream)
{
    off_t start = (off_t)stream->taken;
    if (!stream->plain || !stream->regular || lseek(stream->fd, -start, SEEK_CUR) < 0)
        return NULL;
    int fd = fcntl(stream->fd, F_DUPFD_CLOEXEC, 0);
    FILE *file = fd >= 0 ? fdopen(fd, "rb") : NULL;
    if (file == NULL && fd >= 0)
        close(fd);
    if (file == NULL)
        lseek(stream->fd, start, SEEK_CUR);
    return file;
}

FILE *stream_file(struct stream *stream)
{
    static const cookie_io_functions_t functions = {.read = read_cookie};
    stream->buffer = malloc(BUFFER_SIZE);
    if (stream->buffer == NULL)
        return NULL;
    FILE *file = open_direct(stream);
    if (file == NULL)
        file = fopencookie(stream, "rb", functions);
    if (file != NULL)
        setvbuf(file, stream->buffer, _IOFBF, BUFFER_SIZE);
    return file;
}

const char *stream_error(const struct stream *stream) { return stream->error; }

bool stream_position(const struct stream *stream, uint64_t *done, uint64_t *total)
{
    off_t at = stream->regular ? lseek(stream->fd, 0, SEEK_CUR) : -1;
    *done = at >= 0 ? (uint64_t)at : stream->taken;
    *total = stream->size;
    return stream->regular;
}

void stream_stop(struct stream *stream) { stream->stop = 1; }

void stream_on_wait(struct stream *stream, void (*waits)(void *user), void *user)
{
    stream->waits = waits;
    stream->waits_user = user;
}
