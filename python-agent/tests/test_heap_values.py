"""The heap walked in pure Python: strangers, values, and the same heap as C sees it."""

import collections
import gc
import os
import sys
import time
import tracemalloc
import types
from importlib.util import find_spec

from heapscope_agent.heap import pure_python
from heapscope_agent.link.descriptors import NewFile
from heapscope_agent.heap.request import Request
from heapscope_agent.heap.ways import core_or_why, ways
from tests import dump_reader
from tests.test_heap_names import Guarded, Samples
from tests.heap_support import Walk, walked
from tests.support import ROOT


class Strangers(Walk):
    def test_nothing_of_theirs_runs(self):
        calls = []

        class Meta(type):
            def __eq__(cls, other):
                calls.append("meta eq")

            def __getattribute__(cls, name):
                calls.append("meta " + name)
                return type.__getattribute__(cls, name)

            def __instancecheck__(cls, other):
                calls.append("instancecheck")

        def spy(name):
            def method(self, *args):
                calls.append(name)
                raise RuntimeError(name)
            return method
        names = ("__repr__", "__str__", "__len__", "__iter__", "__getattr__", "__getattribute__", "__sizeof__", "__eq__",
                 "__hash__", "__bool__", "__call__", "items", "keys", "__getitem__", "__contains__", "__del__")
        body = {name: spy(name) for name in names if name != "__del__"}
        body["__class__"] = property(spy("class"))
        body["__dict__"] = property(spy("dict"))
        made = [Meta("Of" + base.__name__, (base,), dict(body)) for base in
                (object, list, dict, tuple, set, frozenset, str, bytes, int, float, Exception, collections.OrderedDict)]
        things = [object.__new__(made[0])] + [kind.__bases__[0].__new__(kind) for kind in made[1:]]
        del calls[:]
        heap = walked(previews=True, redact=["secret"])
        self.assertEqual(calls, [])
        for kind, thing in zip(made, things):
            number = heap.number_of(thing)
            self.assertEqual(heap.types[heap.type[number]].name.rpartition(".")[2], "Of" + type(thing).__mro__[1].__name__)

    def test_names_of_types_that_are_none(self):
        long, odd = type("x" * 10000, (), {}), type("odd", (), {"__module__": 7})
        surrogate = type("surrogate", (), {"__module__": "\udc80"})
        things = long(), odd(), surrogate()
        heap = walked()
        found = [heap.types[heap.type[heap.number_of(thing)]] for thing in things]
        self.assertEqual([entry.name for entry in found], ["x" * 500, "odd", "surrogate"])
        self.assertEqual([entry.module for entry in found][1:], ["?", "?"])

    def test_objects_that_are_just_being_made(self):
        def items():
            yield ["first"]
            yield pure_python.walk(Request({}))
            yield ["last"]
        self.assertEqual(len(tuple(items())), 3)  # on 3.13 and before its empty places would crash an iterator
        self.assertEqual(len(list(items())), 3)
        self.assertEqual(len([*items()]), 3)

    def test_containers_that_change_meanwhile(self):
        status, out, err = self.bare(["-c", "\n".join((
            "import sys; sys.path.insert(0, %r)" % ROOT,
            "from tests.test_heap_walk import walked; walked()",
            "grows, grown, spread = [None] * 300000, {}, [[] for _ in range(50)]",
            "def hook(event, args):",
            "    if event == 'builtins.id' and len(grown) < 300000:",
            "        grows.append(event); grown[len(grown)] = 1; spread[len(grown) % 50].append(1)",
            "sys.addaudithook(hook)",
            "heap = walked()",
            "print(heap.number_of(sys) is not None)"))])
        self.assertEqual((status, out, err), (0, "True\n", ""))

    def test_a_long_chain(self):
        link = None
        for _ in range(200000):
            link = [link]
        dump, _ = pure_python.walk(Request({}))
        self.assertGreater(dump.nodes, 200000)
        while link is not None:
            link = link[0]


class Values(Walk):
    def test_are_not_told_unasked(self):
        heap = walked()
        self.assertEqual({heap.type_name(number) for number in heap.previews} - set(dump_reader.PLACED), set())

    def test_are_told_but_for_what_rules_forbid(self):
        shown, hidden = "a word that may be shown", "a word that may not"
        plain = {"Password": hidden, "user": shown, b"TOKEN": [hidden], "count": 123456, "ratio": 0.5, "yes": True}
        elsewhere = [hidden, shown]
        guarded = Guarded()
        guarded.shown_word, guarded.hidden_word = "by its attribute " * len(plain), "by its other one " * len(plain)
        kept = [plain, elsewhere, guarded]
        heap = walked(previews=True, redact=["password", "token", "hidden_w"])

        def preview(thing):
            return heap.previews.get(heap.number_of(thing))
        self.assertEqual(preview(shown), shown)
        self.assertIsNone(preview(hidden))
        self.assertIsNone(preview(plain[b"TOKEN"]))
        self.assertIsNone(preview(guarded.hidden_word))
        self.assertEqual(preview(guarded.shown_word), guarded.shown_word[:120])
        self.assertEqual((preview(123456), preview(0.5), preview(True)), ("123456", "0.5", "True"))
        self.assertEqual(preview(elsewhere), "2 items")
        self.assertEqual(preview(kept), "3 items")
        self.assertIsNone(preview(guarded))
        number = heap.number_of(hidden)
        self.assertEqual(heap.hashes[number], hash(hidden) & 0xFFFFFFFFFFFFFFFF)

    def test_where_they_were_allocated(self):
        tracemalloc.start(3)
        try:
            made = [bytearray(3000)]  # most others come from lists of free objects, and 3.11 finds no instances
            line = sys._getframe().f_lineno - 1
            heap = walked()
        finally:
            tracemalloc.stop()
        site = heap.sites[heap.site[heap.number_of(made[0])]]
        self.assertEqual((heap.files[site[0][0]], site[0][1]), (__file__, line))
        self.assertEqual(heap.meta["frames"], 3)

    if find_spec("numpy"):  # of the interpreters that tests run on, one has it
        def test_arrays(self):
            import numpy
            thing = ["in an array"]
            array = numpy.array([thing, None], dtype=object)[:1].copy()
            array[0] = thing
            numbers = numpy.zeros((3, 4))
            view = numbers[1:]
            kept = [array, numbers, view]
            heap = walked()
            self.assertEqual([heap.bytes_of(heap.number_of(thing)) for thing in kept], list(map(sys.getsizeof, kept)))
            self.assertIn(id(thing), [heap.address[edge.target] for edge in heap.edges(heap.number_of(array))])
            self.assertEqual(heap.names(view)["base"], id(numbers))
            entry = next(entry for entry in heap.arrays if heap.address[entry.ref] == id(numbers))
            self.assertEqual((entry.bytes, entry.owns, entry.dtype, entry.shape), (96, 1, "float64", "(3, 4)"))


class Ways(Walk):
    """The C core and the pure Python walk see the same heap."""

    MAY_DIFFER = {"co_localsplusnames", "co_localspluskinds", "__subclasses__", "__slots__", "co_exceptiontable"}
    """Edges that only C can see."""
    MAY_DIFFER_IN_SIZE = ("code", "dict", "_ctypes.", "ctypes.", "typing.TypeVar")
    """Beginnings of kinds whose ``__sizeof__`` leaves out what C sees (the types that ctypes makes), or whose values are estimated."""

    def in_place(self):
        request = Request({"method": "in-place"})
        way, = ways("in-place", request)
        path = os.path.join(self.folder, "c.heapdump")
        if os.path.exists(path):
            os.unlink(path)
        made = NewFile(path)
        way.begin(made, request)
        self.assertTrue(way.go_on(time.monotonic())["done"])
        made.close()
        with open(path, "rb") as file:
            return file.read()

    def both(self):
        if core_or_why()[0] is None:
            self.skipTest(core_or_why()[1])
        enabled = gc.isenabled()
        gc.collect()
        gc.disable()
        try:
            self.in_place(), walked()
            core = self.in_place()
            dump, _ = pure_python.walk(Request({}))
            return dump_reader.parse(core), dump_reader.parse(b"".join(map(bytes, dump.pieces())))
        finally:
            if enabled:
                gc.enable()

    def test_agree(self):
        kept = list(Samples().__dict__.values())
        core, python = self.both()
        common = set(core.by_address) & set(python.by_address)
        self.assertGreater(len(common), 20000)
        self.assertTrue(all([id(thing) in common for thing in kept]))
        sizes, edges = collections.Counter(), collections.Counter()
        for address in common:
            one, other = core.by_address[address], python.by_address[address]
            if core.type_name(one) != python.type_name(other):
                continue  # an address used again meanwhile
            kind = core.type_name(one)
            estimated = "inline-sizes-estimated" in python.meta["notes"] and core.types[core.type[one]].flags & 1
            # C makes some types from a list of members, whose number Python does not show.
            known = estimated or kind == "type" or kind.startswith(self.MAY_DIFFER_IN_SIZE)
            if core.bytes_of(one) != python.bytes_of(other) and not known:
                sizes[kind] += 1
            edges.update(self.differences(core, one, python, other, kind))
        self.assertLess(sum(sizes.values()), 10, sizes)
        self.assertLess(sum(edges.values()), 200, edges)

    def differences(self, core, one, python, other, kind):
        named = [(core.address[edge.target] if edge.target != dump_reader.NONE else 0, edge) for edge in core.edges(one)]
        known = collections.Counter(address for address, edge in named if edge.name not in self.MAY_DIFFER)
        targets = collections.Counter(python.address[target] if target != dump_reader.NONE else 0
                                      for target in python.targets_of(other))
        optional = collections.Counter(address for address, edge in named if edge.name in self.MAY_DIFFER)
        missing = known - targets
        added = targets - known - optional
        if kind == "range":  # whose ends the core leaves out
            return []
        return [(kind, "missing")] * sum(missing.values()) + [(kind, "added")] * sum(added.values())
