"""The commands in a document, and what it says that they print.

A block that is fenced as `console` has commands after `% `, each followed by what it prints; one that is fenced as `sh`
is a script. Every fence says what it is, so that no command goes unseen.
"""
import re
from dataclasses import dataclass, field

KINDS = {"console", "sh", "yaml", "json", "text", "promql", "ini"}


@dataclass
class Command:
    line: int
    text: str
    expected: list = field(default_factory=list)


class UnclearBlock(Exception):
    """A fence that does not say what it holds."""


def commands(path):
    found, kind, heredoc = [], None, None
    for number, line in enumerate(path.read_text().splitlines(), 1):
        fence = re.fullmatch(r"\s*```(.*)", line)
        if fence and kind is None:
            kind = fence[1].strip()
            if kind not in KINDS:
                raise UnclearBlock(f"{path}:{number}: a block of kind '{kind}'; say which of {', '.join(sorted(KINDS))} it is")
            if kind == "sh":
                found.append(Command(number + 1, ""))
        elif fence:
            kind, heredoc = None, None
        elif kind == "sh":
            found[-1].text += line + "\n"
        elif kind == "console":
            if heredoc or (found and found[-1].text.endswith("\\")):
                found[-1].text += "\n" + line
                if line == heredoc:
                    heredoc = None
            elif line.startswith("% "):
                found.append(Command(number, line[2:]))
            elif found:
                found[-1].expected.append(line)
            opened = re.search(r"<<-?\s*['\"]?(\w+)['\"]?", line) if line.startswith("% ") else None
            heredoc = opened[1] if opened else heredoc
    return found


def shape(line):
    """What of a line is the same whenever it is printed."""
    line = re.sub(r"-[0-9a-f]{6,10}-[a-z0-9]{5}\b", "-#-#", line)
    line = re.sub(r"^([IWE])\d{4} [\d:.]+ +\d+ ([^:]+):\d+\]", r"\1# \2]", line)
    line = re.sub(r"\b\d{4}-\d\d-\d\dT[\d:.]+Z", "#", line)
    line = re.sub(r"\b(\d+[dhms])+\b", "#", line)
    line = re.sub(r"\b\d+\.\d+\.\d+\.\d+\b", "#", line)
    line = re.sub(r"generation \d+", "generation #", line)
    # How often an event came.
    return re.sub(r"# \(x\d+ over #\)", "#", " ".join(line.split()))


def differs(expected, actual):
    """The first line that is missing; None where all are there, one after another. `...` stands for any lines, and after
    a command that goes on (`logs`), so does the end."""
    position, gap = 0, False
    lines = [shape(line) for line in actual]
    wanted = [shape(line) for line in expected]
    while wanted and not wanted[-1]:
        wanted.pop()
    for line in wanted:
        if line == "...":
            gap = True
            continue
        start = position
        while start < len(lines) and lines[start] != line and gap:
            start += 1
        if start >= len(lines) or lines[start] != line:
            return line
        position, gap = start + 1, False
    return None
