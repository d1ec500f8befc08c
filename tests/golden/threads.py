#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What is printed does not depend on the number of threads: every format, several files, damage in the middle, compression, standard input."""
import gzip
import os
import struct
import subprocess
import sys
import tempfile

tool = sys.argv[1]
samples = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../samples")
ROUNDS = 40  # of a sample: several batches for each thread
THREADS = (2, 3, 8)
FORMATS = (["-o", "text"], ["-v"], ["-o", "text", "--full-time", "--color=always"], ["-o", "json"], ["-o", "ecs"], ["-o", "csv"],
           ["-o", "tsv", "--columns=frame,time,src,user,findings,raw"], ["-o", "json", "--where=user=alice", "--status=ok"],
           ["-o", "csv", "--all", "--lang=ja"])


def frames(octets):
    at = 24
    while at < len(octets):
        seconds, fraction, length, wire = struct.unpack_from("<IIII", octets, at)
        yield seconds, fraction, wire, octets[at + 16:at + 16 + length]
        at += 16 + length


def long_capture(name, step):
    """The sample again and again, STEP seconds later each time, so that days change inside batches and between them."""
    with open(os.path.join(samples, name), "rb") as file:
        octets = file.read()
    assert octets[:4] == b"\xd4\xc3\xb2\xa1"
    made = [octets[:24]]
    for n in range(ROUNDS):
        for seconds, fraction, wire, frame in frames(octets):
            made.append(struct.pack("<IIII", seconds + n * step, fraction, len(frame), wire) + frame)
    return b"".join(made)


def block(kind, body):
    body += bytes(-len(body) % 4)
    return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)


def without_times(pcap):
    """The same as pcapng, where three frames of seven, and some thousand in a row, have no time."""
    made = [block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1)), block(1, struct.pack("<HHI", 1, 0, 0))]
    for n, (seconds, fraction, wire, frame) in enumerate(frames(pcap)):
        time = seconds * 1000000 + fraction
        if n % 7 < 3 or 2000 < n < 4000:
            made.append(block(3, struct.pack("<I", wire) + frame))
        else:
            made.append(block(6, struct.pack("<IIIII", 0, time >> 32, time & 0xffffffff, len(frame), wire) + frame))
    return b"".join(made)


def output_of(arguments, threads, stdin):
    with open(stdin or os.devnull, "rb") as source:
        run = subprocess.run([tool, *arguments, "-j", str(threads)], stdin=source, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             check=False)
    return run.returncode, run.stdout


def check(arguments, status, stdin=None):
    """Also in which order what is wrong stands between what is printed."""
    wanted = output_of(arguments, 1, stdin)
    assert wanted[0] == status, f"{arguments}: exit status {wanted[0]}: {wanted[1][-200:]}"
    assert len(wanted[1]) > 1000, f"{arguments}: {wanted[1]}"
    for threads in THREADS:
        assert output_of(arguments, threads, stdin) == wanted, f"-j {threads}: {' '.join(arguments)} differs"


def main():
    environment = {"TZ": "UTC", "LC_ALL": "C.UTF-8", "XDG_CONFIG_HOME": "/nonexistent"}
    os.environ.update(environment)
    with tempfile.TemporaryDirectory() as folder:
        def write(name, octets):
            path = os.path.join(folder, name)
            with open(path, "wb") as file:
                file.write(octets)
            return path

        vpn = long_capture("vpn.pcap", 3600)
        malformed = long_capture("malformed.pcap", 20000)
        whole, odd = write("vpn.pcap", vpn), write("odd.pcap", malformed)
        middle = len(vpn) // 2
        cut = write("cut.pcap", vpn[:middle + 5])
        damaged = write("damaged.pcap", vpn[:24] + vpn[24:24 + 16] + b"\xff" * 40 + vpn[middle:])
        late = write("late.pcap", vpn + b"\xff" * 24)
        timeless = write("timeless.pcapng", without_times(vpn))
        packed = write("packed", gzip.compress(vpn))
        packed_cut = write("packed-cut", gzip.compress(vpn)[:-2000])
        for form in FORMATS:
            check([*form, whole], 0)
            check([*form, odd, whole, odd], 0)
            check([*form, timeless], 0)
            check([*form, whole, cut, odd, damaged, os.path.join(folder, "none"), late, whole], 2)
        for form in FORMATS[0], FORMATS[3]:
            unpacks = not {"ARCHIVE", "ZLIB"} <= set(os.environ.get("FTD_LACKS", "").split())
            check([*form, packed, odd], 0 if unpacks else 2)
            check([*form, packed_cut, odd], 2)
            check([*form, "-"], 0, whole)
            check([*form, odd, "-", odd], 2, cut)
            for count in 7, 600, 5000:
                check([*form, "-c", str(count), whole, cut], 0)
            check([*form, "-f", "udp src port 514", whole, odd], 0)
        check(["summary", whole, odd], 0)
        check(["summary", "-o", "json", whole, cut, odd], 2)
        check(["check", "-o", "json", whole, odd], 1)


main()
print("the same with any number of threads")
