"""One object of each built-in kind in a list, and its size."""

import array
import collections
import datetime
import decimal
import fractions
import functools
import itertools
import re
import sys
import types
import weakref

from truth import name_of, snapshot, tell


class Plain:
    pass


def function(a, b=2, *, c=3):
    return a


def generator():
    yield 1


class Property:
    @property
    def value(self):
        return 1


def size_of(one):
    """Of these, tracemalloc agrees with ``sys.getsizeof`` but for two (python-agent/tests/test_sizes.py): a class has room for one
    member more than it counts, and a time without a zone ends before that field."""
    size = sys.getsizeof(one)
    if one is Plain:
        size += type.__itemsize__
    if type(one) is datetime.datetime and one.tzinfo is None:
        size -= 8
    return size


growing = []
for number in range(100):
    growing.append(number)
shrunk = dict.fromkeys(range(1000))
for number in range(990):
    del shrunk[number]

specimens = [
    0, 1, 12345678901234567890, -(1 << 1000), True, None, Ellipsis, NotImplemented, 1.5, 2j,
    "", "a", "ascii text", "caf\u00e9", "\u4e2d\u6587", "\U0001f600", "x" * 10000, b"", b"bytes", bytearray(b"abc"), bytearray(10000),
    (), (1,), (1, 2, 3), [], [1], growing, list(range(1000)), {}, {"a": 1}, dict.fromkeys(range(1000)), shrunk,
    set(), {1, 2}, set(range(1000)), frozenset(), frozenset(range(100)), range(10), slice(1, 2), iter([]), iter({}), reversed([]),
    function, lambda: 0, generator(), len, [].append, "".join, str.join, object.__init__, Plain, type, int, object(), types.SimpleNamespace(a=1),
    function.__code__, sys, Property.__dict__["value"], staticmethod(len), classmethod(len), functools.partial(len, [1]),
    collections.deque(range(100)), collections.OrderedDict(a=1, b=2), collections.defaultdict(list, a=1), collections.Counter("abc"),
    array.array("d", range(100)), memoryview(b"abc"), weakref.ref(Plain), datetime.datetime(2020, 1, 1), datetime.timedelta(1),
    decimal.Decimal("1.5"), fractions.Fraction(1, 3), re.compile("a+b"), itertools.count(), itertools.chain([1], [2]), zip([1]), enumerate([1]),
    map(len, [[]]), filter(None, []), ValueError("x"), KeyError, types.MappingProxyType({}), property(len), super(Property, Property()),
    types.CellType(1), types.MethodType(function, 1), open(__file__, "rb").raw if False else sys.stdout,
]
tell("sizes", [[name_of(type(one)), size_of(one)] for one in specimens])
snapshot("sizes")
