"""What a dump says that objects take, held against tracemalloc: of each kind, some objects and all that they alone keep."""

import gc
import sys

from heapscope_agent.heap import pure_python
from heapscope_agent.heap.labels import TYPE_FLAG_LOWER_BOUND as LOWER_BOUND
from heapscope_agent.heap.request import Request
from tests import dump_reader
from tests.heap_support import in_place_or_why
from tests.kinds import KINDS
from tests.size_support import COUNT, Keeping, close, made_of_all, shows_touched_dicts
from tests.support import AgentTest

CLOSE = 6
"""Bytes that each object may differ by: what is made once for all of a kind."""
OF_INTS = 4
"""Bytes of an ``int`` that ``sys.getsizeof`` leaves out, if it was made by a sum."""
CORE, PYTHON = "core", "python"
EVERY = (3, 9), (3, 99)
BOTH = (CORE, PYTHON)


def of(kinds, reason, ways=BOTH, since=EVERY[0], until=EVERY[1]):
    """Kinds whose size is a lower bound, in these ways of walking and from one version to another; why."""
    versions_fit = since <= sys.version_info[:2] <= until
    return {(kind, way): reason for kind in kinds.split(", ") for way in ways if versions_fit}


AT_LEAST = {
    **({} if shows_touched_dicts() else of("instance with touched dict", "its dictionary, which the collector is not shown", ways=[PYTHON])),
    **of("StringIO, StringIO that was written", "the text is in a buffer that C keeps to itself"),
    **of("decompressor", "zlib's state is in its own memory"),
    **of("TextIOWrapper", "what was read ahead, and the encoder's state, are in buffers that C keeps to itself"),
    **of("class, class with slots, Enum", "its base notes it: a weak reference and an entry among its subclasses"),
    **of("local", "each thread has a dictionary for it, which the thread holds", until=(3, 12)),
    **of("BufferedReader", "a lock", until=(3, 14)),
    **of("match, pattern, Struct, csv reader", "what only C holds is not tracked: strings, formats, a field", until=(3, 9)),
    **of("range", "its length, which Python does not show", ways=[PYTHON], until=(3, 14)),
    **of("instance with touched dict", "the order of attributes, beside their values", ways=[PYTHON], since=(3, 11), until=(3, 12)),
    **of("wide instance with touched dict", "the order of attributes, beside their values", ways=[PYTHON], since=(3, 11)),
    **of("SimpleCookie", "the order of attributes, beside their values", ways=[PYTHON], since=(3, 11)),
    **of("datetime with a zone", "the order of attributes, beside their values", ways=[PYTHON], since=(3, 11), until=(3, 12)),
    **of("Random", "the order of attributes, beside their values", ways=[PYTHON], since=(3, 11), until=(3, 13)),
    **of("slots and dict", "the order of attributes, beside their values", ways=[PYTHON], since=(3, 13), until=(3, 13)),
    **of("Event, Queue", "a class's first instances have more room", ways=[PYTHON], since=(3, 11)),
    **of("instance with a deleted attribute", "its place is still there", ways=[PYTHON], since=(3, 11), until=(3, 14)),
}


ITS_TYPE = ("StringIO, StringIO that was written, decompressor, TextIOWrapper, local, BufferedReader, match, pattern, Struct, csv reader, "
            "range").split(", ")
"""Kinds whose type is why: each has the flag ``lowerBound`` where it is listed above, and no kind has it that is not."""


def python_way():
    dump, _ = pure_python.walk(Request({}))
    return dump_reader.parse(b"".join(map(bytes, dump.pieces())))


class Sizes(AgentTest):
    @classmethod
    def setUpClass(cls):
        cls.made = made_of_all(KINDS)

    @classmethod
    def tearDownClass(cls):
        for kept, _, _ in cls.made.values():
            close(kept)
        del cls.made

    def hold(self, way, dump):
        keeping = Keeping(dump, [thing for kept, _, frame in self.made.values() for thing in (kept, frame)])
        wrong = {}
        for name, (kept, traced, _) in self.made.items():
            size, ints = keeping.bytes_of(kept)
            less = traced - size
            said = "%s: %.1f by tracemalloc, %.1f by the %s walk" % (name, traced, size, way)
            listed = (name, way) in AT_LEAST
            if less < -CLOSE:
                wrong[said] = "too much"
            elif less > CLOSE + OF_INTS * ints and not listed:
                wrong[said] = "too little"
            elif less <= CLOSE + OF_INTS * ints and listed:
                wrong[said] = "right, and yet listed: " + AT_LEAST[name, way]
        self.assertEqual(wrong, {})
        flagged = {name for name, (kept, _, _) in self.made.items() if dump.type_of(kept[0]).flags & LOWER_BOUND}
        self.assertEqual(flagged, {name for name, listed in AT_LEAST if listed == way and name in ITS_TYPE})

    def test_that_the_core_gives(self):
        dump, why = in_place_or_why(self.folder)
        if dump is None:
            self.skipTest(why)
        self.hold(CORE, dump)

    def test_that_the_walk_in_python_gives(self):
        self.hold(PYTHON, python_way())

    def test_of_kinds_that_are_there(self):
        self.assertGreater(len(KINDS), 120)
        self.assertEqual([name for name, _ in AT_LEAST if name not in KINDS], [])
        self.assertTrue(all([len(kept) == COUNT for kept, _, _ in self.made.values()]))
