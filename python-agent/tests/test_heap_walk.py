"""The heap walked in pure Python, held against the living objects themselves."""

import collections
import dataclasses
import functools
import gc
import os
import sys
import threading
import time
import tracemalloc
import types
import weakref
from importlib.util import find_spec

from heapscope_agent.capture import heap_python, standstill
from heapscope_agent.snapshot_ways import Request, core_or_why, ways
from tests import dump_reader
from tests.support import ROOT, AgentTest

TRACKED, FROZEN = 1, 8


def walked(**options):
    """The dump of a walk in this process."""
    dump, _ = heap_python.walk(Request(options))
    return dump_reader.parse(b"".join(map(bytes, dump.pieces())))


class CountingCollector:
    """In place of ``gc``: remembers what the collector listed at the instant of the walk."""

    def get_objects(self):
        everything = gc.get_objects()
        counts = {}
        for entry in everything:
            counts[id(type(entry))] = counts.get(id(type(entry)), 0) + 1
        self.counts = counts
        return everything

    def __getattr__(self, name):
        return getattr(gc, name)


class Walk(AgentTest):
    def counted(self):
        counting = standstill.gc = CountingCollector()
        try:
            return walked(), counting.counts
        finally:
            standstill.gc = gc

    def alive(self):
        """Every object that can be reached in one step from a tracked one, by its address."""
        found = {id(entry): entry for entry in gc.get_objects()}
        for entry in list(found.values()):
            for target in gc.get_referents(entry):
                found.setdefault(id(target), target)
        return found


class Counts(Walk):
    def test_are_those_of_the_collector_at_the_same_instant(self):
        heap, expected = self.counted()
        counts = {}
        for number in set(heap.by_address.values()):
            if heap.flags[number] & (TRACKED | FROZEN) == TRACKED:
                kind = heap.address[heap.types[heap.type[number]].ref]
                counts[kind] = counts.get(kind, 0) + 1
        # 3.9 and 3.10 make objects of frames: those of the walk itself are no part of the program.
        for kind in (types.FrameType, type(self)):
            counts.pop(id(kind), None), expected.pop(id(kind), None)
        self.assertEqual(counts, expected)

    def test_each_tracked_object_is_described_once(self):
        heap = walked()
        tracked = [address for address, flags in zip(heap.address, heap.flags) if flags & TRACKED]
        self.assertEqual(len(tracked), len(set(tracked)))

    def test_frozen_objects(self):
        status, out, err = self.bare(["-c", "\n".join((
            "import gc, sys; sys.path.insert(0, %r)" % ROOT,
            "from tests.test_heap_walk import walked",
            "class Kept: pass",
            "kept = Kept(); kept.held = [Kept()]; gc.freeze()",
            "heap = walked()",
            "print(heap.count_by_type()['__main__.Kept'], heap.count_by_type(9)['__main__.Kept'])"))])
        self.assertEqual((status, out, err), (0, "2 2\n", ""))

    def test_nothing_of_the_program_changes(self):
        def counts():
            return len(gc.get_objects()), sys.getallocatedblocks()
        enabled, interval = gc.isenabled(), sys.getswitchinterval()
        gc.collect()
        gc.disable()
        try:
            for _ in range(3):  # free lists fill
                heap_python.walk(Request({}))
            before = counts()
            heap_python.walk(Request({}))
            after = counts()
            self.assertFalse(gc.isenabled())
        finally:
            if enabled:
                gc.enable()
        self.assertIn(after[0] - before[0], (0, 1))  # the tuple `before` itself, where the collector tracks it
        self.assertLess(abs(after[1] - before[1]), 50)
        self.assertEqual(sys.getswitchinterval(), interval)


class BesideOthers(Walk):
    """Threads that never let go of the interpreter's lock by themselves, some in the middle of making tuples."""

    def busy(self):
        def run():
            while not stop:
                made.append(tuple(map(len, map(str, range(300)))))
                counted[0] += 1
                del made[:]
        stop, made, counted = [], [], [0]
        threads = [threading.Thread(target=run) for _ in range(3)]
        for thread in threads:
            thread.start()
        try:
            yield counted
        finally:
            stop.append(True)
            for thread in threads:
                thread.join()

    def test_they_stand_still(self):
        interval = sys.getswitchinterval()
        for counted in self.busy():
            seen = []

            def work(request, everything, alone, began):
                before = counted[0]
                sum(range(3000000))
                for _ in range(100000):
                    pass
                seen.append((alone, counted[0] - before))
            for _ in range(5):
                standstill.over_all(work, None)
                time.sleep(0.01)
        self.assertEqual([moved for alone, moved in seen if alone and moved], [])
        self.assertTrue(any([alone for alone, _ in seen]))
        self.assertEqual(sys.getswitchinterval(), interval)

    def test_where_they_do_not_nothing_of_theirs_fails(self):
        errors = []
        hook, threading.excepthook = threading.excepthook, errors.append
        begin, standstill.begin = standstill.begin, lambda: False
        try:
            for _ in self.busy():
                kept = [(number, [number]) for number in range(1000)]
                heap = walked()
        finally:
            standstill.begin, threading.excepthook = begin, hook
        self.assertEqual(errors, [])
        self.assertIn("changed", heap.meta["notes"])
        self.assertTrue(all([heap.number_of(entry) is not None for entry in kept]))
        self.assertTrue(heap.flags[heap.number_of(kept[5])] & TRACKED)


class Sizes(Walk):
    def test_are_those_of_getsizeof(self):
        heap, alive = walked(), self.alive()
        wrong, checked = collections.Counter(), 0
        for address, thing in alive.items():
            number = heap.by_address.get(address)
            kind = type(thing)
            if number is None or heap.address[heap.types[heap.type[number]].ref] != id(kind):
                continue
            if kind in (types.CodeType, type, types.FrameType) or issubclass(kind, type):
                continue  # grow as the program runs
            if "inline-sizes-estimated" in heap.meta["notes"] and kind.__flags__ & (1 << 4 | 1 << 2):
                self.assertGreater(heap.bytes_of(number), 0)
                continue
            checked += 1
            if sys.getsizeof(thing) != heap.bytes_of(number):
                wrong[kind.__name__] += 1
        self.assertGreater(checked, 10000)
        self.assertLess(sum(wrong.values()), 20, wrong)  # what this test itself has changed meanwhile

    def test_of_types_themselves(self):
        class Fresh:
            pass
        heap = walked()
        for kind in (int, dict, collections.deque, BaseException):
            self.assertEqual(heap.bytes_of(heap.number_of(kind)), sys.getsizeof(kind), kind)

    def test_of_a_type_that_computes_its_own(self):
        class Liar(list):
            def __sizeof__(self):
                raise AssertionError("called")
        liar, honest = Liar(range(9)), list(range(9))
        honest_size = list.__sizeof__(liar)
        heap = walked()
        self.assertGreaterEqual(heap.bytes_of(heap.number_of(liar)), honest_size + 16)
        self.assertLessEqual(heap.bytes_of(heap.number_of(liar)), honest_size + 40)
        self.assertEqual(heap.bytes_of(heap.number_of(honest)), sys.getsizeof(honest))


class Named:
    def __init__(self):
        self.first = ["first"]
        self.second = ["second"]


class Slotted:
    __slots__ = ("b", "a")


class SubDict(dict):
    pass


@dataclasses.dataclass
class Data:
    left: list
    right: list


Pair = collections.namedtuple("Pair", "one two")


def closes_over(captured):
    def inner(defaulted=["default"], *, keyword=["keyword"]):
        return captured
    inner.own = ["attribute"]
    return inner


class Guarded:
    __slots__ = ("shown_word", "hidden_word")


class Varied:
    def __init__(self, odd):
        if odd:
            self.odd = ["odd"]
        else:
            self.even = ["even"]


class SubList(list):
    pass


def caught_error():
    try:
        raise StopIteration({"value": 1})
    except StopIteration as error:
        return error


class Samples:
    """Of each kind of object, one that nobody else holds."""

    def __init__(self):
        self.inside = [["x"], ["y"], ["z"]]
        self.named, self.asked, self.data = Named(), Named(), Data(["l"], ["r"])
        self.namespace = self.asked.__dict__
        self.slotted, self.half = Slotted(), Slotted()
        self.slotted.a, self.slotted.b, self.half.a = ["a"], ["b"], ["half"]
        self.several = [Named() for _ in range(5000)]
        self.varied = [Varied(number % 2) for number in range(3000)]
        self.items = [list(self.inside), tuple(self.inside), SubList(self.inside), Pair(*self.inside[:2]),
                      collections.deque(self.inside)]
        pairs = list(zip("abc", self.inside))
        mixed = {1: self.inside[0], "b": self.inside[1], (2,): self.inside[2]}
        self.keyed = [dict(pairs), SubDict(pairs), collections.OrderedDict(pairs), collections.defaultdict(list, pairs),
                      mixed, SubDict(mixed)]
        self.keyed[1].attribute = ["of the dictionary"]
        self.captured = ["captured"]
        self.function = closes_over(self.captured)
        self.method = Named().__init__
        self.partial = functools.partial(print, ["argument"], end=["keyword"])
        self.error = caught_error()
        self.weak, self.dead = weakref.ref(self.named), weakref.ref(Named())
        self.weak_values = weakref.WeakValueDictionary(key=self.named)
        self.odd_keys = {"\udc80" * 3: 1, "ü" * 300: 2, 1 << 5000: 3, "": 4}
        self.counted = [object(), ["x"], {"a": 1}, Named(), Slotted(), bytes(bytearray(b"of our own")), "text of %s own" % "our"]


class Names(Walk):
    @classmethod
    def setUpClass(cls):
        cls.of = Samples()
        cls.heap = walked()

    @classmethod
    def tearDownClass(cls):
        del cls.of, cls.heap

    def targets(self, thing, *kinds):
        """(name, address of the target) of the edges of some kinds."""
        return [(edge.name, self.heap.address[edge.target]) for edge in self.heap.edges(self.heap.number_of(thing))
                if edge.kind in kinds]

    def test_of_attributes(self):
        names, of = self.heap.names, self.of
        if sys.version_info < (3, 11):
            for thing in (of.named, of.several[4000], of.asked):
                self.assertEqual(names(thing), {"__dict__": id(thing.__dict__), "__class__": id(Named)})
        else:
            for thing in (of.named, of.several[4000]):
                self.assertEqual(names(thing), {"first": id(thing.first), "second": id(thing.second),
                                                "__class__": id(Named)})
            self.assertEqual(names(of.data), {"left": id(of.data.left), "right": id(of.data.right), "__class__": id(Data)})
            self.assertEqual(names(of.varied[1000])["even"], id(of.varied[1000].even))
            self.assertEqual(names(of.varied[1001])["odd"], id(of.varied[1001].odd))
        if sys.version_info < (3, 13):  # later a dictionary that was asked for is no referent
            self.assertEqual(names(of.asked)["__dict__"], id(of.namespace))

    def test_of_slots(self):
        names, of = self.heap.names, self.of
        self.assertEqual(names(of.slotted), {"a": id(of.slotted.a), "b": id(of.slotted.b), "__class__": id(Slotted)})
        self.assertEqual(names(of.half), {"a": id(of.half.a), "__class__": id(Slotted)})

    def test_of_what_containers_hold(self):
        for thing in self.of.items:
            self.assertEqual(self.targets(thing, "index"), [(index, id(item)) for index, item in enumerate(thing)])
        for thing in self.of.keyed:
            found = [address for _, address in self.targets(thing, "key", "value")]
            self.assertEqual(found, [id(part) for pair in thing.items() for part in pair])
        self.assertEqual(self.heap.names(self.of.keyed[4])["1"], id(self.of.inside[0]))
        self.assertEqual(self.heap.names(self.of.keyed[1])["b"], id(self.of.inside[1]))

    def test_of_functions_and_cells(self):
        names, of = self.heap.names, self.of
        for name in ("__code__", "__globals__", "__defaults__", "__kwdefaults__", "__closure__", "__dict__", "__name__"):
            self.assertEqual(names(of.function)[name], id(getattr(of.function, name)), name)
        self.assertEqual(names(of.function.__closure__[0]), {"cell_contents": id(of.captured)})
        self.assertEqual(names(of.method), {"__func__": id(Named.__init__), "__self__": id(of.method.__self__)})

    def test_of_code_types_and_modules(self):
        names = self.heap.names
        code = closes_over.__code__
        self.assertEqual(names(code)["co_consts"], id(code.co_consts))
        self.assertEqual(names(Named)["__bases__"], id(Named.__bases__))
        self.assertEqual(names(Named)["__name__"], id(Named.__name__))
        self.assertEqual(names(int)["__mro__"], id(int.__mro__))
        self.assertEqual(names(sys)["__dict__"], id(sys.__dict__))
        self.assertEqual([names(int)["__dict__"]], list(map(id, gc.get_referents(int.__dict__))))

    def test_of_weak_references(self):
        weak = dump_reader.WEAK | 2
        for reference in (self.of.weak, self.of.weak_values.data["key"]):
            self.assertEqual(self.targets(reference, weak), [("referent", id(self.of.named))])
        self.assertEqual(self.targets(self.of.dead, weak), [])

    def test_of_errors_and_other_things_of_c(self):
        names, error = self.heap.names, self.of.error
        self.assertEqual(names(error)["value"], id(error.value))
        self.assertEqual(names(error)["__traceback__"], id(error.__traceback__))
        self.assertEqual(names(error.__traceback__)["tb_frame"], id(error.__traceback__.tb_frame))
        self.assertEqual(names(self.of.partial)["args"], id(self.of.partial.args))

    def test_that_cannot_be_written(self):
        texts = [self.heap.texts.get(self.heap.number_of(key)) for key in self.of.odd_keys]
        self.assertEqual(texts, ["???", "ü" * 100, None, ""])

    def test_references_that_are_ours_are_not_counted(self):
        counted = [self.heap.refs[self.heap.number_of(thing)] for thing in self.of.counted]
        self.assertEqual(counted, [1] * len(counted))


class Roots(Walk):
    def test_locals_of_running_functions(self):
        mine = ["mine"]
        heap = walked()
        frame = next(root for root in heap.roots if root.kind == 3 and root.name.endswith(
            "test_locals_of_running_functions"))
        self.assertTrue(frame.file.endswith("test_heap_walk.py"))
        if "locals-unseen" in heap.meta["notes"]:
            self.assertIn(sys.version_info[:2], ((3, 11), (3, 12)))
        else:
            self.assertIn(id(mine), [heap.address[ref] for _, ref in frame.refs])
        if sys.version_info >= (3, 13):
            self.assertEqual(heap.locals(frame.name)["mine"], id(mine))

    def test_the_agent_is_apart(self):
        heap = walked()
        own = next(root for root in heap.roots if root.kind == 6)
        held = {heap.address[ref] for _, ref in own.refs}
        self.assertIn(id(heap_python), held)
        self.assertIn(id(heap_python.walk), held)
        self.assertFalse([root for root in heap.roots if root.kind == 3 and "heapscope_agent" in root.file])


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
            yield heap_python.walk(Request({}))
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
        dump, _ = heap_python.walk(Request({}))
        self.assertGreater(dump.nodes, 200000)
        while link is not None:
            link = link[0]


class Values(Walk):
    def test_are_not_told_unasked(self):
        heap = walked()
        self.assertEqual(heap.previews, {})

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

    def in_place(self):
        request = Request({"method": "in-place"})
        way, = ways("in-place", request)
        path = os.path.join(self.folder, "c.heapdump")
        with open(path, "wb") as file:
            way.begin(file.fileno(), request)
            self.assertTrue(way.go_on(time.monotonic())["done"])
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
            dump, _ = heap_python.walk(Request({}))
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
            if core.bytes_of(one) != python.bytes_of(other) and not estimated and kind not in ("code", "dict"):
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


