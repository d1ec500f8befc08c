/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The workload: COUNT datagrams at a thousand a second, made of the catalogue's examples. Deterministic, and nothing repeats: messages come in an order
 * that nobody can guess, with users, addresses, ports and session numbers of their own.
 *
 *     mkload [-m CATALOGUE] COUNT FILE       all examples of all messages, each under all header forms, with all that may stand around a text
 *     mkload COUNT FILE TEXT ID…             the first example of these messages as an FTD sends them; TEXT gets them as lines
 */
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "msgtable/msgtable.h"

enum { TEXT_MAX = 4096, FRONT_MAX = 42, START = 1601456769, RATE = 1000 }; /* FRONT_MAX: Ethernet, IPv4, UDP. START: 09:06:09 UTC */

/* Of the device and of relays, those that samples/scenarios/headers.txt has. ! priority of local4, & of local1, @ time of day, # device, ~ severity and ID, * counter. */
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

enum { DEVICES = 4 };

struct choice {
    uint32_t message, example, place; /* index; among its examples; among all choices */
};

struct load {
    const struct msgt_table *table;
    struct choice *choices; /* all that occurs; once in each pass, in an order of its own */
    size_t count, next;
    unsigned pass;
    bool plain; /* the first form, nothing around the text */
    uint64_t random;
    unsigned device; /* of the message */
    uint16_t ids[DEVICES];
};

/* A number below LIMIT. */
static uint32_t draw(struct load *load, uint32_t limit)
{
    load->random = load->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407); /* Knuth, MMIX */
    return (uint32_t)((load->random >> 32) * limit >> 32);
}

static void shuffle(struct load *load)
{
    for (size_t i = load->count; i > 1; i--) {
        size_t k = draw(load, (uint32_t)i);
        struct choice kept = load->choices[k];
        load->choices[k] = load->choices[i - 1];
        load->choices[i - 1] = kept;
    }
}

static size_t put_mark(char *to, size_t room, char mark, const struct msgt_message *m, uint32_t number, unsigned device)
{
    uint32_t second = START % 86400 + number / RATE;
    int n = mark == '!'   ? snprintf(to, room, "%u", 160u + m->severity)
            : mark == '&' ? snprintf(to, room, "%u", 136u + m->severity)
            : mark == '@' ? snprintf(to, room, "%02u:%02u:%02u", second / 3600 % 24, second / 60 % 60, second % 60)
            : mark == '#' ? snprintf(to, room, "%u", 1 + device)
            : mark == '~' ? snprintf(to, room, "%u-%06u", (unsigned)m->severity, (unsigned)m->id)
            : mark == '*' ? snprintf(to, room, "%u", number)
                          : snprintf(to, room, "%c", mark);
    return (size_t)n;
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
static bool is_word(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.'; }

static size_t run_of(const char *text, size_t length, bool (*is)(char))
{
    size_t n = 0;
    while (n < length && is(text[n]))
        n++;
    return n;
}

/* Another number of as many digits, at most MOST. */
static void vary_number(struct load *load, char *digits, size_t count, uint32_t most)
{
    uint32_t least = 1;
    for (size_t i = 1; i < count; i++)
        least *= 10;
    uint32_t above = count == 1 ? 10 : least * 10 > most ? most + 1 : least * 10, number = least + draw(load, above - least);
    for (size_t i = count; i-- > 0; number /= 10)
        digits[i] = (char)('0' + number % 10);
}

/* Octets of the dotted quad that stands there, 0 when there is none; *LAST is where its last part starts. */
static size_t quad(const char *text, size_t length, size_t *last)
{
    size_t at = 0;
    for (int part = 0; part < 4; part++) {
        if (part && (at == length || text[at++] != '.'))
            return 0;
        *last = at;
        size_t digits = run_of(text + at, length - at, is_digit);
        if (digits == 0 || digits > 3)
            return 0;
        at += digits;
    }
    return at == length || !is_word(text[at]) ? at : 0;
}

/* Other users, addresses, ports and session numbers in place of those of the example, as long as these. */
static void vary(struct load *load, char *text, size_t length)
{
    for (size_t at = 0; at < length; at++) {
        size_t last, n;
        if (at > 0 && is_word(text[at - 1]))
            continue;
        if (length - at >= 5 && memcmp(text + at, "alice", 5) == 0 && draw(load, 8) > 0) {
            for (int i = 0; i < 5; i++)
                text[at + (size_t)i] = (char)('a' + draw(load, 26));
        } else if (length - at > 8 && memcmp(text + at, "0x", 2) == 0) {
            n = run_of(text + at + 2, length - at - 2, is_hex);
            for (size_t i = 0; i < n; i++)
                text[at + 2 + i] = "0123456789abcdef"[draw(load, 16)];
        } else if ((n = quad(text + at, length - at, &last)) > 0) {
            vary_number(load, text + at + last, n - last, 254);
            at += n;
            size_t port = at + 1 < length && (text[at] == '/' || text[at] == ':') ? run_of(text + at + 1, length - at - 1, is_digit) : 0;
            if (port == 4 || port == 5)
                vary_number(load, text + at + 1, port, 65535);
        }
    }
}

static const struct choice *next_choice(struct load *load)
{
    if (load->plain)
        return &load->choices[draw(load, (uint32_t)load->count)];
    if (load->next == load->count) {
        load->next = 0;
        load->pass++; /* shifts the forms, so that each example meets each */
    }
    if (load->next == 0)
        shuffle(load);
    return &load->choices[load->next++];
}

static size_t next_text(struct load *load, char *text, uint32_t number)
{
    size_t length = 0;
    const struct choice *choice = next_choice(load);
    struct msgt_message m = msgt_message(load->table, choice->message, MSGT_EN);
    const char *form = forms[load->plain ? 0 : (choice->place + load->pass) % FORMS];
    const struct wrapping *around = &wrappings[load->plain ? 0 : (choice->place / FORMS + load->pass) % WRAPPINGS];
    load->device = draw(load, DEVICES);
    for (; *form; form++)
        length += put_mark(text + length, TEXT_MAX - length, *form, &m, number, load->device);
    size_t front = length + strlen(around->front);
    length += (size_t)snprintf(text + length, TEXT_MAX - length, "%s%s", around->front, msgt_example(load->table, choice->message, choice->example));
    vary(load, text + front, length - front);
    memcpy(text + length, around->behind, around->behind_length);
    return length + around->behind_length;
}

static void put16(uint8_t *at, size_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static uint32_t sum_of(const uint8_t *octets, size_t length)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < length; i++)
        sum += i % 2 ? octets[i] : (uint32_t)octets[i] << 8;
    return sum;
}

static size_t complement(uint32_t sum)
{
    sum = (sum & 0xffff) + (sum >> 16);
    return ~(sum + (sum >> 16)) & 0xffff;
}

/* Ethernet, IPv4 and UDP, both with checksum. */
static size_t make_frame(struct load *load, uint8_t *frame, const char *text, size_t length)
{
    static const uint8_t start[] = {0, 0, 0x5e, 0, 0x53, 1, 0, 0, 0x5e, 0, 0x53, 2, 8, 0, 0x45, 0, 0, 0, 0, 0, 0, 0, 255, 17, 0, 0,
                                    192, 0, 2, 0, 198, 51, 100, 9, 2, 2, 2, 2};
    enum { IP = 14, UDP = 34 };
    memcpy(frame, start, sizeof start);
    put16(frame + IP + 2, length + 28);
    put16(frame + IP + 4, load->ids[load->device]++); /* each device counts for itself */
    frame[IP + 15] = (uint8_t)(1 + load->device);
    put16(frame + IP + 10, complement(sum_of(frame + IP, 20)));
    put16(frame + UDP + 4, length + 8);
    put16(frame + UDP + 6, 0);
    memcpy(frame + FRONT_MAX, text, length);
    size_t sum = complement(sum_of(frame + IP + 12, 8) + 17 + (uint32_t)length + 8 + sum_of(frame + UDP, length + 8));
    put16(frame + UDP + 6, sum ? sum : 0xffff);
    return length + FRONT_MAX;
}

static void write_all(struct load *load, uint32_t count, pcap_dumper_t *dump, FILE *lines)
{
    for (uint32_t i = 0; i < count; i++) {
        char text[TEXT_MAX];
        uint8_t frame[TEXT_MAX + FRONT_MAX];
        size_t length = next_text(load, text, i), size = make_frame(load, frame, text, length);
        struct pcap_pkthdr header = {.caplen = (bpf_u_int32)size, .len = (bpf_u_int32)size};
        header.ts.tv_sec = START + i / RATE;
        header.ts.tv_usec = i % RATE * (1000000 / RATE);
        pcap_dump((u_char *)dump, &header, frame);
        if (lines)
            fprintf(lines, "%.*s\n", (int)length, text);
    }
}

/* The examples of a message, or the first one. False when it is not in the catalogue, or an example does not fit. */
static bool add_message(struct load *load, int index)
{
    if (index < 0)
        return false;
    struct msgt_message m = msgt_message(load->table, (size_t)index, MSGT_EN);
    uint32_t examples = load->plain && m.examples ? 1 : m.examples;
    struct choice *more = realloc(load->choices, (load->count + examples) * sizeof *more);
    if (!more || examples == 0)
        return false;
    load->choices = more;
    for (uint32_t i = 0; i < examples; i++, load->count++) {
        if (strlen(msgt_example(load->table, (size_t)index, i)) > TEXT_MAX - 256)
            return false;
        load->choices[load->count] = (struct choice){(uint32_t)index, i, (uint32_t)load->count};
    }
    return true;
}

/* The messages asked for, all when none are. */
static bool choose(struct load *load, char **ids, size_t count)
{
    size_t all = msgt_message_count(load->table);
    load->plain = count > 0;
    for (size_t i = 0; i < (count ? count : all); i++)
        if (!add_message(load, count ? msgt_message_index(load->table, (uint32_t)strtoul(ids[i], NULL, 10)) : (int)i))
            return false;
    return true;
}

int main(int argc, char **argv)
{
    const char *catalogue = argc > 2 && strcmp(argv[1], "-m") == 0 ? argv[2] : NULL;
    argv += catalogue ? 2 : 0;
    argc -= catalogue ? 2 : 0;
    if (argc < 3 || argc == 4) {
        fputs("usage: mkload [-m CATALOGUE] COUNT FILE [TEXT ID...]\n", stderr);
        return 2;
    }
    struct msgt_error error;
    struct load load = {.table = catalogue ? msgt_load(msgt_builtin(), &catalogue, 1, &error) : msgt_builtin(), .random = 1};
    if (!load.table) {
        fprintf(stderr, "mkload: %s: %s\n", catalogue, error.text);
        return 2;
    }
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
    bool wrong = pcap_dump_flush(dump) != 0 || ferror(pcap_dump_file(dump));
    wrong |= lines && (ferror(lines) | fclose(lines)) != 0;
    pcap_dump_close(dump);
    pcap_close(dead);
    free(load.choices);
    if (wrong)
        fputs("mkload: writing failed\n", stderr);
    return wrong ? 2 : 0;
}
