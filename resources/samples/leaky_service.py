"""A small service that leaks in three ways, about 1 MB a second. Stop it with Ctrl-C.

1. Sessions go into a cache and never expire: the steady growth that the timeline shows.
2. Every request leaves a cycle behind whose objects have a finalizer: the collector's work.
3. Handlers are registered anew each minute and never taken back: slow, and easy to overlook.
"""

import itertools
import random
import sys
import time

try:
    import heapscope_agent
except ImportError:  # not run by Heapscope
    heapscope_agent = None

COLOURS = {"INFO": "32", "WARN": "33", "GC": "36"}
SESSIONS = {}
HANDLERS = []


def log(level, text):
    stamp = time.strftime("%H:%M:%S")
    print(f"\x1b[2m{stamp}\x1b[0m \x1b[{COLOURS[level]}m{level:<4}\x1b[0m {text}", flush=True)


class Session:
    """What the cache holds of one user: about 50 kB."""

    def __init__(self, number):
        self.user = f"user-{number}"
        self.history = [f"{self.user} visited page {random.randrange(10_000)}" for _ in range(300)]
        self.payload = bytearray(20_000)


class Request:
    """Request and response point at each other, so that only the collector can free them."""

    def __init__(self, number):
        self.body = "x" * 2_000
        self.response = Response(self, number)


class Response:
    served = 0

    def __init__(self, request, number):
        self.request = request
        self.number = number

    def __del__(self):
        Response.served += 1


def register_handlers():
    HANDLERS.extend(lambda event, n=n: (event, n) for n in range(500))


def handle(number):
    Request(number)
    SESSIONS[number] = Session(number)


def main():
    log("INFO", f"service started on Python {sys.version.split()[0]}; Ctrl-C stops it")
    register_handlers()
    if heapscope_agent:
        heapscope_agent.mark("started")
    for number in itertools.count(1):
        handle(number)
        if number % 20 == 0:
            log("INFO", f"{number} requests served, {len(SESSIONS)} sessions cached")
        if number % 200 == 0:
            log("WARN", "the session cache has no limit")
            if heapscope_agent:
                heapscope_agent.mark(f"{number} requests")
        if number % 500 == 0:
            log("GC", f"{Response.served} responses finalized so far")
        if number % 1200 == 0:
            register_handlers()
        time.sleep(0.05)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        log("INFO", f"stopped with {len(SESSIONS)} sessions in the cache")
