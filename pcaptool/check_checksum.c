/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IPv4 and UDP checksums of syslog: damage on the way, or a sender whose network card completes them after the capture. */
#include "check.h"

static void packet(struct check *check, void *user)
{
    (void)user;
    struct sight *s = &check->sight;
    const struct packet *p = s->packet;
    if (!s->sender || s->duplicate)
        return;
    if (!p->reassembled) {
        enum checksum ip = packet_ip_checksum(p);
        s->sender->ip_sum.good += ip == CHECKSUM_GOOD;
        if (ip == CHECKSUM_BAD)
            check_hit(check, &s->sender->ip_sum.bad, 1);
    }
    enum checksum udp = packet_udp_checksum(p);
    s->sender->udp_sum.good += udp == CHECKSUM_GOOD;
    s->sender->udp_sum.unknown += udp == CHECKSUM_ABSENT || udp == CHECKSUM_UNCHECKABLE;
    if (udp == CHECKSUM_BAD)
        check_hit(check, packet_udp_unfinished(p) ? &s->sender->udp_sum.pseudo : &s->sender->udp_sum.bad, 1);
}

static void conclude_sum(struct check *check, const struct sender *sender, enum check_code code, const struct hit *hit, uint64_t good,
                         uint64_t unknown, const char *which)
{
    static sentence_text damaged = {
        "Of {all} datagrams of {device}, {n} {have} a wrong {which} checksum while the others are right: damaged or rewritten on the way, and discarded without a trace in any log.",
        "{device} の {all} データグラムのうち {n} 件は {which} チェックサムが誤りで、ほかは正しいです。途中で壊れたか書き換えられ、どのログにも残らず捨てられます。"};
    static sentence_text lone = {
        "Of {all} datagrams of {device}, {n} {have} a wrong {which} checksum, and most of the others none that can be checked: damaged or rewritten on the way, and discarded without a trace in any log.",
        "{device} の {all} データグラムのうち {n} 件は {which} チェックサムが誤りで、ほかの大半には検査できる値がありません。途中で壊れたか書き換えられ、どのログにも残らず捨てられます。"};
    static sentence_text offloaded = {
        "All datagrams of {device} ({n}) have a wrong {which} checksum: captured on the sender before its network card completes them.",
        "{device} の {n} データグラムすべての {which} チェックサムが誤りです。ネットワーク カードが完成させる前に送信側でキャプチャされています。"};
    const char *name = check_sender(check, sender), *n = check_number(check, hit->count);
    if (good == 0 && unknown < hit->count)
        check_raise(check, CHECK_CHECKSUM_OFFLOAD, name, hit, hit->count > 1 ? CHECK_LIKELY : CHECK_POSSIBLE, offloaded, "n", n, "device", name, "which", which, NULL);
    else if (good == 0)
        check_raise(check, code, name, hit, CHECK_LIKELY, lone, "n", n, "all", check_number(check, unknown + hit->count), "device", name,
                    "which", which, NULL);
    else
        check_raise(check, code, name, hit, CHECK_CERTAIN, damaged, "n", n, "all",
                    check_number(check, good + hit->count), "device", name, "which", which, NULL);
}

static void conclude(struct check *check, const struct sender *sender)
{
    static sentence_text pseudo = {
        "{n} datagram{s} of {device} {have} the pseudo header's sum instead of a checksum: captured on the sender before its network card completes them.",
        "{device} の {n} データグラムはチェックサムの代わりに疑似ヘッダの和を持ちます。ネットワーク カードが完成させる前に送信側でキャプチャされています。"};
    static sentence_text none = {"none there to check, or cut", "検査できる値がないか、切れています"};
    const char *name = check_sender(check, sender);
    check->summed |= sender->udp_sum.good > 0;
    if (sender->udp_sum.pseudo)
        check_raise(check, CHECK_CHECKSUM_OFFLOAD, name, sender->udp_sum.pseudo, CHECK_CERTAIN, pseudo, "n",
                    check_number(check, sender->udp_sum.pseudo->count), "device", name, NULL);
    if (sender->udp_sum.bad)
        conclude_sum(check, sender, CHECK_BAD_UDP_CHECKSUM, sender->udp_sum.bad, sender->udp_sum.good, sender->udp_sum.unknown, "UDP");
    else if (sender->udp_sum.unknown && !sender->udp_sum.good && !sender->udp_sum.pseudo)
        check_unusable(check, TOPIC_CHECKSUMS, name, none);
    if (sender->ip_sum.bad)
        conclude_sum(check, sender, CHECK_BAD_IP_CHECKSUM, sender->ip_sum.bad, sender->ip_sum.good, 0, "IP");
}

static void finish(struct check *check, void *user)
{
    (void)user;
    check_senders(check, conclude);
}

const struct check_family check_checksum = {.sees = SEES_SYSLOG, .packet = packet, .finish = finish};
