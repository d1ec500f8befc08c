# SPDX-License-Identifier: GPL-2.0-or-later
"""Damaged captures: no complaint of Wireshark about its dissectors, no crash, and the same answer from both passes.

FTD_SEEDS=1000 takes more mutations. FTD_SANITIZED=1 says that FTD_PLUGIN was built with the sanitizers; FTD_VALGRIND=1 runs tshark
under valgrind.
"""
import os
import random
import unittest

import catalogue
import frames
import host

SEEDS = int(os.environ.get("FTD_SEEDS", "20"))
AT_ONCE = 20  # mutations in one run of tshark
HEADERS = 42  # octets of Ethernet, IPv4 and UDP: mutations start behind them in every second run


def streams():
    """The examples in two streams, lines and counted, parted anywhere."""
    lines = [line if isinstance(line, bytes) else line.encode() for line in catalogue.lines()]
    for source, octets in ((50001, b"".join(line + b"\n" for line in lines)), (50002, b"".join(b"%d %s" % (len(line), line) for line in lines))):
        for at in range(0, len(octets), 777):
            yield frames.tcp(octets[at:at + 777], 1 + at, port=1470, src_port=source)


class Robust(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.host = host.Host()
        cls.examples = cls.host.path("examples.pcap")
        frames.write(cls.examples, [(1700000000 + i, frames.udp(line, number=i)) for i, line in enumerate(catalogue.lines())])
        cls.captures = [cls.host.bring(os.path.join(host.HERE, "captures", name + ".pcap"))
                        for name in ("reach", "findings", "sessions")] + [cls.host.path("streams.pcap")]
        frames.write(cls.captures[-1], list(enumerate(streams())))
        cls.host.open_up()

    def dissect(self, capture, *extra):
        command = ["tshark", "-2", "-r", capture, "-V", *extra]
        if os.environ.get("FTD_VALGRIND"):
            command = ["valgrind", "-q", "--error-exitcode=99", "--leak-check=no", "--undef-value-errors=yes"] + command
        done = self.host.run(command, check=False)
        complaint = [line for line in done.stdout.splitlines() if "Dissector bug" in line]
        self.assertEqual((done.returncode, complaint), (0, []), capture + "\n" + done.stderr[-6000:])
        for word in ("Dissector bug", "runtime error", "AddressSanitizer", "WARNING", "CRITICAL"):
            self.assertNotIn(word, done.stderr, capture)
        return done.stdout

    def test_captures(self):
        for capture in [self.examples] + self.captures:
            self.assertIn("Cisco FTD syslog", self.dissect(capture))
            self.dissect(capture, "-o", "ftd.language:ja", "-z", "ftd,tree", "-z", "expert")

    def test_mutations(self):
        seen = 0
        for first in range(0, SEEDS, AT_ONCE):
            mutated = []
            for seed in range(first, min(first + AT_ONCE, SEEDS)):
                source = self.captures[seed % len(self.captures)] if seed % 5 else self.examples
                path = self.host.path(f"mutated{seed}.pcap")
                offset = ["-o", str(HEADERS)] if seed % 2 else []
                self.host.run(["editcap", "-E", "0.02", "--seed", str(seed), *offset, source, path])
                mutated.append(path)
            merged = self.host.path("merged.pcap")
            self.host.run(["mergecap", "-a", "-w", merged, *mutated])
            seen += self.dissect(merged).count("Cisco FTD syslog")
            for path in mutated:
                os.remove(path)
        self.assertGreater(seen, SEEDS)
        print(f"{SEEDS} seeds, {seen} messages")

    def test_passes(self):
        """Segments lost and in the wrong order: what the first pass learned of a stream says the same to the second."""
        packets = list(streams())
        for seed in range(max(1, SEEDS // 10)):
            chosen, path = random.Random(seed), self.host.path("lost.pcap")
            kept = [packet for packet in packets if chosen.random() > 0.1]
            for _ in range(len(kept) // 20):
                at = chosen.randrange(len(kept) - 1)
                kept[at:at + 2] = kept[at + 1], kept[at]
            frames.write(path, list(enumerate(kept[chosen.randrange(5):])))
            self.host.open_up()
            once, twice = (self.host.fields(path, "ftd.id", "ftd.status", "_ws.col.Protocol", extra=passes) for passes in ((), ("-2",)))
            self.assertEqual(once, twice, seed)
            self.assertGreater(sum(row[0].count(",") + 1 for row in once if row[0]), 1500, seed)

    def test_noise(self):
        path = self.host.path("noise.pcap")
        self.host.run(["randpkt", "-t", "syslog", "-c", "200", path])
        self.dissect(path)

    def test_snap_lengths(self):
        lines = list(catalogue.lines())[::25]
        packets = [(1, frames.udp(line), snap) for line in lines for snap in range(40, len(line) + HEADERS, 3)]
        path = self.host.path("snapped.pcap")
        frames.write(path, packets)
        self.host.open_up()
        self.dissect(path)


if __name__ == "__main__":
    unittest.main(verbosity=2)
