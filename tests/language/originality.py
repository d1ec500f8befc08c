#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""No sentence of the reference stands in the catalogue: every text against the chapter and the English formats, both kept outside of
the project. Fails on a common run of more than 20 characters of Japanese (blanks removed) or of 8 English words. Command names (in
backquotes) are excepted; templates, examples and words of the wire are no texts to begin with.

    originality.py SHARED      SHARED holds seeds/*.txt and reference/*.tsv; without the chapter the test passes and says so
"""
import pathlib
import re
import sys
import unicodedata

import texts

JAPANESE_RUN = 21
ENGLISH_RUN = 8
JAPANESE = re.compile(r"[\u3041-\u30ff\u3400-\u9fff々]")
WORD = re.compile(r"[a-z0-9]+(?:['’][a-z]+)?")
BREAK = "|"


def letters(text):
    """Full and half width alike, no blanks, no marks of emphasis."""
    return re.sub(r"[\s*`\\]", "", unicodedata.normalize("NFKC", text))


def words(text):
    """Lower-case words; a bar or a Japanese letter between two words parts them for good."""
    pieces = re.split(r"[|\u3001-\u9fff\uff00-\uffef]+", text.replace("*", "").lower())
    return [w for piece in pieces for w in WORD.findall(piece) + [BREAK]]


def runs(items, length):
    """(place, run) for each run of that many items with no break in it."""
    for start in range(len(items) - length + 1):
        run = items[start:start + length]
        if BREAK not in run:
            yield start, run if isinstance(run, str) else tuple(run)


class Reference:
    """What is in the reference, as sets of runs."""

    def __init__(self):
        self.japanese, self.english = set(), set()

    def add(self, text):
        # The bars and backquotes of the chapter are its markup, not ours.
        plain = text.replace("|", " ").replace("`", "")
        self.japanese.update(run for _, run in runs(letters(plain), JAPANESE_RUN) if JAPANESE.search(run))
        self.english.update(run for _, run in runs(words(plain), ENGLISH_RUN))

    def common(self, text):
        """The first run that the text has in common, or None."""
        plain = texts.without_commands(text)
        for _, run in runs(letters(plain), JAPANESE_RUN):
            if run in self.japanese:
                return run
        for _, run in runs(words(plain), ENGLISH_RUN):
            if run in self.english:
                return " ".join(run)
        return None


def main(shared):
    chapters = sorted((shared / "seeds").glob("*.txt"))
    if not chapters:
        print(f"originality: no chapter in {shared / 'seeds'}, nothing compared")
        return 0
    reference = Reference()
    sources = chapters + sorted((shared / "reference").glob("*.tsv"))
    for source in sources:
        # A tab or a line's end parts two formats; a paragraph of the chapter may go over several lines.
        text = source.read_text(encoding="utf-8")
        for part in re.split(r"[\t\n]" if source.suffix == ".tsv" else r"\n\s*\n", text):
            reference.add(part)
    catalog = texts.load()
    faults = [f"{t.where}: in common with the reference: {run}: {t.text}"
              for t in catalog.texts if (run := reference.common(t.text))]
    if not catalog.texts or not reference.japanese or not reference.english:
        faults.append("originality: the chapter is there and nothing could be compared")
    count = {language: sum(t.language == language for t in catalog.texts) for language in ("en", "ja")}
    return texts.report("originality", f"{count['en']} English and {count['ja']} Japanese texts compared with {len(sources)} files "
                        f"({len(reference.japanese)} Japanese and {len(reference.english)} English runs)", faults)


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
