# SPDX-License-Identifier: GPL-2.0-or-later
"""Every example of the catalogue: what the plugin shows is what ftdpcap prints, value by value and in the same order."""
import base64
import json
import unittest

import catalogue
import frames
import host

MESSAGE_KEYS = {"ftd.product": "product", "ftd.class": "class", "ftd.severity": "severity", "ftd.id": "id", "ftd.title": "title",
                "ftd.header.timestamp": "timestamp", "ftd.hostname": "hostname", "ftd.message": "message", "ftd.status": "status",
                "ftd.header.repeat": "repeat"}
HIDDEN = ("ftd.addr", "ftd.addr6", "ftd.any_user", "ftd.any_port", "ftd.timestamp")
SEVERE = ("emergency", "alert", "critical")
QUIET = {"trailing-bytes"}


def leaves(pairs):
    """(name, value) of all items, in the order of the tree."""
    for name, value in pairs:
        if isinstance(value, list):
            yield from leaves(value)
        else:
            yield name, value


def repeated_keys(pairs):
    """Keys that an object has twice: who reads JSON keeps one of them. Wireshark's own expert information aside."""
    names = [name for name, _ in pairs if not name.startswith("_ws.")]
    below = [name for _, value in pairs if isinstance(value, list) for name in repeated_keys(value)]
    return below + [name for name in set(names) if names.count(name) > 1]


def shown_by_plugin(messages):
    """Two dictionaries of lists for each message of the plugin's JSON: the record's own keys, and the fields."""
    own, fields = {}, {}
    for name, value in leaves(messages):
        if name in MESSAGE_KEYS:
            own.setdefault(MESSAGE_KEYS[name], []).append(value)
        elif name.startswith("ftd.expert."):
            own.setdefault("findings", []).append(name[11:].replace("_", "-"))
        elif name.startswith("ftd.diverges."):
            own.setdefault(name[4:], []).append(value)
        elif name.startswith("ftd.") and "." not in name[4:] and name not in HIDDEN:
            fields.setdefault(name[4:], []).append(value)
    return own, fields


def normal(value, kind):
    """Wireshark prints addresses and numbers its own way; compare what they mean."""
    if kind == "mac":
        digits = "".join(c for c in str(value).lower() if c in "0123456789abcdef")
        return digits
    if kind == "decimal":
        return float(value)
    if kind == "ip6":
        import ipaddress
        return ipaddress.ip_address(str(value).split("%")[0])
    return str(value)


def spread(fields, kinds):
    """ftdpcap's fields under the plugin's names: ip becomes one of three."""
    out = {}
    for name, values in fields.items():
        for value in values if isinstance(values, list) else [values]:
            kind = kinds.get(name)
            key = name
            if kind == "ip" and ":" in value:
                key, kind = name if name.endswith("ipv6") else name + "6", "ip6"
            elif kind == "ip" and (name.endswith("ipv6") or not value.replace(".", "").isdigit()):
                key = name + "_text"
            elif kind in ("int", "count") and isinstance(value, str):
                key = name + "_text"
            out.setdefault(key, []).append(normal(value, kind))
    return out


def field_kinds():
    kinds = {}
    for line in host.tool("catalog", "-o", "json").splitlines():
        for field in json.loads(line)["fields"]:
            kinds[field["name"]] = field["type"]
    return kinds


class Differential(unittest.TestCase):
    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        cls.host = host.Host()
        cls.kinds = field_kinds()

    def compare(self, capture):
        """Returns how many messages were compared."""
        place = self.host.bring(capture)
        packets = self.host.packets(place, "-J", "frame ftd")
        by_frame = {}
        for packet in packets:
            layers = dict(dict(packet)["_source"])["layers"]
            number = int(dict(dict(layers)["frame"])["frame.number"])
            by_frame[number] = [value for name, value in layers if name == "ftd"]
        compared = 0
        for line in host.tool("-o", "json", capture).splitlines():
            record = json.loads(line)
            self.assertTrue(by_frame.get(record["frame"]), f"no tree: {line}")
            self.compare_one(record, by_frame[record["frame"]].pop(0), line)
            compared += 1
        self.assertEqual([number for number, rest in by_frame.items() if rest], [], "trees that ftdpcap knows nothing of")
        return compared

    def compare_one(self, record, tree, line):
        self.assertEqual(repeated_keys(tree), [], line)
        own, fields = shown_by_plugin(tree)
        for name, key in MESSAGE_KEYS.items():
            if key == "message" and "raw" in record:
                continue
            expected = [str(record[key])] if key in record else []
            self.assertEqual(own.get(key, []), expected, f"{name} of {line}")
        findings = [code for code in own.get("findings", []) if code not in SEVERE]
        self.assertEqual(sorted(findings), sorted(set(record.get("findings", [])) - QUIET), line)
        diverges = [str(record["diverges"]["offset"])] if "diverges" in record else []
        self.assertEqual(own.get("diverges.offset", []), diverges, line)
        wanted = spread(record.get("fields", {}), self.kinds)
        got = {name: [normal(value, self.kind_of(name)) for value in values] for name, values in fields.items()}
        self.assertEqual(got, wanted, line)

    def kind_of(self, name):
        if name.endswith("ipv6") and self.kinds.get(name) == "ip":
            return "ip6"
        if name in self.kinds:
            return self.kinds[name]
        return "ip6" if name.endswith("6") and self.kinds.get(name[:-1]) == "ip" else None

    def test_all_examples(self):
        lines = list(catalogue.lines())
        capture = self.host.path("examples.pcap")
        frames.write(capture, [(1700000000 + i, frames.udp(line, number=i)) for i, line in enumerate(lines)])
        compared = self.compare(capture)
        self.assertEqual(compared, len(lines))
        print(f"{compared} messages, {len({number for number, _, _ in catalogue.examples()})} IDs")

    def test_cut_and_changed(self):
        """Every message ID once, cut at several places and with a word replaced."""
        seen, packets = set(), []
        for line, (number, _, _) in zip(catalogue.lines(), catalogue.examples()):
            if number in seen:
                continue
            seen.add(number)
            text = line.encode()
            start = text.index(b"%FTD") + 14
            for part in (0.2, 0.5, 0.8):
                packets.append(text[:start + int((len(text) - start) * part)])
            middle = start + (len(text) - start) // 2
            packets.append(text[:middle] + b" \xc3\xa9X " + text[middle:])
        capture = self.host.path("changed.pcap")
        frames.write(capture, [(1700000000 + i, frames.udp(text, number=i)) for i, text in enumerate(packets)])
        self.assertEqual(self.compare(capture), len(packets))

    def test_snap_length(self):
        for snap in (60, 90, 110, 140, 180):
            capture = self.host.path(f"snap{snap}.pcap")
            lines = list(catalogue.lines())[::7]
            frames.write(capture, [(1700000000 + i, frames.udp(line, number=i)) for i, line in enumerate(lines)], snap)
            self.compare(capture)


if __name__ == "__main__":
    unittest.main(verbosity=2)
