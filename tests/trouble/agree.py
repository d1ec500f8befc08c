#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""decode, summary and check say the same of single messages: agree.py FTDPCAP SAMPLES"""
import collections
import json
import os
import subprocess
import sys

CAPTURES = ["headers.pcap", "malformed.pcap", "ikev2.pcap", "hardware.pcap", "threat.pcap", "fragments.pcap"]
# Told by the packets, or only where a message is by itself: see check_message.c.
OTHERWISE = {"snaplen", "trailing-bytes", "no-tag"}


def objects(tool, *arguments):
    done = subprocess.run([tool, *arguments, "-o", "json"], capture_output=True, check=False)
    return [json.loads(line) for line in done.stdout.splitlines()]


def compared(wrong, name, what, found, wanted):
    if found != wanted:
        print("FAILED %s: %s: %s, decode says %s" % (name, what, dict(found), dict(wanted)))
        wrong.append(name)


def main():
    tool, samples = sys.argv[1:]
    wrong, codes = [], set()
    for name in CAPTURES:
        path = os.path.join(samples, name)
        decoded = collections.Counter(code for record in objects(tool, "decode", path) for code in record.get("findings", []))
        summed = collections.Counter({row["name"]: row["count"] for row in objects(tool, "summary", path)[0]["findings"]})
        compared(wrong, name, "summary", summed, decoded)
        checked = collections.Counter()
        for finding in objects(tool, "check", path)[:-1]:
            # The first part of a message that was split ends inside its template.
            checked["message-truncated" if finding["code"] == "split-message" else finding["code"]] += finding["count"]
        known = {code for code in decoded if code not in OTHERWISE}
        compared(wrong, name, "check", {code: checked[code] for code in known}, {code: decoded[code] for code in known})
        codes |= known
    if len(codes) < 10:
        print("FAILED: only %s were seen" % sorted(codes))
        wrong.append("codes")
    print("agree: %d codes in %d captures" % (len(codes), len(CAPTURES)))
    sys.exit(bool(wrong))


main()
