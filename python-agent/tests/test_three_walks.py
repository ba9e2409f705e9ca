"""One rich heap by all three ways in one process, held against each other row by row: the core in a forked copy, the core in place, and
pure Python. What differs is listed here with its reason; anything else is a fault of one of them.
"""

import array
import collections
import gc
import os
import re
import sys
import tempfile
import time
import unittest

from heapscope_agent.heap import pure_python
from heapscope_agent.heap.request import Request
from heapscope_agent.heap.ways import core_or_why, ways
from heapscope_agent.link.descriptors import NewFile
from tests import dump_reader, waiting
from tests.kind_parts import held_by_c
from tests.kinds import KINDS
from tests.size_support import shows_touched_dicts
from tests.support import AgentTest

EACH = 3
"""Objects of each kind, with all that they hold."""

CORE_ALONE = {
    "co_localsplusnames": "a field of code that Python has no name for",
    "co_localspluskinds": "a field of code that Python has no name for",
    "co_exceptiontable": "created again each time that Python asks",
    "__subclasses__": "weak references that a class keeps to itself",
    "__slots__": "the copy that a class keeps of them",
    "length": "a range's, which Python does not show",
    **({} if shows_touched_dicts() else {"__dict__": "of instances with values of their own; the first builds of 3.13 do not show it"}),
}
"""Names of edges that only the core sees; why."""

PYTHON_ALONE = {
    "": "a place where the core has a name",
    "__class__": "of a class whose code says so, the reference to the type",
    "cr_await": "what is waited for lies on the stack of a frame, where the core has no names",
    "gi_yieldfrom": "what is waited for lies on the stack of a frame, where the core has no names",
}
"""Names of edges that only the walk in Python gives; why."""

SIZES = {
    "dict": "values within instances, and keys that are shared, are estimated",
    "code": "what the interpreter adds to code that runs often",
    "_asyncio.Future": "the first instances of a class have more room for values",
    "_asyncio.Task": "the first instances of a class have more room for values",
    "type": "a class made in C has room for its members, whose number Python does not show",
}
"""Types, by name, whose sizes may differ; why. So may those of classes whose instances have inline values."""
MADE_BY_CTYPES = "_ctypes."
"""Types that ctypes makes keep a description to themselves."""


NUMBERS = [
    0.5, -0.0, 0.1, 1 / 3, 1e15, 1.5e15, 1000000000000000.5, 1e16, 12345678901234568.0, 1.7e308, 5e-324, 2.5e-310, 0.0001, 0.00001, 1e22,
    float("inf"), float("-inf"), float("nan"), -float("nan"), 1234567.0, 1e-7, 123456789.123456789]
KEYS = [(number, repr(number)) for number in NUMBERS]
KEYS += [(key, repr(key)) for one in NUMBERS[:4] + NUMBERS[-7:] for key in (complex(one, -one), complex(0.0, one), complex(-0.0, one))]
KEYS += [(key, str(key)) for bits in (59, 60, 61, 64, 90, 128, 191, 192) for key in (2 ** bits - 1, 1 - 2 ** bits, 7 ** bits % 2 ** bits)]
KEYS += [(10 ** 57, "1" + 57 * "0"), (-10 ** 9 ** 1 * 2 ** 63, str(-10 ** 9 * 2 ** 63)), (-70000, "-70000")]
KEYS += [(key, hex(key)[:19 if key < 0 else 18] + "\u2026") for bits in (193, 194, 195, 196, 197, 900, 901, 902, 903)
         for key in (2 ** bits - 1, -2 ** bits - 12345, 5 ** bits)]
KEYS += [(key, repr(key)) for key in (b"", b"raw", b"it's", b'say "it\'s"', b'"', b"\0\t\r\n\\\x7f\xff", b"a" * 56, bytes(range(14)))]
KEYS += [(b"a" * 57, "b'" + "a" * 56 + "\u2026'"), (b"\xff" * 15, "b'" + "\\xff" * 14 + "\u2026'"),
         (b"a" + b"\xff" * 32, "b'a" + "\\xff" * 13 + "\u2026'"), (b"\n" * 40, "b'" + "\\n" * 28 + "\u2026'"),
         (b"'" + b"a" * 60, "b\"'" + "a" * 55 + "\u2026\""), (b"\\" * 57, "b'" + "\\\\" * 28 + "\u2026'")]
"""Keys of dictionaries, and what is told of each."""


class ThreeWalks(AgentTest):
    @classmethod
    def setUpClass(cls):
        if core_or_why()[0] is None:
            raise unittest.SkipTest(core_or_why()[1])
        cls.kept = {name: [make(number) for number in range(EACH)] for name, make in KINDS.items()}

        cls.kept["what C code of the library holds"] = held_by_c()
        names = {}
        exec(compile("def %s(): pass" % ("name" * 30), "/folder/%s.py" % ("\u6587 file" * 20), "exec"), names)
        cls.kept["function of a long name in a long file"] = [names["name" * 30]]
        cls.kept["keys of every kind"] = [{key: None} for key, _ in KEYS]
        items = [b"first", 2.5, ("of a key %d" % 1, (70001, (70002,))), frozenset([b"member"]), b"fifth"]
        cls.kept["keys that have items"] = [{tuple(items): 1, frozenset([1j, "in a frozenset %d" % 2]): 2}]
        cls.waiting = waiting.each()
        cls.kept["what waits"] = [thing for _, _, _, thing in cls.waiting]
        cls.dumps = cls.take()

    @classmethod
    def tearDownClass(cls):
        waiting.end(cls.waiting)
        del cls.kept, cls.dumps, cls.waiting

    @classmethod
    def take(cls):
        """The three dumps of one instant, as nearly as one process can: nothing of the program runs between them."""
        enabled = gc.isenabled()
        gc.collect()
        gc.disable()
        try:
            cls.by_core("in-place"), cls.by_core("fork"), cls.by_python()
            found = cls.by_core("in-place"), cls.by_core("fork"), cls.by_python()
        finally:
            if enabled:
                gc.enable()
        return [dump_reader.parse(data) for data in found]  # not before: what is parsed would be in the next

    @staticmethod
    def by_core(method):
        request = Request({"method": method})
        way, = ways(method, request)
        folder = tempfile.mkdtemp()
        path = os.path.join(folder, method)
        made = NewFile(path)
        way.begin(made, request)
        while not way.go_on(time.monotonic())["done"]:
            time.sleep(0.002)
        made.close()
        with open(path, "rb") as file:
            data = file.read()
        os.unlink(path)
        os.rmdir(folder)
        return data

    @staticmethod
    def by_python():
        dump, _ = pure_python.walk(Request({}))
        return b"".join(map(bytes, dump.pieces()))

    def within(self, dump):
        """Addresses of what is kept and of what can be reached from it without modules, their names, and frames."""
        shared = {id(vars(module)) for module in list(sys.modules.values()) if type(module) is type(sys)}
        waiting = [dump.number_of(thing) for things in self.kept.values() for thing in things if dump.number_of(thing) is not None]
        seen = set(waiting)
        while waiting:
            number = waiting.pop()
            if dump.address[number] in shared or dump.type_name(number) in ("module", "frame"):
                continue
            for target in dump.targets_of(number):
                if target != dump_reader.NONE and target not in seen:
                    seen.add(target)
                    waiting.append(target)
        return [dump.address[number] for number in seen if dump.address[number] not in shared
                and dump.type_name(number) not in ("module", "frame")]

    def test_the_core_sees_the_same_in_a_copy_and_in_place(self):
        in_place, copy, _ = self.dumps
        inside = self.within(in_place)
        self.assertGreater(len(inside), 5000)
        wrong = [self.row(in_place, address) + self.row(copy, address) for address in inside
                 if self.row(in_place, address) != self.row(copy, address)]
        self.assertEqual(wrong, [])

    def test_the_line_of_code_is_told_however_long_its_name_and_its_file_are(self):
        function, = self.kept["function of a long name in a long file"]
        for dump in self.dumps:
            text = dump.previews[dump.number_of(function)]
            self.assertTrue(text.startswith("name" * 20 + " \u6587 file"), text)
            self.assertTrue(text.endswith(":1"), text)
            self.assertLessEqual(len(text.encode()), 120)

    def test_a_key_of_every_kind_has_a_text_without_leave_for_values(self):
        for dump in self.dumps:
            told = [(dump.texts.get(dump.number_of(key)), text) for key, text in KEYS]
            self.assertEqual([pair for pair in told if pair[0] != pair[1]], [])
            self.assertLessEqual(max([len(text) for text, _ in told]), 60)
            many, members = self.kept["keys that have items"][0]
            first, second, (third, (fourth, (deepest,))), (fifth,), last = many
            texts = [dump.texts.get(dump.number_of(item)) for item in (first, second, third, fourth, deepest, fifth, last)]
            self.assertEqual(texts, ["b'first'", "2.5", "of a key 1", None, None, "b'member'", None])
            self.assertEqual({dump.texts[dump.number_of(item)] for item in members}, {"1j", "in a frozenset 2"})

    def test_the_length_of_texts_bytes_and_arrays_is_told_by_their_size_or_beside_it(self):
        things = [thing for things in self.kept.values() for thing in things if isinstance(thing, (str, bytes, bytearray, array.array))]
        for dump in self.dumps:
            numbers = [(thing, dump.number_of(thing)) for thing in things]
            wrong = [(type(thing), dump.length_of(number)) for thing, number in numbers if dump.length_of(number) != len(thing)]
            self.assertEqual(wrong, [])
            kinds = {dump.array_of(number)[2:] for thing, number in numbers if type(thing) is array.array}
            self.assertEqual(kinds, {("float64", "(30,)")})
        self.assertGreater(len({type(thing) for thing in things}), 5)

    def test_a_class_without_instances_has_its_name_too(self):
        for dump in self.dumps:
            named = {kind.ref: kind.name for kind in dump.types}
            wrong = [number for number, flags in enumerate(dump.flags) if flags & 2 and number not in named]
            self.assertEqual(wrong, [])
            self.assertEqual(named[dump.number_of(ThreeWalks)], "ThreeWalks")

    def test_the_state_of_what_runs_later_is_told_and_the_line_where_it_waits(self):
        lines = waiting.lines()
        for dump, is_core in zip(self.dumps, (True, True, False)):
            for state, begins, waits, thing in self.waiting:
                text = dump.previews[dump.number_of(thing)]
                line = lines[waits if is_core or sys.version_info < (3, 11) else begins]
                end = " closed" if state == "closed" else " waiting.py:%d %s" % (line, state)
                self.assertTrue(text.endswith(end), (text, end))

    def row(self, dump, address):
        number = dump.by_address.get(address)
        if number is None:
            return ()
        edges = [(str(edge.kind), str(edge.name), self.target(dump, edge)) for edge in dump.edges(number)]
        return (dump.type_name(number), dump.bytes_of(number), dump.flags[number], dump.previews.get(number), dump.texts.get(number),
                dump.array_of(number), tuple(edges))

    @staticmethod
    def target(dump, edge):
        return 0 if edge.target == dump_reader.NONE else dump.address[edge.target]

    def test_python_sees_no_other_heap_than_the_core(self):
        core, _, python = self.dumps
        self.inline_estimated = "inline-sizes-estimated" in python.meta["notes"]
        found, only_core = collections.Counter(), set()
        inside = self.within(core)
        for address in inside:
            if address in python.by_address:
                found.update(self.differences(core, core.by_address[address], python, python.by_address[address], only_core))
        absent = set(inside) - set(python.by_address) - self.reached(core, only_core - set(python.by_address))
        found.update(("absent", core.type_name(core.by_address[address])) for address in absent)
        self.assertEqual(dict(found), {})

    def reached(self, core, addresses):
        """Those and all that they hold."""
        seen, waiting = set(addresses), list(addresses)
        while waiting:
            number = core.by_address.get(waiting.pop())
            targets = [] if number is None else [self.target(core, edge) for edge in core.edges(number)]
            fresh = set(targets) - seen
            seen |= fresh
            waiting += fresh
        return seen

    def differences(self, core, one, python, other, only_core):
        kind = core.type_name(one)
        if python.type_name(other) != kind:
            return [("type", kind, python.type_name(other))]
        found = []
        if core.bytes_of(one) != python.bytes_of(other) and not self.may_differ_in_size(core, one, kind):
            found.append(("size", kind, python.bytes_of(other) - core.bytes_of(one)))
        if self.text(core, one) != self.text(python, other):
            found.append(("text", kind, core.previews.get(one), python.previews.get(other)))
        if kind != "str" and core.texts.get(one) != python.texts.get(other):  # words may be keys of Heapscope's own, which one way walks
            found.append(("key", kind, core.texts.get(one), python.texts.get(other)))
        if core.array_of(one) != python.array_of(other):
            found.append(("array", kind, core.array_of(one), python.array_of(other)))
        if python.flags[other] & ~core.flags[one]:
            found.append(("flags", kind, python.flags[other] & ~core.flags[one]))
        ours, theirs = self.names_by_target(core, one), self.names_by_target(python, other)
        for target in set(ours) | set(theirs):
            found += self.named_differently(kind, ours[target], theirs[target])
            if not theirs[target]:
                only_core.add(target)
        return found

    def text(self, dump, number):
        """From 3.11 only the core sees the line where something waits."""
        text = dump.previews.get(number, "")
        waits = sys.version_info >= (3, 11) and text.endswith((" suspended", " running"))
        return re.sub(r":\d+ (\w+)$", r" \1", text) if waits else text

    def may_differ_in_size(self, core, number, kind):
        inline = self.inline_estimated and core.types[core.type[number]].flags & 1
        return inline or kind in SIZES or kind.startswith(MADE_BY_CTYPES)

    def names_by_target(self, dump, number):
        names = collections.defaultdict(collections.Counter)
        for edge in dump.edges(number):
            names[self.target(dump, edge)][str(edge.name or "")] += 1
        return names

    def named_differently(self, kind, ours, theirs):
        """A name that Python has not is no difference; one that the core has not, or another number of references, is."""
        known = collections.Counter({name: count for name, count in ours.items() if name not in CORE_ALONE})
        if kind == "tuple" and not any([name.isdigit() for name in ours]) and sum(ours.values()) == sum(theirs.values()):
            return []  # of a function's cells: the core has the names of variables, Python their places
        if not sum(known.values()) <= sum(theirs.values()) <= sum(ours.values()):
            return [("edges", kind, tuple(sorted(ours.elements())), tuple(sorted(theirs.elements())))]
        return [("name", kind, name) for name in theirs - ours if name not in PYTHON_ALONE]
