#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes the receiver's side out of a capture (pcap, Ethernet, IPv4 and IPv6, UDP): derive.py IN OUT OPERATION…

Frames are numbered from 1, before any operation. The last operation may be log=FORMAT: then OUT is a collector's log. FORMAT KEY/name or
KEY/address is JSON with the device under that key.
"""
import json
import re
import struct
import sys


class Frame:
    def __init__(self, number, time, octets, wire):
        self.number, self.time, self.octets, self.wire = number, time, bytearray(octets), wire

    def copy(self):
        return Frame(self.number, self.time, self.octets, self.wire)

    @property
    def ip(self):
        return 18 if self.octets[12:14] == b"\x81\x00" else 14

    @property
    def payload_at(self):
        return self.ip + (8 + (self.octets[self.ip] & 15) * 4 if self.octets[self.ip] >> 4 == 4 else 48)

    @property
    def payload(self):
        return bytes(self.octets[self.payload_at:])

    @payload.setter
    def payload(self, payload):
        self.octets[self.payload_at:] = payload
        self.wire = len(self.octets)
        self.seal()

    def seal(self):
        o, ip, udp = self.octets, self.ip, self.payload_at - 8
        length = len(o) - udp
        o[udp + 4:udp + 6] = struct.pack(">H", length)
        if o[ip] >> 4 == 4:
            o[ip + 2:ip + 4] = struct.pack(">H", len(o) - ip)
            o[ip + 10:ip + 12] = b"\0\0"
            o[ip + 10:ip + 12] = struct.pack(">H", checksum(o[ip:udp]))
            addresses = o[ip + 12:ip + 20]
        else:
            o[ip + 4:ip + 6] = struct.pack(">H", length)
            addresses = o[ip + 8:ip + 40]
        o[udp + 6:udp + 8] = b"\0\0"
        value = checksum(addresses + struct.pack(">HH", 17, length) + o[udp:])
        o[udp + 6:udp + 8] = struct.pack(">H", value or 0xffff)


def checksum(octets):
    octets = bytes(octets) + b"\0" * (len(octets) % 2)
    total = sum(struct.unpack(">%dH" % (len(octets) // 2), octets))
    while total > 0xffff:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def read(path):
    with open(path, "rb") as file:
        data = file.read()
    order = "<" if data[:4] == b"\xd4\xc3\xb2\xa1" else ">"
    frames, at = [], 24
    while at < len(data):
        seconds, micro, captured, wire = struct.unpack(order + "IIII", data[at:at + 16])
        frames.append(Frame(len(frames) + 1, seconds * 1000000 + micro, data[at + 16:at + 16 + captured], wire))
        at += 16 + captured
    return frames


def write(path, frames):
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1))
        for f in frames:
            file.write(struct.pack("<IIII", f.time // 1000000, f.time % 1000000, len(f.octets), f.wire) + f.octets)


def numbers(text):
    chosen = set()
    for part in text.split(","):
        low, _, high = part.partition("-")
        chosen.update(range(int(low), int(high or low) + 1))
    return chosen


def strip(payload):
    return re.sub(rb"^<\d+>", b"", payload).rstrip(b"\r\n\0 ")


def body(payload):
    return payload[re.search(rb"%(FTD|ASA|PIX|FWSM)-", payload).start():].rstrip(b"\r\n\0 ")


def escaped(payload):
    return re.sub(rb"[\x00-\x1f\x7f]", lambda m: b"#%03o" % m.group()[0], payload)


def text(payload):
    return body(payload).decode("utf-8", "replace")


def device(frame):
    """What a collector may know a device by."""
    return {"name": re.search(rb" (\S+) : %", frame.payload).group(1).decode(), "address": ".".join(map(str, frame.octets[frame.ip + 12:frame.ip + 16]))}


def keyed(frame, key, what):
    """JSON as collectors write it that keep the device under a KEY of its own (outer.inner) and only the text behind."""
    value = device(frame)[what] + (":514" if key.endswith("address") else "")
    for part in reversed(key.split(".")):
        value = {part: value}
    return json.dumps({**value, "message": text(frame.payload)}).encode()


def named(payload, parts):
    """RFC 5424 with the tag as APP-NAME."""
    return b"<166>1 2020-09-30T09:06:09.254798+00:00 fw1 " + re.sub(rb"^(%[\w-]+):? *", lambda m: m.group(1) + parts, body(payload))


LOGS = {
    "traditional": lambda p: b"Sep 30 09:06:09 fw1 " + escaped(body(p)),
    "iso": lambda p: b"2020-09-30T09:06:09.254798+00:00 fw1 " + escaped(strip(p)),
    "json": lambda p: json.dumps({"@timestamp": "2020-09-30T09:06:09Z", "host": {"name": "fw1"}, "n": 1,
                                  "event": {"original": strip(p).decode("utf-8", "replace")}}).encode(),
    "plain": lambda p: escaped(p.rstrip(b"\r\n\0 ")),
    "rfc5424": lambda p: b"<166>1 2020-09-30T09:06:09.254798+00:00 fw1 - - - - " + escaped(body(p)),
    "app-name": lambda p: escaped(named(p, b" - - -  ")),
    "apart": lambda p: json.dumps({"timestamp": "2020-09-30T09:06:09.254798+00:00", "message": " " + re.sub("^%[\\w-]+:? *", "", text(p)),
                                   "tag": re.match("%[\\w-]+:?", text(p)).group()}).encode(),
    "lines": lambda p: b"Sep 30 09:06:09 fw1 " + body(p),
    "message": lambda p: escaped(re.sub(rb"^%[\w-]+:? *", b"", body(p))),
}


def operate(frames, name, value):
    count, _, rest = value.partition("/")
    chosen = numbers(count) if name not in ("shift", "nat", "delay", "drift", "legs", "collectors", "twin", "first", "nothing-from") else set()
    if name == "drop":
        return [f for f in frames if f.number not in chosen]
    if name == "first":
        return frames[:int(value)]
    if name == "nothing-from":
        return [f for f in frames if f.octets[f.ip + 12:f.ip + 16] != bytes(map(int, value.split(".")))]
    if name == "twice":
        return [g for f in frames for g in ([f, f.copy()] if f.number in chosen else [f])]
    if name == "copy":  # again after so many microseconds, with a hop limit that is less by so much
        apart, hops = (int(n) for n in rest.split(","))
        return [g for f in frames for g in ([f, copy_of(f, apart, hops)] if f.number in chosen else [f])]
    if name == "legs":  # both sides of a NAT, or what is behind it
        return [g for f in frames for g in ([f] if value == "both" else []) + [translated(f)]]
    if name == "twin":  # another device says the same, octet by octet
        return [g for f in frames for g in (twin_of(f), f)]
    if name == "collectors":  # everything goes to a second one, too
        return [g for f in frames for g in (f, copy_to_another(f))]
    if name == "late":  # three places later
        for n in sorted(chosen, reverse=True):
            at = next(i for i, f in enumerate(frames) if f.number == n)
            frame = frames.pop(at)
            frames.insert(at + 3, frame)
            frame.time = frames[at + 2].time + 1
        return frames
    if name == "ahead":  # to behind another one
        number, behind = int(count), int(rest)
        frame = frames.pop(next(i for i, f in enumerate(frames) if f.number == number))
        frames.insert(behind, frame)
        frame.time = frames[behind - 1].time + 1
        return frames
    for index, f in enumerate(frames):
        if name == "shift":
            f.time += round(float(value) * 1000000)
        elif name == "step":  # the clock is set, from one frame on
            f.time += int(rest) * 1000000 if f.number >= int(count) else 0
        elif name == "drift":  # B's clock gains or loses so many microseconds a second
            f.time += round((f.time - frames[0].time) * float(value) / 1000000)
        elif name == "delay":
            f.time += index * 37 % int(value)
        elif name == "nat" and f.octets[f.ip] >> 4 == 4:
            f.octets[f.ip + 12:f.ip + 16] = bytes([203, 0, 113, 99])
            f.octets[f.ip + 4:f.ip + 6] = struct.pack(">H", f.number)
            f.seal()
        elif f.number not in chosen:
            continue
        elif name == "truncate":
            f.payload = f.payload[:int(rest)]
        elif name == "stamp":
            f.payload = b"<166>Jan  1 00:00:00 relay : " + body(f.payload)
        elif name == "snap":
            f.octets = f.octets[:int(rest)]
        elif name == "badsum":
            f.octets[f.payload_at - 1] ^= 0x55
        elif name == "nopri":
            f.payload = strip(f.payload)
        elif name == "long":
            f.payload = f.payload.rstrip(b"\n") + b" " + b"x" * int(rest)
        elif name == "badpri":
            f.payload = b"<999>" + strip(f.payload)
        elif name == "emblem":
            f.payload = b"<166>:Sep 30 09:06:09 UTC: " + body(f.payload)
        elif name == "bare":
            f.payload = b"<166>" + body(f.payload)
        elif name == "relayed":
            f.payload = b"<166>Sep 30 09:06:10 relay " + strip(f.payload)
        elif name == "named":
            f.payload = named(f.payload, rb' 4711 ID47 [a@1 b="\"] c"][d] ')
        elif name == "alter":
            f.payload = f.payload[:-8] + bytes(c ^ 1 for c in f.payload[-8:])
        elif name == "id":
            f.octets[f.ip + 4:f.ip + 6] = struct.pack(">H", 40000 + f.number)
            f.seal()
        elif name == "no-id" and f.octets[f.ip] >> 4 == 4:
            f.octets[f.ip + 4:f.ip + 6] = b"\0\0"
            f.seal()
        elif name == "at":  # one after the other, so many milliseconds apart
            f.time = frames[min(chosen) - 1].time + (f.number - min(chosen)) * int(float(rest) * 1000)
        elif name == "ports":  # each from a port of its own
            f.octets[f.payload_at - 8:f.payload_at - 6] = struct.pack(">H", 40000 + f.number)
            f.seal()
        elif name == "same":
            f.payload = frames[min(chosen) - 1].payload
        elif name == "alike":  # one of so many texts, whichever device says it
            f.payload = re.sub(rb"%FTD-.*", b"%%FTD-6-725001: Starting SSL handshake with client outside:192.0.2.7/%d" % (f.number % int(rest)),
                               f.payload.rstrip(b"\n"))
        elif name == "feeds":
            f.payload = f.payload.replace(b"session", b"ses\nsion")
        elif name == "tails":
            f.payload = strip(f.payload) + b"\r\n"
        elif name == "control":
            f.payload = f.payload.replace(b"session", b"ses\tsion").replace(b"user", b"us\ter")
        elif name == "escape":
            f.payload = escaped(f.payload)
    if name == "fragment":
        return [g for f in frames for g in (fragments(f) if f.number in chosen else [f])]
    if name == "split":
        return [g for f in frames for g in (halves(f, int(rest)) if f.number in chosen else [f])]
    return frames


def fragments(frame):
    """Two IP fragments, the first of 64 octets."""
    first, second, at = frame, frame.copy(), frame.ip + 20
    second.octets[at:] = second.octets[at + 64:]
    del first.octets[at + 64:]
    for f, place in ((first, 0x2000), (second, 8)):
        f.octets[f.ip + 6:f.ip + 8] = struct.pack(">H", place)
        f.octets[f.ip + 2:f.ip + 4] = struct.pack(">H", len(f.octets) - f.ip)
        f.octets[f.ip + 10:f.ip + 12] = b"\0\0"
        f.octets[f.ip + 10:f.ip + 12] = struct.pack(">H", checksum(f.octets[f.ip:at]))
        f.wire = len(f.octets)
    return [first, second]


def halves(frame, length):
    rest = frame.copy()
    rest.payload = b"<166>" + frame.payload[length:]
    frame.payload = frame.payload[:length]
    return [frame, rest]


def copy_of(frame, apart, hops):
    copy = frame.copy()
    copy.time += apart
    copy.octets[copy.ip + (8 if copy.octets[copy.ip] >> 4 == 4 else 7)] -= hops
    copy.seal()
    return copy


def translated(frame):
    copy = copy_of(frame, 15, 1)
    copy.octets[copy.ip + 12:copy.ip + 16] = bytes([203, 0, 113, 99])
    copy.seal()
    return copy


def twin_of(frame):
    twin = frame.copy()
    if twin.octets[twin.ip] >> 4 == 4:
        twin.octets[twin.ip + 12:twin.ip + 16] = bytes([192, 0, 2, 77])
        twin.octets[twin.ip + 4:twin.ip + 6] = struct.pack(">H", 20000 + frame.number)
        twin.seal()
    return twin


def copy_to_another(frame):
    copy = copy_of(frame, 15, 0)
    copy.octets[copy.ip + 19] = 10
    copy.octets[copy.ip + 4:copy.ip + 6] = struct.pack(">H", 30000 + frame.number)
    copy.seal()
    return copy


def fold(frames, chosen, where):
    rest = [f for f in frames if f.number in chosen][1:]
    word = b"message repeated %d times: [ " % (10**10 if where == "many" else len(rest))
    at = rb"(%(?:FTD|ASA)-.*)" if where == "tag" else rb"(?<=: )((?<=\d: ).*)"
    rest[-1].payload = re.sub(at, lambda m: word + m.group().rstrip(b"\n") + b"]", rest[-1].payload, count=1)
    return [f for f in frames if f not in rest[:-1]]


def other(number):
    return b"Sep 30 09:00:00 other : %%FTD-6-302013: Built outbound TCP connection %d for outside" % number


def make(source, target, operations):
    frames = read(source)
    before = between = 0
    stray = {}
    for operation in operations:
        name, _, value = operation.partition("=")
        if name == "log":
            write_log(target, frames, value, before, between, stray)
            return
        if name == "foreign":
            before = int(value)
        elif name == "between":
            between = int(value)
        elif name == "fold":  # all but the first are one line of a collector: tag, around the tag; text, behind it; many, for more than a number has room for
            count, _, where = value.partition("/")
            frames = fold(frames, numbers(count), where)
        elif name == "stray":  # the lines of some frames, also behind that of another; behind 0: in front of all
            count, _, behind = value.partition("/")
            stray[int(behind)] = [f.payload for f in frames if f.number in numbers(count)]
        else:
            frames = operate(frames, name, value)
    write(target, frames)


def write_log(path, frames, form, before, between, stray):
    """With so many lines of others in front, and between the lines."""
    with open(path, "wb") as file:
        for payload in stray.get(0, []):
            file.write(LOGS[form](payload) + b"\n")
        for n in range(before):
            file.write(other(n) + b"\n")
        for i, f in enumerate(frames):
            file.write((keyed(f, *form.split("/")) if "/" in form else LOGS[form](f.payload)) + b"\n")
            for payload in stray.get(f.number, []):
                file.write(LOGS[form](payload) + b"\n")
            for n in range(between if i + 1 < len(frames) else 0):
                file.write(other(before + i * between + n) + b"\n")


if __name__ == "__main__":
    make(sys.argv[1], sys.argv[2], sys.argv[3:])
