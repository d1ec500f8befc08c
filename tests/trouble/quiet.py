#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""No false alarm, and no crash: quiet.py FTDPCAP SAMPLES CAPTURES

`ftdpcap check` finds nothing above a note in samples without trouble, in captures from elsewhere (the folder CAPTURES, where it is
there) and in captures without FTD syslog. Of every sample, cut short and damaged, it gives a verdict on what could be read.
"""
import json
import os
import random
import struct
import subprocess
import sys

# What the others show is their purpose.
TROUBLED = {"collector.pcap", "fragments.pcap", "headers.pcap", "malformed.pcap", "trouble.pcapng"}
CUTS, DAMAGES = 12, 8
PCAPNG = b"\x0a\x0d\x0d\x0a"


def captures(folder):
    for base, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            if name.endswith((".pcap", ".pcapng")):
                yield os.path.join(base, name)


class Test:
    def __init__(self, tool):
        self.tool, self.failed, self.runs = tool, 0, 0

    def fail(self, what, why):
        print("FAILED %s: %s" % (what, why))
        self.failed += 1

    def check(self, what, *arguments, octets=None):
        """Exit status, the findings above a note and the verdict; None after a crash."""
        done = subprocess.run([self.tool, "check", "-o", "json", *arguments], input=octets, capture_output=True, timeout=60, check=False)
        self.runs += 1
        if done.returncode not in (0, 1, 2) or b"Sanitizer" in done.stderr or b"runtime error" in done.stderr:
            self.fail(what, "exit status %d, %s" % (done.returncode, done.stderr.decode(errors="replace")[-2000:]))
            return None
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        if not lines or "verdict" not in lines[-1]:
            self.fail(what, "no verdict")
            return None
        return done.returncode, [f for f in lines[:-1] if f["severity"] != "note"], lines[-1]["verdict"]

    def quiet(self, path):
        result = self.check(path, path)
        if result and (result[0] != 0 or result[1]):
            self.fail(path, "exit status %d, %s" % (result[0], [(f["code"], f["detail"]) for f in result[1]]))

    def damaged(self, path, chance):
        with open(path, "rb") as file:
            data = file.read()
        ends = whole_at(data)
        for _ in range(CUTS):
            at = chance.randrange(1, len(data))
            result = self.check("%s cut at %d" % (path, at), "-", octets=data[:at])
            if result and at not in ends and result[0] != 2:
                self.fail(path, "cut at %d: exit status %d" % (at, result[0]))
            if result and at not in ends and result[2]["frames"] != frames_before(ends, at):
                self.fail(path, "cut at %d: %d frames examined, %d are whole" % (at, result[2]["frames"], frames_before(ends, at)))
        for number in range(DAMAGES):
            spoilt = bytearray(data)
            for _ in range(chance.randrange(1, 20)):
                spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
            self.check("%s damaged, number %d" % (path, number), "-", octets=bytes(spoilt))


def whole_at(data):
    """Where a capture may end without being cut short, and how many frames it has up to there."""
    ends, at, frames = {}, 24, 0
    if data[:4] == PCAPNG:
        at = 0
        while at + 12 <= len(data):
            kind, length = struct.unpack("<II", data[at:at + 8])
            at += length
            frames += kind in (3, 6)
            ends[at] = frames
        return ends
    order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    ends[24] = 0
    while at + 16 <= len(data):
        at += 16 + struct.unpack(order + "I", data[at + 8:at + 12])[0]
        frames += 1
        ends[at] = frames
    return ends


def frames_before(ends, at):
    return max([frames for end, frames in ends.items() if end <= at], default=0)


def main():
    tool, samples, elsewhere = sys.argv[1:]
    test, chance = Test(tool), random.Random(4)
    quiet = [path for path in captures(samples) if os.path.basename(path) not in TROUBLED]
    for path in [*quiet, *captures(elsewhere)]:
        test.quiet(path)
    for path in captures(samples):
        test.damaged(path, chance)
    if len(quiet) < 20:
        test.fail(samples, "only %d captures without trouble" % len(quiet))
    print("quiet: %d runs, %d failed" % (test.runs, test.failed))
    sys.exit(test.failed > 0)


main()
