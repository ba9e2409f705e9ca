"""Sixteen threads hammer locks, allocation, logging, printing, imports, zlib and files, in rounds whose results are known.

It obeys lines of input: "snapshot" takes one itself, "end" ends it; the last line then says what it found, as JSON.
``hammers.py expected`` prints the results of all rounds, without a thread.
"""
import collections
import gc
import hashlib
import io
import json
import logging
import os
import queue
import random
import signal
import sys
import tempfile
import threading
import time
import zlib

THREADS, ROUNDS = 16, 8
"""Threads, and different rounds: each thread runs one after the other, over and over."""


class Thing:
    def __init__(self, number, before):
        self.number, self.before, self.text = number, before, "thing %d" % number

    def __del__(self):
        finalized[0] += 1


finalized = [0]
rlock, total_lock, condition = threading.RLock(), threading.Lock(), threading.Condition()
letters = queue.Queue(8)
total = [0]


def allocate(seed):
    before, chain = None, []
    for number in range(150):
        before = Thing(seed + number, before if number % 5 else None)
        chain.append({"number": number, "thing": before, "list": [number] * (number % 40)})
    chain.append(chain)  # left to the collector
    blocks = [bytes([seed % 256]) * (1 << size) for size in range(4, 18)]
    return sum([len(row["thing"].text) + len(row["list"]) for row in chain[:-1]]) + sum(map(len, blocks))


def lock(seed):
    with rlock:
        with rlock:
            with total_lock:
                total[0] += 1
    try:
        letters.put_nowait(seed)
        letters.get_nowait()
    except (queue.Full, queue.Empty):
        pass
    with condition:
        condition.notify_all()
        condition.wait(0.0005)
    return seed


def load(thread, number):
    name = "hammered_%d" % thread  # one for each: removing another thread's would make an import fail on its own
    sys.modules.pop(name, None)
    return __import__(name).values[number]


def pack(seed):
    data = random.Random(seed).getrandbits(8 * 40000).to_bytes(40000, "little")
    return zlib.crc32(zlib.decompress(zlib.compress(data, 3))), hashlib.sha256(data).hexdigest()


def write(seed):
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"%d\n" % seed * 3000)
        file.seek(0)
        return zlib.crc32(file.read())


def one_round(thread, number):
    seed = 1000 * number + 7
    found = [allocate(seed), lock(seed), load(thread, number), pack(seed), write(seed)]
    logging.getLogger("hammer.%d" % thread).info("thread %d round %d", thread, number)
    print("thread %d round %d\n" % (thread, number), end="", flush=True)  # at once: otherwise lines mix without us too
    return hashlib.sha256(json.dumps(found).encode()).hexdigest()


def work(thread):
    count = 0
    try:
        while not ended.is_set():
            number = (thread + count) % ROUNDS
            if one_round(thread, number) != expected[number]:
                wrong.append((thread, number))
            count += 1
    except BaseException as error:
        wrong.append(repr(error))
    counts[thread] = count


def look_for_children(signals):
    """No child of ours is known to the program."""
    try:
        seen.append(os.waitpid(-1, os.WNOHANG))
    except ChildProcessError:
        pass
    return len(signals)


def obey():
    for line in sys.stdin:
        if line == "snapshot\n":
            import heapscope_agent
            heapscope_agent.snapshot("own")
        elif line == "end\n":
            break
    ended.set()


logged = io.StringIO()
logging.basicConfig(stream=logged, level=logging.INFO, format="%(message)s")
with tempfile.TemporaryDirectory() as folder:
    sys.path.insert(0, folder)
    sys.dont_write_bytecode = True
    for thread in range(THREADS):
        with open(os.path.join(folder, "hammered_%d.py" % thread), "w") as file:
            file.write("import colorsys, json\nvalues = [n ** 9 for n in range(%d)]\n" % ROUNDS)
    if sys.argv[1:] == ["expected"]:
        out, sys.stdout = sys.stdout, io.StringIO()
        results = [one_round(0, number) for number in range(ROUNDS)]
        sys.stdout = out
        print(json.dumps(results))
        sys.exit()
    expected = json.loads(sys.argv[1])
    sys.setswitchinterval(0.0005)  # more turns, more chances of a fork in the middle of something
    ended, wrong, seen, signals, counts = threading.Event(), [], [], [], [0] * THREADS
    signal.signal(signal.SIGCHLD, lambda *_: signals.append(1))
    files = len(os.listdir("/proc/self/fd"))
    threads = [threading.Thread(target=work, args=(thread,)) for thread in range(THREADS)]
    threads.append(threading.Thread(target=obey, daemon=True))
    for thread in threads:
        thread.start()
    print("ready\n", end="", flush=True)  # as one write: else a line of a thread may come between
    while not ended.is_set():
        look_for_children(signals)
        time.sleep(0.002)
    for thread in threads[:THREADS]:
        thread.join()
    own = os.spawnv(os.P_NOWAIT, sys.executable, [sys.executable, "-ISc", "import sys; sys.exit(3)"])
    reaped = os.wait()
    lines = collections.Counter(logged.getvalue().splitlines())
    gc.collect()
    print(json.dumps({
        "rounds": sum(counts), "wrong": wrong[:10], "children": seen, "signals": len(signals),
        "own child": [reaped[0] == own, reaped[1] >> 8], "total": total[0],
        "logged": sum(lines.values()), "strange lines": len([line for line in lines if not line.startswith("thread ")]),
        "finalized": finalized[0], "files": len(os.listdir("/proc/self/fd")) - files}))
