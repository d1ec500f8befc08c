#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What `ftdpcap compare` holds is bounded, and what it let go is said: bounds.py FTDPCAP [MIB]

MIB: what the process may use, measured only when it is given."""
import json
import os
import struct
import subprocess
import sys
import tempfile

import derive

HERE = os.path.dirname(os.path.abspath(__file__))
SAMPLE = os.path.join(HERE, "..", "..", "samples", "vpn.pcap")
ENVIRONMENT = {**os.environ, "TZ": "UTC", "LC_ALL": "C.UTF-8", "XDG_CONFIG_HOME": "/nonexistent"}
LINE_MAX = 1 << 18
TAG = b"<166>Sep 30 2020 09:06:09 fw1 : %FTD-6-722051: "


def expect(what, condition, detail):
    if not condition:
        sys.exit("FAILED %s: %s" % (what, detail))


def compare(tool, most, status, *arguments):
    """Standard output of one run, whose use of memory is looked at."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen([tool, "compare", *arguments], stdout=out, stderr=err, env=ENVIRONMENT)
        _, raw, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(raw)
        out.seek(0)
        err.seek(0)
        expect(arguments, process.returncode == status, (process.returncode, err.read()))
        if most:
            expect("memory of %s" % (arguments,), usage.ru_maxrss < most << 10, "%d KiB" % usage.ru_maxrss)
        return out.read().decode()


def verdict(output):
    return json.loads(output.splitlines()[-1])["verdict"]


def long_lines(tool, most, folder):
    """100 MB without a line feed, and lines of just so many octets that they fit, in the midst of a log."""
    log = os.path.join(folder, "log")
    derive.make(SAMPLE, log, ["log=iso"])
    with open(log, "rb") as file:
        lines = file.read()
    half = lines.index(b"\n", len(lines) // 2) + 1
    with open(log, "wb") as file:
        file.write(lines[:half] + b"x" * LINE_MAX + b"\n")
        for _ in range(100):
            file.write(b"x" * 1000000)
        file.write(b"\n" + lines[half:] + b"y" * (LINE_MAX + 1))
    found = verdict(compare(tool, most, 0, "-o", "json", SAMPLE, "--log", log))
    expect("long lines", (found["same"], found["cut_lines"]) == (145, 2), found)
    for lang, words in (("en", "2 lines of B are longer than 262,144"), ("ja", "B の 2 行は 262,144")):
        text = compare(tool, most, 0, "--lang", lang, SAMPLE, "--log", log)
        expect("long lines, %s" % lang, words in " ".join(text.split()), text)


def wide(path, count, letter, first_id=0):
    """Datagrams of nearly 64 KiB, all in one second."""
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, LINE_MAX, 1))
        for number in range(count):
            payload = TAG + b"%d " % number + letter * 60000
            ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 28 + len(payload), first_id + number, 0, 64, 17, 0, b"\xc0\0\2\1", b"\xc6\x33\x64\x09")
            frame = b"\2" * 12 + b"\x08\0" + ip + struct.pack(">HHHH", 514, 514, 8 + len(payload), 0) + payload
            file.write(struct.pack("<IIII", 1601457000, number, len(frame), len(frame)) + frame)


def evictions(tool, most, folder):
    """More than both shelves hold, within the window: what goes is the oldest, counted and said; what is in both is still found."""
    a, b = os.path.join(folder, "a"), os.path.join(folder, "b")
    wide(a, 1500, b"a")
    wide(b, 1500, b"b", 30000)
    found = verdict(compare(tool, most, 1, "-o", "json", "-c", "1", a, b))
    expect("evictions", found["a_only"] == found["b_only"] == 1500 and 1500 < found["evicted"] < 3000, found)
    text = compare(tool, most, 1, a, b)
    sentence = "{:,} were given up before the window had passed".format(found["evicted"])
    expect("evictions are said", sentence in " ".join(text.split()), text)
    found = verdict(compare(tool, most, 0, "-o", "json", a, a))
    expect("nothing is evicted", (found["same"], found["evicted"]) == (1500, 0), found)


def numbered(path, numbers):
    """Small datagrams, one every millisecond; the IP ID is the number."""
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, LINE_MAX, 1))
        for place, number in enumerate(numbers):
            payload = TAG + b"%d" % number
            ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 28 + len(payload), number, 0, 64, 17, 0, b"\xc0\0\2\1", b"\xc6\x33\x64\x09")
            frame = b"\2" * 12 + b"\x08\0" + ip + struct.pack(">HHHH", 514, 514, 8 + len(payload), 0) + payload
            file.write(struct.pack("<IIII", 1601457000 + place // 1000, place % 1000 * 1000, len(frame), len(frame)) + frame)


def courses(tool, most, folder):
    """The fewest messages that are out of order, as long as fewer are kept than came between; then those that came late."""
    a, b = os.path.join(folder, "a"), os.path.join(folder, "b")
    for early, late, wanted in ((100, 400, 100), (400, 100, 100), (600, 700, 700)):
        order = [*range(1000), *range(1000 + late, 1000 + late + early), *range(1000, 1000 + late), *range(1000 + late + early, 4000)]
        numbered(a, range(1, 4001))
        numbered(b, [number + 1 for number in order])
        found = verdict(compare(tool, most, 1, "-o", "json", a, b))
        expect("%d before %d" % (early, late), (found["same"], found["reordered"]) == (4000, wanted), found)


def main():
    tool, most = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0
    with tempfile.TemporaryDirectory() as folder:
        long_lines(tool, most and most // 4, folder)
        evictions(tool, most, folder)
        courses(tool, most, folder)
    print("bounds: done")


main()
