#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes captures/*.pcap, what the plugin tests read. Run it by hand after a change here: tests/plugin/captures.py"""
import os

from frames import icmp_unreachable, tcp, udp, write

START = 1795529101  # 2026-11-24 14:05:01 UTC
HERE = os.path.dirname(os.path.abspath(__file__))


def line(tag, text, pri=None, head="Nov 24 2026 14:05:01 fw1 : "):
    severity = int(tag.split("-")[-2])
    return f"<{160 + severity if pri is None else pri}>{head}%{tag}: {text}"


def ftd(number, severity, text, **more):
    return line(f"FTD-{severity}-{number}", text, **more)


def vpn(user, client, assigned, port, device="fw1", session="0x0e5fc000"):
    """One VPN session from the first handshake to the last goodbye: (seconds, text)."""
    who = f"Group <Staff> User <{user}> IP <{client}>"
    peer = f"client outside:{client}/{port} to 192.0.2.1/443"

    def at(seconds, number, severity, text):
        clock = f"Nov 24 2026 14:{5 + seconds // 60:02}:{seconds % 60:02}"
        return seconds, ftd(number, severity, text, head=f"{clock} {device} : ")

    return [
        at(0, 725001, 6, f"Starting SSL handshake with {peer} for TLSv1.2 session"),
        at(1, 725002, 6, f"Device completed SSL handshake with {peer} for TLSv1.2 session"),
        at(2, 734001, 6, f"DAP: User {user}, Addr {client}, Connection AnyConnect: The following DAP records were selected for "
                         "this connection: DfltAccessPolicy"),
        at(3, 737026, 6, f"IPAA: Session={session}, Client assigned {assigned} from local pool Staff"),
        at(3, 722051, 6, f"{who} IPv4 Address <{assigned}> IPv6 address <::> assigned to session"),
        at(4, 722033, 5, f"{who} First TCP SVC connection established for SVC session."),
        at(5, 722022, 6, f"{who} TCP SVC connection established without compression"),
        at(600, 722037, 5, f"{who} SVC closing connection: DPD failure."),
        at(601, 722023, 6, f"{who} TCP SVC connection terminated without compression"),
        at(602, 722038, 5, f"{who} SVC terminating session: Idle Timeout."),
        at(602, 722030, 7, f"{who} SVC Session Termination: In: 52428 (+1024) bytes, 480 (+12) packets, 0 drops"),
        at(603, 737016, 6, f"IPAA: Session={session}, Freeing local pool address {assigned}"),
        at(604, 725007, 6, f"SSL session with {peer} terminated."),
    ]


def sessions():
    """Two users on one device at the same time, a third on another device, and the first one again after the end."""
    alice = vpn("alice", "192.0.2.7", "10.8.0.5", 50001)
    bob = [(s + 0.4, t) for s, t in vpn("bob", "198.51.100.8", "10.8.0.6", 50002, session="0x0e5fd000")]
    carol = [(s + 0.6, t) for s, t in vpn("carol", "192.0.2.7", "10.8.0.5", 50001, device="fw2", session="0x00001000")]
    again = [(s + 900, t) for s, t in vpn("alice", "192.0.2.7", "10.8.0.9", 50003, session="0x0e5fe000")]
    sixth = [(s + 0.8, t) for s, t in vpn("dave", "2001:db8::7", "10.8.0.7", 50004, session="0x0e5ff000")]
    for number, (seconds, text) in enumerate(sorted(alice + bob + carol + again + sixth, key=lambda row: row[0])):
        yield START + seconds, udp(text, number=number, src="192.0.2.2" if " fw2 " in text else "192.0.2.1")


ASSIGNED = "Group <Staff> User <alice> IP <192.0.2.7> IPv4 Address <10.8.0.5> IPv6 address <::> assigned to session"


def findings():
    good = ftd(722051, 6, ASSIGNED)
    yield good
    yield good + "\n"                                                            # trailing octets: nothing to say
    yield ftd(999999, 6, "Nobody knows this message")                            # unknown ID
    yield ftd(722051, 6, ASSIGNED.replace("Address <10", "Adress <10"))          # template mismatch
    yield good[:-40]                                                             # cut by the device
    yield ftd(722051, 6, ASSIGNED, pri=163)                                      # PRI and tag differ
    yield ftd(722051, 3, ASSIGNED)                                               # not the documented severity
    yield good[5:]                                                               # no PRI
    yield "<999>" + good[5:]                                                     # bad PRI
    yield ftd(722051, 6, ASSIGNED, head="fw1 : ")                                # no time
    yield ftd(722051, 6, ASSIGNED.replace("alice", "al\x07ice"))                 # control octet
    yield ftd(722051, 6, ASSIGNED).encode().replace(b"alice", b"al\xffice")      # not UTF-8
    yield good + "\n" + ftd(722022, 6, "Group <Staff> User <alice> IP <192.0.2.7> TCP SVC connection established without "
                                       "compression")                            # two messages
    yield ftd(735002, 1, "Cooling Fan 2: Failed")                                # the device reports an alert
    yield ftd(722051, 6, ASSIGNED + " (3 instances received)")                   # repeated
    yield line("ASA-svc-6-722051", ASSIGNED)                                     # ASA, class word
    yield ftd(722051, 6, ASSIGNED, head="2026-11-24T14:05:01.250+09:00 fw1 : ")  # time with year and zone
    yield ftd(722051, 6, ASSIGNED.replace("alice", "山田太郎"))                  # Japanese name
    yield ftd(722051, 6, ASSIGNED.replace("192.0.2.7", "2001:db8::7").replace("<::>", "<2001:db8:8::5>"))
    yield ftd(722010, 5, "Group <Staff> User <alice> IP <192.0.2.7> SVC Message: 16/NOTICE: The user has logged off.")


def reach():
    """Everything Wireshark calls syslog, and what it does not."""
    good = ftd(722051, 6, ASSIGNED)
    other = "<165>1 2026-11-24T14:05:01Z host.example app 1 ID47 - hello"
    ios = "<189>45: Nov 24 14:05:01: %LINK-5-CHANGED: Interface Vlan1, changed state to down"
    yield udp(good)                                            # 1
    yield udp(good, port=5514, src_port=50514)                                # 2 heuristic
    yield udp(good, src="2001:db8::1", dst="2001:db8::100")    # 3
    yield udp(other)                                           # 4 another vendor
    yield udp(ios)                                             # 5 IOS tag
    yield udp("no syslog at all", port=5514, src_port=50514)                  # 6
    yield icmp_unreachable(udp(good))                          # 7 quoted
    octets = (good + "\n").encode()
    yield tcp(octets + other.encode() + b"\n" + octets[:60], 1, port=601)     # 8 two messages and a start
    yield tcp(octets[60:], 1 + len(octets) * 1 + len(other) + 1 + 60, port=601)  # 9 its rest
    yield udp(other, port=5514, src_port=50514)                               # 10 not for the heuristic
    counted = f"{len(good)} {good}".encode()
    yield tcp(counted + counted, 1, port=601, src_port=50101)            # 11 octet counting
    yield udp(good, port=53, src_port=50514)                                # 12 a port that somebody claims


def main():
    folder = os.path.join(HERE, "captures")
    os.makedirs(folder, exist_ok=True)
    write(os.path.join(folder, "sessions.pcap"), sessions())
    write(os.path.join(folder, "findings.pcap"), [(START + i, udp(text, number=i)) for i, text in enumerate(findings())])
    write(os.path.join(folder, "reach.pcap"), [(START + i, octets) for i, octets in enumerate(reach())])


if __name__ == "__main__":
    main()
