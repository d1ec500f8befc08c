# SPDX-License-Identifier: GPL-2.0-or-later
"""The examples of the catalogue as syslog lines: every ID, every variant."""
import glob
import os
import re

import host

ESCAPES = {"\\": "\\", "n": "\n", "t": "\t"}


def unescape(text):
    return re.sub(r"\\(x[0-9A-Fa-f]{2}|.)", lambda m: chr(int(m[1][1:], 16)) if m[1][0] == "x" else ESCAPES.get(m[1], m[1]), text)


def examples():
    """(id, severity, text) in the order of the files."""
    for path in sorted(glob.glob(os.path.join(host.ROOT, "msgtable", "catalog", "*.cat"))):
        number = severity = None
        with open(path, encoding="utf-8") as file:
            lines_of_file = file.read().splitlines()
        for line in lines_of_file:
            words = line.split(None, 3)
            if words[:1] == ["message"]:
                number, severity = int(words[1]), int(words[2])
            elif words[:1] == ["example"]:
                yield number, severity, unescape(line.strip().split(None, 1)[1])


def lines():
    for number, severity, text in examples():
        yield f"<{160 + severity}>Nov 24 2026 14:05:01 fw1 : %FTD-{severity}-{number:06}: {text}"
