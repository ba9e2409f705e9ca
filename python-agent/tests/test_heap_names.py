"""The heap walked in pure Python: names of references, and roots."""

import collections
import dataclasses
import functools
import gc
import sys
import weakref

from heapscope_agent.heap import pure_python
from tests import dump_reader
from tests.heap_support import Code, Walk, walked


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

    def test_of_code_are_told_without_leave_for_values(self):
        code = Code()
        self.assertEqual(code.wrong(walked()), [])

    def test_of_odd_keys(self):
        texts = [self.heap.texts.get(self.heap.number_of(key)) for key in self.of.odd_keys]
        self.assertEqual(texts, ["???", "ü" * 100, "0x1000000000000000…", ""])

    def test_references_that_are_ours_are_not_counted(self):
        counted = [self.heap.refs[self.heap.number_of(thing)] for thing in self.of.counted]
        self.assertEqual(counted, [1] * len(counted))


class Roots(Walk):
    def test_locals_of_running_functions(self):
        mine = ["mine"]
        heap = walked()
        frame = next(root for root in heap.roots if root.kind == 3 and root.name.endswith(
            "test_locals_of_running_functions"))
        self.assertTrue(frame.file.endswith("test_heap_names.py"))
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
        self.assertIn(id(pure_python), held)
        self.assertIn(id(pure_python.walk), held)
        self.assertFalse([root for root in heap.roots if root.kind == 3 and "heapscope_agent" in root.file])
