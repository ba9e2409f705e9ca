"""Takes many snapshots of a program whose threads hammer locks, allocation, logging, printing and imports.

``python -m tests.stress_native 1000``: each must end well, and the program's own result must be what it would be. Prints
the pauses. In the tests it runs with a few snapshots only.
"""

import hashlib
import importlib
import logging
import os
import sys
import tempfile
import threading
import time
import zlib

from tests import dump_reader, native_support as support

THREADS = 16


class Work(object):
    """What one thread does, round after round; its digest depends on nothing else."""

    def __init__(self, number, shared, out):
        self.number, self.shared, self.out = number, shared, out
        self.digest, self.rounds = hashlib.sha256(), 0
        self.log = logging.getLogger("stress.%d" % number)

    def round(self):
        step = self.rounds
        kept = {str(key): [key] * (key % 7) for key in range(step % 50)}
        with self.shared:
            self.log.warning("round %d of %d", step, self.number)
        print(self.number, step, file=self.out)
        self.digest.update(zlib.compress(repr(sorted(kept)).encode()))
        if step % 50 == 0:
            importlib.reload(importlib.import_module("colorsys"))
            with open(os.devnull, "w") as file:
                file.write("x" * 10000)
        self.rounds += 1


def expected(number, rounds):
    work = Work(number, threading.Lock(), open(os.devnull, "w"))
    work.log.disabled = True
    while work.rounds < rounds:
        work.round()
    work.out.close()
    return work.digest.hexdigest()


def run(count):
    """Pauses in seconds; raises where a snapshot or the program's result is not as it should be."""
    logging.basicConfig(stream=open(os.devnull, "w"))
    out, shared, stop = open(os.devnull, "w"), threading.Lock(), threading.Event()
    works = [Work(number, shared, out) for number in range(THREADS)]

    def loop(work):
        while not stop.is_set():
            work.round()
    threads = [threading.Thread(target=loop, args=(work,), daemon=True) for work in works]
    for thread in threads:
        thread.start()
    try:
        pauses = [snapshot() for _ in range(count)]
    finally:
        stop.set()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive(), "a thread hangs"
    out.close()
    check(works)
    return pauses


def check(works):
    for work in works[:3]:
        rounds = min(work.rounds, 20000)
        if rounds == work.rounds:
            assert work.digest.hexdigest() == expected(work.number, rounds), "a thread's result has changed"


def snapshot():
    with tempfile.NamedTemporaryFile() as file:
        started = support.native.start(file.fileno(), support.options())
        while True:
            result = support.native.poll(started["handle"])
            if result["state"] != "running":
                break
            time.sleep(0.002)
        assert result["state"] == "done", result
        dump_reader.footer(file.name)
        return result["pause"]


def main(count):
    began = time.monotonic()
    pauses = sorted(run(count))
    print("%d snapshots in %.0f s, none failed; pause in ms: median %.2f, 99 %% %.2f, longest %.2f" % (
        count, time.monotonic() - began, *(1000 * pauses[int(share * (count - 1))] for share in (0.5, 0.99, 1))))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
