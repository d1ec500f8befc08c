# SPDX-License-Identifier: GPL-2.0-or-later
"""Full disks, readers that go away, files that grow or shrink, signals, no memory: run.py FTDPCAP SAMPLES [NOMEMORY.so]

In each: the sentence, the exit status, and an output that is the beginning of the undisturbed one, whole lines only.
"""
import glob
import os
import pty
import re
import resource
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "lib"))
from checks import WAIT, expect, skipped, surroundings, verdict

TOOL, SAMPLES = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
NOMEMORY = sys.argv[3] if len(sys.argv) > 3 else None
surroundings()
FORMATS = [["-o", format, "-j", jobs] for format in ("text", "json", "csv") for jobs in ("1", "2")]


def sample(name):
    return os.path.join(SAMPLES, name)


def records(path):
    """The header and the records of a little-endian pcap file."""
    data = open(path, "rb").read()
    at, found = 24, []
    while at < len(data):
        captured = struct.unpack_from("<I", data, at + 8)[0]
        found.append(data[at:at + 16 + captured])
        at += 16 + captured
    return data[:24], found


def run(arguments, **more):
    return subprocess.run([TOOL, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=WAIT * 4, **more)


def start(arguments, **more):
    more = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
    return subprocess.Popen([TOOL, *arguments], **more)


def finish(process):
    """What a process wrote in all; one that does not end is a failure of the test."""
    try:
        return process.communicate(timeout=WAIT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return b"", b"it did not end"


def whole(what, output, reference, least=0):
    expect(what + ": whole lines", not output or output.endswith(b"\n"), output[-80:])
    expect(what + ": what was decoded", reference.startswith(output) and output.count(b"\n") >= least,
           f"{len(output)} of {len(reference)} octets")


def said(what, errors, *words):
    for word in words:
        expect(f"{what}: says {word!r}", word.encode() in errors, errors[-200:])


def disk_full(work, big):
    for options in FORMATS:
        name = "disk full " + " ".join(options)
        with open("/dev/full", "wb") as full:
            process = start([*options, big], stdout=full)
            errors = finish(process)[1]
        expect(name, process.returncode == 2, process.returncode)
        said(name, errors, "standard output: No space left on device")
        reference = run([*options, big]).stdout
        out = os.path.join(work, "limited")
        with open(out, "wb") as file:
            process = start([*options, big], stdout=file,
                            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_001, 100_001)))
            errors = finish(process)[1]
        expect(name + ": size limit", process.returncode == 2, process.returncode)
        said(name, errors, "standard output: File too large")
        whole(name, open(out, "rb").read(), reference, 50)
        if os.geteuid() != 0:
            continue
        room = os.path.join(work, "room")
        os.makedirs(room, exist_ok=True)
        script = f'mount -t tmpfs -o size=64k none {room} && cd {room} && "$@" >out; echo $? >&2; cat out'
        process = subprocess.run(["unshare", "-m", "sh", "-c", script, "sh", TOOL, *options, big], capture_output=True, timeout=WAIT)
        expect(name + ": tmpfs", process.stderr.endswith(b"No space left on device\n2\n"), process.stderr)
        whole(name + ": tmpfs", process.stdout, reference, 20)
    if os.geteuid() != 0:
        skipped.append("a full tmpfs (needs root)")


def reader_gone(work, big):
    for options in FORMATS:
        name = "reader gone " + " ".join(options)
        process = start([*options, big])
        process.stdout.readline()
        process.stdout.close()
        errors = process.stderr.read()
        expect(name, process.wait(WAIT) == 0 and errors == b"", (process.returncode, errors))
    process = start([sample("vpn.pcap")], stdout=None, preexec_fn=lambda: os.close(1))
    errors = finish(process)[1]
    expect("standard output closed", process.returncode == 2, process.returncode)
    said("standard output closed", errors, "standard output: Bad file descriptor")
    process = start(["-"], stdin=None, preexec_fn=lambda: os.close(0))
    errors = finish(process)[1]
    expect("standard input closed", process.returncode == 2, process.returncode)
    said("standard input closed", errors, "standard input: reading failed: Bad file descriptor")


def nobody_reads_what_trickles(work, big):
    """As live: what is seldom written ends as soon as it cannot be written any more, though the input goes on."""
    header, frames = records(sample("vpn.pcap"))
    for jobs in ("1", "2"):
        for what, status in (("reader gone", 0), ("disk full", 2)):
            name = f"{what}, frame by frame, -j {jobs}"
            full = open("/dev/full", "wb") if status else None
            process = start(["-o", "json", "-j", jobs, "-"], stdin=subprocess.PIPE, stdout=full or subprocess.PIPE)
            taken, end = 0, time.monotonic() + WAIT
            try:
                process.stdin.write(header + b"".join(frames[:40]))
                process.stdin.flush()
                if not full:
                    process.stdout.readline()
                    process.stdout.close()
                while process.poll() is None and time.monotonic() < end:
                    process.stdin.write(frames[taken % len(frames)])
                    process.stdin.flush()
                    taken += 1
                    time.sleep(0.05)
            except BrokenPipeError:
                pass
            expect(name, taken < 40, f"{taken} frames were taken")
            process.stdin = None
            errors = process.stderr.read()
            expect(name, process.wait(WAIT) == status, (process.returncode, errors))


def read_lines(descriptor, count):
    """So many lines, or what came in a while."""
    os.set_blocking(descriptor, False)
    got, end = b"", time.monotonic() + WAIT
    while got.count(b"\n") < count and time.monotonic() < end:
        try:
            got += os.read(descriptor, 65536)
        except BlockingIOError:
            time.sleep(0.005)
    return got


def growing(work, big):
    """A capture that comes slowly, as from tail -f: each record is there before the next frame is."""
    header, frames = records(sample("vpn.pcap"))
    for options in FORMATS:
        for terminal in (False, True):
            name = f"growing {' '.join(options)} {'terminal' if terminal else 'pipe'}"
            extra = {"text": 1, "json": 0, "csv": 1}[options[1]]
            if terminal:
                mine, theirs = pty.openpty()
                process = start([*options, "-"], stdin=subprocess.PIPE, stdout=theirs)
            else:
                process = start([*options, "-"], stdin=subprocess.PIPE)
                mine = process.stdout.fileno()
            process.stdin.write(header)
            for i, frame in enumerate(frames[:6]):
                process.stdin.write(frame[:20])
                process.stdin.flush()
                time.sleep(0.01)
                process.stdin.write(frame[20:])
                process.stdin.flush()
                got = read_lines(mine, 1 + (extra if i == 0 else 0))
                expect(f"{name}: frame {i + 1}", got.count(b"\n") == 1 + (extra if i == 0 else 0), got)
            process.stdin.close()
            expect(name, process.wait(WAIT) == 0, process.returncode)
            process.stderr.close()
            if terminal:
                os.close(mine)
                os.close(theirs)
            else:
                process.stdout.close()


def named_pipes(work, big):
    """One writer for two pipes, one after the other: neither waits for the other to be opened."""
    pipes = [os.path.join(work, name) for name in ("one", "two")]
    for pipe in pipes:
        os.mkfifo(pipe)
    writer = subprocess.Popen(["sh", "-c", f'cat {big} >{pipes[0]}; cat {sample("vpn.pcap")} >{pipes[1]}'])
    process = start(["-o", "json", *pipes])
    output, errors = finish(process)
    expect("named pipes", process.returncode == 0 and errors == b"", errors)
    reference = run(["-o", "json", "-j", "1", big, sample("vpn.pcap")]).stdout
    expect("named pipes: all", output.count(b"\n") == reference.count(b"\n"), output.count(b"\n"))
    writer.wait(WAIT)


def hears(process):
    """The next SIGINT is not its end."""
    caught = [line for line in open(f"/proc/{process.pid}/status") if line.startswith("SigCgt")][0].split()[1]
    return bool(int(caught, 16) >> (signal.SIGINT - 1) & 1)


def sleeps(process):
    """Each of its threads waits for something."""
    return all(open(path).read().rpartition(")")[2].split()[0] == "S" for path in glob.glob(f"/proc/{process.pid}/task/*/stat"))


def settle(process):
    """Returns when it hears signals and waits for a reader or a writer, and has done so for a while."""
    last = None
    while process.poll() is None:
        position = [line for line in open(f"/proc/{process.pid}/io") if line.startswith("rchar")][0] if hears(process) and sleeps(process) else None
        if position and position == last:
            break
        last = position
        time.sleep(0.1)


def stalled(options, path, **more):
    """A process whose reader reads nothing: it stands still in the middle of the file."""
    process = start([*options, path], **more)
    settle(process)
    return process


def shrinking(work, big):
    for options in FORMATS:
        name = "truncated " + " ".join(options)
        copy = os.path.join(work, "shrinks")
        shutil.copyfile(big, copy)
        reference = run([*options, copy]).stdout
        process = stalled(options, copy)
        os.truncate(copy, os.path.getsize(big) - 2_000_100)
        output, errors = finish(process)
        expect(name, process.returncode == 2, process.returncode)
        said(name, errors, "the file ends inside frame", "frames were read")
        whole(name, output, reference, 1000)


def signals(work, big):
    for options in FORMATS:
        reference = run([*options, big]).stdout
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            name = f"{number.name} {' '.join(options)}"
            process = stalled(options, big)
            process.send_signal(number)
            output, errors = finish(process)
            expect(name, process.returncode == -number, process.returncode)
            said(name, errors, "interrupted", "read in all")
            whole(name, output, reference, 10)
            expect(name + ": in the middle", len(output) < len(reference), len(output))
    process = stalled(["-o", "json", "-j", "1"], big)
    process.send_signal(signal.SIGINT)
    time.sleep(1.1)
    expect("the reader is waited for", process.poll() is None, process.returncode)
    process.send_signal(signal.SIGINT)  # the impatient
    expect("a second signal", process.wait(WAIT) == -signal.SIGINT, process.returncode)
    process.stdout.close()
    process.stderr.close()
    header, frames = records(sample("vpn.pcap"))
    for command in ([], ["summary"], ["check"], ["compare", "--log", sample("README.md")]):
        for begun in (b"", header + b"".join(frames)):
            name = f"SIGINT while waiting {command[:1]} {len(begun)}"
            process = start([*command, "-"], stdin=subprocess.PIPE)
            process.stdin.write(begun)
            process.stdin.flush()
            settle(process)
            process.send_signal(signal.SIGINT)
            began = time.monotonic()
            process.wait(WAIT)
            expect(name, process.returncode == -signal.SIGINT and time.monotonic() - began < 10, process.returncode)
            output, errors = process.stdout.read(), process.stderr.read()
            said(name, errors, "interrupted")
            if begun and command[:1] != ["compare"]:
                expect(name + ": what was read", output.count(b"\n") > 2, output)
            for stream in (process.stdin, process.stdout, process.stderr):
                stream.close()


def signals_at_once(work, big):
    """As of timeout(1): to the process, then to its group."""
    for command in (["summary"], ["check"]):
        for gap in (0, 0.0001, 0.001, 0.01):
            name = f"{command[0]}: two signals, {gap} s between them"
            process = start([*command, "-"], stdin=subprocess.PIPE)
            process.stdin.write(open(sample("vpn.pcap"), "rb").read())
            process.stdin.flush()
            settle(process)
            process.send_signal(signal.SIGTERM)
            time.sleep(gap)
            process.send_signal(signal.SIGTERM)
            output, errors = process.stdout.read(), process.stderr.read()
            expect(name, process.wait(WAIT) == -signal.SIGTERM and output.count(b"\n") > 2, (process.returncode, output))
            said(name, errors, "interrupted")
            for stream in (process.stdin, process.stdout, process.stderr):
                stream.close()


def progress(work, big):
    """It is on standard error when that is a terminal, but never where records are."""
    capture = open(big, "rb").read()
    for arguments, both, wanted in ((["-"], True, False), (["-j2", "-"], True, False), (["-"], False, True), (["summary", "-"], True, True)):
        mine, theirs = pty.openpty()
        process = start(arguments, stdin=subprocess.PIPE, stdout=theirs if both else subprocess.DEVNULL, stderr=theirs)
        os.close(theirs)
        shown = b""
        os.set_blocking(mine, False)
        for half in (capture[:len(capture) // 2], capture[len(capture) // 2:]):
            shown += write_reading(process.stdin, half, mine)
            time.sleep(1.1)
        process.stdin.close()
        shown += read_to_end(mine)
        os.close(mine)
        expect(f"progress {arguments} {both}", process.wait(WAIT) == 0 and (b" frames\x1b[K" in shown) == wanted, shown[-100:])


def read_some(descriptor):
    try:
        return os.read(descriptor, 65536)
    except BlockingIOError:
        return b""


def write_reading(pipe, octets, descriptor):
    """Writes all, and returns what came meanwhile."""
    got, done = b"", 0
    os.set_blocking(pipe.fileno(), False)
    end = time.monotonic() + WAIT
    while done < len(octets) and time.monotonic() < end:
        got += read_some(descriptor)
        try:
            done += os.write(pipe.fileno(), octets[done:done + 65536])
        except BlockingIOError:
            time.sleep(0.001)
    return got


def read_to_end(descriptor):
    """Of a terminal, until nobody has it open any more."""
    got = b""
    os.set_blocking(descriptor, True)
    while True:
        try:
            octets = os.read(descriptor, 65536)
        except OSError:
            return got
        if not octets:
            return got
        got += octets


def allocations(arguments):
    process = subprocess.run([TOOL, *arguments], capture_output=True, env={**os.environ, "LD_PRELOAD": NOMEMORY}, timeout=WAIT)
    return int(process.stderr.rsplit(b"allocations: ", 1)[1])


def no_memory(work, big):
    """Every so many allocations, from those before main() to the last: none is granted any more."""
    if not NOMEMORY:
        skipped.append("the sweep of allocations (a sanitizer has its own allocator)")
        return
    files = [sample(name) for name in ("fragments.pcap", "vpn.pcap", "vpn.pcap", "trouble.pcapng", "headers.pcap")]
    first = allocations(["--version"])
    cases = [[*options, *files] for options in FORMATS[2:]] + [[command, *files] for command in ("summary", "check")]
    cases += [["compare", sample("vpn.pcap"), sample("trouble.pcapng")]]
    for step, arguments in zip((7, 7, 17, 17, 17, 17, 17), cases):
        name = "no memory " + " ".join(arguments[:4])
        reference, most, partial = run(arguments).stdout, allocations(arguments), 0
        for granted in [*range(first, most - 200, step * 5), *range(most - 200, most, step)]:
            process = subprocess.run([TOOL, *arguments], capture_output=True, timeout=WAIT,
                                     env={**os.environ, "LD_PRELOAD": NOMEMORY, "NOMEMORY": str(granted)})
            # With threads the number varies from run to run.
            if process.returncode == 0 and "2" in arguments[3:4]:
                continue
            expect(f"{name} after {granted}", process.returncode == 2 and b"memory" in process.stderr,
                   (process.returncode, process.stderr[-200:]))
            if arguments[0] == "-o":
                whole(f"{name} after {granted}", process.stdout, reference)
                partial += len(process.stdout) > 0
        if arguments[0] == "-o":
            expect(name + ": some were in the middle", partial > 0, partial)


def fragment(number):
    """An Ethernet frame with the first fragment of a datagram that never completes."""
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + 1480, number & 0xffff, 0x2000, 64, 17, 0,
                     bytes([10, 1, number >> 16 & 255, number >> 24 & 255]), bytes([10, 2, 3, 4]))
    data = b"\x02" * 12 + b"\x08\x00" + ip + b"\x02\x02\x02\x02" * 370
    return struct.pack("<IIII", 1601457000, number % 1000000, len(data), len(data)) + data


def memory_limit(work, big):
    """A limit on the address space: while it starts, and once it runs."""
    if not NOMEMORY:
        skipped.append("limits on the address space (sanitizers need more of it)")
        return
    arguments = ["-o", "json", "-j", "2", sample("vpn.pcap"), sample("fragments.pcap")]
    reference = run(arguments).stdout
    for limit in range(8 << 20, 96 << 20, 3 << 20):
        process = run(arguments, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
        loader = process.returncode in (127, -signal.SIGSEGV, -signal.SIGABRT) and not process.stdout and limit < 64 << 20
        expect(f"{limit} octets of memory", process.returncode in (0, 2) or loader, (process.returncode, process.stderr))
        whole(f"{limit} octets of memory", process.stdout, reference)
        if process.returncode == 2:
            said(f"{limit} octets of memory", process.stderr, "memory")
    header, frames = records(sample("vpn.pcap"))
    for options in (["-o", "json"], ["-o", "csv"]):
        name = "memory ends while it runs " + options[1]
        process = start([*options, "-"], stdin=subprocess.PIPE)
        process.stdin.write(header + b"".join(frames))
        process.stdin.flush()
        got = read_lines(process.stdout.fileno(), len(frames))
        size = int(open(f"/proc/{process.pid}/statm").read().split()[0]) * resource.getpagesize()
        resource.prlimit(process.pid, resource.RLIMIT_AS, (size + (1 << 20), size + (1 << 20)))
        try:
            for number in range(8000):
                process.stdin.write(fragment(number))
            process.stdin.close()
        except BrokenPipeError:
            pass
        os.set_blocking(process.stdout.fileno(), True)
        process.stdin = None
        output, errors = finish(process)
        expect(name, process.returncode == 2, process.returncode)
        said(name, errors, "standard input: out of memory near frame ")
        expect(name + ": what was decoded", (got + output).count(b"\n") == len(frames) + (options[1] == "csv"), len(got))


def unreadable(work, big):
    good = sample("vpn.pcap")
    for options in FORMATS:
        reference = run([*options, good, good]).stdout
        damaged, secret = os.path.join(work, "damaged"), os.path.join(work, "secret")
        cases = [("/proc/self/mem", "reading failed: Input/output error"), (work, "is a directory"),
                 (os.path.join(work, "nothing"), "No such file or directory"), (damaged, "the file ends inside frame 20; 19 frames were read"),
                 ("/dev/null", "the file is empty")]
        header, frames = records(good)
        open(damaged, "wb").write(header + b"".join(frames)[:sum(map(len, frames[:19])) + 30])
        for path, sentence in cases:
            name = f"unreadable {path} {' '.join(options)}"
            process = run([*options, good, path, good])
            expect(name, process.returncode == 2, process.returncode)
            said(name, process.stderr, f"{path}: {sentence}")
            lines = process.stdout.count(b"\n")
            more = 19 if path == damaged else 0
            expect(name + ": the others", lines == reference.count(b"\n") + more, lines)
        open(secret, "wb").write(b"")
        os.chmod(secret, 0)
        if os.geteuid() != 0:
            said("no permission", run([*options, secret]).stderr, "Permission denied")
        elif options == FORMATS[0]:
            tool = shutil.copy(TOOL, work)
            os.chmod(work, 0o755)
            process = subprocess.run([tool, secret], capture_output=True, user=65534, group=65534, extra_groups=[])
            said("no permission", process.stderr, f"{secret}: Permission denied")
            expect("no permission", process.returncode == 2, process.returncode)


def not_looked_into(work, big):
    """What may carry syslog and is not read is named, instead of a word on what is in it."""
    path, header = os.path.join(work, "carriers"), records(sample("vpn.pcap"))[0]
    for ethertypes, words in (([0x88e7, 0x88e5, 0x88e7], "(no UDP seen; not looked into: ethertypes 0x88e7, 0x88e5)"),
                              ([0x88e5], "(no UDP seen; not looked into: ethertype 0x88e5)"), ([0x0806], "(no UDP at all)")):
        with open(path, "wb") as file:
            file.write(header)
            for ethertype in ethertypes:
                file.write(struct.pack("<IIII", 1601457000, 0, 60, 60) + bytes(12) + struct.pack(">H", ethertype) + bytes(46))
        process = run([path])
        said(f"not looked into {ethertypes}", process.stderr, words)
        expect(f"not looked into {ethertypes}: status", process.returncode == 0, process.returncode)


def many_files(work, big):
    """More files than may be open at once."""
    arguments = ["-o", "json", *[sample("links/raw.pcap")] * 200]
    reference = run(arguments).stdout
    process = run(arguments, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)))
    expect("many files", process.returncode == 0 and process.stderr == b"", process.stderr[-200:])
    expect("many files: all", process.stdout == reference and len(reference) > 0, len(process.stdout))
    for name in ("/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"):  # as of a process substitution
        with open(sample("links/raw.pcap"), "rb") as file:
            process = run([*arguments, name], stdin=file, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)))
        expect(f"many files, then {name}", process.returncode == 0 and process.stdout.count(b"\n") == reference.count(b"\n") * 201 // 200,
               process.stderr[-200:])


def no_libarchive(work, big):
    """It is not there, or broken: only who needs it is told."""
    name = re.search(rb"libarchive\.so\.\d+", open(TOOL, "rb").read())
    if not name or not shutil.which("xz"):
        skipped.append("a missing libarchive (this build has none, or there is no xz)")
        return
    folder = os.path.join(work, "libraries")
    os.makedirs(folder)
    open(os.path.join(folder, name[0].decode()), "w").write("no library\n" * 100)
    packed = os.path.join(work, "packed")
    with open(packed, "wb") as file:
        subprocess.run(["xz", "-c", sample("vpn.pcap")], stdout=file, check=True)
    reference = run([sample("vpn.pcap")]).stdout
    for more in ([], ["--no-sandbox"]):
        what, broken = " ".join(["no libarchive", *more]), {**os.environ, "LD_LIBRARY_PATH": folder}
        expect(what + ": it is needed", run([*more, packed]).stdout == reference, len(reference))
        process = run([*more, packed, sample("vpn.pcap")], env=broken)
        expect(what + ": status", process.returncode == 2 and process.stdout == reference, process)
        said(what, process.stderr, f"{packed}: it is compressed, and libarchive is missing: ", "invalid ELF header")
        process = run([*more, "-"], env=broken, stdin=open(sample("vpn.pcap"), "rb"))
        expect(what + ": a plain input", (process.returncode, process.stdout, process.stderr) == (0, reference, b""), process)


def main():
    with tempfile.TemporaryDirectory() as work:
        big = os.path.join(work, "big.pcap")
        header, frames = records(sample("vpn.pcap"))
        with open(big, "wb") as file:
            file.write(header + b"".join(frames) * 300)
        for part in (disk_full, reader_gone, nobody_reads_what_trickles, growing, named_pipes, shrinking, signals, signals_at_once, progress, no_memory, memory_limit, unreadable, not_looked_into, many_files, no_libarchive):
            began = time.monotonic()
            part(work, big)
            print(f"{part.__name__}: {time.monotonic() - began:.1f} s")
    return verdict("faults", 100)


if __name__ == "__main__":
    sys.exit(main())
