# SPDX-License-Identifier: GPL-2.0-or-later
"""The collectors of the tests: how each is started, and the files it writes, one for each form of a log."""
import os
import pwd
import signal
import subprocess
import time

# Linux doubles it: room for some hundred datagrams, more than what comes while a collector is at work, less than a burst.
RECEIVE_BUFFER = 65536


class Collector:
    """A daemon that reads UDP on 127.0.0.1, as an ordinary user, with all its files in one folder."""
    receive_buffer = RECEIVE_BUFFER  # None: the default

    def __init__(self, folder, port):
        self.folder, self.port, self.process = folder, port, None
        os.chmod(folder, 0o755)
        self.user = None
        if os.getuid() == 0:
            nobody = pwd.getpwnam("nobody")
            self.user = (nobody.pw_uid, nobody.pw_gid)
            os.chown(folder, *self.user)

    def path(self, name):
        return os.path.join(self.folder, name)

    def log(self, form):
        return self.path(form + ".log")

    def start(self):
        with open(self.path("conf"), "w", encoding="ascii") as file:
            file.write(self.configuration())
        rights = {"user": self.user[0], "group": self.user[1], "extra_groups": []} if self.user else {}
        with open(self.path("said"), "wb") as said:
            self.process = subprocess.Popen(self.command(), cwd=self.folder, stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                                            env={**os.environ, **self.environment()}, **rights)
        self.wait(self.listens, "it does not listen")

    def waiting(self):
        """Octets in its receive buffer; None when it does not listen."""
        wanted = "0100007F:%04X" % self.port
        with open("/proc/net/udp", encoding="ascii") as file:
            for line in file:
                if line.split()[1] == wanted:
                    return int(line.split()[4].partition(":")[2], 16)
        return None

    def listens(self):
        return self.waiting() is not None

    def wait(self, true, what, seconds=20):
        end = time.monotonic() + seconds
        while not true():
            if self.process.poll() is not None:
                what, end = "it ended", 0
            if time.monotonic() > end:
                with open(self.path("said"), encoding="utf-8", errors="replace") as said:
                    raise SystemExit("%s: %s\n%s" % (self.command()[0], what, said.read()))
            time.sleep(0.02)

    def pause(self):
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.process.send_signal(signal.SIGCONT)

    def stop(self):
        if not self.process:
            return
        self.process.send_signal(signal.SIGCONT)
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def environment(self):
        return {}


class Rsyslog(Collector):
    FORMS = {
        "traditional": "RSYSLOG_TraditionalFileFormat",
        "iso": "RSYSLOG_FileFormat",
        "rfc5424": "RSYSLOG_SyslogProtocol23Format",
        "json": "json",
        "json-raw": "json-raw",
        "raw": "raw",
        "message": "message",
    }
    # Control octets are escaped, and messages cut at 8 KiB.
    CHANGES = {form: {"re-encoded": 2, "truncated": 1} for form in FORMS}
    MISSED = {}

    def command(self):
        return ["/usr/sbin/rsyslogd", "-n", "-f", self.path("conf"), "-i", self.path("pid")]

    def configuration(self):
        lines = [
            'global(workDirectory="%s")' % self.folder,
            'module(load="imudp")',
            'template(name="raw" type="string" string="%rawmsg%\\n")',
            'template(name="message" type="string" string="%msg%\\n")',
            'template(name="json" type="list" option.jsonf="on") {',
            '  property(outname="@timestamp" name="timereported" dateFormat="rfc3339" format="jsonf")',
            '  property(outname="host" name="hostname" format="jsonf")',
            '  property(outname="tag" name="syslogtag" format="jsonf")',
            '  property(outname="message" name="msg" format="jsonf")',
            '}',
            'template(name="json-raw" type="list" option.jsonf="on") {',
            '  property(outname="host" name="fromhost-ip" format="jsonf")',
            '  property(outname="raw" name="rawmsg" format="jsonf")',
            '}',
            'ruleset(name="all") {',
        ]
        lines += ['  action(type="omfile" file="%s" template="%s")' % (self.log(form), template)
                  for form, template in self.FORMS.items()]
        size = 'rcvbufSize="%d"' % self.receive_buffer if self.receive_buffer else ""
        lines += ["}", 'input(type="imudp" address="127.0.0.1" port="%d" %s ruleset="all")' % (self.port, size)]
        return "\n".join(lines) + "\n"


class SyslogNg(Collector):
    FORMS = {
        "traditional": "",
        "iso": 'template("${ISODATE} ${HOST} ${MSGHDR}${MSG}\\n")',
        "json": 'template("$(format-json --scope rfc3164 --key ISODATE)\\n")',
        "raw": 'template("${RAWMSG}\\n")',
        "message": 'template("${MSG}\\n")',
    }
    # A line feed ends the line of the log; JSON knows no octets but UTF-8. What has no priority to read has no raw message.
    CHANGES = {**{form: {"split": 1} for form in FORMS}, "json": {"re-encoded": 1}}
    MISSED = {"raw": 1}
    # Its package and rsyslog's exclude each other: this one is unpacked, not installed.
    root = os.path.join(os.path.dirname(__file__), "..", "..", "build-collectors", "syslog-ng")

    def command(self):
        return [os.path.join(self.root, "usr/sbin/syslog-ng"), "-F", "--no-caps", "-f", self.path("conf"),
                "--module-path=" + os.path.join(self.root, "usr/lib/syslog-ng/3.38"), "-R", self.path("state"),
                "-p", self.path("pid"), "-c", self.path("control")]

    def environment(self):
        return {"LD_LIBRARY_PATH": os.path.join(self.root, "usr/lib/syslog-ng")}

    def configuration(self):
        lines = [
            "@version: 3.38",
            "options { keep-hostname(yes); use-dns(no); flush-lines(1); stats-freq(0); };",
            'source s { network(ip("127.0.0.1") transport("udp") port(%d) so-rcvbuf(%d) flags(store-raw-message)); };'
            % (self.port, self.receive_buffer),
        ]
        for form, template in self.FORMS.items():
            lines.append('destination d_%s { file("%s" %s); };' % (form, self.log(form), template))
            lines.append("log { source(s); destination(d_%s); };" % form)
        return "\n".join(lines) + "\n"


COLLECTORS = {"rsyslog": Rsyslog, "syslog-ng": SyslogNg}
