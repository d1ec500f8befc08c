#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The texts keep to the terms of msgtable/catalog/glossary.tsv (its columns: msgtable/catalog/README.md)."""
import re
import sys
from dataclasses import dataclass

import texts

GLOSSARY = texts.CATALOG / "glossary.tsv"
COLUMNS = ["english", "japanese", "fields", "strict", "avoid_japanese", "avoid_english", "remark"]
STYLE = "the style of the texts"  # the program speaks to its user in another one
HALF_WIDTH = re.compile(r"[！-～　]")
LOOSE = re.compile(r"[、-\u9fff] +`|` +[、-\u9fff]|[、-\u9fff] +[A-Za-z0-9(]|[A-Za-z0-9)] +[、-\u9fff]")


@dataclass
class Term:
    where: str
    english: str
    japanese: list
    fields: list
    strict: bool
    avoid: dict  # language -> list of words
    remark: str

    @classmethod
    def parse(cls, where, line):
        row = line.split("\t")
        if len(row) != len(COLUMNS):
            raise ValueError(f"{where}: {len(row)} columns, not {len(COLUMNS)}")
        cells = dict(zip(COLUMNS, row))
        if cells["strict"] not in ("", "strict"):
            raise ValueError(f"{where}: the column strict holds `strict` or nothing")
        lists = {name: [w.strip() for w in cells[name].split(",") if w.strip()] for name in COLUMNS}
        return cls(where, cells["english"], lists["japanese"], lists["fields"], bool(cells["strict"]),
                   {"ja": lists["avoid_japanese"], "en": lists["avoid_english"]}, cells["remark"])


def glossary():
    lines = enumerate(GLOSSARY.read_text(encoding="utf-8").splitlines(), 1)
    rows = [(n, line) for n, line in lines if line and not line.startswith("#")]
    if not rows or rows[0][1].split("\t") != COLUMNS:
        raise ValueError(f"{GLOSSARY.name}: the first row names the columns {COLUMNS}")
    return [Term.parse(f"{GLOSSARY.name}:{n}", line) for n, line in rows[1:]]


def english_word(term):
    """Matches the term as words of their own, also in the plural, with any blanks."""
    return re.compile(r"(?<![\w.-])" + re.escape(term).replace(r"\ ", r"[\s-]") + r"(?:s|es|'s)?(?![\w-])", re.IGNORECASE)


def spans(text, word):
    return [(m.start(), m.end()) for m in re.finditer(re.escape(word), text)]


def discouraged(text, terms):
    """Words to avoid; one inside a longer accepted term is no fault (マスター in マスターキー)."""
    plain = texts.without_commands(text.text)
    accepted = [word for term in terms for word in term.japanese] if text.language == "ja" else []
    for term in terms:
        for word in term.avoid[text.language]:
            if text.language == "en":
                if english_word(word).search(plain):
                    yield f"{text.where}: `{word}`, the glossary says `{term.english}`: {text.text}"
                continue
            shelter = [span for longer in accepted if word in longer and word != longer for span in spans(plain, longer)]
            for start, end in spans(plain, word):
                if not any(a <= start and end <= b for a, b in shelter):
                    yield f"{text.where}: {word}, the glossary says {'、'.join(term.japanese)}: {text.text}"
                    break


def missing(english, japanese, terms):
    """Strict terms of the English text that the Japanese one does not render. A longer strict term speaks for those inside it."""
    plain = texts.without_commands(english.text)
    for term in sorted((t for t in terms if t.strict), key=lambda t: -len(t.english)):
        found = english_word(term.english)
        if found.search(plain):
            if not any(word in japanese.text for word in term.japanese):
                yield f"{japanese.where}: no {'、'.join(term.japanese)} for `{term.english}`: {english.text} / {japanese.text}"
            plain = found.sub("|", plain)


def labels(catalog, terms):
    """The labels of a term's fields use the term."""
    found = {(t.language, t.owner[1]): t for t in catalog.texts if t.owner[0] == "field" and t.slot[-1] == "label"}
    for term in terms:
        for name in term.fields:
            if name not in catalog.fields:
                yield f"{term.where}: no field {name} in the catalogue"
                continue
            english, japanese = found["en", name], found.get(("ja", name))
            if term.english.lower() not in english.text.lower():
                yield f"{english.where}: the label of {name} does not say `{term.english}`: {english.text}"
            if japanese and not any(word in japanese.text for word in term.japanese):
                yield f"{japanese.where}: the label of {name} does not say {'、'.join(term.japanese)}: {japanese.text}"


def unused(catalog, terms):
    """Terms that no English text uses."""
    english = [texts.without_commands(t.text) for t in catalog.texts if t.language == "en"]
    for term in terms:
        found = english_word(term.english)
        if term.english and not any(found.search(text) for text in english):
            yield f"{term.where}: no text uses `{term.english}`"


def style(text):
    """Half-width letters, digits and brackets; no blanks between Japanese and what is not Japanese."""
    if HALF_WIDTH.search(text.text):
        yield f"{text.where}: full-width letters, digits or marks: {text.text}"
    if LOOSE.search(text.text):
        yield f"{text.where}: a blank beside Japanese: {text.text}"


def main():
    catalog, terms, program = texts.load(), glossary(), texts.program()
    faults = [fault for text in catalog.texts for fault in discouraged(text, terms)]
    faults += [fault for text in program for fault in discouraged(text, [term for term in terms if term.remark != STYLE])]
    faults += [fault for text in catalog.texts if text.language == "ja" for fault in style(text)]
    faults += [fault for english, japanese in catalog.pairs() for fault in missing(english, japanese, terms)]
    faults += [*labels(catalog, terms), *unused(catalog, terms)]
    strict = sum(term.strict for term in terms)
    summary = f"{len(terms)} terms ({strict} strict), {len(catalog.texts)} texts, {len(catalog.pairs())} pairs, {len(program)} strings of the program"
    return texts.report("terms", summary, faults)


if __name__ == "__main__":
    sys.exit(main())
