# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the real tshark with the plugin under test.

As root, tshark ignores WIRESHARK_PLUGIN_DIR and the personal folder without a word. So everything here runs as an unprivileged
user with an empty home, in a temporary folder of its own, and nothing runs before the plugin was seen in "tshark -G plugins".
"""
import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile

NOBODY = 65534
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


def wanted(variable, default):
    path = os.environ.get(variable, os.path.join(ROOT, default))
    if not os.path.exists(path):
        sys.exit(f"plugin tests: {path} is not there (set {variable})")
    return path


def library(name):
    return subprocess.run(["gcc", f"-print-file-name={name}"], capture_output=True, text=True, check=True).stdout.strip()


def sanitizers():
    """What tshark needs to load a module that was built with the sanitizers; FTD_SANITIZED=1 says that it was."""
    if not os.environ.get("FTD_SANITIZED"):
        return {}
    return {"LD_PRELOAD": library("libasan.so") + " " + library("libubsan.so"), "ASAN_OPTIONS": "detect_leaks=0",
            "UBSAN_OPTIONS": "print_stacktrace=1", "WIRESHARK_DEBUG_WMEM_OVERRIDE": "simple", "G_SLICE": "always-malloc"}


class Host:
    def __init__(self, plugin=True):
        self.folder = tempfile.mkdtemp(prefix="ftd-plugin-")
        atexit.register(shutil.rmtree, self.folder, True)
        self.home = os.path.join(self.folder, "home")
        self.config = os.path.join(self.home, ".config", "wireshark")
        os.makedirs(self.config)
        version = self.run(["tshark", "--version"], load=False).stdout.split()[2].split(".")
        self.version = tuple(int(part) for part in version[:2])
        self.plugins = os.path.join(self.folder, "plugins")
        place = os.path.join(self.plugins, "%d.%d" % self.version, "epan")
        os.makedirs(place)
        if plugin:
            shutil.copy(wanted("FTD_PLUGIN", "build/plugin/ftd.so"), place)
        self.open_up()
        listed = self.tshark("-G", "plugins").stdout
        if plugin != any(line.split()[:1] == ["ftd.so"] for line in listed.splitlines()):
            sys.exit(f"plugin tests: the plugin is {'not ' if plugin else ''}loaded:\n{listed}")

    def open_up(self):
        """What was made as root belongs to the user that runs tshark."""
        for folder, _, files in os.walk(self.folder):
            for path in [folder] + [os.path.join(folder, name) for name in files]:
                os.chmod(path, 0o755)
                if os.geteuid() == 0:
                    os.chown(path, NOBODY, NOBODY)

    def path(self, name):
        return os.path.join(self.folder, name)

    def bring(self, path):
        """Copies a file to where the unprivileged user can read it."""
        place = self.path(os.path.basename(path))
        if os.path.realpath(path) != os.path.realpath(place):
            shutil.copy(path, place)
        self.open_up()
        return place

    def run(self, command, load=True, text=True, env=None, check=True):
        if os.geteuid() == 0:
            command = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"] + command
        settings = {"PATH": os.environ["PATH"], "HOME": self.home, "TZ": "UTC", "LC_ALL": "C.UTF-8",
                    "XDG_CONFIG_HOME": os.path.join(self.home, ".config"), "XDG_RUNTIME_DIR": self.home,
                    "TMPDIR": self.folder, "WIRESHARK_EXTCAP_DIR": self.home, "WIRESHARK_ABORT_ON_DISSECTOR_BUG": "1"}
        if load:
            settings["WIRESHARK_PLUGIN_DIR"] = self.plugins
        if "tshark" in command:
            settings.update(sanitizers())
        settings.update(env or {})
        done = subprocess.run(command, env=settings, capture_output=True, cwd=self.folder, text=text, errors="replace" if text else None)
        if check and done.returncode:
            raise AssertionError(f"{' '.join(command)}: exit status {done.returncode}\n{done.stderr}")
        return done

    def tshark(self, *arguments, **options):
        return self.run(["tshark"] + list(arguments), **options)

    def fields(self, capture, *names, extra=()):
        """One list of values for each frame."""
        chosen = [argument for name in names for argument in ("-e", name)]
        done = self.tshark("-r", capture, "-T", "fields", *chosen, *extra)
        return [line.split("\t") for line in done.stdout.splitlines()]

    def packets(self, capture, *extra):
        """What -T json says, objects as lists of pairs: keys may repeat."""
        done = self.tshark("-r", capture, "-T", "json", *extra)
        return json.loads(done.stdout, object_pairs_hook=lambda pairs: pairs)


def tool(*arguments, check=True):
    """ftdpcap, as the user who runs the tests."""
    done = subprocess.run([wanted("FTDPCAP", "build/ftdpcap"), *arguments], capture_output=True, text=True,
                          env={"PATH": os.environ["PATH"], "TZ": "UTC", "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"})
    if check and done.returncode:
        raise AssertionError(f"ftdpcap {' '.join(arguments)}: exit status {done.returncode}\n{done.stderr}")
    return done.stdout
