# SPDX-License-Identifier: GPL-2.0-or-later
"""All texts of the catalogue, read straight from its files (grammar: msgtable/catalog/README.md).

A Text is one piece of prose in one language. Two Texts with the same `slot` say the same thing in the two languages; `owner` is what
a text belongs to: ("message", 722051), ("field", "user"), ("enum", "svc_direction"), ("group", "source"). Templates, examples and
the words that stand on the wire are no prose and are not here.
"""
import pathlib
import re
from dataclasses import dataclass, field

ROOT = pathlib.Path(__file__).resolve().parents[2]
CATALOG = ROOT / "msgtable" / "catalog"
SOURCES = ("msgtable", "pcaptool", "plugin")
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
COMMAND = re.compile(r"`([^`]*)`")
JAPANESE = re.compile(r"[\u3040-\u9fff]")


@dataclass(frozen=True)
class Text:
    language: str
    owner: tuple
    slot: tuple
    text: str
    where: str


@dataclass
class Catalog:
    texts: list = field(default_factory=list)
    related: dict = field(default_factory=dict)  # ID -> list of IDs
    places: dict = field(default_factory=dict)   # ID -> FILE:LINE of its `message`
    fields: set = field(default_factory=set)

    def pairs(self):
        """(English, Japanese) of every slot that has both."""
        japanese = {t.slot: t for t in self.texts if t.language == "ja"}
        return [(t, japanese[t.slot]) for t in self.texts if t.language == "en" and t.slot in japanese]


def files():
    return sorted(CATALOG.glob("*.cat")) + sorted(CATALOG.glob("ja/*.cat"))


def statements(path):
    """(line number, line, strings) of each statement, continued strings joined."""
    found = []
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith('"') and found:
            strings = found[-1][2]
            strings[-1] = join(strings[-1], unescape(STRING.match(line)[1]))
            continue
        prose = not line.startswith(("text ", "example ", "piece ", "or "))
        found.append((number, line, [unescape(s) for s in STRING.findall(line)] if prose else []))
    return found


def join(first, second):
    """With a blank where both sides are of a script that has blanks, as the table's parser does."""
    return first + (" " if first[-1:].isascii() and second[:1].isascii() else "") + second


def unescape(string):
    return re.sub(r"\\(.)", r"\1", string)


def program():
    """The Japanese strings of the program and the plugin, each literal by itself."""
    found = []
    for path in sorted(path for folder in SOURCES for path in (ROOT / folder).glob("*.[ch]")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            where = f"{path.parent.name}/{path.name}:{number}"
            found += [Text("ja", ("source", path.name), (where, string), unescape(string), where)
                      for string in STRING.findall(line) if JAPANESE.search(string)]
    return found


def load(paths=None):
    catalog = Catalog()
    for path in paths or files():
        read(path, catalog)
    return catalog


def read(path, catalog):
    language, owner = "en", None
    for number, line, strings in statements(path):
        where = f"{path.parent.name}/{path.name}:{number}"
        words = line.split(None, 3)
        keyword = words[0]

        def add(*slot):
            catalog.texts.append(Text(language, owner, owner + slot, strings[-1], where))

        if keyword == "language":
            language = words[1]
        elif keyword == "message":
            owner = ("message", int(words[1]))
            add("title")
            if language == "en":
                catalog.places[owner[1]] = where
        elif keyword in ("field", "group"):
            owner = (keyword, words[1])
            add("label")
            if keyword == "field":
                catalog.fields.add(words[1])
        elif keyword == "enum":
            owner = ("enum", words[1])
        elif keyword == "value" and not (len(strings) == 1 and words[1].startswith('"')):
            add("value", strings[0] if len(strings) == 2 else words[1])
        elif keyword in ("about", "action"):
            add(keyword)
        elif keyword == "note":
            add("note", words[1])
        elif keyword == "related":
            catalog.related[owner[1]] = [int(w) for w in line.split()[1:]]


def without_commands(text):
    """The text with a bar for everything in backquotes, so that no run goes across it."""
    return COMMAND.sub("|", text)


def report(name, summary, faults):
    """Prints faults and one line of summary; the exit status for CTest."""
    for fault in faults:
        print(fault)
    print(f"{name}: {summary}, {len(faults)} faults")
    return 1 if faults else 0
