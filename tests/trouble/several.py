#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Trouble that takes several files, options or a language to see: several.py FTDPCAP

Each function of CASES makes captures and asks `ftdpcap check` or `summary` about them.
"""
import calendar
import json
import os
import struct
import subprocess
import sys
import tempfile
import time

ENVIRONMENT = {**os.environ, "TZ": "UTC", "LC_ALL": "C.UTF-8", "XDG_CONFIG_HOME": "/nonexistent"}
TEXT = "%%FTD-%d-722051: Group <Staff> User <user%d> IP <203.0.113.7> IPv4 Address <10.8.0.5> IPv6 address <::> assigned to session"
START = calendar.timegm((2020, 9, 30, 9, 0, 0))


def stamp(seconds):
    return time.strftime("%b %d %Y %H:%M:%S", time.gmtime(seconds))


def message(seconds, number=0, device="fw1", front="", severity=6, priority=True):
    return "%s%s%s %s : %s" % ("<%d>" % (160 + severity) if priority else "", front, stamp(seconds), device, TEXT % (severity, number))


def checksum(octets):
    total = sum(struct.unpack(">%dH" % (len(octets) // 2), octets))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def frame(text, number=0, host=1):
    """A datagram without UDP checksum; its IP ID tells nothing when it is always 0."""
    payload = text.encode()
    head = struct.pack(">BBHHHBBH", 0x45, 0, 28 + len(payload), number & 0xffff, 0, 64, 17, 0) + bytes([192, 0, 2, host, 198, 51, 100, 9])
    head = head[:10] + struct.pack(">H", checksum(head)) + head[12:]
    return bytes([0, 0, 0x5e, 0, 0x53, 9, 0, 0, 0x5e, 0, 0x53, host, 8, 0]) + head + struct.pack(">HHHH", 514, 514, 8 + len(payload), 0) + payload


def block(kind, body):
    """Of a pcapng file."""
    body += bytes(-len(body) % 4)
    return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)


SECTION = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)) + block(1, struct.pack("<HHI", 1, 0, 0))


def fragments(octets, first=64):
    """A frame's datagram in two fragments."""
    def part(offset, more, payload):
        head = octets[14:16] + struct.pack(">H", 20 + len(payload)) + octets[18:20] + struct.pack(">H", more << 13 | offset // 8) + octets[22:24] + bytes(2) + octets[26:34]
        return octets[:14] + head[:10] + struct.pack(">H", checksum(head)) + head[12:] + payload

    return part(0, 1, octets[34:34 + first]), part(first, 0, octets[34 + first:])


class Test:
    def __init__(self, tool, folder):
        self.tool, self.folder, self.failed, self.name = tool, folder, 0, ""

    def write(self, name, frames):
        """A pcap file of (time, frame)."""
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
            for seconds, octets in frames:
                micro = round(seconds * 1e6)
                file.write(struct.pack("<IIII", micro // 1000000, micro % 1000000, len(octets), len(octets)) + octets)
        return path

    def check(self, *arguments):
        """The findings by code, and the verdict."""
        done = subprocess.run([self.tool, "check", "-o", "json", *arguments], capture_output=True, env=ENVIRONMENT, check=False)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        found = {finding["code"]: finding for finding in lines[:-1]}
        self.expect(done.returncode == any(finding["severity"] != "note" for finding in found.values()), "exit status %d" % done.returncode)
        return found, lines[-1]["verdict"]

    def text(self, *arguments, command="check"):
        """The report for people, as one line."""
        done = subprocess.run([self.tool, command, *arguments], capture_output=True, env=ENVIRONMENT, check=False)
        return " ".join(done.stdout.decode().split())

    def run(self, *arguments):
        return subprocess.run([self.tool, *arguments], capture_output=True, env=ENVIRONMENT, check=False, text=True)

    def expect(self, condition, detail):
        if not condition:
            print("FAILED %s: %s" % (self.name, detail))
            self.failed += 1


def reasons(verdict):
    """Why something could not be used, by what and device."""
    return {(remark["what"], remark.get("device", "")): remark.get("why", "") for remark in verdict["not_usable"]}


def selection(test):
    """Messages that nobody asked for are not missing; those of a device are all of them."""
    path = test.write("numbers.pcap", [(START + i, frame(message(START + i, i, front="%d: " % (i + 1), severity=6 if i % 10 else 7))) for i in range(500)])
    found, verdict = test.check("--severity=0-6", path)
    why = "part of the messages selected"
    test.expect(not found, list(found))
    for what in ("sequence numbers", "rhythm"):
        test.expect(reasons(verdict).get((what, "fw1")) == why, verdict["not_usable"])
    test.expect(not {"sequence", "rhythm"} & set(verdict["clean"]), verdict["clean"])
    verdict = test.check("--device=fw1", path)[1]
    test.expect({"sequence", "rhythm"} <= set(verdict["clean"]), verdict["clean"])


def later_file_first(test):
    """Each file has an end of its own: whoever spoke up to there did not fall silent."""
    early, late = [test.write("from%d.pcap" % begin, [(START + begin + i, frame(message(START + begin + i, i))) for i in range(60)]) for begin in (0, 3600)]
    for paths in ((early, late), (late, early)):
        found, verdict = test.check(*paths)
        test.expect(not found and "rhythm" in verdict["clean"], list(found))
    quiet = [(START + i, frame(message(START + i, i, "fw%d" % (1 + i % 2)))) for i in range(200) if i % 2 == 0 or i < 80]
    test.expect(test.check(late, test.write("quiet.pcap", quiet))[0].keys() == {"silence"}, "fw2 fell silent")


def days(test):
    """When a device fell silent, to the day; and a device alone has no other beside it."""
    times = [i + (3 * 86400 if i >= 300 else 0) for i in range(600)]
    path = test.write("days.pcap", [(START + at, frame(message(START + at, i))) for i, at in enumerate(times)])
    finding = test.check(path)[0].get("silence", {"detail": "", "first_time": ""})
    test.expect("from 2020-09-30 09:04:59 UTC, in which about" in finding["detail"] and "and 0 of other devices did." in finding["detail"], finding)
    test.expect(finding["first_time"] == "2020-09-30T09:04:59.000000Z", finding["first_time"])
    test.expect("1, first at 2020-09-30 09:04:59 (frame 300)" in test.text(path), test.text(path))
    test.expect("in 3 d 00:09:59." in test.text(path) and "3 日 00:09:59" in test.text("--lang=ja", path), test.text(path))
    off = test.write("off.pcap", [(START + i, frame(message(START + i - 10 * 86400, i))) for i in range(60)])
    test.expect("off by -10 d against" in test.text(off) and "-10 日" in test.text("--lang=ja", off), test.text("--lang=ja", off))


def some_malformed(test):
    """No message is malformed by what it says, but a datagram is."""
    frames = [(START + i, frame(message(START + i, i))) for i in range(30)]
    spoilt = bytearray(frames[9][1])
    spoilt[24] ^= 0x55
    path = test.write("spoilt.pcap", [*frames[:9], (START + 9, bytes(spoilt)), *frames[10:]])
    test.expect(test.text(path).startswith("Some of the messages are malformed."), test.text(path))
    test.expect(test.text("--lang=ja", path).startswith("届いたメッセージの一部が不正な形式です。"), test.text("--lang=ja", path))


def not_clean(test):
    """What could not be used for any device, or has a finding, is not clean."""
    few = [(START + i, frame(message(START + i, i, "fw%d" % (2 + i % 2)), host=2 + i % 2)) for i in range(20)]
    verdict = test.check(test.write("few.pcap", few))[1]
    test.expect("rhythm" not in verdict["clean"], verdict["clean"])
    test.expect(reasons(verdict).get(("rhythm", "fw3")) == "too few messages", verdict["not_usable"])
    test.expect(test.check("--lang=ja", os.path.join(test.folder, "few.pcap"))[1]["clean"] == verdict["clean"], "clean in both languages")
    leaps = [(START + i, frame(message(START + i, i, front="%d: " % (i if i < 40 else i * 1000)))) for i in range(300)]
    verdict = test.check(test.write("leaps.pcap", [*few, *leaps]))[1]
    test.expect("sequence" not in verdict["clean"], verdict["clean"])
    test.expect(reasons(verdict).get(("sequence numbers", "fw1")) == "not counting by one", verdict["not_usable"])
    whole = message(START + 30)
    split = [*few, (START + 30, frame(whole[:100])), (START + 30.1, frame(whole[100:]))]
    found, verdict = test.check(test.write("split.pcap", split))
    test.expect("split-message" in found and "messages" not in verdict["clean"], verdict["clean"])


def frames_of_files(test):
    """Frame numbers are those of the file that is named with them."""
    paths = [test.write("part%d.pcap" % part, [(START + at, frame(message(START + at, at, priority=at != 31 * part + 5))) for at in range(30 * part, 30 * part + 30)])
             for part in range(3)]
    finding = test.check(*paths)[0]["no-pri"]
    test.expect((finding["count"], finding["file"], finding["frames"]) == (3, paths[0], [6]), finding)
    for lang, said in (("en", "3, first at 09:00:05 (%s, frame 6)"), ("ja", "3 件、最初は 09:00:05 (%s、フレーム 6)")):
        test.expect(said % paths[0] in test.text("--lang=" + lang, *paths), test.text("--lang=" + lang, *paths))
    test.expect("1, first at 09:00:05 (frame 6)" in test.text(paths[0]), test.text(paths[0]))


def two_silences(test):
    """Of the one nothing is lost, of the other all: the first line speaks of loss."""
    def at(seconds, number):
        return (START + seconds, frame(message(START + seconds, seconds), number))

    talk = [at(n, n) for n in range(100)]
    unsent = [*talk, *[at(n + 400, n) for n in range(100, 200)]]
    lost = [*unsent, *[at(n + 700, n + 300) for n in range(200, 300)]]
    found, verdict = test.check(test.write("unsent.pcap", unsent))
    test.expect(list(found) == ["silence"] and verdict["sentence"] == "A device sent nothing for a while.", verdict["sentence"])
    found, verdict = test.check(test.write("lost.pcap", lost))
    test.expect(found["silence"]["count"] == 2 and found["ip-id-gap"]["count"] == 300 and verdict["sentence"] == "Syslog may have been lost.",
                (found, verdict["sentence"]))
    test.expect("it sent nothing here in that time" in found["silence"]["detail"], found["silence"])
    test.expect(test.text("--lang=ja", test.write("unsent.pcap", unsent)).startswith("デバイスからの送信がしばらく途絶えました。"), "in Japanese")


def cut_between_fragments(test):
    """What lies beyond the edges of a file is not lost: at both ends of a capture, in a rotation, and in a later file that comes first."""
    def at(number, of=(0, 1)):
        parts = fragments(frame(message(START + number, number), number))
        return [(START + number + i / 1000, parts[i]) for i in of]

    middle = [part for number in range(1, 60) for part in at(number)]
    whole = [test.write("part1.pcap", [*at(0, [1]), *middle, *at(60, [0])]),
             test.write("part2.pcap", [*at(60, [1]), *[part for number in range(61, 120) for part in at(number)]])]
    for paths in (whole[:1], whole, whole[::-1]):
        found, verdict = test.check(*paths)
        test.expect(not found and "fragments" in verdict["clean"], found)
    lost = test.write("lost.pcap", [*middle[:40], *middle[41:81], *middle[82:]])
    later = test.write("later.pcap", [(at + 4000, octets) for at, octets in [*middle[:60], *middle[61:]]])
    for paths, count in (([lost], 2), ([whole[1], lost], 2), ([lost, later], 3), ([later, lost], 3)):
        finding = test.check(*paths)[0].get("fragment-missing", {})
        test.expect((finding.get("file"), finding.get("count"), finding.get("frames")) == (lost, count, [41, 80]), finding)


def talk(count, device="fw1"):
    return [(START + n, frame(message(START + n, n, device), n)) for n in range(count)]


def nothing_asked(test):
    """What nobody asked for is not found to be fine, and is not missing."""
    path = test.write("talk.pcap", talk(100))
    _, verdict = test.check("--device=fw9", path)
    test.expect(verdict["sentence"] == "No message is what was asked for." and not {"rhythm", "device-reports", "messages"} & set(verdict["clean"]), verdict)
    test.expect(test.run("compare", "--device=fw9", path, path).stdout.startswith("Nothing in A is what was asked for."), "in A")
    done = test.run("compare", "-f", "port 515", path, path)
    test.expect(done.stdout.startswith("Nothing in A is what was asked for.") and "what was asked for" in done.stderr and done.returncode == 2, done)


def zone_of_tz(test):
    """The zone that somebody gives on the command line is no claim of the device's."""
    found, verdict = test.check("--tz=Asia/Tokyo", test.write("talk.pcap", talk(100)))
    test.expect(found["clock-skew"]["severity"] == "note" and "that of --tz" in found["clock-skew"]["detail"], found)
    test.expect("apart from what the notes tell" in verdict["sentence"], verdict["sentence"])


def refused_twice(test):
    """A mirror shows datagrams and refusals twice; each refusal is counted once, and no more are lost than were sent."""
    frames = []
    for seconds, octets in talk(40):
        frames += [(seconds, octets), (seconds + 1e-5, octets)]
        if 10 <= seconds - START < 20 and (seconds - START) % 2 == 0:
            head = struct.pack(">BBHHHBBH", 0x45, 0, 56, 7, 0, 64, 1, 0) + octets[30:34] + octets[26:30]
            head = head[:10] + struct.pack(">H", checksum(head)) + head[12:]
            error = octets[:14] + head + bytes([3, 3, 0, 0, 0, 0, 0, 0]) + octets[14:42]
            frames += [(seconds + 1e-3, error), (seconds + 2e-3, error)]
    found, _ = test.check(test.write("mirror.pcap", frames))
    test.expect(found["icmp-unreachable"]["count"] == 5 and "5 to 9 did not arrive" in found["icmp-unreachable"]["detail"], found)


def too_short_to_tell(test):
    """What the capture cut away is not said to be something else."""
    def cut(name, snap):
        path = os.path.join(test.folder, name)
        with open(path, "wb") as file:
            file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, snap, 1))
            for seconds, octets in talk(20):
                file.write(struct.pack("<IIII", seconds, 0, snap, len(octets)) + octets[:snap])
        return path

    for snap in 40, 68:
        done = test.run("decode", cut("snap.pcap", snap))
        test.expect("20 UDP datagrams were cut by the capture" in done.stderr and "no UDP" not in done.stderr and "other" not in done.stderr, done)


def no_times(test):
    """Simple packet blocks have no time: nothing is said of midnight in 1970."""
    path = os.path.join(test.folder, "simple.pcapng")
    with open(path, "wb") as file:
        file.write(SECTION)
        for i in range(40):
            octets = frame(message(START + i, i, priority=i != 5))
            file.write(block(3, struct.pack("<I", len(octets)) + octets))
    test.expect("1, first in frame 6" in test.text(path), test.text(path))
    test.expect("1 件、最初はフレーム 6" in test.text("--lang=ja", path), test.text("--lang=ja", path))
    test.expect("2, first in %s, frame 6" % path in test.text(path, path), test.text(path, path))
    test.expect("first_time" not in test.check(path)[0]["no-pri"], "a time")


def nothing_but_drops(test):
    """A capture that lost all that came says so."""
    for drops in (40, 0):
        path = os.path.join(test.folder, "drops.pcapng")
        with open(path, "wb") as file:
            file.write(SECTION + block(5, struct.pack("<IIIHHQHH", 0, 0, 0, 5, 8, drops, 0, 0)))
        found, verdict = test.check(path)
        test.expect(found.get("capture-drops", {}).get("count", 0) == drops and verdict["trust"] == ("limited" if drops else "good"), (found, verdict))


def capturing_clocks(test):
    """Two files may come from two hosts, whose clocks differ: the device's made no step. A step within one is told."""
    files = [test.write("host%d.pcap" % late, [(START + i + late, frame(message(START + i, i))) for i in range(100)]) for late in (0, 20)]
    for paths in (files, files[::-1]):
        found = test.check(*paths)[0]
        test.expect(list(found) == ["clock-skew"] and "-19.5 s" in found["clock-skew"]["detail"], found)
    stepped = test.write("step.pcap", [(START + 200 + i, frame(message(START + 200 + i + (30 if i > 50 else 0), i))) for i in range(100)])
    test.expect("clock-jump" in test.check(files[0], stepped)[0], "a step in the second file")


def two_writers(test):
    """One stamp without a zone, as a relay writes it, does not decide whose clock is judged."""
    def zoned(at, ahead):
        return message(START + at).replace(stamp(START + at), time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(START + at + ahead)))

    path = test.write("zoned.pcap", [(START, frame(message(START)))] + [(START + at, frame(zoned(at, 3600))) for at in range(1, 200)])
    found = test.check(path)[0]
    test.expect("clock-skew" in found and "names a zone and is off by +1 h" in found["clock-skew"]["detail"], found)


def many_kinds(test):
    """A summary of more users and IDs than there is room for: what the catalogue knows is there, and nothing goes uncounted."""
    room, more = 16384, 50
    known = [message(START, number) for number in range(room + more)]
    unknown = [message(START).replace("722051", "%06d" % (100 + number)) for number in range(room)]
    path = test.write("kinds.pcap", [(START + i / 1000, frame(text)) for i, text in enumerate([*unknown, *known])])
    done = subprocess.run([test.tool, "summary", "-o", "json", path], capture_output=True, env=ENVIRONMENT, check=True)
    counts = json.loads(done.stdout)
    test.expect({"id": 722051, "title": "VPN address assigned", "count": room + more} in counts["ids"], counts["ids"][:3])
    test.expect(list(counts)[-1] == "others" and counts["others"].get("users") == more, counts.get("others"))
    for topic in ("ids", "users"):
        total = sum(row["count"] for row in counts[topic]) + counts.get("others", {}).get(topic, 0)
        test.expect(total == (counts["messages"] if topic == "ids" else room + more), (topic, total))
    test.expect("%d (all others: more than there is room for)" % more in test.text(path, command="summary"), "others in the text")


def held_rate(test):
    """The time of a rate's top as exactly as the capture has it."""
    counts = [5 if second % 6 == 0 else 30 for second in range(120)]
    frames = [(START + second + k / (count + 1), frame(message(START + second, k))) for second, count in enumerate(counts) for k in range(count)]
    found = test.check(test.write("rate.pcap", frames))[0]
    test.expect(found.get("rate-plateau", {}).get("first_time") == "2020-09-30T09:00:02.000000Z", found.get("rate-plateau"))
    both = [(at, octets[:33] + bytes([collector]) + octets[34:]) for at, octets in frames for collector in (9, 10)]
    found = test.check(test.write("both.pcap", both))[0]
    test.expect(found.get("rate-plateau", {"detail": ""})["detail"].startswith("fw1 → 198.51.100.") and "30 messages a second" in found["rate-plateau"]["detail"],
                found.get("rate-plateau"))


def rotated(test):
    """A file that begins where the one before ends goes on with it: who stopped in an earlier one is still silent."""
    def spoken(seconds, host):
        return (START + seconds + host / 4, frame(message(START + seconds, seconds, "fw%d" % host), host=host))
    first = [spoken(n, host) for n in range(0, 600, 5) for host in ((1, 2) if n < 595 else (1,))]
    files = [test.write("rotated-1.pcap", first)] + [
        test.write("rotated-%d.pcap" % k, [spoken(n, 1) for n in range(600 * k - 600, 600 * k, 5)]) for k in (2, 3)]
    silence = test.check(*files)[0].get("silence", {})
    test.expect(silence.get("device") == "fw2" and "lasted 00:20:04 from 09:09:50" in silence["detail"] and "241 of other" in silence["detail"]
                and silence["file"] == files[0], silence)
    later = test.write("rotated-later.pcap", [spoken(n, 1) for n in range(86400, 87000, 5)])
    test.expect("silence" not in test.check(files[0], later)[0], "a day later")
    test.expect("silence" not in test.check(*files[::-1])[0], "in another order")


def whose_step(test):
    """All devices step alike: where capture time goes on evenly it is theirs, as daylight saving is; where it leaps or runs back by as much, the capture's."""
    def talk_of_two(device_step, capture_step):
        return [(START + at * 6 + host / 4 + (capture_step if at >= 50 else 0),
                 frame(message(START + at * 6 + host / 4 + (device_step if at >= 50 else 0), at, "fw%d" % host), host=host))
                for at in range(100) for host in (1, 2)]

    for device_step, capture_step in (3600, 0), (-3600, 0), (0, 3600), (0, -3600), (0, 1000), (0, -1000):
        found = test.check(test.write("step.pcap", talk_of_two(device_step, capture_step)))[0]["clock-jump"]
        of_capture = "that of the capture, not theirs" in found["detail"]
        test.expect(of_capture == (capture_step != 0) and ("daylight" in found["detail"]) == (device_step != 0), (device_step, capture_step, found["detail"]))


def change_of_zone(test):
    """With --tz both hours that the clocks show when they go back, and the one that they leave out."""
    for begin, before, after in ((calendar.timegm((2020, 10, 24, 22, 0, 0)), 7200, 3600), (calendar.timegm((2020, 3, 28, 22, 0, 0)), 3600, 7200)):
        frames = [(begin + at * 45, frame(message(begin + at * 45 + (before if at < 240 else after), at))) for at in range(480)]
        found, verdict = test.check("--tz=Europe/Berlin", test.write("night.pcap", frames))
        test.expect(not found and "clocks" in verdict["clean"], found)


def relay_of_one(test):
    """A relay with one device behind it has the device's name in its messages; what is of the relay is not told of the device."""
    frames = []
    for at, octets in talk(60):
        onward = bytearray(octets)
        onward[29], onward[18:20] = 5, bytes(2)
        frames += [(at, octets), (at + 1e-3, bytes(onward))]
    _, verdict = test.check(test.write("relay.pcap", frames))
    test.expect(reasons(verdict).get(("IP IDs", "fw1 (192.0.2.5)")) == "constant" and ("IP IDs", "fw1 (192.0.2.1)") not in reasons(verdict), verdict)


def counted(seconds, host, collector, number, name="fw"):
    """A message with a counter in front, of a host to a collector."""
    octets = bytearray(frame(message(START + seconds, seconds, name, front="%d: " % number), host=host))
    octets[33] = collector
    head = octets[14:24] + bytes(2) + octets[26:34]
    octets[24:26] = struct.pack(">H", checksum(head))
    return (START + seconds, bytes(octets))


def numbers_by_way(test):
    """Numbers are those of a device, of one of two with a name, or of one of two collectors that get all of it: whichever way they are counted."""
    every = range(300)
    missing = {*range(90, 100), *range(205, 210)}
    twins = [counted(i, 1 + unit, 9, 5000 + 80000 * unit + i // 100 * 50 + i % 50) for i in every for unit in (i // 50 % 2,)]
    paths = [counted(i, 1 + i % 2, 9, 700 + i) for i in every]
    shared = [counted(i, 1, 9 + i % 3 // 2, 700 + i) for i in every]
    both = [counted(i, 1, collector, 700 + i) for i in every for collector in (9, 10)]
    bursts = [counted(i // 5 * 5, 1, collector, 700 + i) for begin in range(0, 300, 5) for collector in (9, 10) for i in range(begin, begin + 5)]
    for name, frames in ("twins", twins), ("paths", paths), ("shared", shared), ("both", both), ("bursts", bursts):
        found, verdict = test.check(test.write(name + ".pcap", frames))
        test.expect("sequence-gap" not in found and "sequence" in verdict["clean"], (name, found.get("sequence-gap")))
    lost = {"twins": (twins, "fw (192.0.2.2)", lambda i: 60 <= i < 75), "paths": (paths, "fw", lambda i: i in missing),
            "shared": (shared, "fw", lambda i: i in missing), "both": (both, "fw → 198.51.100.10:514", lambda i: i % 2 and i // 2 in missing)}
    for name, (frames, who, is_lost) in lost.items():
        found = test.check(test.write(name + "-lost.pcap", [octets for i, octets in enumerate(frames) if not is_lost(i)]))[0].get("sequence-gap", {})
        test.expect((found.get("device"), found.get("count")) == (who, 15), (name, found))


def clocks_by_sender(test):
    """Two units with one name have a clock each; a device that sends from two addresses has one."""
    def turns(length, ahead):
        """Two senders in turns, whose stamps are so far ahead."""
        return [(START + at, frame(message(START + at + ahead(at, at // length % 2), at, "fw"), host=1 + at // length % 2)) for at in range(400)]

    for length in (1, 50, 200):
        found, verdict = test.check(test.write("twins.pcap", turns(length, lambda at, unit: 30 * unit)))
        test.expect(list(found) == ["clock-skew"] and found["clock-skew"]["device"] == "fw (192.0.2.2)" and "+30." in found["clock-skew"]["detail"], (length, found))
    found = test.check(test.write("jump.pcap", turns(50, lambda at, unit: 20 if unit and at > 260 else 0)))[0]
    test.expect(list(found) == ["clock-jump"] and found["clock-jump"]["device"] == "fw (192.0.2.2)" and found["clock-jump"]["count"] == 1, found)
    for name, ahead in (("steady", lambda at, unit: 0), ("off", lambda at, unit: 40), ("stepped", lambda at, unit: 20 if at > 200 else 0)):
        for length in (1, 50):
            found = test.check(test.write("paths.pcap", turns(length, ahead)))[0]
            test.expect([(code, row["device"]) for code, row in found.items()] == {"steady": [], "off": [("clock-skew", "fw")], "stepped": [("clock-jump", "fw")]}[name], (name, length, found))


def cut_or_short(test):
    """Texts that end early without a common limit are a note, and no share of what is malformed; one that happens to be 480 octets long is none."""
    def shortened(at, length):
        return (START + at, frame(message(START + at, at)[:length]))

    short = [shortened(at, 95 + at % 7) if at < 50 else (START + at, frame(message(START + at, at, priority=at != 60))) for at in range(100)]
    found, verdict = test.check(test.write("short.pcap", short))
    test.expect(found["message-truncated"]["severity"] == "note" and verdict["sentence"] == "1.0 % of what arrived is malformed.", verdict)
    long = [(START + at, frame(message(START + at, at).replace("Staff", "x" * 600))) for at in range(20)]
    chance = (START + 20, frame(message(START + 20).replace("Staff", "x" * 600)[:480]))
    found = test.check(test.write("chance.pcap", [*long, chance]))[0]
    test.expect(found["message-truncated"]["severity"] == "note", found)
    cut = [(START + at, frame(message(START + at, at).replace("Staff", "x" * 600)[:480])) for at in range(20)]
    found, verdict = test.check(test.write("cut.pcap", cut))
    test.expect(found["message-truncated"]["severity"] == "warning" and verdict["malformed"] == 20, found)


def seen_three_times(test):
    """Copies are counted, and what they are copies of."""
    frames = [(at + copy / 1e5, octets) for at, octets in talk(41)[1:] for copy in range(3)]
    detail = test.check(test.write("thrice.pcap", frames))[0]["duplicate"]["detail"]
    test.expect("Of 40 datagrams of fw1 80 copies" in detail and "more than twice" in detail, detail)


def mirrored(test):
    """Where IP IDs tell nothing, a flow of which all comes again at once is seen twice; what a device says again now and then is not."""
    def twice(frames):
        return [(at + copy / 5e4, octets) for at, octets in frames for copy in range(2)]

    steady = [(START + n, frame(message(START + n, n))) for n in range(100)]
    rush = [(START + 100 + n / 2e4, frame(message(START + 100, n))) for n in range(200)]
    found, verdict = test.check(test.write("span.pcap", twice([*steady, *rush])))
    test.expect(list(found) == ["duplicate"] and found["duplicate"]["count"] == 300 and verdict["messages"] == 307, (found, verdict))
    found, verdict = test.check(test.write("again.pcap", [*twice(steady[5:10]), *steady[10:]]))
    test.expect(not found and ("duplicates", "fw1 → 198.51.100.9:514") in reasons(verdict) and "duplicates" not in verdict["clean"], (found, verdict))
    same = [(START + n / 1e5, frame("<164>%ASA-4-411001: Line protocol on Interface outside, changed state to up")) for n in range(30)]
    found, verdict = test.check(test.write("same.pcap", same))
    test.expect("duplicate" not in found and verdict["messages"] == 30, (found, verdict))


CASES = [selection, later_file_first, days, some_malformed, not_clean, cut_between_fragments, frames_of_files, no_times, nothing_but_drops, capturing_clocks, two_writers, many_kinds, held_rate, nothing_asked, zone_of_tz, refused_twice, too_short_to_tell, two_silences,
         rotated, whose_step, change_of_zone, relay_of_one, numbers_by_way, clocks_by_sender,
         cut_or_short, seen_three_times, mirrored]


def main():
    with tempfile.TemporaryDirectory() as folder:
        test = Test(sys.argv[1], folder)
        for case in CASES:
            test.name = case.__name__
            case(test)
    print("several: %d cases, %d failed" % (len(CASES), test.failed))
    sys.exit(test.failed > 0)


main()
