# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures that fill each table of `check`: bounds.py FTDPCAP. What had no room is counted and said, and memory stays."""
import itertools
import json
import os
import struct
import subprocess
import sys
import tempfile

ENVIRONMENT = {**os.environ, "TZ": "UTC", "LC_ALL": "C.UTF-8", "XDG_CONFIG_HOME": "/nonexistent"}
MESSAGE = b"<166>Sep 30 2020 09:06:09 %s : %%FTD-6-722033: Group <g> User <u> IP <192.0.2.7> First TCP SVC connection established for SVC session."
# Six findings for each device.
WRONG = b"Sep 30 2020 09:06:09 %s : %%FTD-6-722051: Group <g> \xff \x01 User\r\n\0"
# Six notes for each device together.
NOTE = b"<165>:Sep 30 2020 09:06:09 %s: %%FTD-5-722051: Group <a> User <b> IP <192.0.2.7> bad\x01 text\r\n"
NOTE_ID = b"<165>:Sep 30 2020 09:06:09 %s: %%FTD-5-199999: text\r\n"
REPORT = b"<163>Sep 30 2020 09:06:09 %s : %%FTD-3-414006: TCP Syslog Server configured and logging queue is full."
COLLECTOR = bytes([198, 51, 100, 9])
FINDINGS = 10000


def expect(what, condition, detail):
    if not condition:
        sys.exit("FAILED %s: %s" % (what, detail))


def address(number, net=10):
    return bytes([net, number >> 16, number >> 8 & 255, number & 255])


def ipv4(source, target, protocol, payload, number=0, fragment=0):
    return struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), number & 0xffff, fragment, 64, protocol, 0) + source + target + payload


def udp(source, target, payload, number=0):
    return ipv4(source, target, 17, struct.pack(">HHHH", 514, 514, 8 + len(payload), 0) + payload, number)


def refusal(source, target, port=514):
    quoted = udp(source, target, b"x")[:28]
    return ipv4(target, source, 1, struct.pack(">BBHI", 3, 3, 0, 0) + quoted[:22] + struct.pack(">H", port) + quoted[24:])


def first_fragment(source):
    return ipv4(source, COLLECTOR, 17, struct.pack(">HHHH", 514, 514, 1008, 0) + b"x" * 8, 7, 0x2000)


def request(target):
    return struct.pack(">HHBBH", 1, 0x0800, 6, 4, 1) + b"\2" * 6 + address(1) + bytes(6) + target


def check(tool, packets, lang="en"):
    """The verdict, the findings as lines, and KiB that were used."""
    with tempfile.NamedTemporaryFile() as file, tempfile.TemporaryFile() as out:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for number, (kind, packet) in enumerate(packets):
            frame = b"\2" * 12 + struct.pack(">H", kind) + packet
            file.write(struct.pack("<IIII", 1601457000 + number // 1000, number % 1000 * 1000, len(frame), len(frame)) + frame)
        file.flush()
        process = subprocess.Popen([tool, "check", "-j", "1", "--lang", lang, "-o", "json", file.name], stdout=out, env=ENVIRONMENT)
        _, raw, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(raw)
        out.seek(0)
        lines = out.read().splitlines()
        expect("status", process.returncode in (0, 1), process.returncode)
        return json.loads(lines[-1])["verdict"], lines[:-1], usage.ru_maxrss


def remarks(verdict):
    return [remark["what"] for remark in verdict["not_usable"]]


def tables(tool):
    """One row more than there is room for, and many."""
    def receivers(count):
        return ((0x0800, udp(address(1), address(i, 11), MESSAGE % b"fw1", i)) for i in range(count))

    def refusals(count):
        return ((0x0800, refusal(address(i), COLLECTOR)) for i in range(count))

    def requests(count):
        return ((0x0806, request(address(i, 12))) for i in range(count))

    def fragments(count):
        """None of them is on its way still when the capture ends, more than a second later."""
        return itertools.chain(((0x0800, first_fragment(address(i))) for i in range(count)), some * 1100)

    def flows(count):
        return ((0x0800, udp(address(i), COLLECTOR, MESSAGE % b"fw1")) for i in range(count))

    some = [(0x0800, udp(address(1), COLLECTOR, MESSAGE % b"fw1"))]
    for name, make, room in (("receivers", receivers, 256), ("refusals", refusals, 256), ("requests", requests, 512), ("fragments", fragments, 256), ("flows", flows, 2048)):
        own = 0 if make in (receivers, flows) else 1  # the flow of the message is no row of these tables
        for count in (room, room + 1, room + 50):
            verdict = check(tool, [*(some if own else []), *make(count)])[0]
            expect("%d %s" % (count, name), (verdict["untracked"] > 0) == (count > room), verdict)
            expect("%d %s are said" % (count, name), ("part of the addresses" in remarks(verdict)) == (count > room), remarks(verdict))


def doubtful(tool):
    """Errors of what may prove to be syslog make room for those of what is; where one of them may be missing, that is said."""
    other = [(0x0800, refusal(address(i, 12), COLLECTOR, 5000)) for i in range(300)]
    syslog = [(0x0800, refusal(address(i), COLLECTOR)) for i in range(256)]
    ports = [(0x0800, udp(address(1, 13), COLLECTOR, MESSAGE % b"fw1")[:22] + struct.pack(">H", 5514) + udp(address(1, 13), COLLECTOR, MESSAGE % b"fw1")[24:])]
    ports.append((0x0800, ipv4(COLLECTOR, address(1, 13), 1, bytes(8))))
    verdict, lines, _ = check(tool, [*other, *syslog])
    expect("doubtful", verdict["untracked"] == 0 and len(lines) == 256 and "refusals" not in remarks(verdict), (verdict, len(lines)))
    for errors, room in ((other[:256], True), (other[:257], False)):
        verdict, lines, _ = check(tool, [*errors, *ports])
        expect("other ports", verdict["untracked"] == 0 and ("refusals" in verdict["clean"]) == room and ("refusals" in remarks(verdict)) != room, verdict)


def findings(tool):
    """More devices, all of them with faults, than there may be findings."""
    used = []
    for count in (3000, 12000):
        packets = ((0x0800, udp(address(i), COLLECTOR, WRONG % (b"fw%d" % i), i)) for i in range(count))
        verdict, lines, memory = check(tool, packets)
        used.append(memory)
        expect("findings", len(lines) == FINDINGS and verdict["malformed"] == count, (len(lines), verdict))
        expect("findings are said", "part of the findings" in remarks(verdict), remarks(verdict))
    expect("memory", used[1] - used[0] < 4096, "%s KiB" % used)


def others(tool):
    """Devices without room are told together, in the language of the report."""
    for lang, name in (("en", "(others)"), ("ja", "(その他)")):
        lines = check(tool, ((0x0800, udp(address(i), COLLECTOR, MESSAGE[5:] % (b"fw%d" % i), i)) for i in range(2100)), lang)[1]
        told = [line for line in map(json.loads, lines) if line["device"] == name]
        expect("others", told and all(line["count"] == 52 and name in line["detail"] for line in told), told)


def graver(tool):
    """What is graver than a note has room, however many notes there are, and those without room are counted."""
    texts = [text % (b"fw%d" % i) for i in range(2040) for text in (NOTE, NOTE_ID)] + [REPORT % b"fw1"]
    verdict, lines, _ = check(tool, ((0x0800, udp(address(i // 2), COLLECTOR, text, i)) for i, text in enumerate(texts)))
    first = json.loads(lines[0])
    expect("graver finding", len(lines) == FINDINGS and (first["code"], first["severity"]) == ("device-reports-loss", "error"), first)
    expect("severities", (verdict["errors"], verdict["warnings"]) == (1, 0) and verdict["notes"] > FINDINGS, verdict)
    expect("sentence", verdict["sentence"] == "Syslog was lost.", verdict["sentence"])


def namesakes(tool):
    """Senders with one name, each with a count of its own: more than there is room for are not judged."""
    for senders, room in ((64, True), (65, False)):
        texts = ((i, b"%d: " % (1000000 * i + turn) + MESSAGE[5:] % b"fw1") for turn in range(40) for i in range(1, senders + 1) if turn != 30 or i != 7)
        verdict, lines, _ = check(tool, ((0x0800, udp(address(i), COLLECTOR, b"<166>" + text, 0)) for i, text in texts))
        gaps = [line["device"] for line in map(json.loads, lines) if line["code"] == "sequence-gap"]
        expect("%d namesakes" % senders, gaps == (["fw1 (10.0.0.7)"] if room else []) and ("sequence" in verdict["clean"]) is False, (gaps, verdict["clean"]))
        expect("%d namesakes are said" % senders, ("sequence numbers" in remarks(verdict)) != room, remarks(verdict))


def main():
    tables(sys.argv[1])
    doubtful(sys.argv[1])
    findings(sys.argv[1])
    others(sys.argv[1])
    graver(sys.argv[1])
    namesakes(sys.argv[1])
    print("bounds: done")


main()
