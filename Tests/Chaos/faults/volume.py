"""Fills, locks, breaks and replaces the volume that the routing table lies in.

    volume.py full|read-only|unreadable|folder|removed PRODUCTS FOLDER PORT...

The folder `volume` in FOLDER is a mount of its own.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time

from faults.standalone import Damaged, Standalone, wait_until

trouble = sys.argv[1]
standalone = Standalone(sys.argv[2], sys.argv[3], [int(port) for port in sys.argv[4:8]])
filler = standalone.volume + "/filler"
problems = []


def check(holds, problem):
    if not holds:
        problems.append(problem)


def run(*command):
    subprocess.run(command, check=True)


def fill():
    with open(filler, "wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass


def breaks(begin, end):
    """The controller cannot write for as long as it lasts."""
    lines = standalone.log("controller").count("cannot write the snapshot")
    failed, former = standalone.failed_writes(), standalone.priority
    begin()
    began = time.monotonic()
    priority = standalone.change()

    def is_told():
        log = standalone.log("controller")
        return (
            standalone.failed_writes() > failed and log.count("cannot write the snapshot") > lines
            and re.search(r"event NotPublished of adapter: .*cannot be written", log) is not None)

    check(wait_until(10, is_told), "not told: metric, log line and event")
    told = time.monotonic() - began
    check(told <= 5, f"told after {told:.2f} s")
    check(standalone.is_answered(), "the server does not answer")
    check(standalone.is_ready(), "the controller is not ready any more")
    if trouble != "folder":
        check(standalone.has_priority(former), "the former table is not there any more")
        standalone.kill("server")
        standalone.start_server()
        check(wait_until(2, standalone.is_answered), "a server that starts now does not answer within 2 s")
    check(not standalone.leftovers(), f"left behind: {standalone.leftovers()}")
    time.sleep(1)
    check(standalone.is_answered(), "the server does not answer any more")
    end()
    began = time.monotonic()
    check(wait_until(10, lambda: standalone.has_priority(priority)), "not written again")
    recovered = time.monotonic() - began
    check(recovered <= 5, f"written after {recovered:.2f} s")
    check(wait_until(2, lambda: "event Published of adapter" in standalone.log("controller")), "the end was not told")
    check(standalone.is_accepted(), "the server's own command refuses the file")
    check(wait_until(2, lambda: loaded(standalone.generation())), "the server did not take the table")
    return f"told after {told:.2f} s, written {recovered:.2f} s after its end"


def loaded(generation):
    return f"routing table loaded: generation {generation}," in standalone.log("server")


def becomes_folder():
    os.unlink(standalone.snapshot)
    os.mkdir(standalone.snapshot)


def is_traced(process):
    with open(f"/proc/{process}/status", encoding="ascii") as status:
        return "TracerPid:\t0\n" not in status.read()


def cannot_be_read():
    """What the server does to the file fails, a while long, and the table changes meanwhile."""
    said = []
    for call in ("openat", "read"):
        server = standalone.processes["server"]
        lines = standalone.log("server").count("cannot read the snapshot")
        strace = subprocess.Popen(
            ["strace", "-f", "-q", "-o", "/dev/null", "-p", str(server.pid), "-P", standalone.snapshot, "-e",
             "trace=" + call, "-e", f"inject={call}:error=EIO"])
        wait_until(10, lambda: is_traced(server.pid))
        time.sleep(0.5)
        priority = standalone.change()
        check(wait_until(5, lambda: standalone.has_priority(priority)), "nothing was published")
        began = time.monotonic()
        check(
            wait_until(5, lambda: standalone.log("server").count("cannot read the snapshot") > lines),
            f"{call}: the server does not say so")
        check(standalone.is_answered(), f"{call}: the server does not answer")
        said.append(f"{call}: told after {time.monotonic() - began:.2f} s")
        strace.send_signal(signal.SIGINT)
        strace.wait(10)
        check(wait_until(3, lambda: loaded(standalone.generation())), f"{call}: the table was not taken afterwards")
    return ", ".join(said)


def is_removed():
    """The volume goes as it is, then its folder, too. The controller writes again, and the server answers all the while."""
    slowest = 0
    steps = [lambda: run("umount", "-l", standalone.volume), lambda: shutil.rmtree(standalone.volume), remake, corrupt]
    for step, change in enumerate(steps):
        change()
        check(standalone.is_answered(), f"step {step}: the server does not answer")
        if not os.path.isdir(standalone.volume):
            continue
        began = time.monotonic()
        check(wait_until(10, is_whole), f"step {step}: not written again")
        slowest = max(slowest, time.monotonic() - began)
        check(wait_until(3, lambda: loaded(standalone.generation())), f"step {step}: the server did not take the table")
    check(slowest <= 5, f"written after {slowest:.2f} s")
    return f"written after ≤ {slowest:.2f} s"


def remake():
    os.mkdir(standalone.volume)


def corrupt():
    with open(standalone.snapshot, "r+b") as file:
        file.seek(100)
        file.write(b"damaged")


def is_whole():
    try:
        return standalone.generation() > 0
    except (OSError, Damaged):
        return False


TROUBLES = {
    "full": lambda: breaks(fill, lambda: os.unlink(filler)),
    "read-only": lambda: breaks(
        lambda: run("mount", "-o", "remount,ro", standalone.volume),
        lambda: run("mount", "-o", "remount,rw", standalone.volume)),
    "folder": lambda: breaks(becomes_folder, lambda: os.rmdir(standalone.snapshot)),
    "unreadable": cannot_be_read,
    "removed": is_removed,
}
said = "broke off"
try:
    standalone.begin()
    said = TROUBLES[trouble]()
except AssertionError as error:
    problems.append(str(error))
finally:
    standalone.end()
print(said)
print("\n".join(problems[:20]))
sys.exit(bool(problems))
