"""Lets each system call fail that writing the routing table takes, and kills the controller at each: `strace --inject`.

    syscalls.py ERROR[,ERROR...] PRODUCTS FOLDER PORT...
"""

import os
import re
import signal
import subprocess
import sys
import time

from faults.standalone import Sampler, Standalone, wait_until

errors = sys.argv[1].split(",")
standalone = Standalone(sys.argv[2], sys.argv[3], [int(port) for port in sys.argv[4:8]])
WANTED = "open,openat,write,pwrite64,writev,fsync,fdatasync,ftruncate,rename,renameat,renameat2,unlink,unlinkat,close"
problems = []
slowest = {"told": 0.0, "recovered": 0.0}


def settle():
    """Waits until no write is under way, or about to begin: what is counted is one, and the whole of it."""
    last, since, end = standalone.generation(), time.monotonic(), time.monotonic() + 5
    while time.monotonic() - since < 0.8 and time.monotonic() < end:
        time.sleep(0.05)
        if standalone.generation() != last:
            last, since = standalone.generation(), time.monotonic()


class Strace:
    """On the running controller: only what it does to the snapshot, its temporary file and its folder."""

    def __init__(self, *options):
        settle()
        process = standalone.processes["controller"]
        self.output = os.path.join(standalone.folder, "trace")
        paths = [standalone.volume, standalone.snapshot, f"{standalone.snapshot}.{process.pid}.tmp"]
        filters = [word for path in paths for word in ("-P", path)]
        # Told once it holds every thread.
        self.process = subprocess.Popen(
            ["strace", "-f", "-y", "-o", self.output, "-p", str(process.pid), *filters, *options],
            stderr=subprocess.PIPE, text=True)
        assert "attached" in self.process.stderr.readline(), "strace is not allowed to trace the controller"

    def end(self):
        self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=10)
        with open(self.output) as output:
            return output.read()


def calls_of_a_write():
    """Each call by its name and how many of that name there were before it."""
    strace = Strace("-e", "trace=" + WANTED)
    priority = standalone.change()
    assert wait_until(5, lambda: standalone.has_priority(priority)), "nothing was published"
    time.sleep(0.3)
    calls, counts = [], {}
    for line in strace.end().splitlines():
        call = re.match(r"\d+ +(\w+)\(", line)
        # Where a file that should not be there is not, nothing fails.
        if not call or "ENOENT" in line:
            continue
        if "O_DIRECTORY" in line:
            # Where a write begins: what was seen before is the rest of another one.
            calls, counts = [], {}
        counts[call[1]] = counts.get(call[1], 0) + 1
        if call[1] not in ("close", "unlink"):
            calls.append((call[1], counts[call[1]]))
        # On a busy machine another write may have begun by now.
        if call[1] == "fsync" and any(name.startswith("rename") for name, _ in calls):
            break
    return calls


def check(what, holds, problem):
    if not holds:
        problems.append(f"{what}: {problem}")


def fails(call, index, error):
    what = f"{call} {index} {error}"
    before, failed = standalone.generation(), standalone.failed_writes()
    lines = standalone.log("controller").count("cannot write the snapshot")
    strace = Strace("-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={index}")
    priority = standalone.change()
    began = time.monotonic()
    is_told = wait_until(
        5, lambda: standalone.failed_writes() > failed
        and standalone.log("controller").count("cannot write the snapshot") > lines)
    slowest["told"] = max(slowest["told"], time.monotonic() - began)
    check(what, "INJECTED" in strace.end(), "was not reached")
    check(what, is_told, "no metric and log line within 5 s")
    check(what, wait_until(1, lambda: "event NotPublished of adapter" in standalone.log("controller")), "no event")
    check(what, standalone.is_answered(), "the server does not answer")
    check(what, standalone.is_ready(), "the controller is not ready any more")
    check(what, standalone.generation() in (before, before + 1), "neither the former table nor the next")
    # By itself, without any change.
    check(what, wait_until(5, lambda: standalone.has_priority(priority)), "not written again within 5 s")
    slowest["recovered"] = max(slowest["recovered"], time.monotonic() - began)
    check(what, standalone.generation() > before, "the generation did not grow")
    check(what, standalone.is_accepted(), "the server's own command refuses the file")
    check(what, not standalone.leftovers(), f"left behind: {standalone.leftovers()}")


def is_killed(call, index):
    what = f"{call} {index} SIGKILL"
    before = standalone.generation()
    strace = Strace("-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={index}")
    priority = standalone.change()
    process = standalone.processes["controller"]
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        check(what, False, "was not reached")
        strace.end()
        return
    strace.process.wait(5)
    check(what, standalone.generation() in (before, before + 1), "neither the former table nor the next")
    check(what, standalone.is_accepted(), "the server's own command refuses the file")
    check(what, standalone.is_answered(), "the server does not answer")
    check(what, len(standalone.leftovers()) <= 2, f"left behind: {standalone.leftovers()}")
    standalone.start_controller()
    check(what, wait_until(5, lambda: standalone.has_priority(priority)), "not written within 5 s of the next start")
    check(what, wait_until(1, lambda: not standalone.leftovers()), f"still there: {standalone.leftovers()}")
    wait_until(5, lambda: standalone.failed_writes() is not None and standalone.is_ready())


def is_taken_back(calls):
    """The last call fails, the file being there already; then the change is taken back. What was wanted last is there."""
    priority = standalone.priority
    last = max(index for name, index in calls if name == "fsync")
    strace = Strace("-e", "trace=fsync", "-e", f"inject=fsync:error=EIO:when={last}")
    failed = standalone.failed_writes()
    standalone.change()
    check("taken back", wait_until(5, lambda: standalone.failed_writes() > failed), "the change did not fail")
    standalone.priority = priority - 1
    standalone.change()
    strace.end()
    time.sleep(0.5)
    check("taken back", wait_until(4, lambda: standalone.has_priority(priority)), "the change stays in the file")


count = 0
try:
    standalone.begin()
    sampler = Sampler(standalone)
    sampler.start()
    calls = calls_of_a_write()
    names = {name for name, _ in calls}
    check("the trace", {"openat", "write", "fsync"} <= names and any("rename" in name for name in names), f"only {calls}")
    for step, (name, index) in enumerate(calls):
        for error in errors if len(errors) > 2 else [errors[step % len(errors)]]:
            fails(name, index, error)
            count += 1
        is_killed(name, index)
        count += 1
    calls = calls_of_a_write()
    is_taken_back(calls)
    sampler.stop()
    problems += [f"the sampler read {damage}" for damage in sampler.damages]
except AssertionError as error:
    problems.append(str(error))
finally:
    standalone.end()

print(
    f"{count} faults in {len(calls)} calls; told after ≤ {slowest['told']:.2f} s, written after ≤"
    f" {slowest['recovered']:.2f} s; {sampler.reads} reads, {len(sampler.damages)} not whole")
print("\n".join(problems[:20]))
sys.exit(bool(problems))
