/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A capture in memory, frame by frame, and what making trouble in it needs. Ethernet; three devices 192.0.2.1 to .3 send syslog to
 * 198.51.100.9 over IPv4, and where asked for 2001:db8::6 to 2001:db8:10::9 over IPv6.
 */
#ifndef TROUBLE_REEL_H
#define TROUBLE_REEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { ETHERNET = 14, IP = 20, IP6 = 40, UDP = 8, FRONT = ETHERNET + IP + UDP, ROOM = 2048, DEVICES = 3, FRAMES_MAX = 200000 };

struct shot {
    int64_t time; /* microseconds */
    uint32_t length, wire;
    uint8_t octets[ROOM];
};

struct reel {
    struct shot **shots;
    size_t count;
    FILE *notes;
    uint64_t random;
    unsigned interfaces; /* 1 or 2: written as pcapng, with statistics of the first one; the last one has the first packet */
    uint64_t if_drops, os_drops, block_drops; /* by statistics, and told with the first packet */
};

/* Each as NAME[=A[,B]]; rows end with one without a name. Without `run`: A messages have WRONG in place of PART, noted as CODE. */
struct operation {
    const char *name;
    void (*run)(struct reel *reel, unsigned a, unsigned b);
    const char *part, *wrong, *code;
};

void replace_noted(struct reel *reel, unsigned n, const struct operation *row);

extern const struct operation wire_operations[], fragment_operations[], text_operations[], neighbour_operations[], nat_operations[],
    refusal_operations[];

/* What `ftdpcap check` must find: CODE, or CODE/note, and a count between LOW and HIGH. */
void note(struct reel *reel, const char *code, unsigned low, unsigned high);

uint32_t next_random(struct reel *reel);
void put16(uint8_t *at, unsigned value);
unsigned get16(const uint8_t *at);
/* Internet checksums: a sum, and what stands in the field. */
uint32_t summed(uint32_t sum, const uint8_t *at, uint32_t length);
unsigned folded(uint32_t sum);

bool is_syslog(const struct shot *shot);      /* over IPv4 */
bool is_syslog6(const struct shot *shot);
unsigned device_of(const struct shot *shot);
/* Lengths and checksums anew; of the IPv4 header only. */
void seal(struct shot *shot);
void seal_ip(struct shot *shot);

void insert(struct reel *reel, size_t at, const struct shot *shot, int64_t time);
void append(struct reel *reel, const struct shot *shot, int64_t time);
void cut_out(struct reel *reel, size_t at);
/* Cuts out the syslog over IPv4 from BEGIN to before END that IS_ITS, given WHOSE, which is lost on the way: a gap of IP IDs and a silence. */
void lose_between(struct reel *reel, int64_t begin, int64_t end, bool (*is_its)(const struct shot *shot, unsigned whose), unsigned whose);
/* Among the others, in order of time. */
void place(struct reel *reel, const struct shot *shot, int64_t time);
int64_t begin_of(const struct reel *reel);
int64_t end_of(const struct reel *reel);
/* The syslog frame that is number N of COUNT chosen, spread over the middle of the reel. */
size_t pick(const struct reel *reel, unsigned n, unsigned count);
unsigned of_device(const struct reel *reel, unsigned device);
/* IP IDs that tell nothing: all 0 (0), random (1), counting for more than is seen (2), all the same (3). */
void renumber(struct reel *reel, unsigned kind);

/* "Sep 30 2020 09:06:09" */
void write_stamp(char *text, int64_t seconds);
/* A message with the IP ID, number N of its device. */
struct shot make_message(unsigned device, unsigned id, int64_t time, unsigned n);
/* Gives a message's first field (the user) so many octets more. */
void lengthen(struct shot *shot, uint32_t more);
/* An ICMP error of the receiver that quotes its headers. */
struct shot make_error(const struct shot *quoted, unsigned type, unsigned code);
/* A request for 198.51.100.TARGET, or the reply to it. */
struct shot make_arp(unsigned operation, unsigned target);
/* From the messages' text on; the frame's payload is TEXT. */
void set_payload(struct shot *shot, const char *text, size_t length);

void make_clean(struct reel *reel, unsigned count);
bool read_reel(struct reel *reel, const char *path);
bool write_reel(const struct reel *reel, const char *path);

#endif
