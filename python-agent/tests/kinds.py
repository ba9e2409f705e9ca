"""More than a hundred kinds of object, each by a function of a number that makes one with all that it alone holds."""

import abc
import array
import asyncio
import collections
import contextlib
import copy
import csv
import ctypes
import datetime
import decimal
import enum
import fractions
import functools
import http.cookies
import io
import ipaddress
import itertools
import json
import logging
import operator
import pathlib
import queue
import random
import sched
import string
import struct
import threading
import types
import uuid
import weakref
from collections import OrderedDict, defaultdict, deque

from tests.kind_parts import (
    APART, Aware, closure, Concrete, context, Data, element, Empty, Fault, fault, fault_with_cause, FaultWithFields,
    Fields, LOOP, message, numbers, OfBytearray, OfBytes, OfDeque, OfDict, OfFloat, OfInt, OfIntWithSlots, OfList,
    OfOrdered, OfSet, OfStr, OfStrWithSlots, OfTuple, OfTupleWithSlots, pattern, PATTERN, Plain, Point, put, Pydict,
    ROW, running, shrink, shrunk, Slots, SlotsAndDict, started, Touched, touched, waits, Wide, WideTouched, WITHIN,
    written, yields)

KINDS = {
    "object": lambda n: object(),
    "int": lambda n: n + (1 << 40),
    "big int": lambda n: n + (1 << 900),
    "float": lambda n: n + 0.5,
    "complex": lambda n: complex(n, 0.5),
    "str": lambda n: "ascii text of %d" % n,
    "latin str": lambda n: "übel %d" % n,
    "wide str": lambda n: "文字 %d" % n,
    "emoji str": lambda n: "\U0001f600 %d" % n,
    "bytes": lambda n: b"bytes %d" % n,
    "bytearray": lambda n: bytearray(b"bytes %d" % n),
    "bytearray that grew": lambda n: bytearray(b"b") + bytearray(300),
    "bytearray cut": lambda n: bytearray(1000)[:10],
    "memoryview": lambda n: memoryview(bytearray(100)),
    "tuple": lambda n: (n + 1000, "in a tuple %d" % n),
    "list": lambda n: [n + 1000, "in a list %d" % n],
    "list that grew": lambda n: [n for _ in itertools.repeat(None, 50)],
    "dict": lambda n: {"key %d" % n: n + 1000},
    "dict of str keys": lambda n: {"a": n + 1000, "b": n + 2000},
    "dict of int keys": lambda n: {n + 1000: 1, n + 2000: 2},
    "large dict": lambda n: dict.fromkeys(range(300)),
    "dict emptied": lambda n: shrink(dict.fromkeys(range(300))),
    "set": lambda n: {n + 1000},
    "large set": lambda n: set(range(100)),
    "frozenset": lambda n: frozenset([n + 1000, n + 2000]),
    "deque": lambda n: deque([n + 1000]),
    "long deque": lambda n: deque(range(300)),
    "OrderedDict": lambda n: OrderedDict(a=n + 1000, b=2),
    "defaultdict": lambda n: defaultdict(list, a=[n]),
    "Counter": lambda n: collections.Counter("abc%d" % n),
    "ChainMap": lambda n: collections.ChainMap({"a": n}),
    "UserDict": lambda n: Pydict(a=n + 1000),
    "array": lambda n: array.array("d", [n] * 30),
    "slice": lambda n: slice(n + 1000, n + 2000),
    "range": lambda n: range(n + 1000, n + 2000),
    "instance": Plain,
    "empty instance": lambda n: Empty(),
    "instance with touched dict": lambda n: touched(Touched, n),
    "instance with a deleted attribute": shrunk,
    "wide instance": Wide,
    "wide instance with touched dict": lambda n: touched(WideTouched, n),
    "slots": Slots,
    "slots and dict": SlotsAndDict,
    "subclass of an abstract one": Concrete,
    "subclass of dict": lambda n: OfDict(a=n + 1000),
    "subclass of list": lambda n: OfList([n + 1000]),
    "subclass of tuple": lambda n: OfTuple([n + 1000, "text %d" % n]),
    "subclass of str": lambda n: OfStr("text %d" % n),
    "subclass of bytes": lambda n: OfBytes(b"bytes %d" % n),
    "subclass of int": lambda n: OfInt(n + 1000),
    "subclass of int with slots": lambda n: OfIntWithSlots(n + 1000),
    "subclass of str with slots": lambda n: OfStrWithSlots("text %d" % n),
    "subclass of tuple with slots": lambda n: OfTupleWithSlots([n + 1000]),
    "zero of a subclass of int": lambda n: OfInt(0),
    "subclass of float": lambda n: OfFloat(n),
    "subclass of set": lambda n: OfSet([n + 1000]),
    "subclass of bytearray": lambda n: OfBytearray(b"bytes %d" % n),
    "subclass of deque": lambda n: OfDeque([n + 1000]),
    "subclass of OrderedDict": lambda n: OfOrdered(a=n + 1000),
    "dataclass": lambda n: Data(n + 1000, "text %d" % n),
    "NamedTuple": lambda n: Point(n + 1000, "text %d" % n),
    "SimpleNamespace": lambda n: types.SimpleNamespace(a=n + 1000),
    "exception": lambda n: fault(ValueError, n),
    "KeyError": lambda n: fault(KeyError, n),
    "OSError": lambda n: OSError(n + 1000, "text %d" % n),
    "subclass of Exception": lambda n: fault(Fault, n),
    "exception with fields": FaultWithFields,
    "exception with a cause": fault_with_cause,
    "function": closure,
    "partial": lambda n: functools.partial(print, n + 1000, end="%d" % n),
    "bound method": lambda n: Plain(n).method,
    "built-in method": lambda n: [n + 1000].append,
    "generator": lambda n: Plain(n).generator(n),
    "running generator": lambda n: running(numbers(n)),
    "coroutine": waits,
    "asynchronous generator": lambda n: yields(n),
    "list iterator": lambda n: iter([n + 1000]),
    "dict iterator": lambda n: iter({"a": n + 1000}),
    "enumerate": lambda n: enumerate([n + 1000]),
    "zip": lambda n: zip([n + 1000], [n + 2000]),
    "map": lambda n: map(str, [n + 1000]),
    "filter": lambda n: filter(None, [n + 1000]),
    "itertools.chain": lambda n: itertools.chain([n + 1000], [n]),
    "itertools.islice": lambda n: itertools.islice([n + 1000], 3),
    "itertools.product": lambda n: itertools.product([n + 1000], [1, 2]),
    "itertools.tee": lambda n: itertools.tee([n + 1000]),
    "itertools.groupby": lambda n: itertools.groupby([n + 1000]),
    "itertools.count": lambda n: itertools.count(n + 1000),
    "reversed": lambda n: reversed([n + 1000]),
    "operator.itemgetter": lambda n: operator.itemgetter("key %d" % n),
    "property": lambda n: property(closure(n)),
    "staticmethod": lambda n: staticmethod(closure(n)),
    "class with slots": lambda n: type("Made%d" % n, (), {"__slots__": ("a", "b")}),
    "class": lambda n: type("Made%d" % n, (), {"__slots__": ()}),
    "module": lambda n: types.ModuleType("made_%d" % n),
    "weak reference": lambda n: (lambda made: (made, weakref.ref(made, print)))(Plain(n)),
    "WeakValueDictionary": lambda n: weakref.WeakValueDictionary(),
    "WeakSet": lambda n: weakref.WeakSet(),
    "MappingProxyType": lambda n: types.MappingProxyType({"a": n + 1000}),
    "cell": lambda n: closure(n).__closure__[0],
    "BytesIO": lambda n: io.BytesIO(b"of %d" % n),
    "BytesIO that was written": lambda n: written(io.BytesIO(), b"z" * 1000),
    "StringIO": lambda n: io.StringIO("text %d" % n),
    "StringIO that was written": lambda n: written(io.StringIO(), "z" * 1000),
    "BufferedReader": lambda n: io.BufferedReader(io.BytesIO(b"of %d" % n)),
    "TextIOWrapper": lambda n: io.TextIOWrapper(io.BytesIO(b"of %d" % n), encoding="utf-8"),
    "match": lambda n: PATTERN.match("word %d" % n),
    "pattern": pattern,
    "Struct": lambda n: struct.Struct("<3i%dsd" % (n + 1)),
    "ctypes number": lambda n: ctypes.c_int(n),
    "ctypes structure": lambda n: Fields(n, n, b"text"),
    "ctypes array": lambda n: ROW(),
    "ctypes array within": lambda n: WITHIN(),
    "small ctypes array": lambda n: APART(),
    "ctypes pointer": lambda n: ctypes.pointer(ctypes.c_int(n)),
    "Element": element,
    "Decimal": lambda n: decimal.Decimal("1.25") * n,
    "Fraction": lambda n: fractions.Fraction(n + 1000, 7),
    "datetime": lambda n: datetime.datetime(2020, 1, 1) + datetime.timedelta(n),
    "datetime with a zone": lambda n: datetime.datetime(2020, 1, 1, tzinfo=Aware(n)),
    "time": lambda n: datetime.time(n % 24),
    "timezone with a name": lambda n: datetime.timezone(datetime.timedelta(seconds=n), "zone %d" % n),
    "timedelta": lambda n: datetime.timedelta(n),
    "timezone": lambda n: datetime.timezone(datetime.timedelta(seconds=n)),
    "UUID": lambda n: uuid.UUID(int=n + (1 << 100)),
    "Path": lambda n: pathlib.PurePath("/some/where/%d" % n),
    "IPv4Address": lambda n: ipaddress.IPv4Address(n + (1 << 24)),
    "Lock": lambda n: threading.Lock(),
    "RLock": lambda n: threading.RLock(),
    "Condition": lambda n: threading.Condition(),
    "Event": lambda n: threading.Event(),
    "local": lambda n: threading.local(),
    "Queue": lambda n: put(queue.Queue(), n),
    "SimpleQueue": lambda n: put(queue.SimpleQueue(), n),
    "LogRecord": lambda n: logging.LogRecord("name", 20, "file.py", n + 1000, "text %d" % n, None, None),
    "Message": message,
    "SimpleCookie": lambda n: http.cookies.SimpleCookie("a=%d" % n),
    "Random": lambda n: random.Random(n),
    "Template": lambda n: string.Template("$a %d" % n),
    "decompressor": started,
    "Context": context,
    "parsed JSON": lambda n: json.loads('{"a": [%d, 2.5, "text"], "b": {"c": null}}' % (n + 1000)),
    "deep copy": lambda n: copy.deepcopy({"a": [n + 1000, {"b": "c%d" % n}]}),
    "ExitStack": lambda n: contextlib.ExitStack(),
    "scheduler": lambda n: sched.scheduler(),
    "csv reader": lambda n: csv.reader(["%d,2" % n]),
    "Future": lambda n: asyncio.Future(loop=LOOP),
    "Enum": lambda n: enum.Enum("Made%d" % n, "A B"),
}
