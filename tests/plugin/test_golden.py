# SPDX-License-Identifier: GPL-2.0-or-later
"""What tshark prints, kept in golden/. "UPDATE=1 tests/plugin/run golden" takes what it prints now; read the difference."""
import json
import os
import re
import unittest

import host

GOLDEN = os.path.join(host.HERE, "golden")


def only_ours(text):
    """The trees of this plugin; what other protocols show differs between versions of Wireshark."""
    kept, ours = [], False
    for line in text.splitlines(keepends=True):
        if line.strip() and not line.startswith(" "):
            ours = line.startswith("Cisco ")
        if ours or line.startswith("Frame "):
            kept.append(re.sub(r"^(Frame \d+).*", r"\1", line) if line.startswith("Frame ") else line)
    return "".join(kept)


class Golden(unittest.TestCase):
    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        cls.host = host.Host()
        cls.captures = {name: cls.host.bring(os.path.join(host.HERE, "captures", name + ".pcap"))
                        for name in ("reach", "findings", "sessions")}

    def check(self, name, text):
        path = os.path.join(GOLDEN, name)
        if os.environ.get("UPDATE"):
            os.makedirs(GOLDEN, exist_ok=True)
            with open(path, "w", encoding="utf-8") as out:
                out.write(text)
        with open(path, encoding="utf-8") as file:
            self.assertEqual(text, file.read(), name)

    def test_fields(self):
        """Filter names are a promise: scripts and colour rules are written with them."""
        listed = self.host.tshark("-G", "fields").stdout.splitlines()
        rows = [line.split("\t") for line in listed]
        ours = sorted("\t".join((row[2], row[3], row[1])) for row in rows if row[0] == "F" and row[2].startswith("ftd."))
        self.check("fields.txt", "\n".join(ours) + "\n")

    def test_tree(self):
        for name, capture in self.captures.items():
            self.check(name + ".tree.txt", only_ours(self.host.tshark("-2", "-r", capture, "-V", "-O", "ftd").stdout))

    def test_tree_japanese(self):
        shown = self.host.tshark("-2", "-r", self.captures["findings"], "-V", "-O", "ftd", "-o", "ftd.language:ja").stdout
        self.check("findings.ja.txt", only_ours(shown))

    def test_list(self):
        for name, capture in self.captures.items():
            listed = self.host.tshark("-r", capture, "-T", "tabs", "-o", 'gui.column.format:"No.","%m","Protocol","%p","Info","%i"')
            rows = [line.split("\t", 2) for line in listed.stdout.splitlines()]
            self.check(name + ".list.txt", "".join("\t".join(row) + "\n" for row in rows if row[1] in ("FTD", "ASA")))

    def test_json(self):
        shown = self.host.tshark("-2", "-r", self.captures["findings"], "-T", "json", "-J", "ftd", "-Y", "frame.number in {1,4,14}")
        trees = [packet["_source"]["layers"]["ftd"] for packet in json.loads(shown.stdout)]
        self.check("findings.json", json.dumps(trees, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    unittest.main(verbosity=2)
