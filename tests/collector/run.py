#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A real collector, a real capture: run.py FTDPCAP rsyslog|syslog-ng

Messages of the samples, each with a number of its own, go to a collector on the loopback while tcpdump captures there. The
collector is stopped while many come at once, so that its receive buffer overflows. What it did not write is counted here from
capture and log; `ftdpcap compare` must list the same messages for every form of log.
"""
import fcntl
import json
import os
import re
import socket
import struct
import subprocess
import sys
import tempfile
import time

from collectors import COLLECTORS

HERE = os.path.dirname(os.path.abspath(__file__))
SAMPLES = os.path.join(HERE, "..", "..", "samples")
sys.path.insert(0, os.path.join(HERE, "..", "compare"))
from derive import read  # noqa: E402

NUMBER = re.compile(rb"n=([0-9]{5})")
STEADY, BURST, LONG = 150, 1200, 9000
SKIPPED = 77


# ---- Where to capture ----

def may_capture():
    try:
        socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0).close()
        return True
    except (PermissionError, OSError):
        return False


def need_rights():
    """Without the right to capture: once more, in a network of our own, where we have it."""
    if may_capture():
        return
    if "FTD_OWN_NETWORK" in os.environ:
        print("no right to capture, not even in a network of its own")
        sys.exit(SKIPPED)
    own = ["unshare", "--user", "--map-current-user", "--net", "--keep-caps"]
    if subprocess.run([*own, "true"], check=False).returncode != 0:
        print("no right to capture, and no network of its own")
        sys.exit(SKIPPED)
    command = [*own, sys.executable, "-B", *sys.argv]
    sys.exit(subprocess.run(command, env={**os.environ, "FTD_OWN_NETWORK": "1"}, check=False).returncode)


def bring_loopback_up():
    if "FTD_OWN_NETWORK" in os.environ:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            fcntl.ioctl(s, 0x8914, struct.pack("16sh14x", b"lo", 0x41))  # SIOCSIFFLAGS: IFF_UP, IFF_RUNNING


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Capture:
    def __init__(self, path, port):
        self.path = path
        as_root = ["-Z", "root"] if os.getuid() == 0 else []
        self.process = subprocess.Popen(["tcpdump", "-i", "lo", "-n", "-U", "-B", "16384", *as_root, "-w", path,
                                         "udp", "dst", "port", str(port)], stderr=subprocess.PIPE)
        said = line = b""
        while b"listening" not in line:
            line = self.process.stderr.readline()
            said += line
            if not line:
                raise SystemExit("tcpdump does not start: " + said.decode())

    def stop(self, frames):
        """Ends when that many frames are in the file."""
        end = time.monotonic() + 20
        while len(read(self.path)) < frames and time.monotonic() < end:
            time.sleep(0.05)
        self.process.terminate()
        self.process.stderr.read()
        self.process.wait()
        found = len(read(self.path))
        if found != frames:
            raise SystemExit("the capture holds %d of %d datagrams" % (found, frames))


# ---- What is sent ----

def sample_messages(*names):
    messages = []
    for name in names:
        for frame in read(os.path.join(SAMPLES, name)):
            if bytes(frame.octets[12:14]) == b"\x08\x00" and frame.octets[23] == 17 and b"%" in frame.payload:
                messages.append(frame.payload)
    return messages


def numbered(payload, number):
    """The text gets a number: at its end, in front of the octets that only end it, or where it says so."""
    if b"NUMBER" in payload:
        return payload.replace(b"NUMBER", b"n=%05d" % number)
    text = payload.rstrip(b"\r\n\0 ")
    return text + b" n=%05d" % number + payload[len(text):]


# What collectors change, or might: collectors.py says how many of them each changes, and how.
ODD = [
    b"<164>Sep 30 2020 12:01:30 fw1 : %FTD-4-733100: [ LOCAL\\NUMBER\n ] drop rate-1 exceeded. Current burst rate is 0",
    b"<166>Sep 30 2020 12:01:30 fw1 : %FTD-6-199018: NUMBER a\tb\x07c",
    b"<165>Sep 30 2020 12:01:30 fw1 : %FTD-5-722037: Group <NUMBER> SVC closing connection: " + b"x" * LONG,
    b"<166>Sep 30 2020 12:01:30 fw1 : %FTD-6-199018: NUMBER caf\xc3\xa9",
    b"<166>Sep 30 2020 12:01:30 fw1 : %FTD-6-199018: NUMBER caf\xe9",
    b"<166>Sep 30 2020 12:01:30 fw1 : %FTD-6-199018: NUMBER \"quoted\" \\ back\\slash, #012 and \\n of the device's own",
    b"<166>Sep 30 2020 12:01:30 fw1 : %FTD-6-199018: NUMBER tails\r\n\0",
    b"Sep 30 2020 12:01:30 fw1 : %FTD-6-199018: NUMBER no priority",
    b"%FTD-6-199018: NUMBER nothing but the tag",
    b"<999>Sep 30 2020 12:01:30 fw1 : %FTD-6-199018: NUMBER no such priority",
    b"<166Sep 30 2020 12:01:30 fw1 : %FTD-6-199018: NUMBER priority not closed",
    b"<166>: Sep 30 12:01:30 UTC: %FTD-6-199018: NUMBER EMBLEM",
    b"<166>1 2020-09-30T12:01:30Z fw1 - - - - %FTD-6-199018: NUMBER RFC 5424",
    b"<166>Sep 30 12:01:30 fw1 %FTD-session-6-302013: NUMBER a class",
    b"<166>Sep 30 12:01:30 fw1 %ASA-threat-detection-4-733100: NUMBER a class of two words",
]


class Sender:
    def __init__(self, collector, messages):
        self.collector, self.messages, self.sent = collector, messages, 0
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.connect(("127.0.0.1", collector.port))

    def send(self, payload):
        self.socket.send(payload)
        self.sent += 1

    def next(self):
        self.send(numbered(self.messages[self.sent % len(self.messages)], self.sent))

    def steadily(self, count):
        """A few at a time, and on only when they are in the log."""
        for i in range(count):
            self.next()
            if i % 10 == 9 or i + 1 == count:
                last = b"n=%05d" % (self.sent - 1)
                self.collector.wait(lambda: last in tail(self.collector.log("raw")), "message %d is not logged" % (self.sent - 1))

    def all_at_once(self, count):
        self.collector.pause()
        for _ in range(count):
            self.next()
        self.collector.go_on()
        self.collector.wait(lambda: self.collector.waiting() == 0, "it does not read")


def tail(path):
    try:
        with open(path, "rb") as file:
            file.seek(max(0, os.path.getsize(path) - 40000))
            return file.read()
    except FileNotFoundError:
        return b""


def numbers_in(path):
    with open(path, "rb") as file:
        return NUMBER.findall(file.read())


# ---- What is said about it ----

class Failures:
    count = 0

    def expect(self, name, what, found, wanted):
        if found != wanted:
            print("FAILED %s: %s: %s, wanted %s" % (name, what, shorten(found), shorten(wanted)))
            self.count += 1


def shorten(value):
    text = str(value)
    return text if len(text) < 400 else text[:400] + "…"


def compare(tool, capture, log, *options):
    done = subprocess.run([tool, "compare", *options, capture, "--log", log], capture_output=True, timeout=60, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def check_form(tool, failures, name, capture, log, changes):
    """CHANGES: the causes that messages of this log may have changed by, and how many."""
    sent = {n for f in read(capture) for n in NUMBER.findall(f.payload)}
    missed = sorted(int(n) for n in sent - set(numbers_in(log)))
    status, out, err = compare(tool, capture, log, "-o", "json")
    *objects, verdict = [json.loads(line) for line in out.splitlines()]
    verdict = verdict["verdict"]
    listed = sorted(int(NUMBER.search(o["record"]["message"].encode()).group(1)) for o in objects if o["side"] == "a-only")
    found = {cause: n for cause, n in verdict["causes"].items() if cause in ("re-encoded", "truncated", "split", "altered")}
    failures.expect(name, "standard error", err, "")
    failures.expect(name, "exit status", status, 1 if missed or changes else 0)
    failures.expect(name, "only in the capture", listed, missed)
    failures.expect(name, "changed", found, changes)
    failures.expect(name, "only in the log", verdict["b_only"], 0)
    failures.expect(name, "twice", (verdict["duplicated"], verdict["copies_in_a"]), (0, 0))
    status, out, _ = compare(tool, capture, log)
    if missed:
        failures.expect(name, "the sentence", out.startswith("{:,} of {:,} messages".format(len(missed), len(sent))), True)
    return len(missed), verdict["causes"]


def session(tool, failures, kind, title, work, action, changes):
    """Starts a collector and a capture, lets ACTION send, and judges every form of log. Returns what was missed."""
    folder = os.path.join(work, title)
    os.mkdir(folder)
    collector = COLLECTORS[kind](folder, free_port())
    capture = None
    try:
        collector.start()
        capture = Capture(os.path.join(work, title + ".pcap"), collector.port)
        sent = action(collector)
        capture.stop(sent)
        capture_path, capture = capture.path, None
    finally:
        collector.stop()
        if capture:
            capture.process.kill()
    results = {}
    for form in collector.FORMS:
        results[form] = check_form(tool, failures, "%s %s %s" % (kind, title, form), capture_path, collector.log(form), changes.get(form, {}))
    return results


def without_loss(collector):
    sender = Sender(collector, sample_messages("vpn.pcap", "headers.pcap"))
    sender.steadily(300)
    return sender.sent


def oddities(collector):
    sender = Sender(collector, ODD)
    sender.steadily(len(ODD))
    return sender.sent


def with_loss(collector):
    sender = Sender(collector, sample_messages("vpn.pcap", "ikev2.pcap", "headers.pcap"))
    sender.steadily(STEADY)
    sender.all_at_once(BURST)
    sender.steadily(STEADY)
    return sender.sent


def main():
    tool, kind = sys.argv[1:]
    need_rights()
    bring_loopback_up()
    failures = Failures()
    with tempfile.TemporaryDirectory() as work:
        os.chmod(work, 0o755)
        for form, (missed, _) in session(tool, failures, kind, "whole", work, without_loss, {}).items():
            failures.expect("whole " + form, "missed", missed, 0)
        for form, (missed, _) in session(tool, failures, kind, "odd", work, oddities, COLLECTORS[kind].CHANGES).items():
            failures.expect("odd " + form, "missed", missed, COLLECTORS[kind].MISSED.get(form, 0))
        for form, (missed, causes) in session(tool, failures, kind, "burst", work, with_loss, {}).items():
            print("%s: %d missed, %s" % (form, missed, causes))
            failures.expect("burst " + form, "a real loss", 0 < missed < BURST, True)
            failures.expect("burst " + form, "its cause", causes.get("burst"), missed)
    print("%s: %d failed" % (kind, failures.count))
    sys.exit(failures.count > 0)


main()
