/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The workload: COUNT datagrams made of the catalogue's examples under all header forms. Deterministic.
 * Usage: mkload COUNT FILE [TEXT [KINDS]]; TEXT gets the messages as lines, KINDS limits how many messages of the catalogue occur. */
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "msgtable/msgtable.h"

static const char *const headers[] = {
    "<166>Sep 30 2020 09:%02u:%02u fw%u : %%FTD-%u-%u: ",  "<166>2020-09-30T09:%02u:%02uZ fw%u : %%FTD-%u-%u: ",
    "<166>Sep 30 09:%02u:%02u fw%u %%ASA-%u-%u: ",         "<166>:Sep 30 09:%02u:%02u UTC: %%FTD-vpn%u-%u-%u: ",
    "<166>1 2020-09-30T09:%02u:%02uZ fw%u - - - - %%FTD-%u-%u: ", "Sep 30 2020 09:%02u:%02u fw%u : %%FTD-%u-%u: ",
};

struct load {
    const struct msgt_table *table;
    size_t message;
    unsigned example;
    size_t kinds, step; /* message indices are multiples of step */
    uint32_t number;
};

static size_t next_text(struct load *load, char *text, size_t size, uint32_t *id)
{
    struct msgt_message m = msgt_message(load->table, load->message, MSGT_EN);
    const char *example = msgt_example(load->table, load->message, load->example);
    unsigned minute = load->number / 60 % 60, second = load->number % 60, device = 1 + load->number % 4;
    int front = snprintf(text, size, headers[load->number % (sizeof headers / sizeof *headers)], minute, second, device,
                         (unsigned)m.severity, (unsigned)m.id);
    size_t length = (size_t)front + strlen(example);
    memcpy(text + front, example, strlen(example) + 1);
    *id = m.id;
    load->number++;
    if (++load->example == m.examples) {
        load->example = 0;
        load->message = (load->message + load->step) % (load->kinds * load->step);
    }
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
    put16(frame + 18, number & 0xffff);
    frame[29] = (uint8_t)(1 + number % 4);
    uint32_t sum = 0;
    for (int i = 14; i < 34; i += 2)
        sum += (uint32_t)(frame[i] << 8 | frame[i + 1]);
    sum = (sum & 0xffff) + (sum >> 16);
    put16(frame + 24, ~(sum + (sum >> 16)) & 0xffff);
    put16(frame + 38, length + 8);
    put16(frame + 40, 0);
    memcpy(frame + 42, text, length);
    return length + 42;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fputs("usage: mkload COUNT FILE [TEXT [KINDS]]\n", stderr);
        return 2;
    }
    uint32_t count = (uint32_t)strtoul(argv[1], NULL, 10);
    size_t messages = msgt_message_count(msgt_builtin()), kinds = argc > 4 ? strtoul(argv[4], NULL, 10) : messages;
    if (kinds < 1 || kinds > messages)
        kinds = messages;
    struct load load = {.table = msgt_builtin(), .kinds = kinds, .step = messages / kinds};
    pcap_t *dead = pcap_open_dead(DLT_EN10MB, 262144);
    pcap_dumper_t *dump = dead ? pcap_dump_open(dead, argv[2]) : NULL;
    FILE *lines = argc > 3 && *argv[3] ? fopen(argv[3], "w") : NULL;
    if (!dump || (argc > 3 && *argv[3] && !lines)) {
        fprintf(stderr, "mkload: cannot write %s\n", argv[2]);
        return 2;
    }
    for (uint32_t i = 0; i < count; i++) {
        char text[4096];
        uint8_t frame[4200];
        uint32_t id;
        size_t length = next_text(&load, text, sizeof text, &id);
        size_t size = make_frame(frame, text, length, i);
        struct pcap_pkthdr header = {.caplen = (bpf_u_int32)size, .len = (bpf_u_int32)size};
        header.ts.tv_sec = 1601456769 + i / 1000;
        header.ts.tv_usec = i % 1000 * 1000;
        pcap_dump((u_char *)dump, &header, frame);
        if (lines)
            fprintf(lines, "%s\n", text);
    }
    int wrong = pcap_dump_flush(dump) != 0 || (lines && fclose(lines) != 0);
    pcap_dump_close(dump);
    pcap_close(dead);
    if (wrong)
        fprintf(stderr, "mkload: writing failed\n");
    return wrong ? 2 : 0;
}
