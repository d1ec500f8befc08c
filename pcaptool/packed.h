/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compressed content by its first octets, and what is needed to read it. */
#ifndef FTDPCAP_PACKED_H
#define FTDPCAP_PACKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether content may be of a format that libarchive unpacks. It has the last word: text may begin the same way. */
bool packed_looks(const uint8_t *head, size_t size);

/* A sentence when such content stays as it is because this build has no libarchive, else NULL. */
const char *packed_refusal(const uint8_t *head, size_t size);

/*
 * Loads libarchive if what will be read from FD may need it, while files may still be opened. A pipe cannot be looked at without
 * reading it: it may; so may a file that has not yet begun, and what is not yet open (-1).
 */
void packed_prepare(int fd);

#endif
