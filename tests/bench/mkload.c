/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The workload: COUNT datagrams at a thousand a second, made of the catalogue's examples. Deterministic.
 *
 *     mkload COUNT FILE              all examples of all messages, each under all header forms, with all that may stand around a text
 *     mkload COUNT FILE TEXT ID…     the first example of these messages as an FTD sends them; TEXT gets them as lines
 */
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "msgtable/msgtable.h"

enum { TEXT_MAX = 4096, FRONT_MAX = 42, START = 1601456769, RATE = 1000 }; /* FRONT_MAX: Ethernet, IPv4, UDP. START: 09:06:09 UTC */

/* Of the device and of relays, all that samples/scenarios/headers.txt has. ! priority of local4, & of local1, @ time of day, # device, ~ severity and ID, * counter. */
static const char *const forms[] = {
    "<!>Sep 30 2020 @ fw# : %FTD-~: ", /* what an FTD sends */
    "<!>Sep 30 2020 @: %FTD-~: ",
    "<!>Sep 30 @ fw# %ASA-~: ",
    "<!>2020-09-30T@Z fw# : %FTD-~: ",
    "<!>2020-09-30T@Z: %FTD-~: ",
    "<!>1 2020-09-30T@Z fw# - - - - %FTD-~: ",
    "<!>:Sep 30 @ UTC: %FTD-vpn-~: ",
    "<!>:: %FTD-session-~: ",
    "Sep 30 2020 @ fw# : %FTD-~: ",
    "<!>%FTD-~: ",
    "%ASA-~: ",
    "<!>Sep 30 @ MSK fw# : %ASA-~: ",
    "<!>Sep 30 @ relay : Sep 30 @ EDT: %ASA-auth-~: ",
    "<!>2020-09-30T@.254798+00:00 local4.err fw# %ASA-~: ",
    "<!>Sep 30 2020 @.254 fw# : %FTD-~: ",
    "<!>Sep 30 @ fw# CiscoASA[999]: %ASA-~: ",
    "<!>*: fw#: *: Sep 30 @: %ASA-~: ",
    "<!>Sep 30 2020 @ 192.0.2.# : %FTD-~: ",
    "<!>Sep 30 2020 @ 2001:db8::# : %FTD-~: ",
    "<!>Sep 30 2020 @ fw# : %FTD-~ ",
    "<!>Sep 30 2020 @ fw# : %FTD--~: ",
    "<!>1 2020-09-30T@.254798+00:00 fw#.example.com ftd 4711 - - %FTD-~: ",
    "<!>1 2020-09-30T@.254Z fw# - - - [meta sequenceId=\"*\"] %FTD-~: ",
    "<!>2020-09-30T@.254798Z fw# : %FTD-~: ",
    "<!>2020-09-30T@.254798123Z fw# : %FTD-~: ",
    "<!>Sep 30 2020 @ fw#.example.com : %FTD-~: ",
    "<!>Sep 30 2020 @ fw#/admin : %ASA-~: ",
    "<!>Sep 30 2020 @ Rack #, left : %ASA-~: ",
    "<!>Sep 30 2020 @ fw# : %ASA-ikev2-~: ",
    "<!>Sep 30 2020 @ fw# : %ASA-threat-detection-~: ",
    "<!>Sep 30 2020 @ fw# : %FTD<Up>-~: ",
    "<!>Sep 30 2020 @: %PIX-~: ",
    "<!>Sep 30 2020 @ fwsm# : %FWSM-~: ",
    "<!>Sep 30 2020 @ fw# : %ASA-~ : ",
    "<!>Sep 30 2020 @ fw# :  %FTD-~: ",
    "<&>Sep 30 2020 @ fw# : %FTD-~: ",
    "<!>:Sep 30 2020 @.254 UTC: %FTD-~: ",
};

/* What may stand around a text. */
static const struct wrapping {
    const char *front, *behind;
    size_t behind_length;
} wrappings[] = {{"", "", 0},    {"", "\n", 1},    {"", "\r\n", 2}, {"", "", 1}, {"", "\n", 2}, {"", "\r", 2}, {"", " (35 instances received)", 24},
                 {"message repeated 2 times: [ ", "]", 1}};

/* Their numbers have no common divisor: each form meets each wrapping. */
enum { FORMS = sizeof forms / sizeof *forms, WRAPPINGS = sizeof wrappings / sizeof *wrappings };

struct load {
    const struct msgt_table *table;
    size_t *messages, count; /* indices of the messages that occur */
    size_t next;             /* among them */
    unsigned example, pass;
    uint32_t place;          /* of the example, in the pass */
    bool plain; /* the first form, nothing around the text, the first example */
};

static size_t put_mark(char *to, size_t room, char mark, const struct msgt_message *m, uint32_t number)
{
    uint32_t second = START % 86400 + number / RATE;
    int n = mark == '!'   ? snprintf(to, room, "%u", 160u + m->severity)
            : mark == '&' ? snprintf(to, room, "%u", 136u + m->severity)
            : mark == '@' ? snprintf(to, room, "%02u:%02u:%02u", second / 3600 % 24, second / 60 % 60, second % 60)
            : mark == '#' ? snprintf(to, room, "%u", 1 + number % 4)
            : mark == '~' ? snprintf(to, room, "%u-%06u", (unsigned)m->severity, (unsigned)m->id)
            : mark == '*' ? snprintf(to, room, "%u", number)
                          : snprintf(to, room, "%c", mark);
    return (size_t)n;
}

/* Other users and addresses in place of the one of the examples, as long as these: no two messages in a row are alike. */
static void vary(char *text, size_t length, uint32_t number)
{
    static const char *const users[] = {"alice", "bruno", "carla", "denis", "elena", "frank", "grete"};
    const char *user = users[number % (sizeof users / sizeof *users)];
    for (char *at = text; (at = memmem(at, length - (size_t)(at - text), "alice", 5)); at += 5)
        memcpy(at, user, 5);
    for (char *at = text; (at = memmem(at, length - (size_t)(at - text), "192.0.2.7", 9)); at += 9)
        at[8] = (char)('1' + number % 9);
}

static void step(struct load *load, unsigned examples)
{
    load->place++;
    if (!load->plain && ++load->example < examples)
        return;
    load->example = 0;
    if (++load->next < load->count)
        return;
    load->next = load->place = 0;
    load->pass++; /* shifts the forms, so that each example meets each */
}

static size_t next_text(struct load *load, char *text, uint32_t number)
{
    size_t message = load->messages[load->next], length = 0;
    struct msgt_message m = msgt_message(load->table, message, MSGT_EN);
    const char *example = msgt_example(load->table, message, load->example);
    const char *form = forms[load->plain ? 0 : (load->place + load->pass) % FORMS];
    const struct wrapping *around = &wrappings[load->plain ? 0 : (load->place / FORMS + load->pass) % WRAPPINGS];
    for (; *form; form++)
        length += put_mark(text + length, TEXT_MAX - length, *form, &m, number);
    length += (size_t)snprintf(text + length, TEXT_MAX - length, "%s%s", around->front, example);
    memcpy(text + length, around->behind, around->behind_length);
    length += around->behind_length;
    vary(text, length, number);
    step(load, m.examples);
    return length;
}

static void put16(uint8_t *at, size_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

/* Ethernet, IPv4 with checksum, UDP without. */
static size_t make_frame(uint8_t *frame, const char *text, size_t length, uint32_t number)
{
    static const uint8_t start[] = {0, 0, 0x5e, 0, 0x53, 1, 0, 0, 0x5e, 0, 0x53, 2, 8, 0, 0x45, 0, 0, 0, 0, 0, 0, 0, 255, 17, 0, 0,
                                    192, 0, 2, 0, 198, 51, 100, 9, 2, 2, 2, 2};
    memcpy(frame, start, sizeof start);
    put16(frame + 16, length + 28);
    put16(frame + 18, number / 4 & 0xffff); /* each device counts for itself */
    frame[29] = (uint8_t)(1 + number % 4);
    uint32_t sum = 0;
    for (int i = 14; i < 34; i += 2)
        sum += (uint32_t)(frame[i] << 8 | frame[i + 1]);
    sum = (sum & 0xffff) + (sum >> 16);
    put16(frame + 24, ~(sum + (sum >> 16)) & 0xffff);
    put16(frame + 38, length + 8);
    put16(frame + 40, 0);
    memcpy(frame + FRONT_MAX, text, length);
    return length + FRONT_MAX;
}

static void write_all(struct load *load, uint32_t count, pcap_dumper_t *dump, FILE *lines)
{
    for (uint32_t i = 0; i < count; i++) {
        char text[TEXT_MAX];
        uint8_t frame[TEXT_MAX + FRONT_MAX];
        size_t length = next_text(load, text, i), size = make_frame(frame, text, length, i);
        struct pcap_pkthdr header = {.caplen = (bpf_u_int32)size, .len = (bpf_u_int32)size};
        header.ts.tv_sec = START + i / RATE;
        header.ts.tv_usec = i % RATE * (1000000 / RATE);
        pcap_dump((u_char *)dump, &header, frame);
        if (lines)
            fprintf(lines, "%.*s\n", (int)length, text);
    }
}

/* The messages asked for, all when none are. False when one is not in the catalogue, or an example does not fit. */
static bool choose(struct load *load, char **ids, size_t count)
{
    size_t all = msgt_message_count(load->table);
    load->plain = count > 0;
    load->count = count ? count : all;
    load->messages = calloc(load->count, sizeof *load->messages);
    for (size_t i = 0; load->messages && i < load->count; i++) {
        int index = count ? msgt_message_index(load->table, (uint32_t)strtoul(ids[i], NULL, 10)) : (int)i;
        struct msgt_message m = msgt_message(load->table, index < 0 ? 0 : (size_t)index, MSGT_EN);
        for (unsigned k = 0; index >= 0 && k < m.examples; k++)
            if (strlen(msgt_example(load->table, (size_t)index, k)) > TEXT_MAX - 256)
                index = -1;
        if (index < 0 || m.examples == 0)
            return false;
        load->messages[i] = (size_t)index;
    }
    return load->messages != NULL;
}

int main(int argc, char **argv)
{
    if (argc < 3 || argc == 4) {
        fputs("usage: mkload COUNT FILE [TEXT ID...]\n", stderr);
        return 2;
    }
    struct load load = {.table = msgt_builtin()};
    if (!choose(&load, argv + 4, argc > 4 ? (size_t)argc - 4 : 0)) {
        fputs("mkload: a message is not in the catalogue, or its example is too long\n", stderr);
        return 2;
    }
    pcap_t *dead = pcap_open_dead(DLT_EN10MB, 262144);
    pcap_dumper_t *dump = dead ? pcap_dump_open(dead, argv[2]) : NULL;
    FILE *lines = argc > 4 ? fopen(argv[3], "w") : NULL;
    if (!dump || (argc > 4 && !lines)) {
        fprintf(stderr, "mkload: cannot write %s\n", argv[2]);
        return 2;
    }
    write_all(&load, (uint32_t)strtoul(argv[1], NULL, 10), dump, lines);
    bool wrong = pcap_dump_flush(dump) != 0;
    wrong |= lines && (ferror(lines) | fclose(lines)) != 0;
    pcap_dump_close(dump);
    pcap_close(dead);
    free(load.messages);
    if (wrong)
        fputs("mkload: writing failed\n", stderr);
    return wrong ? 2 : 0;
}
