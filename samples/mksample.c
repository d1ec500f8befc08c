/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mksample SCENARIO CAPTURE: writes the capture that a scenario describes. The same scenario gives the same octets.
 *
 * A scenario is text, one statement a line; `#` opens a comment line. The first statement is
 *
 *     capture pcap|pcapng micro|nano [LINKTYPE]   a pcap names its link type here
 *     interface NAME LINKTYPE                     pcapng: adds an interface and sends on it from here on
 *
 * Messages, each of them one UDP datagram:
 *
 *     at 2020-09-30T09:06:09.254798Z              sets the time
 *     +0.250 TEXT                                 a quarter of a second later a datagram goes out
 *     +0.250 @NAME TEXT                           likewise, sent by flow NAME, which stays the current one
 *     repeat COUNT SECONDS                        the next message goes out COUNT times at this interval
 *     icmp TYPE CODE [VALUE [ADDRESS]]            0.2 ms later an ICMP error quotes the packet before; from ADDRESS
 *     statistics RECEIVED DROPPED OS-DROPPED      pcapng: what the capturing system counted
 *
 * TEXT knows \n \r \t \0 \\ \{ \xHH; {time} Sep 30 2020 09:06:09, {time3164} Sep 30 09:06:09, {iso}
 * 2020-09-30T09:06:09Z, {isolocal} the same without Z, each with a fraction as in {iso.3}; {n} counts repetitions.
 *
 * Who sends, and how; each holds until it is changed, for the current flow. The word `off` takes it back:
 *
 *     flow NAME                    switches to flow NAME; a new one begins as a copy of the current one
 *     from ADDRESS:PORT [to ADDRESS:PORT]         or only: to ADDRESS:PORT. IPv6 as [2001:db8::1]:514
 *     vlan ID…                     VLAN tags, the outermost first
 *     llc on                       802.3 length, LLC and SNAP instead of an ethertype
 *     pppoe SESSION                PPPoE around each packet
 *     mpls LABEL                   MPLS around each packet: this label, then the next one
 *     tunnel NAME                  around each frame: VXLAN, GENEVE, GRE, ERSPAN, ERSPAN3 or IP
 *     ttl N                        TTL or hop limit
 *     df on                        IPv4 do not fragment
 *     id N [STEP]                  IPv4 identification or IPv6 fragment identification, and how it counts on
 *     extension HOPOPTS|DSTOPTS|ROUTING…          IPv6 extension headers
 *     fragment OCTETS [NUMBER…]    IP fragments with so much payload; only those numbers, in this order
 *     checksum udp|ip good|none|bad
 *     snaplen OCTETS               the capture keeps so much of a frame
 *     cut OCTETS                   the device sends so much of a message
 *     clock SECONDS | clock -SECONDS              the device's clock is ahead of the capture's
 *
 * Errors are told as FILE:LINE: sentence; exit status 2, and no capture is left behind.
 */
#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>

#include "output.h"
#include "text.h"

enum { MAX_FLOWS = 32, MAX_INTERFACES = 16, MAX_WORDS = 48, MAX_LINE = 2 * TEXT_MAX };

struct scenario {
    const char *path, *target;
    unsigned line;
    struct output *output;
    const struct link *links[MAX_INTERFACES];
    unsigned interfaces;
    struct flow flows[MAX_FLOWS];
    unsigned flow_count;
    struct flow *flow; /* the current one */
    int64_t time;
    unsigned repeat;
    int64_t interval;
    uint32_t icmp_id;
    struct buffer payload, datagram, packet, frame; /* packet: the last one sent */
};

/* The words of a statement behind its name. */
struct words {
    unsigned count;
    char *at[MAX_WORDS];
};

static _Noreturn void fail(struct scenario *s, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "%s:%u: ", s->path, s->line);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    if (s->output != NULL) {
        output_close(s->output);
        remove(s->target);
    }
    exit(2);
}

/* ---- Values ---- */

static uint32_t number(struct scenario *s, const char *word, uint32_t least, uint32_t most)
{
    char *end;
    unsigned long long value = strtoull(word, &end, 0);
    if (end == word || *end != '\0' || *word == '-' || value < least || value > most)
        fail(s, "\"%s\" is no number from %u to %u", word, least, most);
    return (uint32_t)value;
}

static int64_t seconds(struct scenario *s, const char *word)
{
    int64_t value;
    if (!text_seconds(word, &value))
        fail(s, "\"%s\" is no number of seconds such as 0.250", word);
    return value;
}

static bool is_off(const struct words *words) { return words->count == 1 && strcmp(words->at[0], "off") == 0; }

static bool on_or_off(struct scenario *s, const struct words *words)
{
    if (!is_off(words) && strcmp(words->at[0], "on") != 0)
        fail(s, "\"%s\" is neither on nor off", words->at[0]);
    return !is_off(words);
}

/* A number, or 0 for `off`. */
static uint32_t number_or_off(struct scenario *s, const struct words *words, uint32_t most)
{
    return is_off(words) ? 0 : number(s, words->at[0], 1, most);
}

static void set_address(struct scenario *s, struct endpoint *endpoint, const char *text)
{
    endpoint->version = strchr(text, ':') != NULL ? 6 : 4;
    memset(endpoint->address, 0, sizeof endpoint->address);
    if (inet_pton(endpoint->version == 6 ? AF_INET6 : AF_INET, text, endpoint->address) != 1)
        fail(s, "\"%s\" is no IPv4 or IPv6 address", text);
}

/* ADDRESS:PORT or [ADDRESS]:PORT; changes the text. */
static void set_endpoint(struct scenario *s, struct endpoint *endpoint, char *text)
{
    char *colon = strrchr(text, ':');
    if (colon == NULL)
        fail(s, "\"%s\" has no :PORT", text);
    *colon = '\0';
    endpoint->port = (uint16_t)number(s, colon + 1, 0, 65535);
    if (text[0] == '[' && colon[-1] == ']') {
        colon[-1] = '\0';
        text++;
    }
    set_address(s, endpoint, text);
}

/* ---- Sending ---- */

static void send_packet(struct scenario *s, const struct flow *flow)
{
    size_t keep;
    frame_link(s->links[flow->interface], flow, &s->packet, &s->frame);
    keep = flow->snaplen > 0 && flow->snaplen < s->frame.length ? flow->snaplen : s->frame.length;
    output_frame(s->output, flow->interface, s->time, &s->frame, keep);
}

static void send_datagram(struct scenario *s, struct flow *flow, unsigned protocol)
{
    static const int64_t between_fragments = 10000;
    size_t count = frame_count(flow, &s->datagram);
    for (unsigned i = 0; i < (flow->orders ? flow->orders : count); i++) {
        size_t index = flow->orders ? flow->order[i] - 1 : i;
        if (index >= count)
            fail(s, "the datagram has %zu fragments, so there is no number %zu", count, index + 1);
        if (i > 0)
            s->time += between_fragments;
        frame_packet(flow, protocol, &s->datagram, index, &s->packet);
        send_packet(s, flow);
    }
    flow->id += flow->step;
}

static void send_text(struct scenario *s, const char *text, unsigned count)
{
    struct flow *flow = s->flow;
    struct text_values values = {.device_time = s->time + flow->clock, .number = count};
    const char *why;
    if (s->output == NULL || s->interfaces == 0)
        fail(s, "a message before `capture` or, in pcapng, `interface`");
    if (flow->from.version == 0 || flow->from.version != flow->to.version)
        fail(s, "from and to are not two IPv4 or two IPv6 addresses");
    s->payload.length = 0;
    if (!text_expand(text, &values, &s->payload, &why))
        fail(s, "%s", why);
    if (flow->cut > 0 && s->payload.length > flow->cut)
        s->payload.length = flow->cut;
    frame_udp(flow, &s->payload, &s->datagram);
    send_datagram(s, flow, PROTOCOL_UDP);
}

static struct flow *find_flow(struct scenario *s, const char *name, bool create)
{
    for (unsigned i = 0; i < s->flow_count; i++)
        if (strcmp(s->flows[i].name, name) == 0)
            return &s->flows[i];
    if (!create)
        fail(s, "there is no flow \"%s\"", name);
    if (s->flow_count == MAX_FLOWS || strlen(name) >= sizeof s->flow->name)
        fail(s, "too many flows, or too long a name");
    struct flow *flow = &s->flows[s->flow_count++];
    *flow = *s->flow;
    strcpy(flow->name, name);
    return flow;
}

/* `line` is behind the plus sign. */
static void message_line(struct scenario *s, char *line)
{
    char *text = line + strcspn(line, " ");
    if (*text == ' ')
        *text++ = '\0';
    s->time += seconds(s, line);
    if (*text == '@') {
        char *name = text + 1;
        text += strcspn(text, " ");
        if (*text == ' ')
            *text++ = '\0';
        s->flow = find_flow(s, name, false);
    }
    for (unsigned i = 1; i <= s->repeat; i++) {
        if (i > 1)
            s->time += s->interval;
        send_text(s, text, i);
    }
    s->repeat = 1;
}

/* ---- Statements ---- */

static void add_interface(struct scenario *s, const char *name, const char *link_name)
{
    const struct link *link = link_find(link_name);
    const char *why;
    if (link == NULL)
        fail(s, "there is no link type \"%s\"", link_name);
    if (s->interfaces == MAX_INTERFACES)
        fail(s, "too many interfaces");
    if (!output_interface(s->output, name, link, &why))
        fail(s, "%s", why);
    s->flow->interface = s->interfaces;
    s->links[s->interfaces++] = link;
}

static void do_capture(struct scenario *s, const struct words *w)
{
    const char *why;
    bool nanoseconds = strcmp(w->at[1], "nano") == 0;
    if (s->output != NULL)
        fail(s, "a second `capture`");
    if (!nanoseconds && strcmp(w->at[1], "micro") != 0)
        fail(s, "\"%s\" is neither micro nor nano", w->at[1]);
    s->output = output_open(s->target, w->at[0], nanoseconds, &why);
    if (s->output == NULL)
        fail(s, "%s", why);
    if (w->count > 2)
        add_interface(s, "any", w->at[2]);
}

static void do_interface(struct scenario *s, const struct words *w)
{
    if (s->output == NULL)
        fail(s, "`interface` before `capture`");
    add_interface(s, w->at[0], w->at[1]);
}

static void do_at(struct scenario *s, const struct words *w)
{
    if (!text_time(w->at[0], &s->time))
        fail(s, "\"%s\" is no time such as 2020-09-30T09:06:09.254798Z", w->at[0]);
}

static void do_repeat(struct scenario *s, const struct words *w)
{
    s->repeat = number(s, w->at[0], 1, 100000);
    s->interval = seconds(s, w->at[1]);
}

static void do_icmp(struct scenario *s, const struct words *w)
{
    struct flow answer = *s->flow;
    unsigned values[3] = {0, 0, 0};
    if (s->packet.length == 0)
        fail(s, "`icmp` before any message");
    for (unsigned i = 0; i < 3 && i < w->count; i++)
        values[i] = number(s, w->at[i], 0, i < 2 ? 255 : UINT32_MAX);
    answer.from = s->flow->to;
    answer.to = s->flow->from;
    if (w->count == 4)
        set_address(s, &answer.from, w->at[3]);
    if (answer.from.version != answer.to.version)
        fail(s, "\"%s\" is of the other IP version", w->at[3]);
    answer.id = s->icmp_id++;
    answer.fragment = answer.extensions = answer.orders = 0;
    answer.ttl = 64;
    frame_icmp(&answer, values, &s->packet, &s->datagram);
    s->time += 200000;
    send_datagram(s, &answer, answer.from.version == 4 ? PROTOCOL_ICMP : PROTOCOL_ICMP6);
}

static void do_statistics(struct scenario *s, const struct words *w)
{
    uint64_t counts[3];
    for (unsigned i = 0; i < 3; i++)
        counts[i] = number(s, w->at[i], 0, UINT32_MAX);
    if (s->output == NULL || !output_statistics(s->output, s->flow->interface, s->time, counts))
        fail(s, "only a pcapng file has statistics");
}

static void do_flow(struct scenario *s, const struct words *w) { s->flow = find_flow(s, w->at[0], true); }

static void do_to(struct scenario *s, const struct words *w) { set_endpoint(s, &s->flow->to, w->at[0]); }

static void do_from(struct scenario *s, const struct words *w)
{
    set_endpoint(s, &s->flow->from, w->at[0]);
    if (w->count == 1)
        return;
    if (w->count != 3 || strcmp(w->at[1], "to") != 0)
        fail(s, "it is: from ADDRESS:PORT to ADDRESS:PORT");
    set_endpoint(s, &s->flow->to, w->at[2]);
}

static void do_vlan(struct scenario *s, const struct words *w)
{
    if (w->count > FLOW_VLANS)
        fail(s, "more than %d VLAN tags", FLOW_VLANS);
    s->flow->vlans = is_off(w) ? 0 : w->count;
    for (unsigned i = 0; i < s->flow->vlans; i++)
        s->flow->vlan[i] = (uint16_t)number(s, w->at[i], 0, 4095);
}

static void do_tunnel(struct scenario *s, const struct words *w)
{
    s->flow->tunnel = is_off(w) ? 0 : tunnel_find(w->at[0]);
    if (!is_off(w) && s->flow->tunnel == 0)
        fail(s, "there is no tunnel \"%s\"", w->at[0]);
    if (s->flow->tunnel && s->links[s->flow->interface] != link_find("ETHERNET"))
        fail(s, "a tunnel comes over ETHERNET");
}

static void do_extension(struct scenario *s, const struct words *w)
{
    if (w->count > FLOW_EXTENSIONS)
        fail(s, "more than %d extension headers", FLOW_EXTENSIONS);
    s->flow->extensions = is_off(w) ? 0 : w->count;
    for (unsigned i = 0; i < s->flow->extensions; i++) {
        s->flow->extension[i] = extension_find(w->at[i]);
        if (s->flow->extension[i] == 0)
            fail(s, "there is no extension header \"%s\"", w->at[i]);
    }
}

static void do_fragment(struct scenario *s, const struct words *w)
{
    s->flow->fragment = is_off(w) ? 0 : number(s, w->at[0], 8, 65528);
    if (s->flow->fragment % 8 != 0)
        fail(s, "the size of a fragment is a multiple of 8");
    s->flow->orders = w->count - 1;
    if (s->flow->orders > FLOW_ORDER)
        fail(s, "more than %d fragments", FLOW_ORDER);
    for (unsigned i = 0; i < s->flow->orders; i++)
        s->flow->order[i] = number(s, w->at[i + 1], 1, 65535);
}

static void do_checksum(struct scenario *s, const struct words *w)
{
    static const char *const words[] = {"good", "none", "bad"};
    bool udp = strcmp(w->at[0], "udp") == 0;
    if (!udp && strcmp(w->at[0], "ip") != 0)
        fail(s, "\"%s\" is neither udp nor ip", w->at[0]);
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], w->at[1]) == 0) {
            *(udp ? &s->flow->udp_checksum : &s->flow->ip_checksum) = (enum checksum)i;
            return;
        }
    fail(s, "\"%s\" is none of good, none and bad", w->at[1]);
}

static void do_id(struct scenario *s, const struct words *w)
{
    s->flow->id = number(s, w->at[0], 0, UINT32_MAX);
    s->flow->step = w->count > 1 ? number(s, w->at[1], 0, 65535) : 1;
}

static void do_clock(struct scenario *s, const struct words *w)
{
    const char *word = w->at[0];
    bool behind = *word == '-';
    int64_t offset = is_off(w) ? 0 : seconds(s, word + behind);
    s->flow->clock = behind ? -offset : offset;
}

static void do_llc(struct scenario *s, const struct words *w) { s->flow->llc = on_or_off(s, w); }
static void do_df(struct scenario *s, const struct words *w) { s->flow->dont_fragment = on_or_off(s, w); }
static void do_pppoe(struct scenario *s, const struct words *w) { s->flow->pppoe = number_or_off(s, w, 65535); }
static void do_mpls(struct scenario *s, const struct words *w) { s->flow->mpls = number_or_off(s, w, 1048574); }
static void do_ttl(struct scenario *s, const struct words *w) { s->flow->ttl = number(s, w->at[0], 0, 255); }
static void do_snaplen(struct scenario *s, const struct words *w) { s->flow->snaplen = number_or_off(s, w, 262144); }
static void do_cut(struct scenario *s, const struct words *w) { s->flow->cut = number_or_off(s, w, TEXT_MAX); }

static const struct statement {
    const char *name;
    void (*run)(struct scenario *s, const struct words *words);
    unsigned least, most; /* words behind the name */
} statements[] = {
    {"capture", do_capture, 2, 3},
    {"interface", do_interface, 2, 2},
    {"at", do_at, 1, 1},
    {"repeat", do_repeat, 2, 2},
    {"icmp", do_icmp, 2, 4},
    {"statistics", do_statistics, 3, 3},
    {"flow", do_flow, 1, 1},
    {"from", do_from, 1, 3},
    {"to", do_to, 1, 1},
    {"vlan", do_vlan, 1, MAX_WORDS},
    {"llc", do_llc, 1, 1},
    {"pppoe", do_pppoe, 1, 1},
    {"mpls", do_mpls, 1, 1},
    {"tunnel", do_tunnel, 1, 1},
    {"ttl", do_ttl, 1, 1},
    {"df", do_df, 1, 1},
    {"id", do_id, 1, 2},
    {"extension", do_extension, 1, MAX_WORDS},
    {"fragment", do_fragment, 1, MAX_WORDS},
    {"checksum", do_checksum, 2, 2},
    {"snaplen", do_snaplen, 1, 1},
    {"cut", do_cut, 1, 1},
    {"clock", do_clock, 1, 1},
};

static void statement_line(struct scenario *s, char *line)
{
    struct words words = {0};
    char *name = strtok(line, " \t");
    for (char *word = strtok(NULL, " \t"); word != NULL; word = strtok(NULL, " \t")) {
        if (words.count == MAX_WORDS)
            fail(s, "too many words");
        words.at[words.count++] = word;
    }
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
        const struct statement *statement = &statements[i];
        if (strcmp(statement->name, name) != 0)
            continue;
        if (words.count < statement->least || words.count > statement->most)
            fail(s, "`%s` takes %u to %u words, not %u", name, statement->least, statement->most, words.count);
        statement->run(s, &words);
        return;
    }
    fail(s, "there is no statement \"%s\"", name);
}

static void read_scenario(struct scenario *s, FILE *file)
{
    static char line[MAX_LINE];
    while (fgets(line, sizeof line, file) != NULL) {
        size_t length = strcspn(line, "\n");
        s->line++;
        if (line[length] != '\n' && !feof(file))
            fail(s, "the line is too long");
        line[length] = '\0';
        if (line[0] == '#' || line[strspn(line, " \t")] == '\0')
            continue;
        if (line[0] == '+')
            message_line(s, line + 1);
        else
            statement_line(s, line);
    }
    if (s->output == NULL)
        fail(s, "there is no `capture`");
}

int main(int argc, char **argv)
{
    static struct scenario s = {.flow_count = 1, .repeat = 1, .icmp_id = 0x6000};
    if (argc != 3) {
        fputs("usage: mksample SCENARIO CAPTURE\n", stderr);
        return 2;
    }
    FILE *file = fopen(argv[1], "r");
    if (file == NULL) {
        perror(argv[1]);
        return 2;
    }
    s.path = argv[1];
    s.target = argv[2];
    s.flow = &s.flows[0];
    *s.flow = (struct flow){.ttl = 255, .id = 0x1000, .step = 1};
    read_scenario(&s, file);
    fclose(file);
    bool good = output_close(s.output);
    if (!good) {
        perror(argv[2]);
        remove(argv[2]);
    }
    return good ? 0 : 2;
}
