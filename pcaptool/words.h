/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Several octets as one number, as they lie in memory. */
#ifndef FTDPCAP_WORDS_H
#define FTDPCAP_WORDS_H

#include <stdint.h>
#include <string.h>

static inline uint64_t word64_at(const void *octets)
{
    uint64_t word;
    memcpy(&word, octets, sizeof word);
    return word;
}

static inline uint32_t word32_at(const void *octets)
{
    uint32_t word;
    memcpy(&word, octets, sizeof word);
    return word;
}

#endif
