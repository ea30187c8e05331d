#!/usr/bin/env python3
"""Types what documents tell a person to type, in one shell, and compares what is printed with what they say.

    walk.py FILE...

A command that only looks is repeated for a minute until it prints what it should, as a person would who waits for a
cluster. Ends with status 1 when one failed.
"""
import pathlib
import re
import subprocess
import sys
import time

from blocks import UnclearBlock, commands, differs

PATIENCE = 60
LOOKS = re.compile(r"\b(get|describe|logs|explain|routes|wait|check|status|curl)\b")
# Log lines come between others, and the log goes on.
LOGS = re.compile(r"\blogs\b")


class Shell:
    """One bash for a whole document, so that an alias or a variable stays."""

    MARK = "--typed--"

    def __init__(self):
        self.bash = subprocess.Popen(["bash"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                     text=True)
        self.type("shopt -s expand_aliases; set -o pipefail")

    def type(self, text):
        # By eval, since an alias counts from the next line that is read.
        self.bash.stdin.write(f"{text}\necho; echo {self.MARK} $?\n")
        self.bash.stdin.flush()
        lines = []
        while line := self.bash.stdout.readline():
            if line.startswith(self.MARK):
                if lines and not lines[-1]:
                    lines.pop()
                return int(line.split()[1]), lines
            lines.append(line.rstrip("\n"))
        return 1, [*lines, "the shell has ended"]


def fault(shell, command):
    """What is wrong with a command, or None; and the seconds that it took."""
    begin = time.monotonic()
    expected = command.expected
    if expected and LOGS.search(command.text):
        expected = [line for wanted in expected for line in ("...", wanted)]
    while True:
        status, printed = shell.type(command.text)
        missing = differs(expected, printed) if expected else None
        took = time.monotonic() - begin
        if status == 0 and missing is None:
            return None, took
        if took > PATIENCE or not LOOKS.search(command.text):
            why = f"status {status}" if status else f"no line: {missing}"
            return "\n".join([why, "printed:", *printed[:40]]), took
        time.sleep(0.5)


def main():
    failed = passed = 0
    for path in map(pathlib.Path, sys.argv[1:]):
        print(f"\n== {path}", flush=True)
        try:
            found = commands(path)
        except UnclearBlock as error:
            print(f"FAILED {error}")
            failed += 1
            continue
        if not found:
            print(f"FAILED {path}: no commands")
            failed += 1
        shell = Shell()
        for command in found:
            wrong, took = fault(shell, command)
            first = command.text.strip().split("\n")[0]
            print(f"{'FAILED' if wrong else 'ok':6} {path}:{command.line}: {first} ({took:.1f} s)", flush=True)
            if wrong:
                failed += 1
                print("\n".join("       " + line for line in wrong.splitlines()), flush=True)
            else:
                passed += 1
    print(f"\n{passed} passed, {failed} failed")
    sys.exit(failed > 0)


main()
