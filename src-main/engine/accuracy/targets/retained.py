"""Subtrees of a dictionary, and how much ``tracemalloc`` reports as freed when each is deleted. They contain no integers of their
own: ``sys.getsizeof`` gives 28 bytes for one, while CPython allocates 32. Freed small tuples, lists and dictionaries stay in
CPython's free lists, which is little compared to the rest.
"""

import gc
import time
import tracemalloc

from truth import snapshot, tell


class Node:
    def __init__(self, number):
        self.number = number
        self.name = "node number %d of the subtree" % id(self)
        self.children = []


class Slotted:
    __slots__ = ("payload", "label")

    def __init__(self, number):
        self.payload = bytes(200 + number)
        self.label = "slotted %d" % number


def closing(number):
    kept = bytearray(30000 + number)
    return lambda: kept


def tree(depth):
    node = Node(depth)
    if depth:
        node.children = [tree(depth - 1) for _ in range(3)]
    return node


shared = [b"s" * 50000]
trees = {
    "nodes": tree(6), "slotted": [Slotted(number) for number in range(500)], "closures": [closing(number) for number in range(100)],
    "texts": ["text number %d, long enough to be seen" % number for number in range(2000)],
    "dictionary": {"key %d" % number: {"value": b"v" * (number % 100 + 2000)} for number in range(500)},
    "one shared, one not": [shared, b"own" * 10000], "numbers": [number / 7 for number in range(30000)], "sets": [{"member %d" % (number + member) for member in range(40)} for number in range(100)],
}
gc.collect()
gc.disable()
snapshot("retained")
time.sleep(1)  # until the capture has freed its own memory
freed = {}
for name in list(trees):
    before = tracemalloc.get_traced_memory()[0]
    del trees[name]
    freed[name] = before - tracemalloc.get_traced_memory()[0]
tell("freed", freed)
