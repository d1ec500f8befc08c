#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Made samples/collector.log: replay.py CAPTURE LOG sends the syslog of a capture to a real rsyslog with Linux's default receive
buffer, which is stopped while messages come less than a millisecond apart, and keeps what it writes in its traditional form."""
import os
import shutil
import socket
import sys
import tempfile
import time

from collectors import Rsyslog

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "compare"))
from derive import read  # noqa: E402


def main():
    capture, log = sys.argv[1:]
    frames = read(capture)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender, tempfile.TemporaryDirectory() as folder:
        sender.bind(("127.0.0.1", 0))
        collector = Rsyslog(folder, sender.getsockname()[1] - 1)
        collector.receive_buffer = None
        sender.connect(("127.0.0.1", collector.port))
        try:
            collector.start()
            for frame, following in zip(frames, [*frames[1:], frames[-1]]):
                if following.time - frame.time < 1000 and following is not frame:
                    collector.pause()
                sender.send(frame.payload)
                if following.time - frame.time >= 1000:
                    collector.go_on()
                    time.sleep(0.01)
            collector.wait(lambda: collector.waiting() == 0, "it does not read")
        finally:
            collector.stop()
        shutil.copyfile(collector.log("traditional"), log)


main()
