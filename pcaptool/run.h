/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What commands on captures have in common: inputs → selected records → the command. */
#ifndef FTDPCAP_RUN_H
#define FTDPCAP_RUN_H

#include "options.h"

/* Called for each selected record; false ends the run. */
typedef bool run_fn(const struct record *record, void *user);
/* Called between datagrams when output should not wait any longer: input is live or a pipe that is empty. */
typedef void run_flush_fn(void *user);

struct run {
    uint64_t records;            /* selected */
    struct source_facts facts;   /* over all inputs */
};

/* How many threads are worth while: -j, or by default the number of cores for large files. Input that is watched while it comes, and -c,
 * want one. */
unsigned run_threads(const struct options *options);

/* Reads all inputs. What is wrong with one is said on standard error; the others are still read. Returns enum exit_status. */
int run_inputs(struct options *options, run_fn *take, run_flush_fn *flush, void *user, struct run *run);

/* Decodes the message at octet FROM of a datagram; all but the record's memory is set. HEADERS: of this thread, or NULL. Returns where the next one
 * starts. */
size_t record_decode(struct record *record, const struct view *view, struct msgt_memory *headers, const struct datagram *datagram, size_t from);

/* The selected records of one datagram from octet *FROM on, where at least one is; stops where the function says false, which is then returned. *FROM is
 * then where the next one starts. MEMORY: of this thread. */
bool run_records(const struct options *options, struct record_memory *memory, const struct datagram *datagram, size_t *from, run_fn *take,
                 void *user);

/* Whether a further record starts at octet FROM. */
static inline bool run_goes_on(const struct datagram *datagram, size_t from) { return from < datagram->length; }

/* As run_inputs() for records that are only printed, in the options' format, on several threads. */
int run_printing(struct options *options, unsigned threads, struct run *run);

/* Says on standard error what was there instead, when the inputs held no FTD or ASA syslog, or none that was asked for. STATUS: of reading them. */
void run_explain_nothing(const struct options *options, const struct run *run, int status);

#endif
