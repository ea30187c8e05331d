"""Kills one of the two processes at random instants while the routing table is published all the time.

    kills.py server|controller|both COUNT PRODUCTS FOLDER PORT...
"""

import random
import sys
import time

from faults.standalone import Changer, Sampler, Standalone, wait_until

role, count = sys.argv[1], int(sys.argv[2])
standalone = Standalone(sys.argv[3], sys.argv[4], [int(port) for port in sys.argv[5:9]])
names = ["controller", "server"] if role == "both" else [role]
seed = random.randrange(1 << 32)
chance = random.Random(seed)
# Seconds until the server answers by a good table, and until the controller, which asks its sources first, has published.
BOUNDS = {"controller": 5, "server": 2}
slowest = {"controller": 0.0, "server": 0.0}
most_left = 0
problems = []


def is_published_after(generation):
    return lambda: standalone.generation() > generation


try:
    standalone.begin()
    sampler, changer = Sampler(standalone), Changer(standalone)
    sampler.start()
    changer.start()
    for instant in range(count):
        time.sleep(chance.uniform(0, 0.25))
        for name in names:
            standalone.kill(name)
        generation = standalone.generation()
        most_left = max(most_left, len(standalone.leftovers()))
        if instant % 10 == 0 and not standalone.is_accepted():
            problems.append(f"instant {instant}: the server's own command refuses the file")
        began = time.monotonic()
        if "server" in names:
            standalone.start_server()
            if not wait_until(5, standalone.is_answered):
                problems.append(f"instant {instant}: no answer within 5 s")
            slowest["server"] = max(slowest["server"], time.monotonic() - began)
        if "controller" in names:
            began = time.monotonic()
            standalone.start_controller()
            # The table of before is answered from all the while.
            if not standalone.is_answered():
                problems.append(f"instant {instant}: no answer while the controller was away")
            if not wait_until(10, is_published_after(generation)):
                problems.append(f"instant {instant}: nothing was published within 10 s")
            slowest["controller"] = max(slowest["controller"], time.monotonic() - began)
    changer.stop()
    time.sleep(0.5)
    left = standalone.leftovers()
    sampler.stop()
    problems += [f"the sampler read {damage}" for damage in sampler.damages]
    if left or most_left > 2:
        problems.append(f"temporary files: {most_left} at most, {left} at the end")
    for name in names:
        if slowest[name] > BOUNDS[name]:
            problems.append(f"the {name} was back after {slowest[name]:.2f} s")
    generation = standalone.generation()
finally:
    standalone.end()

times = ", ".join(f"{name} back after ≤ {slowest[name]:.2f} s" for name in names)
print(
    f"{times}; {sampler.reads} reads of {generation} generations, {len(sampler.damages)} not whole,"
    f" ≤ {most_left} temporary files; seed {seed}")
print("\n".join(problems[:20]))
sys.exit(bool(problems))
