"""Prints what sampling allocations costs a program, beside the same program alone and under tracemalloc: processor time, in pairs.

    python tests/bench_sampling.py [--quick] [interpreter ...]

Budget: 1.10 on the mix (json, regular expressions, dataclasses), 1.20 on the loop that only allocates.
"""

import os
import statistics
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tests import support  # noqa: E402

ROUNDS = 3 if "--quick" in sys.argv else 9
MEAN = 524288

MIX = """
import dataclasses, json, re
@dataclasses.dataclass
class Point:
    x: int
    y: int
    name: str
text = json.dumps([{"x": n, "y": -n, "name": "point %d" % n, "tags": ["a", "b", str(n)]} for n in range(1000)])
word = re.compile(r"point ([0-9]+)")
def work():
    kept = []
    for _ in range(12):
        rows = json.loads(text)
        points = [Point(row["x"], row["y"], row["name"]) for row in rows]
        found = [int(match.group(1)) for match in word.finditer(text)]
        kept.append([dataclasses.replace(point, x=number) for point, number in zip(points, found)])
        json.dumps([dataclasses.asdict(point) for point in points[:100]])
    return kept
"""
LOOP = """
def work():
    kept = []
    for number in range(400000):
        kept.append([number] * 20)
        if len(kept) == 2000:
            kept.clear()
"""
TIMED = """
import time
work()
began = time.process_time()
for _ in range(24):
    work()
print(time.process_time() - began)
"""
WAYS = ("agent", "sampling", "tracemalloc")


def seconds(python, program, env):
    done = subprocess.run([python, "-c", program + TIMED], env=env, stdout=subprocess.PIPE, check=True)
    return float(done.stdout)


def measure(python, program, engine):
    """Medians over the rounds: seconds alone, then each way's time in the same round by that."""
    found = []
    for _ in range(ROUNDS):
        alone = seconds(python, program, support.clean_environment())
        engine.sampling = 0
        ratios = [seconds(python, program, support.environment(engine)) / alone]
        engine.sampling = MEAN
        ratios.append(seconds(python, program, support.environment(engine)) / alone)
        ratios.append(seconds(python, program, support.clean_environment(PYTHONTRACEMALLOC="1")) / alone)
        found.append([alone] + ratios)
    return [statistics.median(column) for column in zip(*found)]


def main(pythons):
    with support.Engine(interval=100) as engine:
        for python in pythons or [sys.executable]:
            for name, program, budget in (("json, re, dataclasses", MIX, 1.10), ("allocation loop", LOOP, 1.20)):
                alone, *ratios = measure(python, program, engine)
                print("%s, %s: alone %.2f s; %s; budget of sampling %.2f" % (
                    python, name, alone, ", ".join("%s %.3f" % pair for pair in zip(WAYS, ratios)), budget), flush=True)


if __name__ == "__main__":
    main([word for word in sys.argv[1:] if not word.startswith("--")])
