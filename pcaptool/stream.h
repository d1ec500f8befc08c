/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The octets of one input, decompressed when its content says so.
 *
 *     file, pipe ──► raw octets ─┬─► as they are     (a capture's magic number)
 *                                ├─► zlib            (gzip, RFC 1952)
 *                                └─► libarchive, raw (xz, zstd, lz4, bzip2, lzip, lzma, compress)
 *
 * gzip has its own way because libarchive withholds up to 64 KiB that were decompressed before the
 * place where a file breaks off; for the other formats the loss of that last block remains. Filters that would start
 * another program are never enabled. FTDPCAP_NO_ZLIB and FTDPCAP_NO_LIBARCHIVE build without these.
 */
#ifndef FTDPCAP_STREAM_H
#define FTDPCAP_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

/* Octets that stream_head() shows, and room for a sentence. */
#define STREAM_HEAD_SIZE 24
#define STREAM_ERROR_SIZE 256

struct stream;

/*
 * Opens `path`, or standard input for "-". Waits until the first octets are there. Returns NULL
 * with a sentence in `error` (STREAM_ERROR_SIZE): `No such file or directory`, `is a directory`.
 */
struct stream *stream_open(const char *path, char *error);

/* The same for a descriptor, which becomes the stream's; -1: errno says what went wrong. */
struct stream *stream_open_fd(int fd, char *error);
void stream_close(struct stream *stream);

/* Up to STREAM_HEAD_SIZE first octets, decompressed, without consuming them; fewer: all there is. */
size_t stream_head(const struct stream *stream, const uint8_t **octets);

/* Whether `head` begins as a pcap or pcapng file of any variant libpcap knows. */
bool stream_is_pcap(const uint8_t *head, size_t size);
bool stream_is_pcapng(const uint8_t *head, size_t size);

/* Of a head that is pcap: whether its times have 9 digits, not 6. */
bool stream_is_nanosecond_pcap(const uint8_t *head);

/*
 * Reads up to `size` octets: waits for at least one, goes on after signals. 0 at the end or after
 * stream_stop(), -1 when reading or decompressing failed (stream_error()).
 * `stream` is a struct stream; the type is that of window_read_fn.
 */
ssize_t stream_read(void *stream, void *octets, size_t size);

/*
 * The same octets as a stdio stream with a large buffer, from the first one on; a plain regular file
 * is read by stdio directly. At most once, instead of stream_read(), and closed by the
 * caller before `stream`. NULL when there is no memory.
 */
FILE *stream_file(struct stream *stream);

/* Empty unless something failed. */
const char *stream_error(const struct stream *stream);

/* Stored (compressed) octets read so far, and the size of the input; false when that is unknown. */
bool stream_position(const struct stream *stream, uint64_t *done, uint64_t *total);

/* WAITS is called whenever reading from a pipe or a terminal is about to wait because nothing is there. */
void stream_on_wait(struct stream *stream, void (*waits)(void *user), void *user);

/* Async-signal-safe: reading ends. */
void stream_stop(struct stream *stream);

#endif
