# SPDX-License-Identifier: GPL-2.0-or-later
"""The sandbox, privileges and live capture with real datagrams: run.py FTDPCAP SAMPLES PROBE. Live parts need root."""
import ctypes
import glob
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "lib"))
from checks import WAIT, expect, skipped, surroundings, verdict

TOOL, SAMPLES, PROBE = map(os.path.abspath, sys.argv[1:4])
surroundings()
LACKS = set(os.environ.get("FTD_LACKS", "").split())  # libraries that the build is without
NOBODY = 65534
MESSAGE = (b"<166>Sep 30 2020 09:06:09 fw1 : %FTD-6-722051: Group <Staff> User <alice> IP <192.0.2.7> "
           b"IPv4 Address <10.8.0.5> IPv6 address <::> assigned to session")
FORBIDDEN = {"open": "openat", "create": "openat", "socket": "socket", "execve": "execve", "fork": "clone", "ptrace": "ptrace",
             "kill": "kill", "unlink": "unlink", "executable": "mmap"}


def sample(name):
    return os.path.join(SAMPLES, name)


def words_of(path):
    with open(path) as file:
        return {name: value.strip() for name, _, value in (line.partition(":") for line in file)}


def status_of(process):
    """/proc's words on a process: {"Seccomp": "2", …}."""
    return words_of(f"/proc/{process.pid}/status")


def threads_of(process):
    """The same of each of its threads."""
    return [words_of(path) for path in glob.glob(f"/proc/{process.pid}/task/*/status")]


def wait_for(what, condition):
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    expect(what, False, "it did not happen")
    return None


def sandbox_works():
    """Whether the build and the kernel have one; what it refuses, and what it says then."""
    if subprocess.run([PROBE, "allowed"], capture_output=True).returncode == 77:
        skipped.append("the sandbox (this build has none, or this kernel)")
        return False
    process = subprocess.run([PROBE, "allowed"], capture_output=True)
    expect("allowed", (process.returncode, process.stdout) == (0, b"written\n"), process)
    for attempt, call in FORBIDDEN.items():
        process = subprocess.run([PROBE, attempt], capture_output=True)
        expect(f"{attempt}: refused", process.returncode == 2, process)
        expect(f"{attempt}: said", f"the sandbox refuses the system call {call}, number".encode() in process.stderr, process.stderr)
    return True


def files(sandboxed):
    """Every command in the middle of a pipe: its status, and what it has open."""
    with open(sample("vpn.pcap"), "rb") as file:
        capture = file.read()
    secret = os.open("/etc/passwd", os.O_RDONLY)
    os.set_inheritable(secret, True)
    bounds = ["CapBnd"] if os.geteuid() == 0 and "CAPNG" not in LACKS else []
    for command in (["decode"], ["decode", "-o", "json"], ["decode", "-j3"], ["summary"], ["summary", "-j3"], ["check"],
                    ["compare", "--log", sample("README.md")]):
        for more in ([], ["--no-sandbox"]):
            name = " ".join([*command[:2], *more])
            process = subprocess.Popen([TOOL, *command, *more, "-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.PIPE, close_fds=False)
            process.stdin.write(capture[:5000])
            process.stdin.flush()
            wanted = "2" if sandboxed and not more else "0"
            if wanted == "2":
                wait_for(f"{name}: sandboxed", lambda: status_of(process)["Seccomp"] == "2")
                status = status_of(process)
                expect(f"{name}: no new privileges", status["NoNewPrivs"] == "1", status["NoNewPrivs"])
                threads = threads_of(process)
                expect(f"{name}: threads", len(threads) == (3 if "-j3" in command else 1), len(threads))
                for key in ("CapEff", "CapPrm", *bounds):
                    left = [thread[key] for thread in threads if int(thread[key], 16)]
                    expect(f"{name}: no capabilities of any thread", not left, (key, left))
                expect(f"{name}: all threads", all(thread["Seccomp"] == "2" for thread in threads), threads)
                paths = [os.readlink(path) for path in glob.glob(f"/proc/{process.pid}/fd/*")]
                expect(f"{name}: nothing else is open", "/etc/passwd" not in paths, paths)
            else:
                time.sleep(0.2)
                expect(name, status_of(process)["Seccomp"] == wanted, status_of(process)["Seccomp"])
            process.stdin.write(capture[5000:])
            process.stdin.close()
            errors = process.stderr.read()
            process.stderr.close()
            expect(f"{name}: goes on", process.wait(WAIT) in (0, 1) and errors == b"", (process.returncode, errors))
    os.close(secret)
    for tool in (("gzip", "-c"), ("xz", "-c"), ("zstd", "-qc"), ("bzip2", "-c"), ("lz4", "-qc")):
        if not shutil.which(tool[0]):
            continue
        packed = subprocess.run([*tool, sample("vpn.pcap")], capture_output=True).stdout
        process = subprocess.run([TOOL, "-o", "json", "-"], input=packed, capture_output=True)
        if "ARCHIVE" in LACKS and (tool[0] != "gzip" or "ZLIB" in LACKS):
            expect(f"{tool[0]} cannot be read", process.returncode == 2 and b"was built without libarchive" in process.stderr, process)
            continue
        expect(f"{tool[0]} inside", process.returncode == 0 and process.stdout.count(b"\n") == 145, process.stderr)
        with tempfile.NamedTemporaryFile() as file:  # what unpacks it comes into the process only now
            file.write(packed)
            file.flush()
            process = subprocess.run([TOOL, "-o", "json", sample("vpn.pcap"), file.name], capture_output=True)
            expect(f"{tool[0]}, a file", process.returncode == 0 and process.stdout.count(b"\n") == 290, process.stderr)


def frames_of(path):
    with open(path, "rb") as file:
        data = file.read()
    at, found = 24, []
    while at < len(data):
        captured = struct.unpack_from("<I", data, at + 8)[0]
        found.append(data[at + 16:at + 16 + captured])
        at += 16 + captured
    return found


def start(arguments, interface="lo"):
    """A live capture that has begun."""
    process = subprocess.Popen([TOOL, "-i", interface, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               stdin=subprocess.DEVNULL)
    wait_for(f"{arguments}: unprivileged", lambda: process.poll() is not None or status_of(process)["NoNewPrivs"] == "1")
    time.sleep(0.2)
    return process


def stop(process, number=signal.SIGINT):
    process.send_signal(number)
    try:
        output, errors = process.communicate(timeout=WAIT)
    except subprocess.TimeoutExpired:
        process.kill()
        output, errors = process.communicate()
        expect("the capture ends", False, errors)
    return output, errors.decode()


def send(count, octets=MESSAGE):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for _ in range(count):
            sender.sendto(octets, ("127.0.0.1", 514))


def received(path):
    """What tcpdump reads of a file."""
    process = subprocess.run(["tcpdump", "-nr", path], capture_output=True, text=True)
    expect(f"{os.path.basename(path)}: tcpdump reads it", process.returncode == 0 and "truncated" not in process.stderr, process.stderr)
    return process.stdout.count("\n")


def live_status(work, sandboxed):
    for more, user in (([], 65534), (["--user", "daemon"], 1), (["--no-sandbox"], 65534)):
        process = start(["-f", "udp port 514", *more])
        if sandboxed and not more[:1] == ["--no-sandbox"]:
            wait_for("live: sandboxed", lambda: status_of(process)["Seccomp"] == "2")
        status = status_of(process)
        expect(f"live {more}: user", status["Uid"].split() == [str(user)] * 4, status["Uid"])
        expect(f"live {more}: group", len(set(status["Gid"].split())) == 1 and status["Gid"].split()[0] != "0", status["Gid"])
        expect(f"live {more}: groups", status["Groups"] == "", status["Groups"])
        for name in ("CapEff", "CapPrm", "CapInh", "CapAmb", *(["CapBnd"] if "CAPNG" not in LACKS else [])):
            expect(f"live {more}: {name}", int(status[name], 16) == 0, status[name])
        expect(f"live {more}: no new privileges", status["NoNewPrivs"] == "1")
        output, errors = stop(process)
        expect(f"live {more}: ends", process.returncode == 0 and "lo: 0 frames" in errors, (process.returncode, errors))
    process = subprocess.run([TOOL, "-i", "lo", "--user", "no-such-user"], capture_output=True, text=True)
    expect("no such user", process.returncode == 2 and "there is no such user" in process.stderr, process.stderr)
    process = subprocess.run([TOOL, "-i", "none-such"], capture_output=True, text=True)
    expect("no such interface", process.returncode == 2 and "no such interface" in process.stderr, process.stderr)


def live_records(work):
    for number in (signal.SIGINT, signal.SIGTERM):
        for format in ("text", "json", "csv"):
            path = os.path.join(work, f"{number.name}.pcap")
            process = start(["-o", format, "-f", "udp port 514", "-w", path])
            send(7)
            time.sleep(0.5)
            output, errors = stop(process, number)
            name = f"{number.name} {format}"
            expect(f"{name}: status", process.returncode == 0, (process.returncode, errors))
            expect(f"{name}: records", output.count(b"722051") == 7 and output.endswith(b"\n"), output)
            expect(f"{name}: counts", re.search(r"lo: 7 frames, 0 dropped by the kernel", errors), errors)
            expect(f"{name}: saved", received(path) == 7, path)
            again = subprocess.run([TOOL, "-o", "csv", "--columns=message", path], capture_output=True).stdout
            expect(f"{name}: read again", again.count(b"Group <Staff>") == 7, again)
    process = start(["check", "-f", "udp port 514"][1:] + ["-c", "3"])
    send(3)
    expect("-c ends it", process.wait(WAIT) == 0, process.returncode)
    process.communicate()


def live_veth(work):
    """Frames of a sample over a pair of Ethernet interfaces."""
    subprocess.run(["ip", "link", "add", "left", "type", "veth", "peer", "name", "right"], check=True)
    for name in ("left", "right"):
        subprocess.run(["ip", "link", "set", name, "up"], check=True)
    wait_for("veth: up", lambda: all(open(f"/sys/class/net/{name}/operstate").read() == "up\n" for name in ("left", "right")))
    path = os.path.join(work, "veth.pcap")
    process = start(["-o", "csv", "--columns=id", "-f", "udp port 514", "-w", path], "left")  # no more than a pipe holds
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as sender:
        sender.bind(("right", 0))
        for frame in frames_of(sample("vpn.pcap")):
            sender.send(frame)
    time.sleep(0.7)
    output, errors = stop(process)
    expect("veth: all records", output.count(b"\n") == 146 and process.returncode == 0, (output.count(b"\n"), errors))
    expect("veth: interface counts", "left: 145 frames, 0 dropped by the kernel, 0 dropped by the interface" in errors, errors)
    expect("veth: saved", received(path) == 145)
    expect("veth: saved as they were", frames_of(path) == frames_of(sample("vpn.pcap")))
    process = start(["-f", "udp port 514"], "left")
    subprocess.run(["ip", "link", "del", "left"], check=True)
    errors = process.communicate(timeout=WAIT)[1].decode()
    expect("the interface goes away", process.returncode == 2 and "left: " in errors and "the sandbox refuses" not in errors, errors)


def live_rotation(work):
    folder = os.path.join(work, "rotation")
    os.makedirs(folder)
    path = os.path.join(folder, "t.pcap")
    process = subprocess.run([TOOL, "-i", "lo", "-w", path, "--rotate-size=1k"], capture_output=True, text=True)
    expect("a folder of root's", process.returncode == 2 and re.search(r"-w %s/t-\d{8}T\d{6}Z-00001\.pcap: Permission denied \(as user nobody, see --user\)" % re.escape(folder), process.stderr), process.stderr)
    os.chown(folder, 65534, 65534)
    os.chmod(work, 0o755)
    process = start(["-f", "udp port 514", "-w", path, "--rotate-size=1k", "--rotate-files=3"])
    send(20)
    time.sleep(0.6)
    errors = stop(process)[1]
    found = sorted(os.listdir(folder))
    expect("rotation: status", process.returncode == 0, errors)
    expect("rotation: names", len(found) == 3 and all(re.fullmatch(r"t-\d{8}T\d{6}Z-\d{5}\.pcap", name) for name in found), found)
    expect("rotation: sizes", all(os.path.getsize(os.path.join(folder, name)) <= 1000 for name in found))
    counts = [received(os.path.join(folder, name)) for name in found]
    expect("rotation: whole frames", counts[0] == 4 and sum(counts) == 12, counts)
    for name in found:
        os.remove(os.path.join(folder, name))
    process = start(["-f", "udp port 514", "-w", path, "--rotate-time=1s"])
    for _ in range(3):
        send(1)
        time.sleep(1.2)
    errors = stop(process)[1]
    found = sorted(os.listdir(folder))
    expect("rotation by time", len(found) == 3 and process.returncode == 0, (found, errors))
    expect("rotation by time: one each", [received(os.path.join(folder, name)) for name in found] == [1, 1, 1])


def live_drops(work):
    process = start(["-f", "udp port 514", "-o", "json"])
    process.send_signal(signal.SIGSTOP)
    send(40000, MESSAGE + b" " * 1200)
    process.send_signal(signal.SIGCONT)
    process.send_signal(signal.SIGINT)
    errors = process.communicate(timeout=WAIT)[1].decode()
    match = re.search(r"lo: ([\d,]+) frames?, ([\d,]+) dropped by the kernel", errors)
    expect("drops are reported", match and int(match[2].replace(",", "")) > 0, errors)


def live_full(work):
    """-w on a file system that is full: whole frames, what was decoded is out, status 2."""
    room = os.path.join(work, "room")
    os.makedirs(room)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "none", room], check=True)
    try:
        path = os.path.join(room, "t.pcap")
        process = start(["-o", "json", "-f", "udp port 514", "-w", path])
        send(400)
        output, errors = process.communicate(timeout=WAIT)
        expect("full: status", process.returncode == 2, process.returncode)
        expect("full: said", f"-w {path}: No space left on device".encode() in errors, errors)
        expect("full: records", output.count(b"\n") >= 60 and output.endswith(b"\n"), len(output))
        expect("full: saved", received(path) > 60)
    finally:
        subprocess.run(["umount", room], check=True)


def start_as(tool, arguments):
    return subprocess.Popen([tool, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            user=NOBODY, group=NOBODY, extra_groups=[])


def expect_ordinary(what, process, permitted=0):
    """A process that is its caller in every way, but for the capabilities that it may still call in."""
    status = status_of(process)
    expect(f"{what}: user", status["Uid"].split() == [str(NOBODY)] * 4, status["Uid"])
    expect(f"{what}: group", status["Gid"].split() == [str(NOBODY)] * 4, status["Gid"])
    expect(f"{what}: permitted", int(status["CapPrm"], 16) == permitted, status["CapPrm"])
    expect(f"{what}: in effect", int(status["CapEff"], 16) == 0, status["CapEff"])


def file_adds(work, tool, kind):
    """A tool whose file gives more than its caller has: only a device is opened with it."""
    secret, pipe = os.path.join(work, "secret"), os.path.join(work, f"{kind}.cat")
    for arguments in ([secret], ["--no-sandbox", secret], ["-m", secret, sample("vpn.pcap")], ["-i", "lo", "-m", secret],
                      ["-i", "lo", "-w", os.path.join(work, "not-there")], ["compare", secret, "--log", secret]):
        process = start_as(tool, arguments)
        errors = process.communicate(timeout=WAIT)[1]
        expect(f"{kind} {arguments}: refused", process.returncode == 2 and b"Permission denied" in errors, errors)
    expect(f"{kind}: nothing was made", not os.path.exists(os.path.join(work, "not-there")))
    for arguments in (["-"], ["--no-sandbox", "-"], ["summary", "--no-sandbox", "-"], [secret, "-"]):
        process = start_as(tool, arguments)
        wait_for(f"{kind} {arguments}", lambda: status_of(process)["NoNewPrivs"] == "1")
        expect_ordinary(f"{kind} {arguments}", process)
        process.communicate(timeout=WAIT)
    os.mkfifo(pipe)
    os.chmod(pipe, 0o644)
    process = start_as(tool, ["-i", "lo", "-f", "udp port 514", "-c", "3", "-m", pipe])
    with open(pipe, "wb"):  # it waits for its catalogue
        if "CAPNG" not in LACKS:
            expect_ordinary(f"{kind}: before the device is open", process, 1 << 13 | 1 << 12)
    wait_for(f"{kind}: live", lambda: status_of(process)["NoNewPrivs"] == "1")
    expect_ordinary(f"{kind}: live", process)
    time.sleep(0.2)
    send(3)
    output, errors = process.communicate(timeout=WAIT)
    expect(f"{kind}: records", process.returncode == 0 and output.count(b"722051") == 3, errors)


def live_file_adds(work):
    """Set-user-ID root, and file capabilities, started by an ordinary user."""
    tool = os.path.join(work, "tool")
    os.chmod(work, 0o755)
    with open(os.path.join(work, "secret"), "w") as file:
        os.fchmod(file.fileno(), 0o600)
    if os.statvfs(work).f_flag & os.ST_NOSUID:
        skipped.append("a set-user-ID program (nosuid here)")
        return
    shutil.copyfile(TOOL, tool)
    os.chmod(tool, 0o4755)
    file_adds(work, tool, "set-user-ID")
    os.chmod(tool, 0o755)
    if not shutil.which("setcap") or subprocess.run(["setcap", "cap_net_raw,cap_net_admin+ep", tool]).returncode != 0:
        skipped.append("file capabilities (no setcap)")
        return
    file_adds(work, tool, "capabilities")


def main():
    sandboxed = sandbox_works()
    files(sandboxed)
    with tempfile.TemporaryDirectory() as work:
        if os.geteuid() != 0:
            skipped.append("live captures, privileges, -w and its rotation (need root)")
        elif ctypes.CDLL(None, use_errno=True).unshare(0x40000000 | 0x00020000) != 0:  # CLONE_NEWNET, CLONE_NEWNS
            skipped.append("live captures (no network namespace may be made here)")
        else:
            subprocess.run(["mount", "--make-rprivate", "/"], check=True)
            subprocess.run(["mount", "-t", "sysfs", "none", "/sys"], check=True)  # of this network namespace
            subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
            live_status(work, sandboxed)
            for part in (live_records, live_veth, live_rotation, live_drops, live_full, live_file_adds):
                part(work)
    return verdict("live", 20)


if __name__ == "__main__":
    sys.exit(main())
