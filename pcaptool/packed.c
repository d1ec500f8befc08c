/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "packed.h"

#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#ifndef FTDPCAP_NO_LIBARCHIVE
#include "archive_library.h"
#endif

enum { MAGIC_MAX = 6 };

static const struct {
    uint8_t octets[MAGIC_MAX], mask; /* of the first octet */
    uint8_t size;
} magics[] = {
    {{0x1f, 0x8b}, 0xff, 2},                     /* gzip, RFC 1952 */
    {{0xfd, '7', 'z', 'X', 'Z', 0x00}, 0xff, 6}, /* xz */
    {{0x28, 0xb5, 0x2f, 0xfd}, 0xff, 4},         /* zstd, RFC 8878 */
    {{0x50, 0x2a, 0x4d, 0x18}, 0xf0, 4},         /* zstd and lz4: a frame to be skipped comes first */
    {{0x04, 0x22, 0x4d, 0x18}, 0xff, 4},         /* lz4 */
    {{0x02, 0x21, 0x4c, 0x18}, 0xff, 4},         /* lz4 as it was first */
    {{'B', 'Z', 'h'}, 0xff, 3},                  /* bzip2 */
    {{'L', 'Z', 'I', 'P'}, 0xff, 4},             /* lzip */
    {{0x5d, 0x00, 0x00}, 0xff, 3},               /* lzma: the usual properties, a dictionary of 64 KiB or more */
    {{0x1f, 0x9d}, 0xff, 2},                     /* compress */
};

bool packed_looks(const uint8_t *head, size_t size)
{
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
        if (size >= magics[i].size && (head[0] & magics[i].mask) == magics[i].octets[0] &&
            memcmp(head + 1, magics[i].octets + 1, magics[i].size - 1u) == 0)
            return true;
    return false;
}

const char *packed_refusal(const uint8_t *head, size_t size)
{
#ifdef FTDPCAP_NO_LIBARCHIVE
    if (packed_looks(head, size))
        return "it is compressed, and this program was built without libarchive";
#else
    (void)head;
    (void)size;
#endif
    return NULL;
}

void packed_prepare(int fd)
{
#ifdef FTDPCAP_NO_LIBARCHIVE
    (void)fd;
#else
    uint8_t head[MAGIC_MAX];
    const char *error;
    off_t at = fd >= 0 ? lseek(fd, 0, SEEK_CUR) : -1;
    ssize_t size = at >= 0 ? pread(fd, head, sizeof head, at) : -1;
    if (size < (ssize_t)sizeof head || packed_looks(head, (size_t)size))
        archive_library(&error); /* what is wrong is said by who cannot read */
#endif
}
