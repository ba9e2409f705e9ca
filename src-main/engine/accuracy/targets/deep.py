"""Structures, and what pympler's ``asizeof`` reports for each of them alone."""

from pympler import asizeof
from truth import snapshot, tell


class Node:
    def __init__(self, value, following=None):
        self.value = value
        self.following = following


class Slotted:
    __slots__ = ("a", "b")

    def __init__(self, a, b):
        self.a = a
        self.b = b


def chain(length):
    first = None
    for number in range(length):
        first = Node("value %d" % number, first)
    return first


shared = ["shared"] * 3
cycle = [1000001]
cycle.append(cycle)
structures = {
    "number": 1234567, "text": "some text of its own" * 3, "list of numbers": [1000 + number for number in range(50)],
    "list of texts": ["text number %d" % number for number in range(50)], "shared twice": [shared, shared], "cycle": cycle,
    "dictionary": {"key %d" % number: [number + 1000] for number in range(20)}, "nested": {"a": {"b": {"c": [1.5, 2.5]}}},
    "tuple": (("a" * 40, 1), ("b" * 41, 2)), "set": {"member %d" % number for number in range(10)},
    "slotted": [Slotted("left one", [1, 2])], "bytes": [b"x" * 1000, bytearray(2000)],
}
tell("deep", {name: asizeof.asizeof(one) for name, one in structures.items()})
snapshot("deep")
