#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What comes from the wire stays what it is, and does nothing: safety.py FTDPCAP SAMPLES.

A value with every character that terminals, JSON readers or spreadsheets stumble over goes through each command and format. Then
the samples, changed at random, do.
"""
import base64
import csv
import io
import json
import os
import pty
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import unicodedata

ROUNDS = 12

# Name: octets of the value.
HOSTILE = {
    "clear-screen": b"\x1b[2J\x1b[H",
    "osc-title": b"\x1b]0;owned\x07",
    "osc-8-link": b"\x1b]8;;http://example.org\x1b\\x\x1b]8;;\x1b\\",
    "dcs": b"\x1bP1$r\x1b\\",
    "c1-csi": b"\xc2\x9b31m",
    "c1-osc": b"\xc2\x9d0;owned\xc2\x9c",
    "raw-c1": b"\x9b31m",
    "every-c1": b"".join(chr(c).encode() for c in range(0x80, 0xa0)),
    "every-c0": bytes(c for c in range(1, 32)),
    "nul": b"a\x00b",
    "del": b"a\x7f\x7fb",
    "backspaces": b"alice\b\b\b\b\bmallory",
    "carriage-return": b"alice\rmallory",
    "line-feed": b"alice\n00:00:00  fw1  info",
    "bidi-override": "alice\u202egro.elpmaxe\u202c".encode(),
    "bidi-isolate": "\u2066x\u2069\u2067y\u2068z".encode(),
    "bidi-marks": "\u200e\u200f\u061c".encode(),
    "zero-width": "al\u200b\u200c\u200d\u2060\ufeffice".encode(),
    "soft-hyphen": "al\u00adice".encode(),
    "line-separators": "a\u2028b\u2029c\u0085d".encode(),
    "tag-characters": "a\U000e0041\U000e007fb".encode(),
    "annotation": "a\ufff9b\ufffac\ufffb".encode(),
    "overlong": b"\xc0\xaf\xe0\x80\xaf\xf0\x80\x80\xaf\xc0\x80",
    "surrogates": b"\xed\xa0\x80\xed\xb0\x80",
    "beyond-unicode": b"\xf4\x90\x80\x80\xf8\x88\x80\x80\x80",
    "cut-character": b"\xe3\x81",
    "latin-1": b"M\xfcller",
    "noncharacters": "\ufffe\uffff".encode(),
    "quotes": b"a\"b'c\\d\\\"e",
    "json-inside": b"\",\"id\":1,\"x\":\"",
    "backslash-escapes": b"\\x1b[31m\\u001b",
    "japanese": "\u65e5\u672c\u8a9e".encode(),
}

FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(1)", "=cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", " =1+1", "\t=1+1", "\r=1+1", "\n=1+1", "=", "-",
            "\uff1d1+1", "\uff0b1+1", "\uff0d1+1", "\uff20SUM(1)", "=1;=1", "a;=1+1", "a,=1+1", "\"=1+1", "-x", "+x"]
NUMBERS = ["-12.5", "+5", "-1", "3.14", "0"]

tool = ""
checked = {"runs": 0, "lines": 0}


def fail(what, *details):
    sys.exit("safety: " + what + "".join("\n  %r" % (d,) for d in details))


def run(*arguments, statuses=(0, 1, 2)):
    """Standard output and standard error, as octets."""
    environment = dict(os.environ, TZ="UTC", LC_ALL="C.UTF-8", XDG_CONFIG_HOME="/nonexistent", NO_COLOR="1")
    done = subprocess.run([tool, *arguments], capture_output=True, check=False, timeout=60, env=environment)
    if done.returncode not in statuses:
        fail("exit status %d of %s" % (done.returncode, arguments), done.stderr)
    checked["runs"] += 1
    return done.stdout, done.stderr


# ---- What each format promises ----

def is_unsafe(character, also=""):
    return character not in "\n" + also and unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp")


def see_text(octets, where, also=""):
    try:
        text = octets.decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        fail("%s: no UTF-8: %s" % (where, error), octets[max(0, error.start - 40):error.start + 20])
    unsafe = sorted({hex(ord(c)) for c in text if is_unsafe(c, also)})
    if unsafe:
        fail("%s: reaches the terminal: %s" % (where, unsafe), [line for line in text.split("\n") if any(is_unsafe(c, also) for c in line)][:2])
    if text and not text.endswith("\n"):
        fail("%s: the last line has no end" % (where,))
    checked["lines"] += text.count("\n")
    return text


def no_twins(pairs):
    keys = [key for key, _ in pairs]
    if len(keys) != len(set(keys)):
        fail("a key occurs twice", keys)
    return dict(pairs)


def no_constant(word):
    fail("a number that JSON has not: " + word)


def see_json(octets, where):
    """One object a line, read strictly; strings hold no lone surrogate."""
    objects = []
    for line in see_text(octets, where).split("\n")[:-1]:
        try:
            value = json.loads(line, object_pairs_hook=no_twins, parse_constant=no_constant)
        except ValueError as error:
            fail("%s: no JSON: %s" % (where, error), line)
        if not isinstance(value, dict):
            fail("%s: no object" % (where,), line)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
        objects.append(value)
    return objects


def see_csv(octets, where):
    rows = list(csv.reader(io.StringIO(see_text(octets, where), newline=""), strict=True))
    if len({len(row) for row in rows}) != 1:
        fail("%s: rows differ in length" % (where,), rows)
    see_cells(rows, where)
    return rows


def see_tsv(octets, where):
    rows = [line.split("\t") for line in see_text(octets, where, also="\t").split("\n")[:-1]]
    if len({len(row) for row in rows}) != 1:
        fail("%s: rows differ in length" % (where,), rows)
    see_cells(rows, where)


def is_number(cell):
    try:
        float(cell)
    except ValueError:
        return False
    return True


def see_cells(rows, where):
    for row in rows:
        for cell in row:
            if cell.lstrip(" \t\r\n")[:1] in ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20") and cell.strip() and not is_number(cell):
                fail("%s: a formula" % (where,), cell)


# ---- Captures ----

def capture_of(payloads, source=b"\xc0\x00\x02\x01"):
    out = struct.pack("<IHHIIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101)
    for number, payload in enumerate(payloads):
        udp = struct.pack(">HHHH", 514, 514, 8 + len(payload), 0) + payload
        ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), number, 0x4000, 255, 17, 0, source, b"\xc6\x33\x64\x09") + udp
        out += struct.pack("<IIII", 1601456769 + number, 0, len(ip), len(ip)) + ip
    return out


def payloads_of(value):
    """The value as user, host, class word, unknown text, text without a tag, and in a text that leaves its template."""
    return [b"<166>Sep 30 2020 09:06:09 fw1 : %FTD-6-722051: Group <Staff> User <" + value +
            b"> IP <192.0.2.7> IPv4 Address <10.8.0.5> IPv6 address <::> assigned to session",
            b"<166>Sep 30 2020 09:06:09 " + value + b" : %FTD-6-725002: Device completed SSL handshake with client outside:192.0.2.7/51034",
            b"<166>Sep 30 2020 09:06:09 fw1 : %FTD-" + value + b"-6-725002: Device completed SSL handshake",
            b"<166>Sep 30 2020 09:06:09 fw1 : %FTD-6-999999: " + value,
            b"<166>Sep 30 2020 09:06:09 fw1 " + value,
            b"<166>Sep 30 2020 09:06:09 fw1 : %FTD-6-722051: Group <Staff> User <alice> IP" + value + b" and so on",
            value,
            b"<166>Sep 30 2020 09:06:09 fw1 : %FTD-4-733100: [" + value + b"] drop rate-1 exceeded. Current burst rate is 1 per second"]


def see_capture(path, where):
    """Every command and format that takes a capture."""
    for options in [], ["-v"], ["-v", "--lang=ja"], ["--full-time"]:
        see_text(run("--all", *options, path)[0], where + " text " + " ".join(options))
    records = see_json(run("--all", "-o", "json", path)[0], where + " json")
    documents = see_json(run("--all", "-o", "ecs", path)[0], where + " ecs")
    if len(documents) != len(records):
        fail(where + ": ecs and json differ in length")
    see_csv(run("--all", "-o", "csv", path)[0], where + " csv")
    see_tsv(run("--all", "-o", "tsv", path)[0], where + " tsv")
    for command in "summary", "check":
        see_text(run(command, path)[0], where + " " + command)
        see_json(run(command, "-o", "json", path)[0], where + " " + command + " json")
    return records


def see_compare(a, b, where, *options):
    out, complaint = run("compare", *options, a, b)
    see_text(out, where + " compare")
    see_text(complaint, where + " compare, complaint")
    see_json(run("compare", "-o", "json", *options, a, b)[0], where + " compare json")


# ---- The tests ----

def test_hostile_values(folder):
    for name, value in HOSTILE.items():
        path = os.path.join(folder, name + ".pcap")
        payloads = payloads_of(value)
        with open(path, "wb") as capture:
            capture.write(capture_of(payloads))
        records = see_capture(path, name)
        if not records:
            fail(name + ": no record")
        test_nothing_is_lost(name, value, payloads, records)
        log, other = os.path.join(folder, "log"), os.path.join(folder, "other.pcap")
        with open(log, "wb") as lines:
            lines.write(b"\n".join(payloads[1:]) + b"\n")
        with open(other, "wb") as capture:
            capture.write(capture_of([payload.replace(b"Staff", b"Other") for payload in reversed(payloads)]))
        see_compare(path, log, name, "--all", "--log")
        see_compare(path, other, name, "--all")


def test_nothing_is_lost(name, value, payloads, records):
    """The user comes back as it was sent, or the payload does in "raw"."""
    first = records[0]
    if "raw" in first:
        if base64.b64decode(first["raw"], validate=True) not in payloads:
            fail(name + ": raw is not the payload", first["raw"])
    elif first["fields"]["user"] != value.decode():
        fail(name + ": the user changed", first["fields"]["user"])


def test_names_of_files(folder):
    """Complaints about files with such names; and their names in records."""
    for name, value in HOSTILE.items():
        if b"\x00" in value:
            continue
        path = os.path.join(os.fsencode(folder), value.replace(b"/", b"_"))
        for arguments in [path], ["compare", path, path], ["catalog", "--check", path], ["-m", path, path]:
            out, complaint = run(*arguments)
            if not complaint:
                fail(name + ": no complaint about a file that is not there")
            see_text(out, name + " as a file, out")
            see_text(complaint, name + " as a file")
        with open(path, "wb") as capture:
            capture.write(capture_of(payloads_of(b"alice"))[:-3])
        out, complaint = run("-o", "json", path)
        see_json(out, name + " as a file, json")
        see_text(complaint, name + " as a cut file")
        see_csv(run("-o", "csv", "--columns=file,id", path)[0], name + " as a file, csv")
        see_json(run("check", "-o", "json", path)[0], name + " as a file, check json")
        see_text(run("check", path)[0], name + " as a file, check")
        os.remove(path)
    for option in "--id=", "--where=", "--device=", "--severity=", "--tz=", "--lang=", "-o", "--columns=", "--nosuch=", "--status=":
        see_text(run(option.encode() + b"\x1b[31m\xc2\x9b", "x.pcap")[1], "option " + option)
    see_text(run("explain", b"\x1b]0;x\x07")[1], "explain")


def test_spreadsheets(folder):
    path = os.path.join(folder, "formulas.pcap")
    for value in FORMULAS + NUMBERS:
        octets = value.encode()
        with open(path, "wb") as capture:
            capture.write(capture_of(payloads_of(octets)))
        rows = see_csv(run("--all", "-o", "csv", "--columns=hostname,user,message,class,raw,fields", path)[0], "formula %r" % value)
        see_tsv(run("--all", "-o", "tsv", "--columns=hostname,user,message,class,raw,fields", path)[0], "formula %r" % value)
        user = rows[1][1]
        if value in NUMBERS and user != value:
            fail("a number changed", value, user)
        # Where the semicolon separates, the cell is still one.
        if ";" in value:
            text = run("--all", "-o", "csv", "--columns=user", path)[0].decode()
            see_cells(csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True), "semicolons, %r" % value)


def test_catalogues(folder):
    """A catalogue of somebody else: an escape sequence in it is an error, and the error is safe."""
    path = os.path.join(folder, "other.cat")
    template = b'message 999001 5 "TITLE"\n  text Probe {reason}\n  about "ABOUT"\n  example Probe y\n'
    for name, value in HOSTILE.items():
        for place in b"TITLE", b"ABOUT", b"Probe", b"999001", b"text", b"y\n":
            with open(path, "wb") as catalogue:
                catalogue.write(template.replace(place, value + place))
            out, complaint = run("catalog", "--check", path)
            see_text(complaint, name + " in a catalogue")
            if complaint:
                continue
            see_text(run("explain", "-m", path, "999001")[0], name + " in a catalogue, explain")
            see_json(run("explain", "-o", "json", "-m", path, "999001")[0], name + " in a catalogue, json")


def damaged(octets, chance):
    data = bytearray(octets)
    pieces = list(HOSTILE.values())
    for _ in range(chance.randrange(1, 40)):
        at = chance.randrange(24, len(data))
        if chance.random() < 0.5:
            data[at] = chance.randrange(256)
        else:
            piece = chance.choice(pieces)[:len(data) - at]
            data[at:at + len(piece)] = piece
    return bytes(data)


def test_damaged_samples(folder, samples):
    chance = random.Random(6)
    names = sorted(name for name in os.listdir(samples) if name.endswith((".pcap", ".pcapng")) and os.path.getsize(os.path.join(samples, name)) < 40000)
    path = os.path.join(folder, "damaged")
    for number in range(ROUNDS):
        original = os.path.join(samples, names[number % len(names)])
        with open(original, "rb") as sample, open(path, "wb") as copy:
            copy.write(damaged(sample.read(), chance))
        see_capture(path, "damaged " + names[number % len(names)])
        see_compare(original, path, "damaged " + names[number % len(names)], "--all")


def on_terminal(locale, folder, *arguments):
    """What a terminal gets, with lines that end as files have them."""
    mine, theirs = pty.openpty()
    environment = dict(os.environ, TZ="UTC", LOCPATH=folder, XDG_CONFIG_HOME="/nonexistent", NO_COLOR="1", LC_ALL=locale)
    with subprocess.Popen([tool, *arguments], stdout=theirs, env=environment) as process:
        os.close(theirs)
        out = b""
        try:
            while octets := os.read(mine, 65536):
                out += octets
        except OSError:  # the other end is closed
            pass
        process.wait(60)
    os.close(mine)
    checked["runs"] += 1
    return out.replace(b"\r\n", b"\n")


def test_other_terminals(folder):
    """Octets of a character that such a terminal acts on: U+00DB is c3 9b."""
    if not shutil.which("localedef") or not os.path.exists("/usr/share/i18n/charmaps"):
        print("SKIPPED terminals that do not read UTF-8 (no localedef)")
        return
    subprocess.run(["localedef", "-i", "POSIX", "-f", "ISO-8859-1", "-c", os.path.join(folder, "xx.ISO-8859-1")], capture_output=True, check=False)
    path, value = os.path.join(folder, "latin.pcap"), "\u00db31m\U0001f4a3"
    with open(path, "wb") as capture:
        capture.write(capture_of(payloads_of(value.encode())))
    for form in "text", "json", "csv":
        wanted = run("-o", form, path)[0].decode()
        utf8, other = (on_terminal(locale, folder, "-o", form, path).decode() for locale in ("C.UTF-8", "xx.ISO-8859-1"))
        if utf8 != wanted:
            fail(form + ": a terminal gets something else", utf8)
        escaped = re.sub("[^\0-\x7f]", lambda c: json.dumps(c.group())[1:-1], wanted)
        if "\\u00db" not in escaped or other != escaped:
            fail(form + ": a terminal that does not read UTF-8", other, escaped)


def main():
    global tool
    tool = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        test_hostile_values(folder)
        test_names_of_files(folder)
        test_spreadsheets(folder)
        test_catalogues(folder)
        test_other_terminals(folder)
        test_damaged_samples(folder, sys.argv[2])
    for arguments in ["catalog"], ["catalog", "--fields"], ["explain", "722000-722099"], ["catalog", "--lang=ja"]:
        see_text(run(*arguments)[0], " ".join(arguments))
        see_json(run(*arguments, "-o", "json")[0], " ".join(arguments))
    print("safety: %(runs)d runs, %(lines)d lines of output" % checked)


main()
