"""Classes and functions that the kinds of ``kinds.py`` are made with."""

import abc
import asyncio
import collections
import contextvars
import ctypes
import dataclasses
import datetime
import email.message
import functools
import re
import typing
import xml.etree.ElementTree as tree
import zlib
from collections import OrderedDict, deque


class Plain:
    def __init__(self, n):
        self.number, self.text, self.items = n + 1000, "text %d" % n, [n + 1000]

    def method(self):
        return self

    async def coroutine(self, n):
        return n

    def generator(self, n):
        yield n


class Touched(Plain):
    pass


class Shrunk(Plain):
    pass


NAMES = ["f%d" % n for n in range(20)]


class Wide:
    def __init__(self, n):
        for name in NAMES:
            setattr(self, name, None)


class WideTouched(Wide):
    pass


class Slots:
    __slots__ = ("number", "text", "__weakref__")

    def __init__(self, n):
        self.number, self.text = n + 1000, "text %d" % n


class SlotsAndDict(Slots):
    def __init__(self, n):
        Slots.__init__(self, n)
        self.more = n + 1000


class Empty:
    pass


class OfDict(dict):
    pass


class OfList(list):
    pass


class OfTuple(tuple):
    pass


class OfStr(str):
    pass


class OfBytes(bytes):
    pass


class OfInt(int):
    pass


class OfFloat(float):
    pass


class OfIntWithSlots(int):
    __slots__ = ()


class OfTupleWithSlots(tuple):
    __slots__ = ()


class OfStrWithSlots(str):
    __slots__ = ()


class OfSet(set):
    pass


class OfBytearray(bytearray):
    pass


class OfDeque(deque):
    pass


class OfOrdered(OrderedDict):
    pass


class Fault(Exception):
    pass


class FaultWithFields(Exception):
    def __init__(self, n):
        Exception.__init__(self, "fault %d" % n)
        self.number = n + 1000


class Abstract(abc.ABC):
    pass


class Concrete(Abstract):
    def __init__(self, n):
        self.number = n + 1000


class Fields(ctypes.Structure):
    _fields_ = [("a", ctypes.c_int), ("b", ctypes.c_double), ("c", ctypes.c_char * 64)]


class Aware(datetime.tzinfo):
    def __init__(self, n):
        self.number = n + 1000


ROW = ctypes.c_double * 64
WITHIN, APART = ctypes.c_char * 16, ctypes.c_char * 24


class Point(typing.NamedTuple):
    x: int
    y: str


@dataclasses.dataclass
class Data:
    number: int
    text: str
    items: list = dataclasses.field(default_factory=list)


class Pydict(collections.UserDict):
    pass


def fault(kind, n):
    try:
        raise kind("fault %d" % n)
    except kind as error:
        return error


def fault_with_cause(n):
    try:
        try:
            raise KeyError("key %d" % n)
        except KeyError as error:
            raise Fault("no %d" % n) from error
    except Fault as error:
        return error


def touched(kind, n):
    made = kind(n)
    made.__dict__
    return made


def shrunk(n):
    made = Shrunk(n)
    del made.text
    return made


def closure(n):
    kept = [n + 1000]
    return lambda: kept


def running(generator):
    next(generator)
    return generator


def numbers(n):
    held = [n + 1000]
    while True:
        yield held


async def waits(n):
    return n


async def yields(n):
    yield n


def written(stream, data):
    stream.write(data)
    return stream


def element(n):
    made = tree.Element("tag", {"name": "value %d" % n})
    tree.SubElement(made, "child").text = "child %d" % n
    return made


def put(made, n):
    made.put("item %d" % n)
    return made


def message(n):
    made = email.message.Message()
    made["Subject"] = "about %d" % n
    return made


def started(n):
    made = zlib.decompressobj()
    made.decompress(zlib.compress(b"%d" % n * 500))
    return made


def context(n):
    made = contextvars.copy_context()
    made.run(VARIABLE.set, "value %d" % n)
    return made


def pattern(n):
    made = re.compile("a%d(b|c)+[d-z]*" % n)
    re.purge()
    return made


VARIABLE = contextvars.ContextVar("variable")
PATTERN = re.compile("([a-z]+) ([0-9]+)")


def shrink(made):
    for key in list(made)[5:]:
        del made[key]
    return made


class Loop:
    def get_debug(self):
        return False

    def call_soon(self, *what, **how):
        pass

    call_exception_handler = call_soon


LOOP = Loop()


def held_by_c():
    """A cached function with results, futures and a task that are waited for: all with what C code holds for them."""
    cached = functools.lru_cache(maxsize=4)(lambda *arguments: [arguments])
    waited, done = asyncio.Future(loop=LOOP), asyncio.Future(loop=LOOP)
    cached("alone"), cached(1, 2)
    for callback in print, repr:
        waited.add_done_callback(callback)
    done.set_result(["result"])
    task = asyncio.Task(waits(1), loop=LOOP, name="a task")
    task._log_destroy_pending = False
    return [cached, waited, done, task]
