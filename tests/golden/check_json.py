#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""JSON of every kind, over samples and damaged copies of them, is read by an independent parser: valid, keys known and in order."""
import csv
import glob
import io
import json
import os
import random
import subprocess
import sys
import tempfile

tool = sys.argv[1]
samples = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../samples")
KEYS = ("file frame time src src_port dst dst_port transport pri facility pri_severity timestamp timestamp_utc hostname product class "
        "severity id title status repeat fields findings diverges message raw").split()
STATUSES = {"ok", "partial", "truncated", "unknown-id", "no-tag"}
lines_seen = 0


def no_duplicates(pairs):
    keys = [key for key, _ in pairs]
    assert len(keys) == len(set(keys)), f"a key occurs twice: {keys}"
    return dict(pairs)


def output_of(*arguments):
    run = subprocess.run([tool, *arguments], capture_output=True, check=False)
    assert run.returncode in (0, 2), f"{arguments}: exit status {run.returncode}: {run.stderr.decode(errors='replace')}"
    return [json.loads(line, object_pairs_hook=no_duplicates) for line in run.stdout.decode("utf-8").splitlines()]


def check_record(record):
    keys = list(record)
    assert keys == [key for key in KEYS if key in record], f"order of keys: {keys}"
    assert record["status"] in STATUSES
    assert ("diverges" in record) == (record["status"] in ("partial", "truncated"))
    assert ("id" in record) == (record["status"] != "no-tag")
    for name, value in record.get("fields", {}).items():
        for item in value if isinstance(value, list) else [value]:
            assert item is None or isinstance(item, (int, str)), f"{name}: {item!r}"


def check_csv(path, records):
    """The fields are a cell of JSON; what a terminal would act on is no longer JSON there."""
    run = subprocess.run([tool, "-o", "csv", "--all", "--columns=id,fields,hostname", path], capture_output=True, check=False)
    rows = list(csv.DictReader(io.StringIO(run.stdout.decode("utf-8"), newline="")))
    assert len(rows) == len(records)
    for row, record in zip(rows, records):
        assert row["id"] == str(record.get("id", ""))
        if "\\u{" not in row["fields"]:
            assert json.loads(row["fields"]) == record.get("fields", {}), f"{path}: csv has {row['fields']}"


def check_capture(path):
    global lines_seen
    records = output_of("-o", "json", "--all", path)
    for record in records:
        check_record(record)
    ecs = output_of("-o", "ecs", "--all", path)
    assert len(ecs) == len(records)
    assert all("@timestamp" in document and document["ecs"]["version"] for document in ecs)
    check_csv(path, records)
    summary, = output_of("summary", "-o", "json", path)
    assert sum(summary.get("over_time", {"messages": []})["messages"]) == summary["messages"]
    lines_seen += len(records)


def damaged(octets, generator):
    copy = bytearray(octets)
    for _ in range(max(1, len(copy) // 200)):
        copy[generator.randrange(24, len(copy))] = generator.randrange(256)
    return bytes(copy)


def main():
    captures = sorted(glob.glob(samples + "/*.pcap") + glob.glob(samples + "/*.pcapng"))
    assert captures, "no samples"
    generator = random.Random(722051)
    for path in captures:
        check_capture(path)
        octets = open(path, "rb").read()
        for _ in range(6):
            with tempfile.NamedTemporaryFile(suffix=".pcap") as copy:
                copy.write(damaged(octets, generator))
                copy.flush()
                check_capture(copy.name)
    for lang in "en", "ja":
        pages = output_of("catalog", "-o", "json", "--lang", lang)
        assert len(pages) == 2453
        for page in pages:
            assert page["about"] and page["title"] and page["templates"]
    assert lines_seen > 500, lines_seen
    print(f"{lines_seen} records of {len(captures)} captures and their damaged copies are valid")


main()
