"""Looks at the memory and the descriptors of processes for a while: whether they stay as they are once warm.

    flatness.py SECONDS NAME=PROCESS...

Warm is a process after a third of the time. What it has in the last third may be more than in the second by 5 percent and
4 MiB of memory, and by 4 descriptors, median against median.
"""

import os
import statistics
import sys
import time


def resident(process: int) -> int:
    with open(f"/proc/{process}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


class Subject:
    def __init__(self, argument: str) -> None:
        self.name, _, process = argument.partition("=")
        self.process = int(process)
        self.memory: list[int] = []
        self.files: list[int] = []

    def look(self) -> None:
        self.memory.append(resident(self.process))
        self.files.append(len(os.listdir(f"/proc/{self.process}/fd")))

    def thirds(self, values: list[int]) -> tuple[float, float]:
        third = len(values) // 3
        return statistics.median(values[third : 2 * third]), statistics.median(values[2 * third :])

    def is_flat(self) -> bool:
        before, after = self.thirds(self.memory)
        files_before, files_after = self.thirds(self.files)
        return after <= before * 1.05 + 4096 and files_after <= files_before + 4

    def __str__(self) -> str:
        before, after = self.thirds(self.memory)
        files_before, files_after = self.thirds(self.files)
        return (f"{self.name} {before / 1024:.1f} → {after / 1024:.1f} MiB (at most {max(self.memory) / 1024:.1f}), "
                f"{files_before:.0f} → {files_after:.0f} descriptors")


def main(seconds: float, arguments: list[str]) -> int:
    subjects = [Subject(argument) for argument in arguments]
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for subject in subjects:
            subject.look()
        time.sleep(min(1.0, seconds / 60))
    print("; ".join(map(str, subjects)))
    return 0 if all(subject.is_flat() for subject in subjects) else 1


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), sys.argv[2:]))
