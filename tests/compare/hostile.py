#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Damaged captures and logs full of nonsense: hostile.py FTDPCAP SAMPLES. No crash, an exit status of the contract, and JSON."""
import json
import os
import random
import subprocess
import sys
import tempfile

ROUNDS = 120


def damage(data, chance):
    data = bytearray(data)
    for _ in range(chance.randrange(1, 30)):
        at = chance.randrange(len(data))
        what = chance.randrange(3)
        if what == 0:
            data[at] = chance.randrange(256)
        elif what == 1 and at > 24:
            del data[at:at + chance.randrange(1, 50)]
        else:
            data[at:at] = chance.choice([b"%FTD-6-", b"\\u", b"\"", b"#0", b"\\x", b"\n", b"\0", b"{\"", b"%ASA-x-", b"\\ud800\\u"])
    return bytes(data[:chance.randrange(1, len(data) + 1)] if chance.random() < 0.3 else data)


def run(tool, *arguments):
    done = subprocess.run([tool, "compare", *arguments], capture_output=True, timeout=60)
    if done.returncode not in (0, 1, 2) or b"Sanitizer" in done.stderr or b"runtime error" in done.stderr:
        sys.exit("%s: status %d\n%s" % (arguments, done.returncode, done.stderr.decode(errors="replace")))
    return done


def main():
    tool, samples = sys.argv[1:]
    chance = random.Random(1)
    names = ["vpn.pcap", "malformed.pcap", "headers.pcap", "trouble.pcapng", "fragments.pcap"]
    files = {name: open(os.path.join(samples, name), "rb").read() for name in names}
    lines = b"".join(b'{"m":"a\\n%%FTD-6-%d: x \\u00e9 \\ud83d\\ude00"}\nSep 30 h %%FTD-6-725001: y#012z\n' % (n * 777 % 999999)
                     for n in range(60))
    with tempfile.TemporaryDirectory() as folder:
        a, b = os.path.join(folder, "a"), os.path.join(folder, "b")
        for number in range(ROUNDS):
            first, second = chance.choice(names), chance.choice(names)
            open(a, "wb").write(files[first])
            text = number % 2 == 0
            open(b, "wb").write(damage(lines if text else files[second], chance))
            for line in run(tool, "-o", "json", a, *(["--log", b] if text else [b])).stdout.splitlines():
                json.loads(line)
            run(tool, a, b)
            run(tool, b, a)
        for name in names:  # a file and itself: nothing is found
            open(a, "wb").write(files[name])
            done = run(tool, "-o", "json", "--all", a, a)
            if json.loads(done.stdout.splitlines()[-1])["verdict"]["found"]:
                sys.exit("%s differs from itself: %s" % (name, done.stdout.splitlines()[-1]))
        for wrong in ([a], [a, a, a], ["-", "-"], [a, "--log", os.path.join(folder, "none")], [a, a, "--window=-1"]):
            if run(tool, *wrong).returncode != 2:
                sys.exit("%s: exit status is not 2" % wrong)
    print("hostile: %d rounds" % ROUNDS)


main()
