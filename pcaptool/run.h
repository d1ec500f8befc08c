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

/* Reads all inputs. What is wrong with one is said on standard error; the others are still read. Returns enum exit_status. */
int run_inputs(struct options *options, run_fn *take, run_flush_fn *flush, void *user, struct run *run);

/* The selected records of one datagram; stops where the function says false, which is then returned. MEMORY: of this thread. */
bool run_records(const struct options *options, struct record_memory *memory, const struct datagram *datagram, run_fn *take, void *user);

/* As run_inputs() for records that are only printed, in the options' format, on several threads. */
int run_printing(struct options *options, unsigned threads, struct run *run);

/* Says on standard error what was there instead, when the inputs held no FTD or ASA syslog. */
void run_explain_nothing(const struct options *options, const struct run *run);

#endif
