/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The codes: what they mean, how they are derived, and what to set where. Codes of single messages are msgt_finding()'s. */
#include "check.h"

#define LISTEN \
    "Start the receiver, or send to the port it listens on: rsyslog `module(load=\"imudp\") input(type=\"imudp\" port=\"514\")`, " \
    "syslog-ng `source s_net { network(transport(\"udp\") port(514)); };`; `ss -lnup` shows who listens."
#define LISTEN_JA \
    "受信プログラムを起動するか、待ち受けているポートへ送信します。rsyslog は `module(load=\"imudp\") input(type=\"imudp\" port=\"514\")`、" \
    "syslog-ng は `source s_net { network(transport(\"udp\") port(514)); };`。待ち受けは `ss -lnup` で確認できます。"
#define FTD_SYSLOG "FMC: Devices > Platform Settings > Syslog > "

static const struct check_code_row rows[CHECK_CODES] = {
    [CHECK_ICMP_UNREACHABLE] = {"icmp-unreachable", CHECK_LOSS, CHECK_ERROR, {LISTEN, LISTEN_JA},
        {"ICMP type 3 (codes 0-3, 5-8, 11, 12) and ICMPv6 type 1 (codes 0, 3, 4) that quote a syslog datagram. The quoted addresses, ports, IP ID, length and checksum are looked up among the datagrams seen. The sender of the ICMP is the failing hop: a port unreachable of another host than the collector is most likely a filter's. ICMP is rate-limited: the count is that of refusals, and what was sent between the first and the last is the upper bound of the loss, as long as all that is quoted was captured.",
         "syslog データグラムを引用した ICMP タイプ 3 (コード 0-3、5-8、11、12) と ICMPv6 タイプ 1 (コード 0、3、4)。引用されたアドレス、ポート、IP ID、長さ、チェックサムを、キャプチャ内のデータグラムと照合します。ICMP の送信元が失敗したホップです。コレクタ以外からのポート到達不能は、多くはそこのフィルタによる拒否です。ICMP は送信数が制限されるため、件数は拒否応答の数にすぎず、引用されたものがすべてキャプチャにあれば、最初から最後までの間に送られた数が損失の上限です。"}, BY_PRESENCE},
    [CHECK_ICMP_PROHIBITED] = {"icmp-prohibited", CHECK_LOSS, CHECK_ERROR,
        {"Permit UDP to the collector's port on the host that answered: `nft add rule inet filter input udp dport 514 accept`, `firewall-cmd --add-port=514/udp`, or the access list of that router.",
         "応答したホストでコレクタのポートへの UDP を許可します。`nft add rule inet filter input udp dport 514 accept`、`firewall-cmd --add-port=514/udp`、またはそのルータのアクセスリスト。"},
        {"ICMP type 3 codes 9, 10, 13 and ICMPv6 type 1 codes 1, 5, 6 that quote a syslog datagram. The sender of the ICMP is the hop that filters.",
         "syslog データグラムを引用した ICMP タイプ 3 コード 9、10、13 と ICMPv6 タイプ 1 コード 1、5、6。ICMP の送信元がフィルタしているホップです。"}, BY_PRESENCE},
    [CHECK_ICMP_TTL_EXCEEDED] = {"icmp-ttl-exceeded", CHECK_LOSS, CHECK_ERROR,
        {"Look for a routing loop at the hop that answered (`traceroute -U -p 514 COLLECTOR` from the device's network; on the device `show route`).",
         "応答したホップのルーティング ループを調べます (デバイス側ネットワークから `traceroute -U -p 514 COLLECTOR`、デバイスで `show route`)。"},
        {"ICMP type 11 and ICMPv6 type 3 that quote a syslog datagram: code 0 in transit, code 1 while waiting for fragments.",
         "syslog データグラムを引用した ICMP タイプ 11 と ICMPv6 タイプ 3。コード 0 は転送中、コード 1 はフラグメント待ちの時間超過です。"}, BY_PRESENCE},
    [CHECK_ICMP_FRAG_NEEDED] = {"icmp-frag-needed", CHECK_LOSS, CHECK_ERROR,
        {"Give the path one MTU: on the ASA `mtu INTERFACE 1400` (FMC: Devices > Interfaces > MTU), or raise it at the hop that answered; on tunnels allow fragments.",
         "経路の MTU をそろえます。ASA は `mtu INTERFACE 1400` (FMC: Devices > Interfaces > MTU)、または応答したホップの MTU を上げます。トンネルではフラグメントを許可します。"},
        {"ICMP type 3 code 4 with its next-hop MTU, and ICMPv6 type 2, that quote a syslog datagram.",
         "syslog データグラムを引用した ICMP タイプ 3 コード 4 (次ホップ MTU つき) と ICMPv6 タイプ 2。"}, BY_PRESENCE},
    [CHECK_FRAGMENT_MISSING] = {"fragment-missing", CHECK_LOSS, CHECK_ERROR,
        {"Let fragments pass on the way (ASA `fragment chain 24 INTERFACE`; no filter by port that drops the later ones), raise `sysctl net.ipv4.ipfrag_high_thresh` on a Linux collector, or avoid them with one MTU on the path.",
         "次のいずれかを行います。経路でフラグメントを通す (ASA `fragment chain 24 INTERFACE`、2 個目以降を捨てるポート フィルタを置かない)、Linux コレクタで `sysctl net.ipv4.ipfrag_high_thresh` を上げる、経路の MTU をそろえてフラグメントを避ける。"},
        {"Fragments of a datagram of a syslog flow whose other parts do not arrive within 30 s, contradict each other or exceed 65,535 octets. Datagrams that lack their first fragment within a second after a file begins, or are still open less than a second before it ends, do not count: the rest may lie beyond. Certain where later fragments of UDP between the same two hosts were seen in the file. Where there are none to that address, a capture filter by port is the likelier cause, and only a note remains. What had no room here does not count.",
         "syslog フローのデータグラムのうち、残りのフラグメントが 30 秒以内に届かない、互いに矛盾する、または 65,535 オクテットを超えるもの。ファイルの最初の 1 秒以内で先頭のフラグメントを欠くもの、および終わりの 1 秒前以降に始まって未完成のものは、残りがファイルの外にありうるため数えません。同じ 2 ホスト間の UDP の 2 個目以降のフラグメントが同じファイルにあれば確実です。そのアドレス宛てのものが 1 つもなければポート指定のキャプチャ フィルタが疑わしいため、注記だけを残します。保持しきれなかったものは数えません。"}, BY_ABSENCE},
    [CHECK_IP_ID_GAP] = {"ip-id-gap", CHECK_LOSS, CHECK_WARNING,
        {"Compare a capture at the device with this one: `capture c1 interface INSIDE match udp host DEVICE any eq 514` on the FTD or ASA, then `ftdpcap compare device.pcap this.pcap`; look at interface drops on the way (`show interface`, `ethtool -S`).",
         "デバイス側のキャプチャと比較します。FTD/ASA で `capture c1 interface INSIDE match udp host DEVICE any eq 514`、続いて `ftdpcap compare device.pcap this.pcap`。途中のインターフェイスの廃棄も確認します (`show interface`、`ethtool -S`)。"},
        {"Only for a source whose IPv4 IDs were shown to count: at least 32 moves, 70 % of them by exactly one, also after pauses (clocks that tick into the counter show there), few leaps, and slow enough not to wrap unseen. Skipped values that arrive late are taken back. Where more than 254 are skipped, and these are not about as many as the rate before brings in that time (a quarter to four times), or it goes on below 64, the source may have begun to count anew: such leaps are a finding of their own, possible at most. Constant, random and shared counters are named as not usable. A packet that the capture point does not see looks the same: the number is an upper bound.",
         "IPv4 ID が 1 ずつ増えると確かめられた送信元だけが対象です。32 回以上の変化のうち 70 % 以上がちょうど 1、休止後も同様で (時計が加算されるカウンタはここで分かります)、飛びが少なく、見えないうちに一周しない速さであること。遅れて届いた値は差し引きます。254 個を超えて飛び、それまでの速さでその間に増えるはずの数 (4 分の 1 から 4 倍) と合わないか、64 未満から続くときは、数え直した可能性があるため、別の所見とし、確度は「可能性」にとどめます。一定、乱数、共有のカウンタは使えないものとして示します。キャプチャ地点を通らないパケットも同じに見えるため、数は上限です。"}, BY_ABSENCE},
    [CHECK_SEQUENCE_GAP] = {"sequence-gap", CHECK_LOSS, CHECK_WARNING,
        {"Look where the numbers are made for what it drops: queue of the sender (`show logging queue`, `logging queue 8192`), then the path (`ftdpcap compare`).",
         "番号を付ける側の廃棄を調べます。送信側のキュー (`show logging queue`、`logging queue 8192`)、次に経路 (`ftdpcap compare`)。"},
        {"RFC 5424 sequenceId, or a counter in front of the header, that was shown to count by one for a device and then skips. Numbers that come late are taken back; a step back is a restart. Where the same numbers go to several collectors, or several senders with one name count for themselves, each flow is judged alone; where they share one count, all together.",
         "RFC 5424 の sequenceId またはヘッダ前のカウンタが、デバイスごとに 1 ずつ増えると確かめられた後で飛んだもの。遅れて届いた番号は差し引き、大きく戻れば再起動とみなします。同じ番号が複数のコレクタへ送られるとき、または同じ名前の複数の送信元がそれぞれ数えるときはフローごとに、1 つの系列を分け合うときはまとめて判定します。"}, BY_ABSENCE},
    [CHECK_SILENCE] = {"silence", CHECK_LOSS, CHECK_WARNING,
        {"See whether the device was up and still logs to this collector: `show logging`, `show logging queue`, `show failover` (FTD: the same in the diagnostic CLI); ASA `logging permit-hostdown` when a TCP collector was down.",
         "沈黙の間デバイスが動作していたか、今もこのコレクタへ送っているかを確認します。`show logging`、`show logging queue`、`show failover` (FTD は診断 CLI で同様)。TCP コレクタが停止していた場合は ASA `logging permit-hostdown`。"},
        {"The pauses between a device's messages, at least 20 before the silence. The longest ones are silences when they are six times the next longest of the whole capture, three times what so many pauses at that rate would hold, and the pauses before were steady (mean below eight medians, if need be without the longest). A file that begins where the one before ends, as in a rotation, goes on with it. A pause of which the device's own stamps show less than half was none: the clock of the capture stepped, or the message was late. Where the device's IP IDs count by one, they tell whether it sent meanwhile: none is skipped, or half to twice as many as its rhythm would bring.",
         "デバイスのメッセージ間隔 (沈黙の前に 20 以上)。最も長いものが、キャプチャ全体で次に長いものの 6 倍、その頻度で期待される最大値の 3 倍を超え、それまでの間隔が安定している (平均が中央値の 8 倍未満、必要なら最長を除く) とき、沈黙とします。ローテーションのように前のファイルの終わりから続くファイルは、1 つの続きとして扱います。デバイス自身の時刻がその半分未満しか進んでいない間隔は沈黙としません (キャプチャの時計が跳んだか、メッセージが遅れたもの)。デバイスの IP ID が 1 ずつ増えるなら、その間に送信があったかも分かります (1 つも飛んでいない、または送信間隔から期待される数の半分から 2 倍飛んでいる)。"}, BY_QUIET},
    [CHECK_RATE_PLATEAU] = {"rate-plateau", CHECK_LOSS, CHECK_NOTE,
        {"See whether the device is told to limit: `show running-config logging`; ASA `no logging rate-limit ...` or a higher number, " FTD_SYSLOG "Rate Limit.",
         "デバイスで制限が設定されていないか確認します。`show running-config logging`。ASA は `no logging rate-limit ...` または上限の引き上げ、" FTD_SYSLOG "Rate Limit。"},
        {"Messages of a device are counted for each second. When at least ten seconds that follow one as busy reach the same highest count (give or take 2 %), hardly any come to just below it, and other seconds hold less than half, something cuts the peaks off: most likely `logging rate-limit`. Traffic that starts and stops at one rate looks the same, so it stays a note.",
         "デバイスのメッセージを 1 秒ごとに数えます。直前の秒と同程度に多い秒のうち 10 秒以上が同じ最大値 (±2 %) に達し、その少し下の秒がほとんどなく、半分未満の秒もあるとき、何かが山を切っています。多くは `logging rate-limit` です。一定の速さで始まっては止まる通信も同じに見えるため、注記にとどめます。"}, BY_PRESENCE},
    [CHECK_BURST] = {"burst", CHECK_LOSS, CHECK_WARNING,
        {"Give the collector's socket {size}: `sysctl -w net.core.rmem_max={octets}` and rsyslog imudp `rcvbufSize=\"{size_option}\"` or syslog-ng `so-rcvbuf({octets})`; `nstat -az UdpRcvbufErrors` counts what is lost.",
         "コレクタのソケットに {size} を与えます。`sysctl -w net.core.rmem_max={octets}` と rsyslog imudp `rcvbufSize=\"{size_option}\"` または syslog-ng `so-rcvbuf({octets})`。損失は `nstat -az UdpRcvbufErrors` で数えられます。"},
        {"Arrivals at each collector are replayed into a receive queue of --rcvbuf octets (212,992) from which --drain messages a second (5,000) are read. A datagram is charged as Linux does: 832 octets up to 172, 1,280 up to 400, 2,304 for each 1,400 above. The collector itself is not seen: an estimate, at best possible.",
         "各コレクタへの到着を、--rcvbuf オクテット (212,992) の受信キューに再現し、毎秒 --drain 件 (5,000) を読み出します。データグラム 1 件の消費量は Linux と同じく、172 オクテットまで 832、400 まで 1,280、それを超えると 1,400 ごとに 2,304 オクテット。コレクタ自体は見えないため推定にすぎず、確度は高くても「可能性」です。"}, BY_PRESENCE},
    [CHECK_ARP_UNANSWERED] = {"arp-unanswered", CHECK_LOSS, CHECK_ERROR,
        {"See that the collector, or the next hop if that is named, is up and has this address (`ip address`, `show arp`), and correct what is wrong: ASA `logging host INTERFACE ADDRESS`, " FTD_SYSLOG "Syslog Servers.",
         "コレクタ (次ホップが示されていればそれ) が起動し、このアドレスを持つか確認し (`ip address`、`show arp`)、誤りなら直します。ASA `logging host INTERFACE ADDRESS`、" FTD_SYSLOG "Syslog Servers。"},
        {"ARP requests and neighbour solicitations for an address that syslog is sent to, or for its next hop (the host whose card answered before and gets the frames with syslog, asked for by the card that sends them), three or more of which had no reply within a second. Requests within 0.1 s of another are copies. Likely where syslog that goes this way was captured meanwhile, otherwise possible. Only who sends such a datagram, or its frame, counts as asking, and not where the address answers others meanwhile but never this one: replies to other hosts need not pass the capture point. Only a note where the capture holds no reply at all: a mirror port may show requests only.",
         "syslog の宛先アドレス、または次ホップ (以前に応答したカードが syslog のフレームの宛先であり、その送信元カードが問い合わせているホスト) に対する ARP 要求と近隣要請のうち、1 秒以内に応答のないものが 3 回以上。別の要求から 0.1 秒以内のものは複製とみなします。その間にこの経路へ送られた syslog がキャプチャにあれば「有力」、なければ「可能性」です。問い合わせ元は、そのデータグラムまたはフレームの送信元に限ります。その間にほかのホストには応答し、この送信元には一度も応答していないアドレスは除きます。ほかのホストへの応答はキャプチャ地点を通らないことがあるためです。応答がまったくないキャプチャでは、ミラー ポートが要求だけを映すことがあるため注記にとどめます。"}, BY_ABSENCE},
    [CHECK_DEVICE_REPORTS_LOSS] = {"device-reports-loss", CHECK_LOSS, CHECK_ERROR,
        {"On the ASA `logging queue 8192` and fewer messages (`logging trap`, `no logging message ID`, `logging rate-limit`), `logging permit-hostdown` for TCP; for 106101 `access-list deny-flow-max N`; " FTD_SYSLOG "Logging Setup (queue size, allow user traffic when the TCP server is down).",
         "ASA では `logging queue 8192`、メッセージの削減 (`logging trap`、`no logging message ID`、`logging rate-limit`)、TCP では `logging permit-hostdown`、106101 では `access-list deny-flow-max N`。" FTD_SYSLOG "Logging Setup (キューの大きさ、TCP サーバ停止時の通信許可)。"},
        {"Messages in which the device itself says so: 414001-414003, 414006, 201008, 106101.",
         "デバイス自身が損失を伝えるメッセージ: 414001-414003、414006、201008、106101。"}, BY_PRESENCE},
    [CHECK_BAD_UDP_CHECKSUM] = {"bad-udp-checksum", CHECK_MALFORMED, CHECK_ERROR,
        {"The collector's kernel discards these (`nstat -az UdpInCsumErrors`). Look for what rewrites packets on the way (NAT, WAN optimiser, virtual switch) and for a failing link (`show interface`, `ethtool -S`); try `ethtool -K IFACE rx off tx off`.",
         "コレクタのカーネルはこれらを捨てます (`nstat -az UdpInCsumErrors`)。途中で書き換えるもの (NAT、WAN 最適化、仮想スイッチ) と回線の故障を調べます (`show interface`、`ethtool -S`)。`ethtool -K IFACE rx off tx off` も試します。"},
        {"The checksum computed over pseudo header and datagram differs from the one found, while other datagrams of the same source are right; likely where most of the others have none. 0 means none; datagrams that are cut or incomplete are not checked.",
         "疑似ヘッダとデータグラムから計算したチェックサムが値と異なり、同じ送信元のほかのデータグラムは正しいもの。ほかの大半に値がなければ、確度は「有力」にとどめます。0 は「なし」。切れたものや不完全なものは調べません。"}, BY_PRESENCE},
    [CHECK_BAD_IP_CHECKSUM] = {"bad-ip-checksum", CHECK_MALFORMED, CHECK_ERROR,
        {"The next hop discards these (`nstat -az IpInHdrErrors`). Look for what rewrites headers on the way and for a failing link (`show interface`, `ethtool -S`).",
         "次ホップはこれらを捨てます (`nstat -az IpInHdrErrors`)。途中でヘッダを書き換えるものと回線の故障を調べます (`show interface`、`ethtool -S`)。"},
        {"The IPv4 header checksum differs from the computed one, while other packets of the same source are right.",
         "IPv4 ヘッダ チェックサムが計算値と異なり、同じ送信元のほかのパケットは正しいもの。"}, BY_PRESENCE},
    [CHECK_CHECKSUM_OFFLOAD] = {"checksum-offload", CHECK_CAPTURE, CHECK_NOTE,
        {"Nothing is wrong on the wire. To see real checksums, capture on the other side, or `ethtool -K IFACE tx off` while capturing.",
         "回線上の異常ではありません。実際の値を見るにはもう一方の側でキャプチャするか、キャプチャ中に `ethtool -K IFACE tx off` とします。"},
        {"All checkable datagrams of one source are wrong, or the value is the pseudo header's sum that a driver leaves for the network card: captured on the sender, before the card completes them.",
         "1 つの送信元の検査できるデータグラムがすべて誤り、または値がネットワーク カード向けの疑似ヘッダの和であるもの。カードが完成させる前に送信側でキャプチャされたものです。"}, BY_PRESENCE},
    [CHECK_DUPLICATE] = {"duplicate", CHECK_CAPTURE, CHECK_WARNING,
        {"Mirror one direction or one port only (`monitor session 1 source interface X rx`), or capture on one interface; `editcap -d` removes copies that are the same frame to the last octet, and leaves those with another hop limit, VLAN tag or Ethernet address. Copies are not counted by the other findings.",
         "一方向または 1 つのポートだけをミラーします (`monitor session 1 source interface X rx`)。または 1 つのインターフェイスでキャプチャします。`editcap -d` で除けるのはフレーム全体が同じ複製だけで、TTL、VLAN タグ、Ethernet アドレスが違うものは残ります。ほかの所見は複製を数えません。"},
        {"The same addresses, ports, IP ID, checksum, length and payload within a second. Where the IP ID is 0, or the same in all datagrams of the flow, the hop limit must differ by one, for a device may say the same twice; or 19 of 20 datagrams of the flow, eight at least, come again within a millisecond (likely). Or the same IP ID (neither 0 nor the same in all), length and payload with other addresses: both sides of a NAT; where only the receiver differs, the hop limit must differ, too, for a device may say the same to two collectors.",
         "同じアドレス、ポート、IP ID、チェックサム、長さ、内容が 1 秒以内に現れたもの。IP ID が 0 またはフロー内で一定のときは、デバイスが同じことを 2 度言う場合があるため、TTL が 1 違うか、フローの 20 件中 19 件以上 (少なくとも 8 件) が 1 ミリ秒以内に再び現れること (有力) を求めます。または、IP ID (0 でも一定でもないもの)、長さ、内容が同じで、アドレスが異なるもの (NAT の両側)。宛先だけが異なるときは、1 台が 2 つのコレクタへ同じことを送る場合があるため、TTL も違うことを求めます。"}, BY_PRESENCE},
    [CHECK_REORDERED] = {"reordered", CHECK_CAPTURE, CHECK_WARNING,
        {"Harmless to UDP syslog but for the order in the log. Look for paths that share a flow packet by packet (`port-channel load-balance src-dst-ip`, `ip cef load-sharing`), or merge captures by time with `mergecap` or `reordercap`.",
         "UDP syslog ではログの順序以外に害はありません。パケット単位で分散する経路 (`port-channel load-balance src-dst-ip`、`ip cef load-sharing`) を調べるか、`mergecap`、`reordercap` で時刻順にします。"},
        {"Within a flow: an IP ID out of a gap that a counting source left before, or a capture time earlier than that of the datagram before.",
         "フロー内で、数え上げる送信元が先に飛ばした IP ID が後から現れたもの、またはキャプチャ時刻が直前のデータグラムより早いもの。"}, BY_PRESENCE},
    [CHECK_CAPTURE_DROPS] = {"capture-drops", CHECK_CAPTURE, CHECK_WARNING,
        {"Capture again with a larger buffer and a filter: `tcpdump -B 65536 -s 0 -w FILE udp port 514`, `dumpcap -B 64`.",
         "バッファを広げ、フィルタを付けて取り直します。`tcpdump -B 65536 -s 0 -w FILE udp port 514`、`dumpcap -B 64`。"},
        {"Drop counts of pcapng interface statistics (isb_ifdrop, isb_osdrop) and of packet blocks, or of the kernel when live. Findings of loss that rest on what is missing here are then possible at most.",
         "pcapng のインターフェイス統計 (isb_ifdrop、isb_osdrop) とパケット ブロックの廃棄数、ライブではカーネルの廃棄数。このとき、ここにないことに基づく損失の所見は「可能性」にとどめます。"}, BY_PRESENCE},
    [CHECK_SPLIT_MESSAGE] = {"split-message", CHECK_MALFORMED, CHECK_WARNING,
        {"Raise the limit of what splits it: rsyslog `global(maxMessageSize=\"64k\")` at the relay, syslog-ng `log-msg-size(65536)`; some senders split at the MTU: one MTU on the path.",
         "分割するものの上限を上げます。中継では rsyslog `global(maxMessageSize=\"64k\")`、syslog-ng `log-msg-size(65536)`。MTU で分割する送信元には経路の MTU をそろえます。"},
        {"A message ends inside its template, and within a second the same flow brings a datagram without PRI and tag. Certain when both together decode to the end.",
         "メッセージがテンプレートの途中で終わり、1 秒以内に同じフローから PRI もタグもないデータグラムが続くもの。つなげて最後まで解析できれば確実です。"}, BY_PRESENCE},
    [CHECK_CLOCK_SKEW] = {"clock-skew", CHECK_CLOCK, CHECK_WARNING,
        {"On the ASA `ntp server ADDRESS`, `logging timestamp rfc5424` (UTC with its Z) and `clock timezone`; FMC: Devices > Platform Settings > Time Synchronization, and Syslog > Syslog Settings > Enable Timestamp (RFC 5424). For this tool: --tz.",
         "ASA では `ntp server ADDRESS`、`logging timestamp rfc5424` (Z つきの UTC)、`clock timezone`。FMC: Devices > Platform Settings > Time Synchronization、および Syslog > Syslog Settings > Enable Timestamp (RFC 5424)。このツールでは --tz。"},
        {"Device time minus capture time, settled over at least 8 messages. Offsets within 20 s of one that some zone has are named as zones: a note where the stamp has no zone (local time), a warning where it claims one. Otherwise 3 s and more, and drift of 2 s and more. A stamp without a year gets the one that puts it nearest to the capture.",
         "デバイス時刻からキャプチャ時刻を引いた差を、8 件以上のメッセージで確かめたもの。実在するタイム ゾーンの時差との違いが 20 秒以内ならタイム ゾーンとして示し、時刻にゾーンがなければ (現地時刻) 注記、ゾーンを名乗っていれば警告です。それ以外は 3 秒以上のずれと、2 秒以上のずれの変化が対象です。年のない時刻には、キャプチャに最も近くなる年を補います。"}, BY_PRESENCE},
    [CHECK_CLOCK_JUMP] = {"clock-jump", CHECK_CLOCK, CHECK_WARNING,
        {"Let NTP hold the clock (`show ntp status`, ASA `ntp server ADDRESS prefer`); steps of an hour are daylight saving: log in UTC with `logging timestamp rfc5424`.",
         "NTP で時計を保ちます (`show ntp status`、ASA `ntp server ADDRESS prefer`)。1 時間の跳びは夏時間です。`logging timestamp rfc5424` で UTC を記録します。"},
        {"The offset of device time leaves its level by more than 2.5 s and stays at a new one for three messages in a row. Where the times of all devices move alike at once, and the capture times run back or leap there by as much, the clock that stepped is that of the capture: one note.",
         "デバイス時刻の差が水準から 2.5 秒を超えて離れ、3 件続けて新しい水準にとどまったもの。すべてのデバイスの時刻が一斉に同じだけ動き、そこでキャプチャ時刻も同じだけ戻るか飛んでいる場合は、キャプチャした側の時計が跳んだものとして注記 1 件にします。"}, BY_PRESENCE},
#define ROW(finding, kind, severity) [CHECK_MESSAGE + finding] = {"", kind, severity,
    ROW(MSGT_F_NO_PRI, CHECK_MALFORMED, CHECK_WARNING)
        {"A managed FTD sends the priority only in EMBLEM format: " FTD_SYSLOG "Syslog Servers > Log messages in Cisco EMBLEM format (ASA `logging host IF ADDR format emblem`); or give the collector a rule for messages without PRI.",
         "管理対象の FTD は EMBLEM 形式でだけ優先度を送ります。" FTD_SYSLOG "Syslog Servers > Log messages in Cisco EMBLEM format (ASA `logging host IF ADDR format emblem`)。またはコレクタに PRI のないメッセージの規則を置きます。"},
        {"No <PRI> in front: collectors file such messages as user.notice.", "先頭に <PRI> がないもの。コレクタは user.notice として扱います。"}, BY_PRESENCE},
    ROW(MSGT_F_BAD_PRI, CHECK_MALFORMED, CHECK_WARNING)
        {"Correct the sender or relay that writes it: a priority is <0> to <191>, three digits at most, closed by >.",
         "これを書く送信元または中継を直します。優先度は <0> から <191>、3 桁以内で > で閉じます。"},
        {"The datagram starts with < but what follows is no priority of RFC 5424.", "< で始まりますが RFC 5424 の優先度ではないもの。"}, BY_PRESENCE},
    ROW(MSGT_F_NO_TIMESTAMP, CHECK_MALFORMED, CHECK_NOTE)
        {"On the ASA `logging timestamp` (better `logging timestamp rfc5424`); " FTD_SYSLOG "Syslog Settings > Enable Timestamp on Syslog Messages.",
         "ASA では `logging timestamp` (できれば `logging timestamp rfc5424`)。" FTD_SYSLOG "Syslog Settings > Enable Timestamp on Syslog Messages。"},
        {"No time in the header: the collector puts its own. A warning where only some messages of a device lack it.", "ヘッダに時刻がなく、コレクタが自分の時刻を付けます。デバイスの一部のメッセージだけにないときは警告です。"}, BY_PRESENCE},
    ROW(MSGT_F_DOUBLE_HEADER, CHECK_MALFORMED, CHECK_WARNING)
        {"Let the relay pass messages as they are: rsyslog template `%rawmsg%` in the forwarding action, syslog-ng `flags(no-parse)` and `template(\"${MESSAGE}\\n\")`.",
         "中継がそのまま通すようにします。rsyslog は転送アクションのテンプレートを `%rawmsg%`、syslog-ng は `flags(no-parse)` と `template(\"${MESSAGE}\\n\")`。"},
        {"Two times in front of the tag: a relay put a header of its own before the device's.", "タグの前に時刻が 2 つあるもの。中継が自分のヘッダを前に置いています。"}, BY_PRESENCE},
    ROW(MSGT_F_EMBLEM, CHECK_MALFORMED, CHECK_NOTE)
        {"Nothing, when the collector knows the form; else ASA `logging host IF ADDR` without `format emblem`, " FTD_SYSLOG "Syslog Servers.",
         "コレクタがこの形式を知っていれば不要。そうでなければ ASA `logging host IF ADDR` (`format emblem` なし)、" FTD_SYSLOG "Syslog Servers。"},
        {"A colon directly behind the priority: Cisco's EMBLEM header.", "優先度の直後がコロンのもの。Cisco の EMBLEM ヘッダです。"}, BY_PRESENCE},
    ROW(MSGT_F_NO_TAG, CHECK_MALFORMED, CHECK_NOTE)
        {"Nothing, when other systems send to the same port; otherwise see what changes the text on the way.",
         "ほかのシステムが同じポートに送っているなら不要。そうでなければ途中で本文を変えるものを調べます。"},
        {"Syslog on port 514 without an FTD or ASA tag. A warning where a small part of what an FTD or ASA sends lacks it.", "ポート 514 の syslog で FTD/ASA のタグがないもの。FTD/ASA の送るものの一部だけにないときは警告です。"}, BY_PRESENCE},
    ROW(MSGT_F_UNKNOWN_ID, CHECK_MALFORMED, CHECK_NOTE)
        {"Nothing is wrong with the message. `ftdpcap -m FILE` adds it to the catalogue.", "メッセージの異常ではありません。`ftdpcap -m FILE` でカタログに追加できます。"},
        {"The message ID is not in the catalogue.", "メッセージ ID がカタログにないもの。"}, BY_PRESENCE},
    ROW(MSGT_F_TEMPLATE_MISMATCH, CHECK_MALFORMED, CHECK_NOTE)
        {"See `ftdpcap -v --status=partial FILE`: another software version words it differently, or a relay changes it. `ftdpcap -m FILE` teaches the wording: the message of the file takes the place of the built-in one, so start from the texts of `ftdpcap explain -o json ID`.",
         "`ftdpcap -v --status=partial FILE` で確認します。バージョンによる文言の違いか、中継による変更です。文言は `ftdpcap -m FILE` で教えられます。ファイルのメッセージが組み込みのものに置き換わるので、`ftdpcap explain -o json ID` の本文から始めてください。"},
        {"The ID is known and the text leaves every template of it.", "ID は既知で、本文がどのテンプレートからも外れたもの。"}, BY_PRESENCE},
    ROW(MSGT_F_MESSAGE_TRUNCATED, CHECK_MALFORMED, CHECK_WARNING)
        {"Raise what cuts: rsyslog `global(maxMessageSize=\"64k\")` (first line of rsyslog.conf), syslog-ng `log-msg-size(65536)`, at relays and the collector.",
         "切っているものの上限を上げます。中継とコレクタで rsyslog `global(maxMessageSize=\"64k\")` (rsyslog.conf の先頭)、syslog-ng `log-msg-size(65536)`。"},
        {"The text ends inside its template and the capture is not what cut it. A warning where lengths gather at a limit with nothing longer behind (480, 512, 1024, 1472, 2048, 4096, 8192 at least twice, any other length at least three times); otherwise a note, for another version may say less. Also, where the text may end anywhere: eight messages and more at such a limit, with different ends, none behind it, and hardly any of the 64 octets before.",
         "本文がテンプレートの途中で終わり、キャプチャが切ったのではないもの。これより長いものがなく、長さが上限 (480、512、1024、1472、2048、4096、8192 に 2 回以上、そのほかの長さには 3 回以上) に集まれば警告、そうでなければバージョンの違いもあるため注記です。本文がどこで終わってもよい場合は、このような上限ちょうどのものが 8 件以上あり、末尾が異なり、これより長いものがなく、直前の 64 オクテットにほとんどないとき。"}, BY_PRESENCE},
    ROW(MSGT_F_SNAPLEN, CHECK_CAPTURE, CHECK_WARNING)
        {"Capture whole packets: `tcpdump -s 0`, `dumpcap -s 0`, ASA `capture c1 packet-length 9216`.", "パケット全体をキャプチャします。`tcpdump -s 0`、`dumpcap -s 0`、ASA `capture c1 packet-length 9216`。"},
        {"Captured length below the length on the wire; a datagram in fragments counts once. A note where no syslog is concerned.", "キャプチャ長が回線上の長さより短いもの。フラグメントに分かれたデータグラムは 1 件と数えます。syslog に関わらなければ注記です。"}, BY_PRESENCE},
    ROW(MSGT_F_SEVERITY_MISMATCH, CHECK_MALFORMED, CHECK_WARNING)
        {"See what rewrites the priority (a relay's template or `set-severity`); filters of the collector that go by PRI miss these.",
         "優先度を書き換えるもの (中継のテンプレートや `set-severity`) を調べます。PRI で選ぶコレクタのフィルタから漏れます。"},
        {"PRI modulo 8 is not the severity in the tag.", "PRI を 8 で割った余りがタグの重大度と異なるもの。"}, BY_PRESENCE},
    ROW(MSGT_F_SEVERITY_CHANGED, CHECK_MALFORMED, CHECK_NOTE)
        {"Nothing, when it was meant: ASA `logging message ID level N` (`show running-config logging`), " FTD_SYSLOG "Syslog Settings.", "意図した設定なら不要。ASA `logging message ID level N` (`show running-config logging`)、" FTD_SYSLOG "Syslog Settings。"},
        {"The tag's severity is not the documented one.", "タグの重大度が文書と異なるもの。"}, BY_PRESENCE},
    ROW(MSGT_F_MULTIPLE_MESSAGES, CHECK_MALFORMED, CHECK_WARNING)
        {"Let the relay send one message a datagram (RFC 5426, section 3.1): no batching over UDP, or TCP with octet counting.", "中継が 1 データグラムに 1 メッセージ (RFC 5426 3.1 節) を送るようにします。UDP でまとめないか、オクテット カウントの TCP にします。"},
        {"More than one line of a datagram has a tag of its own.", "データグラムの複数の行がそれぞれタグを持つもの。"}, BY_PRESENCE},
    ROW(MSGT_F_NON_UTF8, CHECK_MALFORMED, CHECK_WARNING)
        {"Tell the collector the encoding: syslog-ng `encoding(\"...\")`, rsyslog `$EscapeControlCharactersOnReceive` and module mmutf8fix.", "コレクタに文字コードを伝えます。syslog-ng `encoding(\"...\")`、rsyslog は `$EscapeControlCharactersOnReceive` と mmutf8fix モジュール。"},
        {"Octets that are no UTF-8 (RFC 3629).", "UTF-8 (RFC 3629) でないオクテット。"}, BY_PRESENCE},
    ROW(MSGT_F_CONTROL_BYTES, CHECK_MALFORMED, CHECK_NOTE)
        {"Escape them at the collector: rsyslog `global(parser.escapeControlCharactersOnReceive=\"on\")`, syslog-ng `flags(no-multi-line)`.", "コレクタでエスケープします。rsyslog `global(parser.escapeControlCharactersOnReceive=\"on\")`、syslog-ng `flags(no-multi-line)`。"},
        {"Control octets inside the text: rsyslog and syslog-ng escape them, other collectors may split the message there.", "本文中の制御文字。rsyslog と syslog-ng はエスケープしますが、ほかのコレクタはそこで分割することがあります。"}, BY_PRESENCE},
    ROW(MSGT_F_TRAILING_BYTES, CHECK_MALFORMED, CHECK_NOTE)
        {"Nothing for most collectors; rsyslog drops a trailing LF with `global(parser.dropTrailingLFOnReception=\"on\")`.", "多くのコレクタでは不要。rsyslog は `global(parser.dropTrailingLFOnReception=\"on\")` で末尾の LF を除きます。"},
        {"CR, LF or NUL behind the text.", "本文の後ろの CR、LF、NUL。"}, BY_PRESENCE},
#undef ROW
};

const struct check_code_row *check_code(enum check_code code) { return &rows[code]; }

const char *check_code_name(enum check_code code)
{
    return code < CHECK_MESSAGE ? rows[code].code : msgt_finding((enum msgt_finding)(code - CHECK_MESSAGE)).code;
}
