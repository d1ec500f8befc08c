#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What a README shows is what the program prints: readme.py FTDPCAP README LEAST, with at least so many examples. A line "…" stands for any number of lines."""
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
from checks import WAIT, expect, surroundings, verdict  # noqa: E402


def examples(path):
    """Commands and the lines that are shown below them."""
    command, shown = None, []
    with open(path, encoding="utf-8") as file:
        for line in [*file, "end\n"]:
            text = line[4:].rstrip() if line.startswith("    ") else None
            if command and (text is None and line.strip() or text and text.startswith("$ ")):
                while shown and not shown[-1]:
                    shown.pop()
                yield command, shown
                command = None
            if text and text.startswith("$ ftdpcap"):
                command, shown = text[2:], []
            elif command is not None:
                shown.append(text or "")


def differs(shown, printed):
    """The first line that is shown and not printed, or None."""
    at = 0
    skip = False
    for line in shown:
        if line.strip() == "…":
            skip = True
            continue
        while skip and at < len(printed) and printed[at] != line:
            at += 1
        if at >= len(printed) or printed[at] != line:
            return "%r, printed: %r" % (line, printed[at] if at < len(printed) else "nothing more")
        at, skip = at + 1, False
    return None if skip or at == len(printed) else "nothing, printed: %r" % printed[at]


def main():
    tool, readme = (Path(path).resolve() for path in sys.argv[1:3])
    surroundings()
    os.environ["PATH"] = f"{tool.parent}:{os.environ['PATH']}"
    for command, shown in examples(readme):
        done = subprocess.run(command, shell=True, capture_output=True, cwd=readme.parent, timeout=WAIT, check=False)
        printed = [line.rstrip() for line in done.stdout.decode().splitlines()]
        while printed and not printed[-1]:
            printed.pop()
        why = differs(shown, printed)
        expect(f"$ {command}", not why, f"shown: {why}")
    return verdict("readme", int(sys.argv[3]))


sys.exit(main())
