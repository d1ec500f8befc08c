# SPDX-License-Identifier: GPL-2.0-or-later
"""Streams as captures have them: parted anywhere, with segments lost, begun in their middle, and without what should end a message."""
import unittest

import frames
import host

PRI = b"<166>"
HEAD = b"Nov 24 2026 14:05:01 fw1 : "
TEXTS = [b"%%FTD-6-722051: Group <Staff> User <user%d> IP <192.0.2.7> IPv4 Address <10.8.0.5> IPv6 address <::> assigned to session" % n for n in range(400)]
MESSAGES = [PRI + HEAD + text for text in TEXTS]
LINES = [message + b"\n" for message in MESSAGES]
COUNTED = [b"%d %s" % (len(message), message) for message in MESSAGES]
OTHER = b"<30>Oct  1 10:00:00 host sshd[1]: hello\n"
SYN, FIN, DATA = 2, 0x11, 0x18


class Lost(bytes):
    """A segment that the capture does not have."""


def users(*numbers):
    return ",".join(f"user{n}" for n in numbers)


def parted(octets, size, first=0):
    return [octets[at:at + size] for at in range(first, len(octets), size)]


class Stream(unittest.TestCase):
    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        cls.host = host.Host()

    def capture(self, parts, syn=True, fin=False, port=1470):
        """One frame for each part, the SYN not counted: the first part is in frame 1."""
        packets, sequence = [], 1
        for part in parts:
            if not isinstance(part, Lost):
                packets.append(frames.tcp(part, sequence, port=port))
            sequence += len(part)
        if fin:
            packets.append(frames.tcp(b"", sequence, port=port, flags=FIN))
        if syn:
            packets.append(frames.tcp(b"", 0, port=port, src_port=50999, flags=SYN))
        path = self.host.path("stream.pcap")
        frames.write(path, list(enumerate(packets)))
        self.host.open_up()
        return path

    def shown(self, parts, *extra, **how):
        """(frame, users) of the frames with messages, the same in both passes; none is anything but whole."""
        capture = self.capture(parts, **how)
        once, twice = (self.host.fields(capture, "frame.number", "ftd.user", "ftd.status", "_ws.col.Info", "_ws.col.Protocol",
                                        extra=("-Y", "ftd", *extra, *passes)) for passes in ((), ("-2",)))
        self.assertEqual(once, twice)
        self.assertEqual({status for row in once for status in row[2].split(",")} - {"ok"}, set())
        self.assertEqual([row for row in once if "<166>" in row[3] or "722051 VPN" not in row[3] or row[4] != "FTD"], [])
        return [(int(row[0]), row[1]) for row in once]

    def in_order(self, rows):
        return [name for _, names in rows for name in names.split(",")]

    # ---- Lengths in front ----

    def test_half_of_a_counted_message_lost(self):
        parts = [COUNTED[0], Lost(COUNTED[1][:60]), COUNTED[1][60:], *COUNTED[2:50]]
        expected = [(1, users(0))] + [(n + 1, users(n)) for n in range(2, 50)]
        for extra in ((), ("-d", "tcp.port==1470,ftd")):
            self.assertEqual(self.shown(parts, *extra), expected)

    def test_segment_of_counted_messages_lost(self):
        """Segments as full as they get: no more is lost than what stood in the lost one."""
        parts = parted(b"".join(COUNTED), 1000)
        lost = {n for n, text in enumerate(COUNTED) if 5000 - len(text) < sum(map(len, COUNTED[:n])) < 6000}
        parts[5] = Lost(parts[5])
        self.assertEqual(self.in_order(self.shown(parts)), [f"user{n}" for n in range(400) if n not in lost])

    def test_length_in_its_own_segment(self):
        parts = [part for text in COUNTED[:40] for part in (text[:4], text[4:])]
        self.assertEqual(self.in_order(self.shown(parts)), [f"user{n}" for n in range(40)])

    def test_digits_in_front_of_a_length(self):
        """The text's last digits and the length make one number, which is none."""
        text = MESSAGES[0].replace(b"assigned to session", b"assigned to session 5")
        self.assertEqual(self.shown([text[80:] + COUNTED[1] + COUNTED[2], COUNTED[3]], syn=False), [(1, users(1, 2)), (2, users(3))])

    def test_counted_messages_of_others(self):
        other = OTHER[:-1]
        other = b"%d %s" % (len(other), other)
        self.assertEqual(self.shown([COUNTED[0] + other + COUNTED[1], other + COUNTED[2]]), [(1, users(0, 1)), (2, users(2))])

    # ---- Nothing behind ----

    def test_no_end(self):
        self.assertEqual(self.in_order(self.shown(MESSAGES[:4])), ["user0", "user1", "user2", "user3"])
        self.assertEqual(self.shown([b"".join(MESSAGES[:3]), b"".join(MESSAGES[3:5])]), [(1, users(0, 1, 2)), (2, users(3, 4))])

    def test_end_by_fin(self):
        self.assertEqual(self.shown([LINES[0], MESSAGES[1]], fin=True), [(1, users(0)), (3, users(1))])
        self.assertEqual(self.shown([MESSAGES[0]], fin=True), [(2, users(0))])
        self.assertEqual(self.shown([LINES[0], LINES[1][:50], LINES[1][50:]], fin=True), [(1, users(0)), (3, users(1))])

    # ---- From the middle ----

    def test_middle_of_lines(self):
        whole = b"".join(LINES)
        rows = self.shown(parted(whole, 1460, 70), syn=False)
        self.assertEqual(self.in_order(rows), [f"user{n}" for n in range(1, 400)])

    def test_middle_of_a_header(self):
        """A message whose header was captured in part is nobody's: its host would be "w1"."""
        cut = LINES[0][LINES[0].index(b"w1"):]
        self.assertEqual(self.shown([cut + LINES[1], LINES[2]], syn=False), [(1, users(1)), (2, users(2))])
        self.assertEqual(self.shown([LINES[1], Lost(b"x"), cut + LINES[2]]), [(1, users(1)), (2, users(2))])

    def test_middle_not_claimed(self):
        """What came before the first header stays what it is in all passes."""
        parts = [LINES[0][100:], LINES[1]]
        self.assertEqual(self.shown(parts, syn=False), [(2, users(1))])
        capture = self.capture(parts, syn=False)
        once, twice = (self.host.tshark("-r", capture, *passes).stdout for passes in ((), ("-2",)))
        self.assertEqual(once, twice)
        self.assertIn(" TCP ", once.splitlines()[0])

    # ---- What starts a message ----

    def test_without_priority(self):
        for head in (HEAD, b"", b"fw1 : ", b"45: " + HEAD, b"2026-11-24T14:05:01Z fw1 : "):
            lines = [head + text + b"\n" for text in TEXTS[:4]]
            self.assertEqual(self.shown([lines[0], lines[1], lines[2] + lines[3][:60], lines[3][60:]]),
                             [(1, users(0)), (2, users(1)), (3, users(2)), (4, users(3))], head)

    def test_among_others(self):
        self.assertEqual(self.shown([OTHER + LINES[0], LINES[1] + OTHER, OTHER]), [(1, users(0)), (2, users(1))])

    def test_a_tag_makes_no_syslog(self):
        for text in (b"<html><body>HTTP gateway status page: last error was %ASA-6-302013 seen</body></html>\n",
                     b'{"message":"' + MESSAGES[0] + b'"}\n', b"see the manual for %ASA-6-302013: Built\n",
                     b"GET /?q=%FTD-6-722051: HTTP/1.1\r\n\r\n", b"\1\2\3%FTD-6-722051:\n"):
            capture = self.capture([text, b"more text\n"], port=8999)
            self.assertEqual(self.host.fields(capture, "frame.number", extra=("-Y", "ftd || syslog")), [], text)

    # ---- What Wireshark does not put together ----

    def findings(self, capture, *extra):
        rows = self.host.fields(capture, "frame.number", "ftd.status", "_ws.expert.message", extra=("-Y", "ftd", *extra))
        self.assertEqual(self.host.fields(capture, "frame.number", "ftd.status", "_ws.expert.message", extra=("-2", "-Y", "ftd", *extra)), rows)
        return rows

    def test_halves(self):
        """Half a message is not the device's fault; one that its length ends is."""
        apart = ("-o", "tcp.desegment_tcp_streams:FALSE")
        for whole, half in (LINES[:2], COUNTED[:2]):
            capture = self.capture([whole + half[:110], half[110:]])
            for extra in (apart, ("-d", "tcp.port==1470,syslog", *apart)):
                (row,) = self.findings(capture, *extra)
                self.assertEqual(row[:2], ["1", "ok,truncated"], extra)
                self.assertEqual(("cut by the capture" in row[2], "template" in row[2]), (True, False), extra)
        short = MESSAGES[1][:110]
        capture = self.capture([b"%d %s" % (len(short), short)])
        for extra in ((), apart):
            (row,) = self.findings(capture, *extra)
            self.assertEqual(row[1], "truncated")
            self.assertIn("text ends inside the template", row[2])

    def test_fragments(self):
        capture = self.host.bring(f"{host.ROOT}/samples/fragments.pcap")
        rows = self.findings(capture, "-o", "ip.defragment:FALSE")
        self.assertEqual(len([row for row in rows if "cut by the capture" in row[2]]), 7)
        self.assertEqual([row for row in rows if "template" in row[2]], [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
