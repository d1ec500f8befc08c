/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reel.h"

#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

uint32_t next_random(struct reel *reel)
{
    reel->random = reel->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(reel->random >> 33);
}

void put16(uint8_t *at, unsigned value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

unsigned get16(const uint8_t *at) { return (unsigned)at[0] << 8 | at[1]; }

uint32_t summed(uint32_t sum, const uint8_t *at, uint32_t length)
{
    for (uint32_t i = 0; i < length; i++)
        sum += i % 2 ? at[i] : (uint32_t)at[i] << 8;
    return sum;
}

unsigned folded(uint32_t sum)
{
    while (sum > 0xffff)
        sum = (sum & 0xffff) + (sum >> 16);
    return ~sum & 0xffff;
}

bool is_syslog(const struct shot *s) { return s->length > FRONT && get16(s->octets + 12) == 0x800 && s->octets[23] == 17; }
bool is_syslog6(const struct shot *s) { return get16(s->octets + 12) == 0x86dd && s->octets[ETHERNET + 6] == 17; }
unsigned device_of(const struct shot *s) { return s->octets[29]; }

void seal(struct shot *s)
{
    uint8_t *ip = s->octets + ETHERNET, *udp = ip + IP;
    uint32_t length = s->length - ETHERNET - IP;
    put16(ip + 2, IP + length);
    put16(ip + 10, 0);
    put16(ip + 10, folded(summed(0, ip, IP)));
    put16(udp + 4, length);
    put16(udp + 6, 0);
    put16(udp + 6, folded(summed(summed(17 + length, ip + 12, 8), udp, length)));
    s->wire = s->length;
}

void seal_ip(struct shot *s)
{
    uint8_t *ip = s->octets + ETHERNET;
    put16(ip + 10, 0);
    put16(ip + 10, folded(summed(0, ip, IP)));
}

void insert(struct reel *reel, size_t at, const struct shot *shot, int64_t time)
{
    struct shot *copy = malloc(sizeof *copy);
    if (!copy || reel->count >= FRAMES_MAX)
        exit(2);
    *copy = *shot;
    copy->time = time;
    memmove(reel->shots + at + 1, reel->shots + at, (reel->count - at) * sizeof *reel->shots);
    reel->shots[at] = copy;
    reel->count++;
}

void append(struct reel *reel, const struct shot *shot, int64_t time) { insert(reel, reel->count, shot, time); }

void place(struct reel *reel, const struct shot *shot, int64_t time)
{
    size_t at = reel->count;
    while (at > 0 && reel->shots[at - 1]->time > time)
        at--;
    insert(reel, at, shot, time);
}

int64_t begin_of(const struct reel *reel) { return reel->shots[0]->time; }
int64_t end_of(const struct reel *reel) { return reel->shots[reel->count - 1]->time; }

void cut_out(struct reel *reel, size_t at)
{
    free(reel->shots[at]);
    memmove(reel->shots + at, reel->shots + at + 1, (reel->count - at - 1) * sizeof *reel->shots);
    reel->count--;
}

void lose_between(struct reel *reel, int64_t begin, int64_t end, bool (*is_its)(const struct shot *shot, unsigned whose), unsigned whose)
{
    unsigned lost = 0;
    for (size_t i = 0; i < reel->count && reel->shots[i]->time < end;) {
        const struct shot *s = reel->shots[i];
        bool its = s->time >= begin && is_syslog(s) && is_its(s, whose);
        lost += its;
        if (its)
            cut_out(reel, i);
        else
            i++;
    }
    note(reel, "ip-id-gap", lost, lost);
    note(reel, "silence", 1, 1);
}

void note(struct reel *reel, const char *code, unsigned low, unsigned high)
{
    if (reel->notes)
        fprintf(reel->notes, "%s %u %u\n", code, low, high);
}

unsigned of_device(const struct reel *reel, unsigned device)
{
    unsigned count = 0;
    for (size_t i = 0; i < reel->count; i++)
        count += is_syslog(reel->shots[i]) && device_of(reel->shots[i]) == device;
    return count;
}

size_t pick(const struct reel *reel, unsigned n, unsigned count)
{
    size_t at = reel->count / 4 + reel->count / 2 * n / count;
    while (!is_syslog(reel->shots[at]))
        at++;
    return at;
}

void write_stamp(char *text, int64_t seconds)
{
    time_t t = (time_t)seconds;
    struct tm tm;
    gmtime_r(&t, &tm);
    strftime(text, 21, "%b %d %Y %H:%M:%S", &tm);
}

struct shot make_message(unsigned device, unsigned id, int64_t time, unsigned n)
{
    static const uint8_t front[] = {0, 0, 0x5e, 0, 0x53, 9, 0, 0, 0x5e, 0, 0x53, 1, 8, 0, 0x45, 0, 0, 0, 0, 0, 0, 0, 255, 17, 0, 0,
                                    192, 0, 2, 0, 198, 51, 100, 9, 2, 2, 2, 2, 0, 0, 0, 0};
    struct shot s = {.time = time};
    char stamp[24];
    memcpy(s.octets, front, sizeof front);
    s.octets[29] = (uint8_t)device;
    put16(s.octets + 18, id & 0xffff);
    write_stamp(stamp, time / 1000000);
    s.length = FRONT + (uint32_t)snprintf((char *)s.octets + FRONT, ROOM - FRONT,
                                          "<166>%s fw%u : %%FTD-6-722051: Group <Staff> User <user%u> IP <203.0.113.%u> IPv4 Address <10.8.%u.%u> "
                                          "IPv6 address <::> assigned to session", stamp, device, n, n % 250 + 1, n / 250 % 250, n % 250 + 1);
    seal(&s);
    return s;
}

void lengthen(struct shot *s, uint32_t more)
{
    uint8_t *user = memmem(s->octets + FRONT, s->length - FRONT, "<user", 5);
    memmove(user + 5 + more, user + 5, (size_t)(s->octets + s->length - (user + 5)));
    memset(user + 5, 'x', more);
    s->length += more;
    seal(s);
}

void set_payload(struct shot *s, const char *text, size_t length)
{
    memcpy(s->octets + FRONT, text, length);
    s->length = FRONT + (uint32_t)length;
    seal(s);
}

struct shot make_arp(unsigned operation, unsigned target)
{
    struct shot s = {.length = 42, .wire = 42};
    static const uint8_t front[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0x5e, 0, 0x53, 1, 8, 6, 0, 1, 8, 0, 6, 4, 0, 0, 0, 0, 0x5e, 0, 0x53, 1};
    static const uint8_t router[] = {198, 51, 100, 1}, net[] = {198, 51, 100};
    memcpy(s.octets, front, sizeof front);
    put16(s.octets + 20, operation);
    memcpy(s.octets + 28, operation == 1 ? router : net, operation == 1 ? 4 : 3);
    memcpy(s.octets + 38, operation == 1 ? net : router, operation == 1 ? 3 : 4);
    s.octets[operation == 1 ? 41 : 31] = (uint8_t)target;
    if (operation == 2)
        s.octets[11] = s.octets[27] = (uint8_t)target;
    return s;
}

void make_clean(struct reel *reel, unsigned count)
{
    int64_t time = INT64_C(1601459999) * 1000000;
    unsigned ids[DEVICES + 1] = {0, 100, 65500, 4000};
    for (unsigned n = 0; n < count; n++) {
        unsigned device = n % DEVICES + 1;
        time += 200000 + next_random(reel) % 200000;
        if (n % 100 == 0) {
            struct shot ask = make_arp(1, 9), reply = make_arp(2, 9);
            append(reel, &ask, time - 900);
            append(reel, &reply, time - 600);
        }
        struct shot s = make_message(device, ids[device]++, time, n);
        append(reel, &s, time);
    }
}

void renumber(struct reel *reel, unsigned kind)
{
    unsigned id = 7;
    for (size_t i = 0; i < reel->count; i++) {
        if (!is_syslog(reel->shots[i]))
            continue;
        id += 1 + next_random(reel) % 9;
        const unsigned ids[] = {0, next_random(reel), id, 0x1234};
        put16(reel->shots[i]->octets + 18, ids[kind] & 0xffff);
        seal(reel->shots[i]);
    }
}

bool read_reel(struct reel *reel, const char *path)
{
    char error[PCAP_ERRBUF_SIZE];
    pcap_t *pcap = pcap_open_offline(path, error);
    struct pcap_pkthdr *header;
    const u_char *data;
    while (pcap && pcap_next_ex(pcap, &header, &data) == 1) {
        struct shot s = {.length = header->caplen < ROOM ? header->caplen : ROOM, .wire = header->len};
        memcpy(s.octets, data, s.length);
        append(reel, &s, (int64_t)header->ts.tv_sec * 1000000 + header->ts.tv_usec);
    }
    if (pcap)
        pcap_close(pcap);
    return pcap != NULL;
}

static bool write_pcap(const struct reel *reel, const char *path)
{
    pcap_t *dead = pcap_open_dead(DLT_EN10MB, 262144);
    pcap_dumper_t *out = dead ? pcap_dump_open(dead, path) : NULL;
    for (size_t i = 0; out && i < reel->count; i++) {
        const struct shot *s = reel->shots[i];
        const struct pcap_pkthdr header = {.ts = {(time_t)(s->time / 1000000), (suseconds_t)(s->time % 1000000)}, .caplen = s->length, .len = s->wire};
        pcap_dump((u_char *)out, &header, s->octets);
    }
    if (out)
        pcap_dump_close(out);
    if (dead)
        pcap_close(dead);
    return out != NULL;
}


/* A block's type, its octets and its length on both ends. */
static void write_block(FILE *file, uint32_t type, const void *octets, uint32_t length, const void *more, uint32_t more_length)
{
    static const uint8_t padding[4];
    uint32_t pad = (4 - more_length % 4) % 4, whole = 12 + length + more_length + pad;
    fwrite(&type, 4, 1, file);
    fwrite(&whole, 4, 1, file);
    fwrite(octets, 1, length, file);
    fwrite(more, 1, more_length, file);
    fwrite(padding, 1, pad, file);
    fwrite(&whole, 4, 1, file);
}

/* An option of eight octets. */
static uint32_t write_option(uint8_t *at, uint16_t code, uint64_t value)
{
    const uint16_t head[] = {code, sizeof value};
    memcpy(at, head, sizeof head);
    memcpy(at + sizeof head, &value, sizeof value);
    return sizeof head + sizeof value;
}

static void write_packet(FILE *file, const struct shot *s, uint32_t interface, uint64_t drops)
{
    enum { EPB_DROPCOUNT = 4 };
    const uint32_t packet[] = {interface, (uint32_t)(s->time >> 32), (uint32_t)s->time, s->length, s->wire};
    uint8_t octets[ROOM + 3 + 16] = {0};
    uint32_t length = s->length;
    memcpy(octets, s->octets, length);
    if (drops) {
        length = (length + 3) / 4 * 4;
        length += write_option(octets + length, EPB_DROPCOUNT, drops) + 4;
    }
    write_block(file, 6, packet, sizeof packet, octets, length);
}

/* In the octet order of this machine: a reader tells by the magic number. */
static bool write_pcapng(const struct reel *reel, const char *path)
{
    enum { ISB_IFDROP = 5, ISB_OSDROP = 7 };
    const uint32_t section[] = {0x1a2b3c4d, 1, UINT32_MAX, UINT32_MAX}, interface[] = {DLT_EN10MB, 262144};
    FILE *file = fopen(path, "wb");
    if (!file)
        return false;
    write_block(file, 0x0a0d0d0a, section, sizeof section, "", 0);
    for (unsigned i = 0; i < reel->interfaces; i++)
        write_block(file, 1, interface, sizeof interface, "", 0);
    for (size_t i = 0; i < reel->count; i++)
        write_packet(file, reel->shots[i], i == 0 ? reel->interfaces - 1 : 0, i == 0 ? reel->block_drops : 0);
    const uint32_t statistics[] = {0, (uint32_t)(end_of(reel) >> 32), (uint32_t)end_of(reel)};
    uint8_t options[2 * 12 + 4] = {0};
    write_option(options + write_option(options, ISB_IFDROP, reel->if_drops), ISB_OSDROP, reel->os_drops);
    write_block(file, 5, statistics, sizeof statistics, options, sizeof options);
    return fclose(file) == 0;
}

bool write_reel(const struct reel *reel, const char *path)
{
    return reel->interfaces ? write_pcapng(reel, path) : write_pcap(reel, path);
}
