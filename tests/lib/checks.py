# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks that a test of the tool counts, and the surroundings that all of them start it in."""
import os

WAIT = 60  # seconds for whatever should take a moment, on a loaded machine
count, failures, skipped = 0, [], []


def surroundings():
    os.environ.update(TZ="UTC", LC_ALL="C.UTF-8", XDG_CONFIG_HOME="/nonexistent", NO_COLOR="1")


def expect(what, condition, detail=""):
    global count
    count += 1
    if not condition:
        failures.append(what)
        print(f"FAILED {what}: {detail}")


def verdict(name, least):
    """The exit status: 1 when one failed, or when there were fewer than LEAST, so that a test that does nothing is noticed."""
    for what in skipped:
        print("SKIPPED", what)
    print(f"{name}: {count} checks, {len(failures)} failed")
    return 1 if failures or count < least else 0
