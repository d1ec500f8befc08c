#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures that make much of little: on several threads the output is that of one, and memory stays.

    threads.py FTDPCAP [MEMORY]     MEMORY: KiB that each run may take in all; without, it is not looked at (sanitizers)"""
import hashlib
import os
import struct
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "lib"))
from checks import expect, surroundings, verdict

TOOL = os.path.abspath(sys.argv[1])
MOST = int(sys.argv[2]) if len(sys.argv) > 2 else None
DATAGRAM = 65507
JOBS = 8


def frame(payload, padding=0):
    """Ethernet, IPv4, UDP."""
    length = len(payload)
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 28 + length, 1, 0, 64, 17, 0, bytes([192, 0, 2, 1]), bytes([198, 51, 100, 9]))
    return b"\2" * 12 + b"\x08\0" + ip + struct.pack(">HHHH", 514, 514, 8 + length, 0) + payload + bytes(padding)


def jumbo(payload):
    """Ethernet, IPv6, UDP that give no length: all that was captured is theirs."""
    return b"\2" * 12 + b"\x86\xdd" + struct.pack(">IHBB", 6 << 28, 0, 17, 64) + b"\x20" * 32 + struct.pack(">HHHH", 514, 514, 0, 1) + payload


def block(kind, body):
    body += bytes(-len(body) % 4)
    length = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + length + body + length


def write(path, frames):
    """pcapng: its blocks may be larger than any frame of pcap."""
    with open(path, "wb") as file:
        file.write(block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)) + block(1, struct.pack("<HHI", 1, 0, 0)))
        for number, octets in enumerate(frames):
            file.write(block(6, struct.pack("<IIIII", 0, 0, number, len(octets), len(octets)) + octets))


def filled(text):
    return (text * (DATAGRAM // len(text) + 1))[:DATAGRAM]


def tiny():
    return (frame(filled(b"%FTD-6-722051: \n")) for _ in range(24 if MOST else 4))


def padded():
    return (frame(b"<166>Sep 30 2020 09:06:09 fw1 : %FTD-6-722022: Group <g> User <u", 1 << 20) for _ in range(100))


def giants():
    for _ in range(3 if MOST else 1):
        yield frame(b"<166>%FTD-6-722051: x")
        yield jumbo(b"<166>%FTD-6-722051: x\n" * 60000)
        yield jumbo(b"<166>%FTD-6-722051: " + b"x" * (3 << 19))


# This process stays small: what it takes counts for those that it starts.
CAPTURES = {"tiny messages": tiny, "padded frames": padded, "datagrams beyond all bounds": giants}
COMMANDS = (["-o", "text", "-v"], ["-o", "text"], ["-o", "json"], ["-o", "csv"], ["-o", "ecs"], ["summary"], ["check"], ["check", "-o", "json"])


def digest(file):
    file.seek(0)
    found, octets = hashlib.sha256(), 0
    while part := file.read(1 << 16):
        found.update(part)
        octets += len(part)
    return octets, found.hexdigest()


def run(arguments):
    """Exit status, both outputs, KiB that were used."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen([TOOL, *arguments], stdout=out, stderr=errors)
        _, raw, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(raw)
        return (process.returncode, digest(out), digest(errors)), usage.ru_maxrss


def main():
    surroundings()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "capture.pcapng")
        for name, frames in CAPTURES.items():
            write(path, frames())
            for command in COMMANDS:
                what = f"{' '.join(command)} of {name}"
                one, _ = run([*command, "-j", "1", path])
                several, memory = run([*command, "-j", str(JOBS), path])
                expect(what + ": status", one[0] in (0, 1), one[0])
                expect(what + ": the same", one == several, (one, several))
                expect(what + ": memory", MOST is None or memory < MOST, f"{memory} KiB")
    return verdict("threads", len(CAPTURES) * len(COMMANDS) * 3)


sys.exit(main())
