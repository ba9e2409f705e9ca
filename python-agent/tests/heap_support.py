"""What the tests of the walk in pure Python share."""

import gc
import os
import sys
import time

from heapscope_agent.heap import pure_python, standstill
from heapscope_agent.heap.request import Request
from heapscope_agent.heap.ways import core_or_why, ways
from heapscope_agent.link.descriptors import NewFile
from heapscope_agent.layout.unheard import frame
from tests import dump_reader
from tests.support import AgentTest

TRACKED, FROZEN = 1, 8


def walked(**options):
    """The dump of a walk in this process."""
    return dump_reader.parse(_walked(options))


def _walked(options):
    dump, _ = pure_python.walk(Request(options))
    return b"".join(map(bytes, dump.pieces()))


def in_place_or_why(folder):
    """(the dump of a walk by the C core in this process, "") or (None, why not)."""
    data, why = _in_place_or_why(folder)
    return data and dump_reader.parse(data), why


def both_or_why(folder):
    """(dumps of walks by the C core and in pure Python, "") or (None, why not). What is parsed of one is not in the other."""
    core, why = _in_place_or_why(folder)
    if core is None:
        return None, why
    python = _walked({})
    return {"core": dump_reader.parse(core), "python": dump_reader.parse(python)}, ""


def _in_place_or_why(folder):
    core, why = core_or_why()
    if core is None:
        return None, why
    request = Request({"method": "in-place"})
    way, = ways("in-place", request)
    path = os.path.join(folder, "c.heapdump")
    if os.path.exists(path):
        os.unlink(path)
    made = NewFile(path)
    way.begin(made, request)
    try:
        if not way.go_on(time.monotonic())["done"]:
            raise RuntimeError("the walk is not done")
    finally:
        made.close()
    with open(path, "rb") as file:
        return file.read(), ""


class Code:
    """Things that are code, and ``said``: what is told of each, values or not."""

    def __init__(self):
        def inside():
            yield frame()

        async def waits():
            pass
        self.generator, self.finished, self.coroutine = inside(), inside(), waits()
        self.frame = next(self.generator)
        list(self.finished)
        self.coroutine.close()
        code, path = inside.__code__, "heap_support.py"
        where = "Code.__init__.<locals>.inside"
        first = code.co_firstlineno
        self.code, self.function, self.method = code, inside, self.bound
        of_code = where if sys.version_info >= (3, 11) else "inside"
        self.said = [
            (code, "%s %s:%d" % (of_code, path, first)), (inside, "%s %s:%d" % (where, path, first)),
            (self.frame, "%s %s:%d" % (of_code, path, first + 1)),
            (self.generator, "%s %s:%d suspended" % (where, path, first + 1)),
            (self.method, "Code.bound %s:%d" % (path, Code.bound.__code__.co_firstlineno))]
        self.begun = "%s %s:%d suspended" % (where, path, first)
        self.named = [(self.finished, where), (self.coroutine, "Code.__init__.<locals>.waits")]

    def bound(self):
        return self

    def wrong(self, dump):
        """(what, said, right) of what is not told as it should be."""
        if dump.meta["method"] == "python" and sys.version_info >= (3, 11):
            self.said = [pair for pair in self.said if pair[0] is not self.frame]  # its generator shows what it holds
            self.said = [(thing, self.begun if thing is self.generator else text) for thing, text in self.said]
        told = [(thing, dump.previews.get(dump.number_of(thing), ""), text) for thing, text in self.said + self.named]
        exact = dict.fromkeys(map(id, [thing for thing, _ in self.said]))
        return [(thing, text, right) for thing, text, right in told
                if (text != right if id(thing) in exact else text.split(" ")[0] != right)]


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
