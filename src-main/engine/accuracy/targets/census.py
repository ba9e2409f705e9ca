"""One of everything that other tools count differently, and then the number of objects of each type."""

import array
import asyncio
import collections
import gc
import json
import time
import weakref

import objgraph
from truth import name_of, snapshot, tell


class Plain:
    def __init__(self, value):
        self.value = value
        self.other = [value]


class Slotted:
    __slots__ = ("a", "b", "__weakref__")

    def __init__(self, a):
        self.a = a


class ListChild(list):
    pass


class DictChild(dict):
    pass


class Strange(type):
    def __eq__(cls, other):
        return True

    __hash__ = None


class Liar(metaclass=Strange):
    __class__ = property(lambda self: int)

    def __sizeof__(self):
        raise RuntimeError("nobody may ask")


def counting():
    number = 0
    while True:
        number += 1
        yield number


async def waiting(event):
    await event.wait()


def closing_over(big):
    def inner():
        return big
    return inner


def build():
    plain = [Plain(number) for number in range(100)]
    for one in plain[:10]:
        one.__dict__  # materialised
    for one in plain[10:20]:
        del one.other
    generators = [counting() for _ in range(7)]
    for each in generators[:5]:
        next(each)
    slotted = [Slotted(number) for number in range(50)]
    coroutine = waiting(None)
    keeper = {
        "plain": plain, "generators": generators, "slotted": slotted, "coroutine": coroutine,
        "closures": [closing_over([number]) for number in range(30)],
        "weak": [weakref.ref(one) for one in slotted], "weak_values": weakref.WeakValueDictionary(enumerate(slotted)),
        "deque": collections.deque(plain, maxlen=40), "ordered": collections.OrderedDict(a=[1]),
        "default": collections.defaultdict(list, b=[2]), "counter": collections.Counter("hello"),
        "array": array.array("d", range(100)), "list_child": ListChild([1]), "dict_child": DictChild(a=[1]),
        "liars": [Liar() for _ in range(3)], "bytearray": bytearray(1000), "frozen": frozenset({("a", "b")}),
        "queue": asyncio.Queue, "bound": [plain[0].__init__, [].append],
    }
    cycle = []
    cycle.append(cycle)
    return keeper


def counts():
    kinds = {}
    for one in gc.get_objects():
        kind = type(one)
        known = kinds.get(id(kind))
        kinds[id(kind)] = (name_of(kind), 1 if known is None else known[1] + 1)
    result = {}
    for name, count in kinds.values():
        result[name] = result.get(name, 0) + count
    return result


keeper = build()
gc.collect()
gc.disable()
objgraph.typestats(shortnames=False)
snapshot("first")  # the agent loads what it needs for snapshots at the first one
time.sleep(1)
gc.collect()
tell("warm", counts())
tell("objgraph", objgraph.typestats(shortnames=False))
before = json.dumps(counts())
snapshot("census")
after = ""
for _ in range(20):  # the agent's thread may be in the middle of its own work
    time.sleep(0.1)
    after = json.dumps(counts())
    if after == before:
        break
tell("before", json.loads(before))
tell("after", json.loads(after))
keeper["coroutine"].close()
