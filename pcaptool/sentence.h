/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sentences with braces: "{n} message{s} of {device} {were} lost". Names are replaced by their values, and what depends on number is put right. */
#ifndef FTDPCAP_SENTENCE_H
#define FTDPCAP_SENTENCE_H

#include "buffer.h"
#include "msgtable/msgtable.h"

/* In each language. */
typedef const char *const sentence_text[MSGT_LANGS];

/* Behind the verdict of a report of which an input was not there, was damaged or ended too early. */
extern sentence_text sentence_damaged;

/* Fills TEXT's braces from NAMES, which ends with NULL: name, value, … A noun ("s") follows the number that was filled in last, a verb ("are", "were",
 * "have") the value of "n". Values are made safe to show. */
void sentence_put(struct buffer *out, const char *text, const char *const *names);

/* The same as a string of its own. */
char *sentence_filled(const char *text, const char *const *names);

/* A length of time to the second, cut: 03:04:05, 2 d 03:04:05. */
void sentence_span(struct buffer *out, double seconds, enum msgt_lang lang);

#endif
