"""Keeps blocks, makes and drops others, and does what it is told on its input: a word a line."""
import os
import sys
import tracemalloc

KEPT = []


def store(block):
    KEPT.append(block)


def keep(count=200, size=3000):
    for _ in range(count):
        block = bytes(size)
        store(block)


def keep_more():
    for _ in range(200):
        block = bytes(4000)
        store(block)


def keep_in_child():
    for _ in range(200):
        block = bytes(5000)
        store(block)


def fork():
    child = os.fork()
    if child == 0:
        keep_in_child()
        for line in sys.stdin:
            break
        sys.exit(3)
    print(os.waitpid(child, 0)[1] >> 8, flush=True)


WORDS = {"keep": keep, "more": keep_more, "drop": KEPT.clear, "fork": fork, "trace": tracemalloc.start, "untrace": tracemalloc.stop}

keep()
print("ready", flush=True)
for line in sys.stdin:
    WORDS[line.strip()]()
    print("done", flush=True)
