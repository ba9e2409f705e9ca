"""What the C core writes about objects, compared with the interpreter's own data."""

import array
import collections
import ctypes
import datetime
import decimal
import functools
import gc
import io
import itertools
import mmap
import re
import struct
import sys
import time
import types
import unittest
import weakref

from tests.size_support import right_size
from tests.native_support import NativeTest

TRACKED, PERMANENT = 1, 8


class Plain(object):
    def __init__(self, **attributes):
        for name, value in attributes.items():
            setattr(self, name, value)


class Slots(object):
    __slots__ = ("one", "two", "unset")


class SlotsAndDict(Slots):
    pass


class Liar(object):
    @property
    def __class__(self):
        raise RuntimeError("touched")

    def __sizeof__(self):
        raise RuntimeError("touched")

    def __repr__(self):
        raise RuntimeError("touched")

    def __getattr__(self, name):
        raise RuntimeError("touched")


class DictChild(dict):
    pass


class ListChild(list):
    def __sizeof__(self):
        raise RuntimeError("touched")


Point = collections.namedtuple("Point", "x y")


class TouchyMeta(type):
    __module__ = property(lambda cls: 1 / 0)

    def __eq__(cls, other):
        raise RuntimeError("touched")


def sample_values():
    """One or more of every built-in type that can be had."""
    text = "".join(["ab", "c"])
    wide = "".join(["\u0101", "b"])
    encoded = "".join(["\u0101", "c", "d"])
    encoded.encode()
    empty = [], (), {}, set(), frozenset(), "", b"", 0, bytearray()
    numbers = 1, -1, 2 ** 29, 2 ** 30, -2 ** 45, 2 ** 60, 2 ** 200, -2 ** 3000, True, False, 1.5, 1j, None, Ellipsis
    texts = text, wide, encoded, "\xe9\xe8", "\U0001F600", "x" * 1000, b"x" * 1000, bytearray(1000), memoryview(b"abc")
    grown = list(range(100))
    grown.append(1)
    shrunk = {number: number for number in range(100)}
    for number in range(90):
        del shrunk[number]
    containers = (grown, shrunk, set(range(100)), frozenset(range(3)), (1,), (1, 2, 3), {"a": 1}, [None] * 7,
                  collections.deque(range(200)), collections.deque(maxlen=3), collections.OrderedDict(a=1),
                  collections.defaultdict(list, a=1), collections.Counter("hello"), Point(1, 2), DictChild(a=1),
                  array.array("d", [1.0] * 50))
    callables = (len, sample_values, [].append, Plain().__init__, property(len), classmethod(len), staticmethod(len),
                 functools.partial(len, []), lambda: text, str.join, object.__init__, "".join)
    kinds = type, int, Plain, Slots, Exception, collections.OrderedDict, TouchyMeta("Touchy", (), {}), Point
    iterators = (iter([1]), iter({}), iter(set()), iter(()), iter(""), range(10), slice(1, 2), zip(), map(len, []),
                 enumerate([]), reversed([]), itertools.chain([1]), itertools.count(), (x for x in []), {}.keys(), {}.items())
    others = (sys, types.SimpleNamespace(a=1), weakref.ref(Plain), sys._getframe(), sys._getframe().f_code, ValueError(1),
              OSError(1, "x"), re.compile("a+"), datetime.datetime.now(), decimal.Decimal(1), io.StringIO("abc"),
              io.BytesIO(b"abc"), struct.Struct("i"), time.gmtime(), types.MappingProxyType({}), ctypes.c_int(1),
              mmap.mmap(-1, 4096), NotImplemented, super(Plain, Plain()))
    return [thing for group in (empty, numbers, texts, containers, callables, kinds, iterators, others) for thing in group]


class Graph(NativeTest):
    def test_counts_by_type_are_those_of_the_collector(self):
        gc.collect()
        gc.disable()
        self.addCleanup(gc.enable)
        names = {id(kind): native_name(kind) for kind in map(type, gc.get_objects())}
        counted = collections.Counter(names.get(id(type(thing)), "new") for thing in gc.get_objects())
        dump = self.snapshot()
        seen = listed_types(dump)
        different = {name: (counted[name], seen[name]) for name in set(counted) | set(seen)
                     if counted[name] != seen[name]}
        # The counting itself creates and frees a few of these.
        few = {"list", "dict", "tuple", "frame", "collections.Counter", "function", "cell", "generator", "method", "map",
               "list_iterator", "new", "builtin_function_or_method"}
        self.assertEqual({name for name in different if name not in few}, set(), different)
        for name, (before, after) in different.items():
            self.assertLessEqual(abs(before - after), 25, (name, different))

    def test_sizes_are_those_of_getsizeof_put_right(self):
        # What classes add to instances is another test's.
        values = [value for value in sample_values() if type(value).__dictoffset__ >= 0]
        expected = [right_size(value) for value in values]
        dump = self.snapshot()
        wrong = [(type(value), size, dump.bytes_of(dump.number_of(value))) for value, size in zip(values, expected)
                 if dump.number_of(value) is not None and dump.bytes_of(dump.number_of(value)) != size
                 and right_size(value) == size]
        self.assertEqual(wrong, [])
        missing = [type(value) for value in values if dump.number_of(value) is None]
        self.assertEqual(missing, [])

    def test_sizes_of_instances_count_their_values(self):
        plain, slotted = Plain(a=1, b=2, c=3, d=4, e=5), SlotsAndDict()
        dump = self.snapshot()
        self.assertEqual(dump.bytes_of(dump.number_of(slotted)) >= sys.getsizeof(slotted), True)
        whole = dump.bytes_of(dump.number_of(plain))
        if sys.version_info >= (3, 11):
            self.assertGreaterEqual(whole, sys.getsizeof(plain) + 5 * 8)
            self.assertLessEqual(whole, sys.getsizeof(plain) + 32 * 10)
        else:
            self.assertEqual(whole, sys.getsizeof(plain))

    def test_python_code_is_never_called(self):
        liar, child, touchy = Liar(), ListChild([1, 2]), TouchyMeta("Touchy", (), {"__slots__": "a"})()
        dump = self.snapshot()
        number = dump.number_of(liar)
        self.assertEqual(dump.type_name(number), __name__ + ".Liar")
        self.assertEqual(dump.bytes_of(dump.number_of(child)), list.__sizeof__(child) + sys.getsizeof([]) - list.__sizeof__([])
                         + (16 if sys.version_info >= (3, 11) else 0) + self.values_of(dump, child))
        self.assertIsNotNone(dump.number_of(touchy))

    def values_of(self, dump, thing):
        """Bytes for inline values of an instance without attributes."""
        own = dump.bytes_of(dump.number_of(thing)) - list.__sizeof__(thing) - 32
        return own if sys.version_info >= (3, 11) and 0 <= own <= 300 else 0

    def test_every_reference_is_there_once(self):
        values = sample_values()
        gc.disable()
        self.addCleanup(gc.enable)
        expected = [collections.Counter(map(id, gc.get_referents(value))) for value in values]
        dump = self.snapshot()
        for value, referents in zip(values, expected):
            seen = collections.Counter(dump.address[target] for target in dump.targets_of(dump.number_of(value)))
            self.assertEqual(referents - seen, collections.Counter(), (type(value), value if type(value) is dict else ""))

    def test_there_are_no_others_but_named_ones(self):
        values = sample_values()
        gc.disable()
        self.addCleanup(gc.enable)
        expected = [collections.Counter(map(id, gc.get_referents(value))) for value in values]
        dump = self.snapshot()
        for value, referents in zip(values, expected):
            for edge in dump.edges(dump.number_of(value)):
                address = dump.address[edge.target]
                if referents[address] > 0:
                    referents[address] -= 1
                elif edge.kind != "key":
                    self.assertTrue(edge.name, (type(value), edge, dump.type_name(edge.target)))

    def test_referrers_are_those_of_the_collector(self):
        target = Plain()
        holders = [[target], {"key": target}, (target, 1), Plain(held=target), {target}, lambda: target, Slots()]
        holders[-1].one = target
        cell = holders[5].__closure__[0]
        holders[0].append(holders)
        gc.collect()
        expected = {id(thing) for thing in gc.get_referrers(target)} - {id(sys._getframe())}
        dump = self.snapshot()
        seen = {dump.address[number] for number in dump.referrers(dump.number_of(target))}
        own_frame = {address for address in expected | seen if dump.type_name(dump.by_address[address]) == "frame"}
        self.assertEqual(seen - own_frame, expected - own_frame)
        self.assertIn(id(cell), seen)

    def test_reference_counts(self):
        target = Plain()
        holders = [target] * 7
        dump = self.snapshot()
        self.assertIn(dump.refs[dump.number_of(target)], (8, 9))  # ours and a running expression's
        self.assertEqual(len(holders), 7)
        if sys.version_info >= (3, 12):
            self.assertEqual(dump.refs[dump.number_of(None)], 0xFFFFFFFF)
            self.assertTrue(dump.flags[dump.number_of(None)] & 4)

    def test_a_long_chain(self):
        chain = None
        for _ in range(300000):
            chain = [chain]
        try:
            dump = self.snapshot()
            self.assertGreater(len(dump), 300000)
        finally:
            while chain:  # no recursion in freeing it either
                chain = chain[0]

    def test_frozen_objects(self):
        gc.freeze()
        try:
            dump = self.snapshot()
        finally:
            gc.unfreeze()
        number = dump.number_of(Plain)
        self.assertEqual(dump.flags[number] & 15, TRACKED | 2 | PERMANENT)

    def test_a_list_of_objects_instead_of_the_collectors_lists(self):
        kept = Plain(a=Plain())
        gc.collect()
        dump = self.snapshot()
        listed = gc.get_objects()
        other = self.snapshot(listed=listed)
        self.assertEqual(other.refs[other.number_of(kept)], dump.refs[dump.number_of(kept)])
        difference = {name: count for name, count in (listed_types(dump) - listed_types(other)).items()
                      if count > 25}
        self.assertEqual(difference, {})


class GraphInPlace(Graph):
    way = "in-place"


class Types(NativeTest):
    def entry(self, dump, kind):
        return next(entry for entry in dump.types if dump.address[entry.ref] == id(kind))

    def test_names_and_flags(self):
        class WithDel(object):
            def __del__(self):
                pass

        class Child(WithDel):
            pass
        things = WithDel(), Child(), Slots(), DictChild(), collections.OrderedDict(), Point(1, 2), TouchyMeta("T", (), {})
        dump = self.snapshot()
        mine = self.entry(dump, WithDel)
        self.assertEqual((mine.module, mine.name), (__name__, "Types.test_names_and_flags.<locals>.WithDel"))
        self.assertEqual(mine.flags, 1 | 2 | 4 | 8)
        self.assertEqual(self.entry(dump, Child).flags & 4, 4)
        self.assertEqual(dump.types[self.entry(dump, Child).base], mine)
        self.assertEqual(self.entry(dump, Slots).flags & (1 | 32), 1 | 32)
        self.assertEqual(self.entry(dump, TouchyMeta).flags & 16, 16)
        self.assertEqual(self.entry(dump, collections.OrderedDict).flags & 1, 0)
        self.assertEqual(self.entry(dump, collections.OrderedDict).module, "collections")
        self.assertEqual((self.entry(dump, dict).module, self.entry(dump, dict).name), ("builtins", "dict"))
        self.assertEqual(len(things), 7)

    def test_names_that_are_long_or_wrong(self):
        long = type("N" * 10000, (), {"__module__": "m" * 10000})
        wrong = type("Wrong", (), {"__module__": 17})
        odd = type("Odd", (), {"__qualname__": "Odd\udc80\xe9"})
        things = long(), wrong(), odd()
        dump = self.snapshot()
        self.assertEqual((len(self.entry(dump, long).name), len(self.entry(dump, long).module)), (500, 500))
        self.assertEqual(self.entry(dump, wrong).module, "?")
        self.assertEqual(self.entry(dump, odd).name, "Odd?\xe9")
        self.assertEqual(len(things), 3)

    def test_types_hold_what_they_hold(self):
        dump = self.snapshot()
        for kind in (Slots, dict, Exception):
            names = self.names_of(dump, kind)
            self.assertEqual(names["__base__"], id(kind.__base__))
            self.assertEqual(names["__mro__"], id(kind.__mro__))
            self.assertEqual(names["__bases__"], id(kind.__bases__))
            held = dump.by_address[names["__dict__"]]
            self.assertEqual(dump.type_name(held), "dict")
            self.assertIn("__doc__", [edge.name for edge in dump.edges(held)])
        slots = dump.by_address[self.names_of(dump, Slots)["__slots__"]]
        self.assertEqual(dump.type_name(slots), "tuple")


def listed_types(dump):
    """Counter of what ``gc.get_objects`` lists: without the permanent generation (3.12 has its own tuples there)."""
    return dump.count_by_type(TRACKED) - dump.count_by_type(TRACKED | PERMANENT)


def native_name(kind):
    """As the core names a type."""
    if kind.__flags__ & 1 << 9:
        module = type.__dict__["__dict__"].__get__(kind).get("__module__", "?")
        name = type.__dict__["__qualname__"].__get__(kind)
    else:
        full = type.__dict__["__module__"].__get__(kind), type.__dict__["__name__"].__get__(kind)
        module, name = full
    return name if module in ("builtins", "") else "%s.%s" % (module, name)


if __name__ == "__main__":
    unittest.main()
