#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures of some MiB that unpack to 10 or 100 GB are read as a stream: memory stays flat, and a signal ends it at once.

    bomb.py FTDPCAP

What they unpack to is a pcap header and zeros: frames without octets, as far as anybody wants to read."""
import os
import signal
import struct
import subprocess
import sys
import tempfile
import time

PACK = 128 << 20  # octets of zeros in one member
MEMBERS = 800
PACKERS = (("zstd", ["zstd", "-q", "-c"]), ("gzip", ["gzip", "-1", "-c"]))
GROWTH = 4 << 10  # KiB that the process may grow while it reads
ATTEMPTS = 40


def packed(command, octets):
    return subprocess.run(command, input=octets, stdout=subprocess.PIPE, check=True).stdout


def write_bomb(path, command, members):
    """Both formats may be concatenated. Returns how many octets it unpacks to."""
    header = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    zeros = packed(command, bytes(PACK))
    with open(path, "wb") as out:
        out.write(packed(command, header))
        for _ in range(members):
            out.write(zeros)
    return len(header) + members * PACK


def resident(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))


def settled(process):
    """KiB in use once the process reads, which is when they were the same twice."""
    before = -1
    for _ in range(ATTEMPTS):
        time.sleep(0.25)
        assert process.poll() is None, "it ended before the signal"
        now = resident(process.pid)
        if now == before:
            return now
        before = now
    return before


def check(tool, command, path):
    process = subprocess.Popen([tool, *command, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    first = settled(process)
    time.sleep(1.5)
    assert process.poll() is None, "it ended before the signal"
    last = resident(process.pid)
    assert last - first < GROWTH, f"{command}: memory grew from {first} to {last} KiB"
    process.send_signal(signal.SIGINT)
    start = time.monotonic()
    _, complaint = process.communicate(timeout=20)
    took = time.monotonic() - start
    assert took < 2, f"{command}: the signal was heard after {took:.1f} s"
    assert process.returncode == -signal.SIGINT, f"{command}: status {process.returncode}: {complaint}"
    assert b"interrupted" in complaint or os.path.basename(path).encode() in complaint, complaint
    return first, last, took


def main():
    tool = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        for name, command in PACKERS:
            path = os.path.join(folder, "bomb.pcap." + name)
            size = write_bomb(path, command, MEMBERS if name == "zstd" else MEMBERS // 10)
            print(f"{name}: {os.path.getsize(path):,} octets unpack to {size:,}")
            for arguments in (["-o", "json"], ["summary"], ["check"]):
                first, last, took = check(tool, arguments, path)
                print(f"  {' '.join(arguments)}: {first} KiB, then {last} KiB; ended {took * 1000:.0f} ms after the signal")


main()
