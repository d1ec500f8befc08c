# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures from texts: just enough Ethernet, IP, UDP and TCP. Documentation addresses only."""
import ipaddress
import struct

DEVICE, COLLECTOR = "192.0.2.1", "192.0.2.100"


def checksum(octets):
    octets += b"\0" * (len(octets) % 2)
    total = sum(struct.unpack(f">{len(octets) // 2}H", octets))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def ip(protocol, payload, src=DEVICE, dst=COLLECTOR, number=1):
    source, target = ipaddress.ip_address(src), ipaddress.ip_address(dst)
    if source.version == 6:
        head = struct.pack(">IHBB", 6 << 28, len(payload), protocol, 64) + source.packed + target.packed
        kind = 0x86dd
    else:
        head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), number & 0xffff, 0, 64, protocol, 0, source.packed,
                           target.packed)
        head = head[:10] + struct.pack(">H", checksum(head)) + head[12:]
        kind = 0x0800
    return bytes.fromhex("00005e00530100005e005302") + struct.pack(">H", kind) + head + payload


def with_checksum(protocol, segment, place, src, dst):
    source, target = ipaddress.ip_address(src), ipaddress.ip_address(dst)
    pseudo = source.packed + target.packed + struct.pack(">II", len(segment), protocol)
    return segment[:place] + struct.pack(">H", checksum(pseudo + segment) or 0xffff) + segment[place + 2:]


def udp(text, port=514, src=DEVICE, dst=COLLECTOR, src_port=514, number=1):
    payload = text.encode() if isinstance(text, str) else text
    segment = struct.pack(">HHHH", src_port, port, 8 + len(payload), 0) + payload
    return ip(17, with_checksum(17, segment, 6, src, dst), src, dst, number)


def tcp(payload, sequence, port=514, src=DEVICE, dst=COLLECTOR, src_port=50100, flags=0x18):
    segment = struct.pack(">HHIIBBHHH", src_port, port, sequence, 1, 0x50, flags, 8192, 0, 0) + payload
    return ip(6, with_checksum(6, segment, 16, src, dst), src, dst)


def icmp_unreachable(quoted, src=COLLECTOR, dst=DEVICE):
    segment = struct.pack(">BBHI", 3, 3, 0, 0) + quoted[14:]
    segment = segment[:2] + struct.pack(">H", checksum(segment)) + segment[4:]
    return ip(1, segment, src, dst)


def exported(dissector, text):
    """A payload that names its dissector, as exported PDUs do: link type 252."""
    name = dissector.encode() + b"\0" * (-len(dissector) % 4)
    return struct.pack(">HH", 12, len(name)) + name + bytes(4) + text.encode()


def write(path, packets, snap=65535, link=1):
    """Packets are (seconds, octets), or (seconds, octets, octets kept)."""
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, link))
        for seconds, octets, *own in packets:
            kept = octets[:own[0] if own else snap]
            whole = int(seconds)
            out.write(struct.pack("<IIII", whole, round((seconds - whole) * 1e6), len(kept), len(octets)) + kept)
