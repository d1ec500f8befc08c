/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parts of records as they were rendered last. Flows, priorities and kinds of messages repeat from record to record, and with them the keys that tell
 * of them (enum record_scope): these are rendered once and then copied. One thread, one format, one run.
 */
#ifndef FTDPCAP_MEMO_H
#define FTDPCAP_MEMO_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "buffer.h"

enum { MEMO_WORDS = 5, MEMO_ROOM = 5 * COPY_STEP };

/* What a rendered part depends on, the part itself included; the last word is not 0. */
struct memo_id {
    uint64_t words[MEMO_WORDS];
};

struct memo {
    struct memo_id id;
    size_t length; /* at most MEMO_ROOM */
    char text[MEMO_ROOM];
};

static inline bool memo_holds(const struct memo *memo, const struct memo_id *id)
{
    const uint64_t *a = memo->id.words, *b = id->words;
    return ((a[0] ^ b[0]) | (a[1] ^ b[1]) | (a[2] ^ b[2]) | (a[3] ^ b[3]) | (a[4] ^ b[4])) == 0;
}

/* Where there is room for MEMO_ROOM. */
static inline char *memo_put(char *to, const struct memo *memo) { return put_steps(to, memo->text, memo->length); }

/* Keeps what was appended from START on, unless it is too long. */
static inline void memo_keep(struct memo *memo, const struct memo_id *id, const struct buffer *buffer, size_t start)
{
    size_t length = buffer->length - start;
    if (length > MEMO_ROOM)
        return;
    memo->id = *id;
    memo->length = length;
    if (length)
        memcpy(memo->text, buffer->data + start, length);
}

/* The same for short parts that depend on one number, which is not 0. */
enum { BRIEF_ROOM = 2 * COPY_STEP };

struct memo_brief {
    uint64_t id;
    size_t length; /* at most BRIEF_ROOM */
    char text[BRIEF_ROOM];
};

#endif
