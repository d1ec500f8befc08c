/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why a message never arrived: what sets it apart from those that did. Marked when the window has passed; what rests on the like that
 * did not arrive is decided at the end. */
#include "compare.h"

/* STANDS_OUT: so many times as much must be lost in bursts as elsewhere. */
enum { DENSE_SPAN = 100000000, OUTAGE_ITEMS = 20, OUTAGE_SPAN = 2000000000, SIZE_LEAST = 480, SIZE_STEP = 64, ENOUGH = 3, STANDS_OUT = 3 };

static const struct cause_row {
    const char *name;
    const char *text[MSGT_LANGS], *advice[MSGT_LANGS];
} rows[CAUSES] = {
    [CAUSE_NONE] = {"", {"{n} without anything that sets them apart.", "{n} 件には、届いたものと異なる特徴が見当たりません。"},
        {"Run `ftdpcap check` on the capture, and see that the log is of the same time and that the collector's rules write these messages to it.",
         "キャプチャで `ftdpcap check` を実行し、ログが同じ時間帯のものか、コレクタの規則がこれらをこのログに書くか確認してください。"}},
    [CAUSE_BAD_CHECKSUM] = {"bad-checksum",
        {"{n} had a wrong IP or UDP checksum, and receivers drop such datagrams silently.", "{n} 件は IP または UDP のチェックサムが誤っており、受信側は黙って破棄します。"},
        {"Look for a device on the way that rewrites packets; on the receiver: `nstat -az UdpInCsumErrors`.", "途中でパケットを書き換えるデバイスを調べてください。受信側では `nstat -az UdpInCsumErrors`。"}},
    [CAUSE_FORM + FORM_NO_PRI - 1] = {"no-pri",
        {"{n} had no <PRI> in front; the others arrived.", "{n} 件は先頭に <PRI> がありません。ほかは届いています。"},
        {"Let the collector accept messages without a PRI. A managed FTD sends one only in EMBLEM format (ASA `logging host IF ADDR format emblem`).",
         "PRI のないメッセージをコレクタで受け付けるようにしてください。管理対象の FTD は EMBLEM 形式でだけ PRI を送ります (ASA `logging host IF ADDR format emblem`)。"}},
    [CAUSE_FORM + FORM_BAD_PRI - 1] = {"bad-pri",
        {"{n} had a <PRI> that is no PRI; the others arrived.", "{n} 件の <PRI> は不正です。ほかは届いています。"},
        {"Find what rewrites the header between device and collector.", "デバイスとコレクタの間でヘッダを書き換えているものを探してください。"}},
    [CAUSE_FORM + FORM_EMBLEM - 1] = {"emblem",
        {"{n} {were} in EMBLEM format; the others arrived.", "{n} 件は EMBLEM 形式です。ほかは届いています。"},
        {"Turn EMBLEM off for this server: `logging host IFACE ADDRESS` without `format emblem`.", "このサーバ向けの EMBLEM を止めてください: `format emblem` のない `logging host IFACE ADDRESS`。"}},
    [CAUSE_FORM + FORM_NO_TIMESTAMP - 1] = {"no-timestamp",
        {"{n} had no timestamp; the others arrived.", "{n} 件には時刻がありません。ほかは届いています。"},
        {"Turn timestamps on: `logging timestamp` (`logging timestamp rfc5424`), or let the collector accept messages without.", "時刻を付けてください: `logging timestamp` (`logging timestamp rfc5424`)。または時刻のないものをコレクタで受け付けてください。"}},
    [CAUSE_FORM + FORM_DOUBLE - 1] = {"double-header",
        {"{n} had the headers of a relay and of the device; the others arrived.", "{n} 件は中継とデバイスのヘッダが重なっています。ほかは届いています。"},
        {"Let the relay forward the message as it is (rsyslog: template `RSYSLOG_SyslogProtocol23Format` or `%rawmsg%`).", "中継にメッセージをそのまま転送させてください (rsyslog: テンプレート `RSYSLOG_SyslogProtocol23Format` または `%rawmsg%`)。"}},
    [CAUSE_SENDER] = {"sender",
        {"{n} came from senders of which nothing arrived at all.", "{n} 件は、1 件も届いていない送信元から送られたものです。"},
        {"Look for a filter by sender: firewall rules on the way and on the host, `$AllowedSender` of rsyslog, netmask() filters of syslog-ng.", "送信元による制限を調べてください: 途中とホストのファイアウォール、rsyslog の `$AllowedSender`、syslog-ng の netmask()。"}},
    [CAUSE_RECEIVER] = {"receiver",
        {"{n} {were} sent to receivers of which nothing is in B at all: B may not be theirs.", "{n} 件は、B に 1 件も見つからない受信先に宛てて送られたものです。B がその受信先のものではない可能性があります。"},
        {"Where the devices send to several collectors, compare what goes to the one that B is of: `-f 'dst host ADDRESS'`. Where B should have them: routes and filters on the way to that receiver, and its port.",
         "デバイスが複数のコレクタに送る場合は、B のコレクタ宛てのものだけを比較してください: `-f 'dst host ADDRESS'`。B にあるはずのものなら、その受信先への経路、途中のフィルタ、ポートを調べてください。"}},
    [CAUSE_FRAGMENTS] = {"fragments",
        {"{n} {were} sent in IP fragments, and none in fragments arrived.", "{n} 件は IP フラグメントで送られました。フラグメントに分かれたものは 1 件も届いていません。"},
        {"Let fragments pass on the way, or raise the MTU so that none are needed.", "途中でフラグメントを通すか、不要になるよう MTU を上げてください。"}},
    [CAUSE_SIZE] = {"size",
        {"{n} {were} longer than any that arrived ({lengths} octets).", "{n} 件は、届いたどのメッセージより長いものでした ({lengths} オクテット)。"},
        {"Raise the collector's limit: rsyslog `global(maxMessageSize=\"64k\")`, syslog-ng `log-msg-size(65536)`; check the MTU of the path.", "コレクタの上限を上げてください: rsyslog `global(maxMessageSize=\"64k\")`、syslog-ng `log-msg-size(65536)`。経路の MTU も確認してください。"}},
    [CAUSE_AFTER_END] = {"after-end",
        {"{n} came after the last message of B: B ended there, or all that followed was lost.", "{n} 件は B の最後のメッセージより後です。B がそこで終わったか、以後すべて失われました。"},
        {"See whether B was still being written then, and whether the collector was running.", "その時点で B がまだ書き込まれていたか、コレクタが動いていたかを確認してください。"}},
    [CAUSE_OUTAGE] = {"outage",
        {"{n} in a row with nothing arriving between: the collector or the path was down.", "{n} 件が連続して失われ、その間は何も届いていません。コレクタか経路が止まっていました。"},
        {"Look at the collector's own log and at the links for this time (`journalctl -u rsyslog --since …`).", "この時間帯のコレクタのログと回線を調べてください (`journalctl -u rsyslog --since …`)。"}},
    [CAUSE_BURST] = {"burst",
        {"{n} in bursts of 500 and more a second: probably a receive buffer that overflowed.", "{n} 件は毎秒 500 件以上の集中時に送られたものです。受信バッファがあふれたと考えられます。"},
        {"Raise it: `sysctl -w net.core.rmem_max=16777216`, rsyslog `input(type=\"imudp\" rcvbufSize=\"16m\" …)`, syslog-ng `so-rcvbuf(16777216)`; on the receiver: `nstat -az UdpRcvbufErrors`.", "拡大してください: `sysctl -w net.core.rmem_max=16777216`、rsyslog `input(type=\"imudp\" rcvbufSize=\"16m\" …)`、syslog-ng `so-rcvbuf(16777216)`。受信側では `nstat -az UdpRcvbufErrors`。"}},
    [CAUSE_TRUNCATED] = {"truncated",
        {"{n} arrived cut off, {lengths} octets long.", "{n} 件は途中で切れて届きました ({lengths} オクテット)。"},
        {"Raise the limit of what stands between: rsyslog `global(maxMessageSize=\"64k\")`, syslog-ng `log-msg-size(65536)`.", "途中の上限を上げてください: rsyslog `global(maxMessageSize=\"64k\")`、syslog-ng `log-msg-size(65536)`。"}},
    [CAUSE_SPLIT] = {"split",
        {"{n} arrived as two messages.", "{n} 件は2 つのメッセージに分かれて届きました。"},
        {"A receiver ends messages at line feeds or at a size limit: raise the limit, or keep control characters escaped.", "受信側が改行または長さの上限でメッセージを区切っています。上限を上げるか、制御文字をエスケープしたままにしてください。"}},
    [CAUSE_RESTAMPED] = {"re-stamped",
        {"{n} arrived with another header and the same text.", "{n} 件は、本文は同じままヘッダが書き換えられて届きました。"},
        {"A relay writes its own header; to keep the device's: rsyslog template `%rawmsg%`, syslog-ng `flags(no-parse)`.", "中継がヘッダを書き換えています。元のままにするには rsyslog のテンプレート `%rawmsg%`、syslog-ng の `flags(no-parse)`。"}},
    [CAUSE_REENCODED] = {"re-encoded",
        {"{n} arrived with other octets for control or non-ASCII characters.", "{n} 件は制御文字や非 ASCII 文字が別の表現になって届きました。"},
        {"rsyslog `global(parser.escapeControlCharactersOnReceive=\"off\")`, syslog-ng `flags(no-multi-line)` and `encoding()` decide this.", "rsyslog `global(parser.escapeControlCharactersOnReceive=\"off\")`、syslog-ng の `flags(no-multi-line)` と `encoding()` で決まります。"}},
    [CAUSE_ALTERED] = {"altered",
        {"{n} arrived with the same IP ID and another text.", "{n} 件は IP ID が同じで、本文が変わって届きました。"},
        {"Find what rewrites payloads on the way (NAT inspection, a relay, damage).", "途中で内容を書き換えるもの (NAT のインスペクション、中継、破損) を探してください。"}},
    [CAUSE_DUPLICATE] = {"duplicate",
        {"{n} arrived more than once.", "{n} 件は2 回以上届きました。"},
        {"Look for a mirror port that shows both directions, or for the same server named twice (`show running-config logging`).", "両方向を写すミラー ポート、または二重に登録されたサーバがないか調べてください (`show running-config logging`)。"}},
};

#define READS_SYSLOG \
    {"Capture B has them before any collector reads them: look for what reads syslog between the two captures, such as a relay or the inspection of a firewall.", \
     "キャプチャ B はコレクタが読む前のものです。2 つのキャプチャの間で syslog を解釈するもの (中継、ファイアウォールのインスペクションなど) を調べてください。"}

/* The same where B is a capture, too, which has messages before any collector reads them. */
static const struct between_row {
    const char *text[MSGT_LANGS], *advice[MSGT_LANGS]; /* NULL: as above */
} between[CAUSES] = {
    [CAUSE_NONE] = {{NULL, NULL},
        {"Run `ftdpcap check` on both captures.", "両方のキャプチャで `ftdpcap check` を実行してください。"}},
    [CAUSE_FORM + FORM_NO_PRI - 1] = {{NULL, NULL},
        READS_SYSLOG},
    [CAUSE_FORM + FORM_EMBLEM - 1] = {{NULL, NULL},
        READS_SYSLOG},
    [CAUSE_FORM + FORM_NO_TIMESTAMP - 1] = {{NULL, NULL},
        READS_SYSLOG},
    [CAUSE_SENDER] = {{NULL, NULL},
        {"Look for a filter by sender between the two captures: firewall rules, routes, and the filter that capture B was made with.",
         "2 つのキャプチャの間で送信元による制限を調べてください: ファイアウォールの規則、経路、キャプチャ B を取ったときのフィルタ。"}},
    [CAUSE_SIZE] = {{NULL, NULL},
        {"Look at the MTU of the path (`ping -M do -s SIZE ADDRESS`), for a relay with a limit, and whether capture B was made with a filter by port, which leaves later fragments out.",
         "経路の MTU (`ping -M do -s SIZE ADDRESS`)、長さに上限のある中継、キャプチャ B がポート指定のフィルタ (2 個目以降のフラグメントが漏れます) で取られていないかを調べてください。"}},
    [CAUSE_OUTAGE] = {{"{n} in a row with nothing arriving between: the path was down, or capture B stood still.",
         "{n} 件が連続して失われ、その間は何も届いていません。経路が止まっていたか、キャプチャ B が止まっていました。"},
        {"Look at the links for this time, and whether capture B ran through.", "この時間帯の回線と、キャプチャ B が続いていたかを調べてください。"}},
    [CAUSE_BURST] = {{"{n} in bursts of 500 and more a second: something between the captures overflowed, or capture B did.",
         "{n} 件は毎秒 500 件以上の集中時に送られたものです。2 つのキャプチャの間の何か、またはキャプチャ B そのものがあふれたと考えられます。"},
        {"See whether capture B itself lost them: `ftdpcap check` on it, and a larger buffer (`tcpdump -B 65536`). On the way: policers and queues of the interfaces; on the host `ethtool -S IFACE`.",
         "まずキャプチャ B 自体の取りこぼしを `ftdpcap check` で確認し、バッファを広げてください (`tcpdump -B 65536`)。途中ではポリサーとインターフェイスのキュー、ホストでは `ethtool -S IFACE`。"}},
};

const char *cause_name(enum compare_cause cause) { return rows[cause].name; }
const char *cause_text(const struct compare *compare, enum compare_cause cause)
{
    static const char *const several[MSGT_LANGS] = {
        "{n} in {rows} rows with nothing arriving between: the collector or the path was down each time.",
        "{n} 件が {rows} 回に分けてまとまって失われ、それぞれの途切れの間は何も届いていません。そのつどコレクタか経路が止まっていました。"};
    static const char *const several_between[MSGT_LANGS] = {
        "{n} in {rows} rows with nothing arriving between: the path was down each time, or capture B stood still.",
        "{n} 件が {rows} 回に分けてまとまって失われ、それぞれの途切れの間は何も届いていません。そのつど経路かキャプチャ B が止まっていました。"};
    enum msgt_lang lang = compare->options->view.lang;
    if (cause == CAUSE_OUTAGE && compare->outages > 1)
        return (compare->log ? several : several_between)[lang];
    return !compare->log && between[cause].text[lang] ? between[cause].text[lang] : rows[cause].text[lang];
}

const char *cause_advice(const struct compare *compare, enum compare_cause cause)
{
    enum msgt_lang lang = compare->options->view.lang;
    return !compare->log && between[cause].advice[lang] ? between[cause].advice[lang] : rows[cause].advice[lang];
}

/* Its counts, or NULL when its place in the table is taken. */
static struct party *find_party(struct party *parties, uint8_t version, const uint8_t *octets, uint16_t port)
{
    const struct address address = address_of(version, octets);
    uint32_t hash = version * 65599u + port;
    for (int i = 0; i < 16; i++)
        hash = hash * 16777619u ^ address.octets[i];
    struct party *party = &parties[(hash ^ hash >> 12) & (PARTIES - 1)];
    if (!party->used) {
        party->used = true;
        party->address = address;
        party->port = port;
    }
    return same_address(&party->address, &address) && party->port == port ? party : NULL;
}

static struct party *sender_of(struct compare *compare, const struct item *a)
{
    return find_party(compare->senders, a->packet.version, a->packet.src, 0);
}

static struct party *receiver_of(struct compare *compare, const struct item *a)
{
    return find_party(compare->receivers, a->packet.version, a->packet.dst, a->packet.dst_port);
}

static bool fragmented(const struct item *a) { return a->packet.reassembled; }
static bool bad(const struct item *a) { return a->bad_udp || a->bad_ip; }

/* DENSE messages within DENSE_SPAN are a burst, from the first of them on. */
static void watch_rate(struct compare *compare, const struct item *a)
{
    int64_t *slot = &compare->sent_times[compare->sent_count % DENSE], back = *slot;
    *slot = a->time;
    if (compare->sent_count++ < DENSE || !a->precision || a->time < back || a->time - back >= DENSE_SPAN)
        return;
    unsigned last = (compare->burst_count + BURSTS - 1) % BURSTS;
    if (compare->burst_count == 0 || back > compare->bursts[last].to) {
        last = compare->burst_count++ % BURSTS;
        compare->bursts[last].from = back;
        compare->burst_sent += DENSE;
    }
    compare->burst_sent++;
    compare->bursts[last].to = a->time;
}

static bool in_burst(const struct compare *compare, const struct item *a)
{
    for (unsigned i = 0; i < MIN(compare->burst_count, BURSTS); i++)
        if (a->time >= compare->bursts[i].from && a->time <= compare->bursts[i].to)
            return true;
    return false;
}

void cause_sent(struct compare *compare, const struct item *a)
{
    struct party *from = sender_of(compare, a), *to = receiver_of(compare, a);
    watch_rate(compare, a);
    compare->forms[a->form].sent++;
    if (from)
        from->sent++;
    if (to)
        to->sent++;
}

void cause_arrived(struct compare *compare, const struct item *a)
{
    struct party *from = sender_of(compare, a), *to = receiver_of(compare, a);
    compare->forms[a->form].arrived++;
    compare->fragmented.arrived += fragmented(a);
    compare->bad_sums.arrived += bad(a);
    compare->longest_arrived = MAX(compare->longest_arrived, a->wire);
    if (from)
        from->arrived++;
    if (to)
        to->arrived++;
}

static bool none_of(const struct party *party) { return party && party->arrived == 0 && party->sent >= ENOUGH; }

/* One of many in a row, long enough that something must have arrived between. */
static bool in_outage(struct compare *compare, const struct item *a)
{
    if (a->order <= compare->run_end)
        return compare->run_is_outage;
    if (!compare->run_is_outage || a->order != compare->run_end + 1)
        compare->run_start = a->order;
    const struct item *last = a;
    unsigned count = 1;
    while (last->newer && last->newer->order == last->order + 1 && !partner_arrived_changed(compare, last->newer)) {
        last = last->newer;
        count += !last->copy;
    }
    compare->run_end = last->order;
    compare->run_is_outage = count >= OUTAGE_ITEMS && last->time - a->time >= OUTAGE_SPAN;
    return compare->run_is_outage;
}

/* Sets it apart, if nothing of the like arrives until the end. NULL: there is no such mark. */
static struct claim *claim_on(struct compare *compare, const struct item *a)
{
    struct party *from = sender_of(compare, a), *to = receiver_of(compare, a);
    const uint64_t *arrived = NULL;
    enum compare_cause cause = CAUSE_SIZE;
    struct claim *claim = &compare->sizes[MIN(a->wire / SIZE_STEP, SIZES - 1u)];
    if (bad(a) && compare->bad_sums.arrived == 0) {
        cause = CAUSE_BAD_CHECKSUM;
        arrived = &compare->bad_sums.arrived;
    } else if (a->form != FORM_COMMON && compare->forms[a->form].arrived == 0 && compare->forms[FORM_COMMON].arrived) {
        cause = (enum compare_cause)(CAUSE_FORM + a->form - 1);
        arrived = &compare->forms[a->form].arrived;
    } else if (none_of(from)) {
        cause = CAUSE_SENDER;
        arrived = &from->arrived;
    } else if (none_of(to)) {
        cause = CAUSE_RECEIVER;
        arrived = &to->arrived;
    } else if (fragmented(a) && compare->fragmented.arrived == 0) {
        cause = CAUSE_FRAGMENTS;
        arrived = &compare->fragmented.arrived;
    } else if (a->wire <= compare->longest_arrived || a->wire < SIZE_LEAST || a->cut) {
        return NULL;
    }
    if (arrived)
        claim = cause == CAUSE_SENDER ? &from->claim : cause == CAUSE_RECEIVER ? &to->claim : &compare->claims[cause];
    claim->cause = cause;
    claim->arrived = arrived;
    return claim;
}

static uint64_t count_of(const struct claim *claim)
{
    uint64_t all = 0;
    for (int i = 0; i < LASTING; i++)
        all += claim->lasting[i].count;
    return all;
}

/* Where most of the like came after all of B, that explains them. */
static bool is_behind(const struct compare *compare, const struct claim *claim)
{
    uint64_t behind = compare->after_end > compare->last_met_a ? claim->lasting[1].count : 0;
    return behind * 2 > count_of(claim);
}

/* Where others are lost, too, that nothing sets apart, one or two with a mark are no sign that it is the mark. */
static bool is_chance(const struct compare *compare, const struct claim *claim)
{
    uint64_t alike = compare->causes[claim->cause].count;
    for (int i = 0; i < SIZES && claim->cause == CAUSE_SIZE; i++)
        alike += count_of(&compare->sizes[i]);
    alike += claim->cause == CAUSE_SIZE ? 0 : count_of(claim);
    return alike < ENOUGH && compare->causes[CAUSE_NONE].count > 0;
}

static bool holds(const struct compare *compare, const struct claim *claim)
{
    bool longer = true;
    if (claim->refuted || is_behind(compare, claim) || is_chance(compare, claim))
        return false;
    if (claim->arrived)
        return *claim->arrived == 0;
    for (int i = 0; i < LASTING; i++)
        longer = longer && (claim->lasting[i].count == 0 || claim->lasting[i].least > compare->longest_arrived);
    return longer;
}

/* Whether one that waits behind A will be found to have arrived changed: then B did not end before A. Each is looked at once. */
static bool any_arrives(struct compare *compare, const struct item *a)
{
    const struct item *newest = compare->shelf[SIDE_A]->newest;
    for (const struct item *at = newest; at && at->order > MAX(compare->looked_until, a->order); at = at->older)
        if (partner_arrived_changed(compare, at)) {
            compare->arrives_at = at->order;
            break;
        }
    compare->looked_until = newest ? MAX(compare->looked_until, newest->order) : compare->looked_until;
    return a->order < compare->arrives_at;
}

/* Nothing of B is behind what the two have in common. */
static bool is_after_end(struct compare *compare, const struct item *a)
{
    bool goes_on = compare->log && compare->unmet >= ENOUGH;
    return compare->ended[1] && a->order > compare->last_met_a && !goes_on && !any_arrives(compare, a);
}

static enum compare_cause lasting_cause(struct compare *compare, const struct item *a)
{
    if (is_after_end(compare, a))
        return CAUSE_AFTER_END;
    if (in_burst(compare, a))
        return CAUSE_BURST;
    return in_outage(compare, a) ? CAUSE_OUTAGE : CAUSE_NONE;
}

struct reason cause_of_miss(struct compare *compare, const struct item *a)
{
    if (compare->last_met_a == 0)
        return (struct reason){.lasting = CAUSE_NONE};
    struct reason reason = {claim_on(compare, a), lasting_cause(compare, a)};
    if (reason.lasting == CAUSE_AFTER_END && compare->after_end == 0)
        compare->after_end = a->order;
    if (!reason.claim && reason.lasting == CAUSE_OUTAGE && compare->run_counted != compare->run_start) {
        compare->run_counted = compare->run_start;
        compare->outages++;
    }
    return reason;
}

/* A share that is lost at any rate is no overflow. */
static bool bursts_stand_out(const struct compare *compare)
{
    double in = (double)compare->causes[CAUSE_BURST].count, elsewhere = (double)compare->causes[CAUSE_NONE].count;
    double sent = (double)compare->burst_sent, sent_elsewhere = (double)(compare->sent_count - compare->burst_sent);
    return elsewhere == 0 || in * sent_elsewhere > STANDS_OUT * elsewhere * sent;
}

enum compare_cause cause_by_now(const struct compare *compare, const struct reason *reason)
{
    bool passed = reason->lasting == CAUSE_AFTER_END && compare->after_end < compare->last_met_a;
    if (reason->claim && holds(compare, reason->claim))
        return reason->claim->cause;
    if (reason->lasting == CAUSE_BURST && !bursts_stand_out(compare))
        return CAUSE_NONE;
    return passed ? CAUSE_NONE : reason->lasting;
}

struct cause_hit *cause_counter(struct compare *compare, const struct reason *reason)
{
    unsigned place = reason->lasting == CAUSE_NONE ? 0 : reason->lasting - CAUSE_AFTER_END + 1;
    return reason->claim ? &reason->claim->lasting[place] : &compare->causes[reason->lasting];
}

static void move(struct cause_hit *hit, struct cause_hit *into)
{
    bool first = into->count == 0 || hit->first_time < into->first_time;
    if (hit->count == 0)
        return;
    into->first_frame = first ? hit->first_frame : into->first_frame;
    into->first_time = first ? hit->first_time : into->first_time;
    into->last_time = into->count ? MAX(into->last_time, hit->last_time) : hit->last_time;
    into->least = into->count ? MIN(into->least, hit->least) : hit->least;
    into->most = MAX(into->most, hit->most);
    into->count += hit->count;
    memset(hit, 0, sizeof *hit);
}

static void decide(struct compare *compare, struct claim *claim)
{
    static const enum compare_cause lasting[LASTING] = {CAUSE_NONE, CAUSE_AFTER_END, CAUSE_OUTAGE, CAUSE_BURST};
    bool held = holds(compare, claim);
    for (int i = 0; i < LASTING; i++)
        move(&claim->lasting[i], &compare->causes[held ? claim->cause : lasting[i]]);
    claim->refuted = !held;
}

void cause_conclude(struct compare *compare)
{
    for (int i = 0; i < CAUSES; i++)
        decide(compare, &compare->claims[i]);
    for (int i = 0; i < PARTIES; i++) {
        decide(compare, &compare->senders[i].claim);
        decide(compare, &compare->receivers[i].claim);
    }
    for (int i = 0; i < SIZES; i++)
        decide(compare, &compare->sizes[i]);
    if (compare->after_end < compare->last_met_a)
        move(&compare->causes[CAUSE_AFTER_END], &compare->causes[CAUSE_NONE]);
    if (!bursts_stand_out(compare))
        move(&compare->causes[CAUSE_BURST], &compare->causes[CAUSE_NONE]);
}
