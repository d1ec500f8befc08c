#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What README.md shows is what the program prints: readme.py FTDPCAP README. A line "…" stands for any number of lines."""
import os
import subprocess
import sys


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
    tool, readme = sys.argv[1:]
    environment = {**os.environ, "PATH": os.path.dirname(os.path.abspath(tool)) + ":" + os.environ["PATH"], "TZ": "UTC", "NO_COLOR": "1",
                   "LC_ALL": "C.UTF-8", "XDG_CONFIG_HOME": "/nonexistent"}
    count = failed = 0
    for command, shown in examples(readme):
        done = subprocess.run(command, shell=True, capture_output=True, env=environment, cwd=os.path.dirname(os.path.abspath(readme)),
                              timeout=60, check=False)
        printed = [line.rstrip() for line in done.stdout.decode().splitlines()]
        while printed and not printed[-1]:
            printed.pop()
        why = differs(shown, printed)
        count += 1
        if why:
            print("FAILED: $ %s\n  shown: %s" % (command, why))
            failed += 1
    print("readme: %d examples, %d failed" % (count, failed))
    sys.exit(failed > 0 or count == 0)


main()
