"""Prints how long the pure Python walk lets a program stand still, and the memory it takes meanwhile.

    python tests/bench_heap_walk.py [--quick] [interpreter ...]

A heap of 0.1 and 1 (``--quick``: 0.1) million objects of the collector's: instances, slots, dictionaries, tuples, lists,
closures, sets, chains, and strings that many share. Budget: 2.5 s a million.
"""

import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SIZES = (100000,) if "--quick" in sys.argv else (100000, 1000000)
BUDGET = 2.5
SHARE = 9.5
"""Of the collector's objects that one round of ``fill`` makes, as 3.9 to 3.15 count them, roughly."""


class Instance:
    def __init__(self, number, shared):
        self.number, self.shared, self.name = number, shared, "name %d" % number


class Slotted:
    __slots__ = ("left", "right")


def closure(value):
    return lambda: value


def fill(count):
    """About ``count`` objects that the collector tracks."""
    shared = ["shared text %d" % number for number in range(1000)]
    kept, chain = [], None
    for number in range(int(count / SHARE)):
        slotted = Slotted()
        slotted.left, slotted.right = number * 1000003, shared[number % 1000]
        chain = [chain]
        kept.append((Instance(number, shared[number % 1000]), slotted, [number, str(number)], closure(chain),
                     {"id": number, "text": "text %d" % number, "parent": kept}, {number, "member"}))
    return kept, chain


def status(name):
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith(name + ":"))


def measure(count):
    """Seconds, those of CPU time, objects of the collector's, nodes, edges, bytes of extra memory."""
    import gc
    import time
    from heapscope_agent.heap import pure_python
    from heapscope_agent.heap.request import Request
    gc.disable()
    kept = fill(count)
    pure_python.meta("python", False, 0.0, 0, [])
    before = status("VmRSS")
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")
    began, used = time.perf_counter(), time.process_time()
    dump, _ = pure_python.walk(Request({}))
    seconds, used = time.perf_counter() - began, time.process_time() - used
    return seconds, used, dump.tracked, dump.nodes, dump.edges, status("VmHWM") - before, len(kept)


def main(pythons):
    for python in pythons:
        for size in SIZES:
            told = subprocess.run([python, __file__, "--child", str(size)], stdout=subprocess.PIPE, check=True,
                                  universal_newlines=True).stdout
            seconds, used, tracked, nodes, edges, memory = [float(word) for word in told.split()[:6]]
            print("%s: %.2f M tracked, %.2f M objects, %.2f M references in %.2f s: %.2f s a million (%.2f of CPU, budget "
                  "%.1f), %.0f MB more memory" % (python, tracked / 1e6, nodes / 1e6, edges / 1e6, seconds,
                                                  seconds / tracked * 1e6, used / tracked * 1e6, BUDGET, memory / 1e6))


if __name__ == "__main__":
    sys.path.insert(0, ROOT)
    if "--child" in sys.argv:
        print(*measure(int(sys.argv[-1])))
    else:
        main([word for word in sys.argv[1:] if not word.startswith("--")] or [sys.executable])
