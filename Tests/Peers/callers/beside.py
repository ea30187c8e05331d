"""Runs a command that attacks the router, and measures a good caller beside it: before, and while it runs."""

import subprocess
import sys
import time

from good_client import GoodClient


def main(port: int, command: list[str]) -> int:
    with GoodClient(port) as calm:
        time.sleep(1)
    with GoodClient(port) as pressed:
        attack = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    before, during = calm.milliseconds(0.95), pressed.milliseconds(0.95)
    print(f"{during:.1f} ms, {before:.1f} ms alone")
    is_good = during <= 2 * before + 20 and calm.failures == 0 and pressed.failures == 0
    if attack.returncode != 0:
        print(attack.stdout[-2000:], attack.stderr[-2000:])
    return 0 if is_good and attack.returncode == 0 else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
