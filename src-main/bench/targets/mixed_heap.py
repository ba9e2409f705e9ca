"""A heap of about N objects that the collector tracks, in a mix typical of programs, with busy threads beside it.
``mixed_heap.py N THREADS``. Prints READY, then obeys lines of standard input: ``peer NAME`` measures how long another tool
needs for the same question, ``speed SECONDS`` how fast the program works, ``quit`` ends it. Each answer is one line of JSON.
"""

import collections
import gc
import json
import sys
import threading
import time

SHARED = "a string that a million holders share"


class Session:
    def __init__(self, number, user):
        self.number = number
        self.user = user
        self.state = SHARED
        self.history = [number, number + 1]


class Slotted:
    __slots__ = ("left", "right")

    def __init__(self, left, right):
        self.left = left
        self.right = right


class Link:
    def __init__(self, following):
        self.following = following


def closure_over(value):
    def inner():
        return value
    return inner


def build(count):
    """Objects that the collector tracks, ``count`` of them within a few percent; the return value keeps all of them alive.
    """
    groups = collections.defaultdict(list)
    unit = count // 16
    for number in range(unit):
        groups["sessions"].append(Session(number, "user-%d" % number))  # 2 or 3 tracked
        groups["records"].append({"id": number, "name": "record %d" % number, "tags": ["a", SHARED]})  # 2
        groups["rows"].append((number, SHARED, [number]))  # 2
        groups["slotted"].append(Slotted(SHARED, (number, str(number), [])))  # 3
        groups["members"].append({number, "m%d" % number})  # 1
        groups["closures"].append(closure_over([number]))  # 4: function, cell, tuple, list
    chain = None
    for _ in range(unit):
        chain = Link(chain)
    groups["chain"].append(chain)
    groups["flat"] = [[number] for number in range(unit)]
    return groups


def keep_busy(stopping):
    kept = []
    lock = threading.Lock()
    while not stopping.is_set():
        with lock:
            kept.append({"n": len(kept), "text": str(len(kept))})
        if len(kept) > 1000:
            kept.clear()


class Watch(threading.Thread):
    """Iterates over the heap and records the longest time in which it made no progress."""

    def __init__(self, heap):
        super().__init__(daemon=True)
        self.some = gc.get_objects()[::7]
        self.longest, self.ends = 0.0, False
        self.start()

    def run(self):
        before = time.perf_counter()
        while not self.ends:
            for at in range(0, len(self.some), 1009):
                self.touched = self.some[at]
                now = time.perf_counter()
                self.longest, before = max(self.longest, now - before), now

    def end(self):
        self.ends = True
        self.join()
        return self.longest


def speed(seconds):
    """Steps of ordinary work per second of wall time."""
    began = time.perf_counter()
    steps = 0
    while time.perf_counter() - began < seconds:
        json.loads(json.dumps({"n": steps, "items": [str(number) for number in range(50)]}))
        steps += 1
    return steps / (time.perf_counter() - began)


def peer(name, heap):
    if name == "objgraph.typestats":
        import objgraph
        return objgraph.typestats
    if name == "objgraph.show_growth":
        import io
        import objgraph
        return lambda: objgraph.show_growth(file=io.StringIO())
    if name == "guppy3 hp.heap":
        import guppy
        return guppy.hpy().heap
    if name == "pympler summarize":
        from pympler import muppy, summary
        return lambda: summary.summarize(muppy.get_objects())
    if name == "gc.get_referrers":
        return lambda: gc.get_referrers(heap["sessions"][0])
    raise ValueError(name)


def main():
    count, threads = int(sys.argv[1]), int(sys.argv[2])
    gc.disable()
    heap = build(count)
    gc.enable()
    stopping = threading.Event()
    for _ in range(threads):
        threading.Thread(target=keep_busy, args=(stopping,), daemon=True).start()
    print(json.dumps({"ready": True, "tracked": len(gc.get_objects())}), flush=True)
    watch = None
    for line in sys.stdin:
        word, _, rest = line.strip().partition(" ")
        if word == "quit":
            break
        if word == "watch":
            watch = Watch(heap)
            print(json.dumps({}), flush=True)
            continue
        if word == "speed":
            print(json.dumps({"steps": speed(float(rest))}), flush=True)
            continue
        if word == "watched":
            print(json.dumps({"seconds": watch.end()}), flush=True)
            watch = None
            continue
        run = peer(rest, heap)
        began = time.perf_counter()
        run()
        print(json.dumps({"peer": rest, "seconds": time.perf_counter() - began}), flush=True)
    stopping.set()


main()
