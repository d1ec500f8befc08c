#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Titles fit an Info column; `related` names other messages of the catalogue, each once, and they name it back."""
import sys

import texts

TITLE = 50
MOST = 12


def titles(catalog):
    seen = {}
    for text in catalog.texts:
        if text.slot[-1] != "title":
            continue
        if len(text.text) > TITLE:
            yield f"{text.where}: title of {len(text.text)} characters: {text.text}"
        if text.text.endswith((".", "。")):
            yield f"{text.where}: a title ends without a dot: {text.text}"
        other = seen.setdefault((text.language, text.text.lower()), text)
        if other is not text:
            yield f"{text.where}: the title of {other.owner[1]} too: {text.text}"


def relations(catalog):
    for id, related in catalog.related.items():
        where = catalog.places[id]
        if len(set(related)) != len(related) or id in related:
            yield f"{where}: {id} names itself, or another one twice"
        if len(related) > MOST:
            yield f"{where}: {id} names {len(related)} messages, more than anybody follows"
        for other in related:
            if other not in catalog.places:
                yield f"{where}: {id} names {other}, which is not in the catalogue"
            elif id not in catalog.related.get(other, []):
                yield f"{catalog.places[other]}: {other} does not name {id}, which names it"


def main():
    catalog = texts.load()
    faults = [*titles(catalog), *relations(catalog)]
    return texts.report("relations", f"{len(catalog.places)} messages, {sum(map(len, catalog.related.values()))} relations", faults)


if __name__ == "__main__":
    sys.exit(main())
