# SPDX-License-Identifier: GPL-2.0-or-later
"""What the plugin promises, under the real tshark. tests/plugin/captures.py says what is in the captures."""
import csv
import os
import shutil
import unittest

import frames
import host

HERE = host.HERE


def plain(pairs):
    """Pairs as a dictionary, objects within too; of repeated keys the last one stays."""
    if isinstance(pairs, list) and all(isinstance(pair, tuple) for pair in pairs):
        return {key: plain(value) for key, value in pairs}
    return pairs


class Plugin(unittest.TestCase):
    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        cls.host = host.Host()
        cls.stock = host.Host(plugin=False)
        cls.reach, cls.findings, cls.sessions = (
            cls.host.bring(os.path.join(HERE, "captures", name + ".pcap")) for name in ("reach", "findings", "sessions"))
        for name in ("reach", "findings", "sessions"):
            cls.stock.bring(os.path.join(HERE, "captures", name + ".pcap"))

    def frames_with(self, capture, display_filter, *extra):
        rows = self.host.fields(capture, "frame.number", extra=("-Y", display_filter, *extra))
        return [int(row[0]) for row in rows]

    # ---- Reach ----

    def test_reach(self):
        self.assertEqual(self.frames_with(self.reach, "ftd"), [1, 2, 3, 7, 8, 9, 11])
        self.assertEqual(self.frames_with(self.reach, "ftd", "--disable-heuristic", "ftd_udp"), [1, 3, 7, 8, 9, 11])
        self.assertEqual(self.frames_with(self.reach, "ftd", "-o", "ftd.heuristic:FALSE"), [1, 3, 7])
        self.assertEqual(self.frames_with(self.reach, "syslog.facility == 20", "-Y", "ftd && syslog.level == 6")[:2], [1, 2])

    def test_ports_of_syslog(self):
        off = ("-o", "ftd.heuristic:FALSE")
        self.assertEqual(self.frames_with(self.reach, "ftd", *off, "-d", "udp.port==5514,syslog"), [1, 2, 3, 7])
        self.assertEqual(self.frames_with(self.reach, "ftd", *off, "-o", "syslog.udp.port:5514")[:2], [1, 2])
        self.assertIn(11, self.frames_with(self.reach, "ftd", *off, "-d", "tcp.port==601,syslog"))

    def test_by_name(self):
        """Decode As for datagrams, and a payload that asks for the dissector: the same as on port 514."""
        decoded = ("frame.number", "ftd.user", "_ws.col.Protocol")
        for port in (53, 5514):
            rows = self.host.fields(self.reach, *decoded, extra=("-d", f"udp.port=={port},ftd", "-Y", f"ftd && udp.dstport == {port}"))
            self.assertEqual(rows, [["12" if port == 53 else "2", "alice", "FTD"]])
        capture = self.host.path("exported.pcap")
        text = self.TEXT.format(7)
        frames.write(capture, [(0, frames.exported("syslog", text)), (1, frames.exported("ftd", text))], link=252)
        self.host.open_up()
        self.assertEqual(self.host.fields(capture, *decoded), [["1", "user7", "FTD"], ["2", "user7", "FTD"]])

    def test_stream(self):
        rows = self.host.fields(self.reach, "frame.number", "ftd.id", "ftd.status", extra=("-Y", "tcp"))
        self.assertEqual(rows, [["8", "722051", "ok"], ["9", "722051", "ok"], ["11", "722051,722051", "ok,ok"]])

    TEXT = "<166>Nov 24 2026 14:05:01 fw1 : %FTD-6-722051: Group <Staff> User <user{}> IP <192.0.2.7> IPv4 Address <10.8.0.5> IPv6 address <::> assigned to session"

    def streams(self, *payloads, name="streams.pcap"):
        """A capture of TCP segments, of one stream each list; the last of a list ends it."""
        packets = []
        for port, parts in enumerate(payloads):
            sequence = 1
            for part in parts:
                flags = 0x19 if part is parts[-1] else 0x18
                packets.append((len(packets), frames.tcp(part, sequence, port=1470, src_port=50000 + port, flags=flags)))
                sequence += len(part)
        capture = self.host.path(name)
        frames.write(capture, packets)
        return capture

    def test_many_in_one_segment(self):
        """As a collector's network card puts them together: more than Wireshark has layers for in a frame."""
        half = [self.TEXT.format(n).encode() + b"\n" for n in range(380)]
        short = [b"<166>%FTD-6-725016: x\n" for _ in range(220)]
        rows = self.host.fields(self.streams([b"".join(half + short)]), "ftd.id", extra=("-Y", "ftd"))
        self.assertEqual(len(rows[0][0].split(",")), 600)

    def test_other_ends(self):
        """NULs, and the end of the stream."""
        one, two, three = (self.TEXT.format(n).encode() for n in range(3))
        capture = self.streams([one + b"\0" + two + b"\0", three], [one + b"\n" + two[:70], two[70:] + b"\n\0", three + b"\r\n"])
        rows = self.host.fields(capture, "frame.number", "ftd.user", "ftd.status", extra=("-Y", "ftd"))
        self.assertEqual(rows, [["1", "user0,user1", "ok,ok"], ["2", "user2", "ok"], ["3", "user0", "ok"], ["4", "user1", "ok"], ["5", "user2", "ok"]])

    def test_info_of_streams(self):
        """What completes a message and brings another shows both, and no raw line."""
        one, two = (self.TEXT.format(n).encode() for n in range(2))
        counted = [b"%d %s" % (len(text), text) for text in (one, two)]
        capture = self.streams([counted[0][:90], counted[0][90:] + counted[1], b"\n"])
        rows = self.host.fields(capture, "_ws.col.Info", extra=("-Y", "ftd"))
        self.assertEqual(len(rows), 1)
        self.assertEqual(self.frames_with(capture, "syslog"), [2])
        self.assertTrue(rows[0][0].startswith("722051 VPN address assigned: user=user0") and "| 722051" in rows[0][0] and "<166>" not in rows[0][0], rows)

    def test_quoted_in_part(self):
        """An ICMP error quotes what it likes: its text is not malformed."""
        whole = frames.udp(self.TEXT.format(1))
        capture = self.host.path("quoted.pcap")
        frames.write(capture, [(1, frames.icmp_unreachable(whole[:14 + 28 + 90]))])
        self.assertEqual(self.frames_with(capture, "ftd"), [1])
        self.assertEqual(self.frames_with(capture, "_ws.malformed || _ws.expert.message contains \"template\""), [])

    def test_stock_output(self):
        """Off, the plugin leaves no trace; on, only frames with a tag change."""
        for capture in ("reach.pcap", "findings.pcap"):
            for extra in ((), ("-V",), ("-T", "json"), ("-T", "fields", "-e", "syslog.msg"), ("-2",), ("-x",)):
                stock = self.stock.tshark("-r", capture, *extra).stdout
                off = self.host.tshark("-r", capture, "--disable-protocol", "ftd", *extra).stdout
                self.assertEqual(off, stock, f"{capture} {extra}")
        others = "frame.number == 4 || frame.number == 5 || frame.number == 6 || frame.number == 10 || frame.number == 12"
        for extra in ((), ("-2",), ("-V",), ("-T", "json"), ("-x",)):
            stock = self.stock.tshark("-r", "reach.pcap", "-Y", others, *extra).stdout
            self.assertEqual(self.host.tshark("-r", "reach.pcap", "-Y", others, *extra).stdout, stock, extra)

    def test_quoted_by_icmp(self):
        row = self.host.fields(self.reach, "ftd.id", "_ws.col.Protocol", "ftd.session.number", extra=("-Y", "icmp"))
        self.assertEqual(row, [["722051", "ICMP", ""]])

    # ---- Tree and filters ----

    def test_values(self):
        rows = self.host.fields(self.reach, "ftd.user", "ftd.client_ip", "ftd.assigned_ipv4", "ftd.assigned_ipv6",
                                extra=("-Y", "ftd.id == 722051 && frame.number == 1"))
        self.assertEqual(rows, [["alice", "192.0.2.7", "10.8.0.5", "::"]])

    def test_filters(self):
        for display_filter, expected in [
                ("ftd.assigned_ipv4 == 10.0.0.0/8 && frame.number < 3", [1, 2]),
                ("ftd.client_ip6 == 2001:db8::/32", [19]),
                ("ftd.addr == 192.0.2.0/24 && frame.number < 3", [1, 2]),
                ("ftd.addr6 == 2001:db8:8::5", [19]),
                ("ftd.assigned_ipv6 == 2001:db8:8::/48", [19]),
                ('ftd.any_user == "山田太郎"', [18]),
                ('ftd.id == "Cooling fan failed"', [14]),
                ("ftd.severity < 3", [14]),
                ('ftd.status == "partial"', [4, 14]),
                ('ftd.product == "ASA" && ftd.class == "svc"', [16]),
                ('ftd.timestamp == "2026-11-24 05:05:01.25"', [17]),
                ("ftd.svc_message_type == 16", [20]),
                ("ftd.header.repeat == 3", [15]),
                ('ftd.group.account contains "alice, Staff" && frame.number < 3', [1, 2])]:
            self.assertEqual(self.frames_with(self.findings, display_filter), expected, display_filter)

    def test_any_port(self):
        self.assertEqual(self.frames_with(self.sessions, "ftd.any_port == 50003"), [53, 54, 65])
        self.assertEqual(self.host.fields(self.sessions, "ftd.any_port", extra=("-Y", "frame.number == 1")), [["50001,443"]])

    def test_own_bytes(self):
        """Every value of one message highlights itself, not its delimiters."""
        pdml = self.host.tshark("-r", self.findings, "-Y", "frame.number == 1", "-T", "pdml").stdout
        payload = frames.udp("")[:0]
        with open(self.findings, "rb") as file:
            payload = file.read()[40:]
        seen = 0
        for line in pdml.splitlines():
            parts = dict(part.split('="', 1) for part in line.strip(" <>/").replace('" ', '"\n').splitlines() if '="' in part)
            parts = {key.split()[-1]: value.rstrip('"') for key, value in parts.items()}
            if parts.get("name") in ("ftd.user", "ftd.group", "ftd.client_ip", "ftd.assigned_ipv4", "ftd.hostname", "ftd.severity",
                                     "ftd.id", "ftd.product"):
                at, size = int(parts["pos"]), int(parts["size"])
                self.assertEqual(payload[at:at + size].decode(), parts["show"], line)
                seen += 1
        self.assertEqual(seen, 8)

    def test_bytes_of_repetition(self):
        """Of the note that says it; in front of the tag there is a header's, and no span."""
        text = self.TEXT.format(1)
        notes = {"(3 instances received)": text + " (3 instances received).", "message repeated 4 times: [ ":
                 text.replace("Group", "message repeated 4 times: [ Group") + "]", "": text.replace("%FTD", "message repeated 5 times: [ %FTD") + "]"}
        capture = self.host.path("notes.pcap")
        frames.write(capture, [(0, frames.udp(whole)) for whole in notes.values()])
        self.host.open_up()
        repeats = [line for line in self.host.tshark("-r", capture, "-T", "pdml").stdout.splitlines() if 'name="ftd.header.repeat"' in line]
        for line, note, number in zip(repeats, notes, "345", strict=True):
            self.assertIn(f'show="{number}"', line)
            self.assertIn(f'value="{note.encode().hex()}"' if note else 'size="0"', line)

    def test_language(self):
        japanese = self.host.tshark("-r", self.findings, "-c", "1", "-V", "-O", "ftd", "-o", "ftd.language:ja").stdout
        self.assertIn("メッセージID: 722051", japanese)
        self.assertIn("[意味: ", japanese)
        by_locale = self.host.tshark("-r", self.findings, "-c", "1", "-V", "-O", "ftd", env={"LC_ALL": "ja_JP.UTF-8"}).stdout
        self.assertEqual(by_locale, japanese)

    def with_users(self, *users):
        """A capture of messages in which alice is each of USERS."""
        capture = self.host.path("users.pcap")
        frames.write(capture, [(n, frames.udp("<166>Nov 24 2026 14:05:01 fw1 : %FTD-6-722051: Group <Staff> User <" + user + "> IP "
                                              "<192.0.2.7> IPv4 Address <10.8.0.5> IPv6 address <::> assigned to session"))
                               for n, user in enumerate(users)])
        self.host.open_up()
        return capture

    def test_what_hides_is_shown(self):
        """In lines for people: what turns or hides text, or breaks the line, as an escape. Filters see it as it is."""
        users = {"al\u202eice": "al\\u{202e}ice", "al\u200bice": "al\\u{200b}ice", "al\u2028ice": "al\\u{2028}ice",
                 "al\ufeffice": "al\\u{feff}ice", "al\x9bice": "al\\u{9b}ice", "al\x1bice": "al\\x1bice", "山田": "山田"}
        capture = self.with_users(*users)
        shown = self.host.tshark("-r", capture, "-V", "-O", "ftd").stdout
        for row, user in zip(self.host.fields(capture, "_ws.col.Info"), users.values()):
            self.assertIn(f"user={user} ", row[0].replace("\\\\", "\\"))  # newer ones write a backslash of a field twice
            self.assertIn(f"        User: {user}\n", shown)
        self.assertEqual(self.frames_with(capture, 'ftd.user == "al\u200bice"'), [2])

    def test_nul(self):
        """A NUL ends no value: what stands behind it is found, and a user with one is another user."""
        capture = self.with_users("alice", "al\0ice", "\0", "alice\0", "al\0\xff\0ice")
        self.assertEqual(self.frames_with(capture, 'ftd.message contains "assigned to session"'), [1, 2, 3, 4, 5])
        self.assertEqual(self.frames_with(capture, 'ftd.user == "alice"'), [1])
        self.assertEqual([row[0] for row in self.host.fields(capture, "ftd.any_user")],
                         ["alice", "al␀ice", "␀", "alice␀", "al␀ÿ␀ice"])
        numbers = [row[0] for row in self.host.fields(capture, "ftd.session.number")]
        self.assertEqual(len(set(numbers)), 5)

    # ---- Columns ----

    def test_info(self):
        def info(number, *extra):
            done = self.host.tshark("-r", self.findings, "-Y", f"frame.number == {number}", *extra)
            return done.stdout.strip().split(maxsplit=7)[7]

        good = "722051 VPN address assigned: user=alice client_ip=192.0.2.7 assigned_ipv4=10.8.0.5"
        self.assertEqual(info(1), good)
        self.assertEqual(info(13), good + " | 722022 VPN data channel established: user=alice client_ip=192.0.2.7 transport=TCP")
        self.assertTrue(info(3).startswith("999999 (not in the catalogue)"))
        self.assertTrue(info(1, "-o", "ftd.info:text").startswith("722051 Group <Staff> User"))
        self.assertTrue(info(1, "-o", "ftd.info:raw").startswith("LOCAL4.INFO: Nov 24 2026"))
        self.assertEqual(self.host.fields(self.findings, "_ws.col.Protocol", "_ws.col.Info", extra=("-c", "1")), [["FTD", good]])
        if any("\t_ws.col.info\t" in line for line in self.host.tshark("-G", "fields").stdout.splitlines()):
            self.assertEqual(self.frames_with(self.findings, '_ws.col.info contains "not in the catalogue" && _ws.col.protocol == "FTD"'), [3])

    def test_info_is_short(self):
        """A value takes no more than its share, and the column ends with a character however much is in a frame."""
        capture = self.host.path("long.pcap")
        texts = [self.TEXT.format("").replace("user", user) for user in ("あ" * 5000, "\x07" * 5000, "b" * 100, "b" * 101)]
        frames.write(capture, [(0, frames.udp(text)) for text in [*texts, (texts[2] + "\n") * 100]])
        self.host.open_up()
        for passes in ((), ("-2",)):
            done = self.host.tshark("-r", capture, "-T", "fields", "-e", "_ws.col.Info", *passes, text=False).stdout
            rows = done.decode("utf-8").splitlines()
            self.assertIn("user=" + "あ" * 33 + "… client_ip=192.0.2.7", rows[0])
            self.assertIn("user=" + "\\x07" * 100 + "… client_ip=", rows[1].replace("\\\\", "\\"))
            self.assertIn("user=" + "b" * 100 + " ", rows[2])
            self.assertIn("user=" + "b" * 100 + "… ", rows[3])
            self.assertLess(len(done.splitlines()[4]), 4096)
            self.assertTrue(rows[4].endswith("assigned_ipv4=10.8.0.5 | …"), rows[4][-80:])

    # ---- Expert information ----

    def test_expert(self):
        expected = {3: "unknown_id", 4: "template_mismatch", 5: "message_truncated", 6: "severity_mismatch", 7: "severity_changed",
                    8: "no_pri", 9: "bad_pri", 10: "no_timestamp", 11: "control_bytes", 12: "non_utf8", 13: "multiple_messages",
                    14: "alert"}
        for number, code in expected.items():
            self.assertIn(number, self.frames_with(self.findings, f"ftd.expert.{code}"), code)
        ours = {line.split("\t")[2] for line in self.host.tshark("-G", "fields").stdout.splitlines() if "\tftd.expert." in line}
        clean = self.frames_with(self.findings, " || ".join(sorted(ours)))
        self.assertEqual([n for n in (1, 2, 15, 16, 17, 18, 19, 20) if n in clean], [])
        self.assertEqual({"ftd.expert.no_tag", "ftd.expert.trailing_bytes"} & ours, set(), "filters that match nothing")
        summary = self.host.tshark("-r", self.findings, "-q", "-z", "expert").stdout
        self.assertIn('expected " IPv4 Address ", found " IPv4 Adress', summary)

    def test_expert_of_any_protocol(self):
        """The list, without a tree of its own, under filters that name Wireshark's expert fields and none of ours."""
        for display_filter, expected in [("_ws.expert", [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]),
                                         ("_ws.expert.severity == error", [14]),
                                         ('_ws.expert.message contains "catalogue"', [3]),
                                         ("_ws.malformed", [5, 9])]:
            # Newer ones have expert information of their own on each syslog message.
            stock = [int(row[0]) for row in self.stock.fields(self.findings, "frame.number", extra=("-Y", display_filter))]
            expected = sorted({*expected, *stock})
            for passes in ((), ("-2",)):
                listed = self.host.tshark("-r", self.findings, "-Y", display_filter, *passes).stdout
                self.assertEqual([int(line.split()[0]) for line in listed.splitlines()], expected, display_filter)

    def test_protocol_hierarchy(self):
        shown = self.host.tshark("-r", self.findings, "-q", "-z", "io,phs").stdout
        self.assertRegex(shown, r"(?m)^ +syslog +frames:20 .*\n +ftd +frames:20 ")

    def test_divergence_at_its_byte(self):
        packet = self.host.packets(self.findings, "-Y", "frame.number == 4", "-J", "ftd", "-x")
        raw = dict(dict(dict(packet[0])["_source"])["layers"])["ftd"]
        value = plain(raw)["ftd.diverges.offset_raw"]
        with open(self.findings, "rb") as file:
            whole = file.read()
        self.assertTrue(bytes.fromhex(value[0]).startswith(b" IPv4 Adress <10.8.0.5>"), value)
        self.assertIn(bytes.fromhex(value[0]), whole)

    def test_snap_length(self):
        capture = self.host.path("snapped.pcap")
        packet = frames.udp("<166>Nov 24 2026 14:05:01 fw1 : %FTD-6-722051: Group <Staff> User <alice> IP <192.0.2.7> IPv4 Address "
                            "<10.8.0.5> IPv6 address <::> assigned to session")
        frames.write(capture, [(1, packet, snap) for snap in range(len(packet) + 1)])
        self.host.open_up()
        rows = self.host.fields(capture, "frame.cap_len", "ftd.status", "ftd.expert.snaplen")
        self.assertEqual([row[1] for row in rows if row[0] == str(len(packet))], ["ok"])
        cut = [row for row in rows if row[1] and row[0] != str(len(packet))]
        self.assertGreater(len(cut), 100)
        for length, status, snaplen in cut:
            self.assertEqual((status, bool(snaplen)), ("truncated", True), length)

    # ---- Statistics ----

    def test_statistics(self):
        tree = self.host.tshark("-r", self.sessions, "-q", "-z", "ftd,tree").stdout
        joined = " ".join(tree.split())
        for part in ("By message 65 ", "722051 VPN address assigned 5 ", "By severity 65 ", "By device 65 ", "fw2 13 ",
                     "By status 65 ", "ok 65 ", "By user 40 ", "alice 16 "):
            self.assertIn(part, joined)
        filtered = " ".join(self.host.tshark("-r", self.sessions, "-q", "-z", 'ftd,tree,ftd.user == "bob"').stdout.split())
        self.assertIn("By message 8 ", filtered)
        self.assertNotIn("carol", filtered)

    def test_statistics_without_name(self):
        """A payload has no address, and the text names no host or user: no row without a name."""
        capture = self.host.path("nameless.pcap")
        text = self.TEXT.format("").replace("user", "").replace("Nov 24 2026 14:05:01 fw1 : ", "")
        frames.write(capture, [(0, frames.exported("syslog", text))], link=252)
        self.host.open_up()
        rows = self.host.tshark("-r", capture, "-q", "-z", "ftd,tree").stdout.splitlines()
        self.assertEqual([row for row in rows if row[:6].isspace()], [])
        self.assertIn("By device 0 ", " ".join(" ".join(rows).split()))

    # ---- Sessions ----

    def rows_of_sessions(self, *extra):
        return self.host.fields(self.sessions, "frame.number", "ftd.session.number", "ftd.session.previous", "ftd.session.next",
                                "ftd.session.elapsed", extra=extra)

    def test_sessions(self):
        rows = self.rows_of_sessions("-2")
        members = {}
        for number, session, *_ in rows:
            members.setdefault(session, []).append(int(number))
        self.assertEqual(sorted(len(frames) for frames in members.values()), [13, 13, 13, 13, 13])
        alice = members[rows[0][1]]
        chain = {int(row[0]): row for row in rows}
        for before, after in zip(alice, alice[1:]):
            self.assertEqual((chain[before][3], chain[after][2]), (str(after), str(before)))
        self.assertEqual(float(chain[alice[-1]][4]), 604.0)
        users = self.host.fields(self.sessions, "ftd.user", extra=("-2", "-Y", f"ftd.session.number == {rows[0][1]} && ftd.user"))
        self.assertEqual({user for user, in users}, {"alice"})

    def test_sessions_one_pass(self):
        """The first pass knows the past. Only an address that is assigned before its user is known finds its session later."""
        known = ("-Y", "ftd.session.number && ftd.id != 737026")
        first, second = self.rows_of_sessions(*known), self.rows_of_sessions("-2", *known)
        self.assertEqual([(row[0], row[4]) for row in first], [(row[0], row[4]) for row in second])
        self.assertEqual({row[3] for row in first}, {""})

    def test_later_passes_without_tree(self):
        """A second pass that builds no tree shows the same list."""
        for capture in (self.reach, self.findings, self.sessions):
            self.assertEqual(self.host.tshark("-2", "-r", capture).stdout, self.host.tshark("-r", capture).stdout)

    def test_connections(self):
        rows = self.host.fields(self.sessions, "ftd.id", "ftd.connection.setup", "ftd.connection.teardown", "ftd.connection.duration",
                                extra=("-2", "-Y", "ftd.connection.duration && ftd.hostname == fw2"))
        self.assertEqual([row[0] for row in rows], ["725001", "737026", "722022", "722023", "737016", "725007"])
        self.assertEqual(rows[0][2], "51")
        self.assertEqual(rows[-1][1], "3")
        self.assertEqual(float(rows[0][3]), 604.0)

    def test_connections_of_traffic(self):
        """By their connection ID, or by what a translation or an ICMP connection has in its place."""
        capture = self.host.bring(f"{host.ROOT}/samples/traffic.pcap")
        rows = self.host.fields(capture, "ftd.id", "frame.number", "ftd.connection.setup", extra=("-2", "-Y", "ftd.connection.setup"))
        self.assertEqual(rows, [["302016", "3", "2"], ["302014", "6", "5"], ["305012", "7", "4"], ["302014", "9", "8"], ["302021", "11", "10"]])

    # ---- Preferences ----

    def test_additional_catalogue(self):
        folder = os.path.join(self.host.config, "ftd")
        os.makedirs(folder)
        try:
            with open(os.path.join(folder, "own.cat"), "w", encoding="utf-8") as out:
                out.write('field own_thing ip "Own thing"\n\nmessage 999999 6 "Our own message"\n'
                          '  text    Nobody knows this {own_thing}\n  info    own_thing\n  about   "Ours."\n'
                          '  example Nobody knows this 192.0.2.9\n')
            with open(os.path.join(folder, "broken.cat"), "w", encoding="utf-8") as out:
                out.write('message 999998 6 "Broken"\n  text {no_such_field}\n')
            self.host.open_up()
            done = self.host.tshark("-r", self.findings, "-Y", "frame.number == 3")
            self.assertIn("999999 Our own message: own_thing=message", done.stdout)
            self.assertRegex(done.stderr, r"broken\.cat:2:\d+: ")
            self.assertIn("ftd.own_thing6", self.host.tshark("-G", "fields").stdout)
        finally:
            shutil.rmtree(folder)

    def test_profile(self):
        """Columns, colour rules and filter buttons of the profile are understood, and the colours apply."""
        profile = os.path.join(host.ROOT, "plugin", "profile", "FTD")
        place = os.path.join(self.host.config, "profiles", "FTD")
        shutil.copytree(profile, place, dirs_exist_ok=True)
        self.host.open_up()
        done = self.host.tshark("-C", "FTD", "-r", self.findings, "-Y", "frame.number == 14")
        self.assertEqual(done.stderr, "")
        self.assertIn(" fw1 alert    FTD 735002", done.stdout)
        capture = self.host.path("ike.pcap")
        frames.write(capture, [(0, frames.udp("<165>fw1 : %FTD-5-750006: Local:192.0.2.1:4500 Remote:198.51.100.7:4500 Username:alice IKEv2 SA UP. "
                                              "Reason: New Connection Established"))])
        self.host.open_up()
        self.assertIn(" alice 198.51.100.7 ", " ".join(self.host.tshark("-C", "FTD", "-r", capture).stdout.split()))
        rules = self.host.fields(self.findings, "frame.coloring_rule.name", extra=("-C", "FTD", "--color"))
        self.assertEqual([rules[n - 1] for n in (1, 4, 14)],
                         [["FTD: session starts"], ["FTD: text does not fit"], ["FTD: emergency, alert, critical"]])
        with open(os.path.join(profile, "dfilter_buttons"), encoding="utf-8") as file:
            rows = list(csv.reader((line for line in file if line[0] != "#"), escapechar="\\", doublequote=False))
        for _, label, display_filter, _ in rows:
            self.host.tshark("-r", self.findings, "-Y", display_filter)
        self.assertGreater(len(rows), 5)

    def test_preferences(self):
        shown = self.host.tshark("-G", "currentprefs").stdout
        for name in ("ftd.heuristic: TRUE", "ftd.language: As the system", "ftd.info: Title and the fields that matter"):
            self.assertIn("#" + name, shown)


if __name__ == "__main__":
    unittest.main(verbosity=2)
