"""A census: how many objects of each type the collector tracks, and their bytes, in every way that there is."""

import gc
import sys
from collections import Counter

from tests import dump_reader
from tests.native_support import NativeTest
from tests.support import wire
from tests.test_snapshot import METHODS, SnapshotTest

from heapscope_agent.heap import census
from heapscope_agent.heap.request import Request


class Held:
    def __init__(self, number):
        self.number = number


class Slotted:
    __slots__ = ("number", "__weakref__")


class Liar(list):
    __module__ = property(lambda self: 1 / 0)
    __class__ = property(lambda self: 1 / 0)

    def __sizeof__(self):
        raise AssertionError("the program's code ran")


class Counts(NativeTest):
    def census(self, way):
        if way == "python":
            dump, _ = census.census(Request({"method": "census"}))
            with open(self.path, "wb") as file:
                for piece in dump.pieces():
                    file.write(piece)
        else:
            self.way = way
            result = self.capture(census=1)
            self.assertEqual((result["state"], result["reason"]), ("done", ""))
            self.assertGreater(result["tracked"], 1000)
        return dump_reader.read(self.path)

    def test_equal_what_the_collector_lists(self):
        self.kept = [Held(i) for i in range(500)], [Slotted() for _ in range(300)], [[i] for i in range(700)]
        gc.collect()
        expected = Counter(type(entry).__qualname__ for entry in gc.get_objects() if type(entry) in (Held, Slotted))
        for way in METHODS:
            with self.subTest(way):
                heap = self.census(way)
                found = heap.counted()
                for kind in (Held, Slotted):
                    objects, size = found["tests.test_census." + kind.__name__]
                    self.assertEqual(objects, expected[kind.__qualname__])
                    self.assertGreaterEqual(size, objects * sys.getsizeof(self.kept[kind is Slotted][0]))
                lists = [entry for entry in gc.get_objects() if type(entry) is list]
                self.assertLess(abs(found["list"][0] - len(lists)), 50)
                self.assertLess(abs(found["list"][1] / sum(map(sys.getsizeof, lists)) - 1), 0.3)
                self.assertEqual((len(heap), len(heap.targets), heap.roots), (0, 0, []))

    def test_is_the_same_in_every_way(self):
        """But for what each way makes for itself, and inline values, which Python estimates."""
        self.kept = [Slotted() for _ in range(300)], [{i: []} for i in range(300)], [(i, []) for i in range(300)]
        for way in METHODS:
            self.census(way)  # what is made once is made
        gc.collect()  # nor does garbage go away between one way and the next
        first, *others = [self.census(way).counted() for way in METHODS]
        for other in others:
            for name in ("tests.test_census.Slotted", "function", "cell", "property"):
                self.assertEqual(first[name], other[name], name)
            self.assertEqual(first["type"][0], other["type"][0])  # a class's size counts the keys that its instances share

    def test_runs_no_code_of_the_program(self):
        self.kept = [Liar() for _ in range(9)]
        for way in METHODS:
            with self.subTest(way):
                found = [figures for name, figures in self.census(way).counted().items() if name.endswith("Liar")]
                self.assertEqual([objects for objects, _ in found], [9])

    def test_with_the_collectors_objects_listed(self):
        listed = gc.get_objects()
        self.way = "in-place"
        self.capture(census=1, listed=listed)
        found = dump_reader.read(self.path).counted()
        self.assertEqual(sum([objects for objects, _ in found.values()]), len(listed))


class Asked(SnapshotTest):
    def test_the_engine_gets_counts_and_no_nodes(self):
        agent = self.living()
        forecast = agent.command("snapshot_forecast", method="census")["result"]
        self.assertEqual(forecast["method"], "census")
        self.assertGreater(forecast["expected_pause"], 0)
        self.run_line("class Mine: pass")
        self.run_line("keep = [Mine() for _ in range(1234)]")
        body = self.ended(agent, self.take(agent, method="census", limit_bytes=1000))
        heap = self.dump(body)
        self.assertEqual((body["method"], heap.meta["method"], body["edges"]), ("census", "census", 0))
        self.assertEqual(body["nodes"], body["tracked"])
        self.assertEqual(body["nodes"], sum([objects for _, objects, _ in heap.census]))
        self.assertEqual(heap.counted()["__main__.Mine"][0], 1234)
        self.assertLess(body["bytes"], 1 << 20)
        self.assertEqual(agent.bodies(wire.FAULT), [])
