#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What stands in backquotes (commands, their keywords, files, words of the wire) is the same in the English and the Japanese of a
message, and backquotes come in pairs. With SHARED given and the chapter there, what has several words is written as in the chapter or
listed in `own-commands.txt`."""
import collections
import pathlib
import re
import sys

import texts

OWN = pathlib.Path(__file__).with_name("own-commands.txt")


def by_owner(catalog):
    """owner -> language -> set of what is in backquotes."""
    found = collections.defaultdict(lambda: {"en": set(), "ja": set()})
    for text in catalog.texts:
        found[text.owner][text.language].update(texts.COMMAND.findall(text.text))
    return found


def differences(catalog):
    japanese = {t.owner for t in catalog.texts if t.language == "ja"}
    for owner, found in by_owner(catalog).items():
        if owner in japanese and found["en"] != found["ja"]:
            yield f"{owner[0]} {owner[1]}: English only {sorted(found['en'] - found['ja'])}, Japanese only {sorted(found['ja'] - found['en'])}"


def unknown(catalog, shared):
    """Commands that neither the chapter nor the list of our own has."""
    chapters = sorted((shared / "seeds").glob("*.txt"))
    plain = re.sub(r"[*`\\]", "", " ".join(c.read_text(encoding="utf-8") for c in chapters))
    plain = re.sub(r"\s+", " ", plain).lower()
    own = set(OWN.read_text(encoding="utf-8").splitlines())
    for text in catalog.texts if chapters else []:
        for command in texts.COMMAND.findall(text.text):
            if " " in command and command.lower() not in plain and command not in own:
                yield f"{text.where}: `{command}` is neither in the chapter nor in {OWN.name}"


def main(arguments):
    catalog = texts.load()
    faults = [f"{t.where}: a backquote without its other half" for t in catalog.texts if t.text.count("`") % 2]
    faults += differences(catalog)
    if arguments:
        faults += unknown(catalog, pathlib.Path(arguments[0]))
    total = sum(len(texts.COMMAND.findall(t.text)) for t in catalog.texts)
    return texts.report("commands", f"{total} commands in {len(catalog.texts)} texts", faults)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
