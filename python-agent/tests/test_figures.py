"""The room of figures by itself: what is told of collections, overflow, names."""

import gc
import sys
import threading
import time
import unittest

from tests.support import ROOT  # noqa: F401  (puts the agent on the path)

from heapscope_agent.figures import collector, collector_ring, garbage


class CollectorTest(unittest.TestCase):
    """The program is quiet: no collection but those that a test makes, and a clock that it turns."""

    def setUp(self):
        gc.disable()
        self.addCleanup(gc.enable)
        self.addCleanup(collector.unwatch)
        self.addCleanup(setattr, collector, "monotonic", collector.monotonic)
        self.now = 1000.0
        collector.monotonic = lambda: self.now
        collector.watch()

    def is_watching(self):
        return any(callback is ours for callback in gc.callbacks for ours in collector_ring.callbacks)


class Ring(CollectorTest):
    def test_a_collection_whose_start_was_not_seen(self):
        for callback in collector_ring.callbacks:
            callback("stop", {"generation": 1, "collected": 2, "uncollectable": 3})
        gc.collect(2)
        self.assertEqual([record[1] for record in collector_ring.read()], [2])

    def test_a_collection_that_is_under_way_is_kept_for_the_next_read(self):
        for callback in collector_ring.callbacks:
            callback("start", {"generation": 1, "collected": 0, "uncollectable": 0})
        self.assertEqual(collector_ring.read(), [])
        for callback in collector_ring.callbacks:
            callback("stop", {"generation": 1, "collected": 2, "uncollectable": 3})
        (start, generation, collected, uncollectable, stop), = collector_ring.read()
        self.assertEqual((generation, collected, uncollectable), (1, 2, 3))
        self.assertGreater(stop, start)

    def test_more_than_it_holds(self):
        for number in range(collector_ring.CAPACITY + 10):
            gc.collect(number % 2)
        records = collector_ring.read()
        self.assertEqual(len(records), collector_ring.CAPACITY)
        self.assertEqual(records, sorted(records))
        self.assertEqual(collector_ring.read(), [])
        gc.collect(2)
        gc.collect(1)
        self.assertEqual([record[1] for record in collector_ring.read()], [2, 1])


class Told(CollectorTest):
    def test_what_nobody_read_is_counted(self):
        for _ in range(collector_ring.CAPACITY + 1000):
            gc.collect(0)
        rows = collector.drain()
        self.assertEqual(sum(row[5] for row in rows), collector_ring.CAPACITY + 1000)
        self.assertEqual([row[5] for row in rows if row[2] is None], [1000])

    def test_what_happens_without_callbacks_is_counted(self):
        gc.callbacks.clear()
        gc.collect(1)
        self.assertEqual(collector.drain(), [[1000.0, 1, None, 0, 0, 1]])
        gc.collect(1)
        row, = collector.drain()
        self.assertGreater(row[2], 0)

    def test_a_collection_that_is_counted_before_its_record_is_there_is_told_once(self):
        rows = []

        def slow(phase, info):
            if phase == "stop":
                rows.extend(collector.drain())
        gc.callbacks.insert(0, slow)
        try:
            gc.collect(1)
        finally:
            gc.callbacks.remove(slow)
        rows += collector.drain()
        gc.collect(0)
        rows += collector.drain()
        self.assertEqual([row[1] for row in rows], [1, 0])

    def test_nothing_of_a_pause(self):
        collector.unwatch()
        gc.collect()
        self.assertEqual(collector.drain(), [])
        collector.watch()
        self.assertEqual(collector.drain(), [])

    def test_more_than_fit_a_frame_are_joined_by_generation(self):
        for _ in range(200):
            gc.collect(0)
            gc.collect(1)
        gc.collect(2)
        rows = collector.drain()
        self.assertEqual({row[1]: row[5] for row in rows}, {0: 200, 1: 200, 2: 1})
        for _ in range(collector.MAX_ROWS + 1):
            gc.collect(2)
        row, = collector.drain()
        self.assertEqual(row[1:2] + row[5:], [2, collector.MAX_ROWS + 1])

    def test_the_sums_are_the_interpreters_own(self):
        before = collector._totals()
        collector.monotonic = time.monotonic
        rows = []
        ending = []

        def tell():
            while not ending:
                rows.extend(collector.drain())
                time.sleep(collector.window() or 0.001)
                collector.rest()
        thread = threading.Thread(target=tell)
        gc.set_threshold(*((100,) + gc.get_threshold()[1:]))
        self.addCleanup(gc.set_threshold, *gc.get_threshold())
        gc.enable()
        thread.start()
        for _ in range(300):
            for _ in range(1000):
                cycle = []
                cycle.append(cycle)
        gc.collect()
        ending.append(True)
        thread.join()
        gc.disable()
        rows += collector.drain()
        for generation, (first, last) in enumerate(zip(before, collector._totals())):
            mine = [row for row in rows if row[1] == generation]
            self.assertEqual([sum(row[column] for row in mine) for column in (5, 3, 4)],
                             [end - start for start, end in zip(first, last)], generation)
        self.assertGreater(sum(row[5] for row in rows), 100)


class Budget(CollectorTest):
    def test_callbacks_go_when_the_credit_is_spent_and_come_back(self):
        for _ in range(collector.MAX_CREDIT + 100):
            gc.collect(0)
        self.now += 0.1
        collector.drain()
        self.assertFalse(self.is_watching())
        gc.collect(0)
        self.now += 0.05
        self.assertEqual(collector.drain(), [[1000.1, 0, None, 0, 0, 1]])
        self.assertFalse(self.is_watching())
        self.now += 1
        collector.drain()
        self.assertTrue(self.is_watching())

    def test_at_a_high_rate_the_credit_is_for_a_window(self):
        self.now += 0.1
        for _ in range(collector.MAX_CREDIT - 100):
            gc.collect(0)
        self.assertIsNone(collector.window())
        collector.drain()
        self.assertTrue(self.is_watching())
        self.assertTrue(0 < collector.window() < collector.LONGEST_WINDOW)
        collector.rest()
        self.assertFalse(self.is_watching())
        self.now += 1
        collector.drain()
        self.assertTrue(self.is_watching())
        self.assertIsNone(collector.window())

    def test_of_what_was_timed_beside_what_was_not_the_full_ones_keep_their_rows(self):
        for generation in (0, 0, 1, 2, 0, 2):
            gc.collect(generation)
        gc.callbacks.clear()
        gc.collect(0)
        rows = collector.drain()
        self.assertEqual([(row[1], row[2] is None, row[5]) for row in rows],
                         [(0, True, 1), (0, False, 3), (1, False, 1), (2, False, 1), (2, False, 1)])

    def test_callbacks_of_strangers_are_neither_compared_nor_lost(self):
        class Touchy:
            def __eq__(self, other):
                raise RuntimeError

            def __call__(self, phase, info):
                pass
        first, last = Touchy(), Touchy()
        gc.callbacks.insert(0, first)
        gc.callbacks.append(last)
        self.addCleanup(gc.callbacks.clear)
        collector.rest()
        self.assertEqual([id(callback) for callback in gc.callbacks], [id(first), id(last)])
        collector.drain()
        del gc.callbacks[2]  # one of ours: they make sense together and in order
        collector.drain()
        self.assertEqual([id(callback) for callback in gc.callbacks],
                         [id(callback) for callback in (first, last) + collector_ring.callbacks])


class Names(unittest.TestCase):
    def test_types_that_lie(self):
        class Meta(type):
            __name__ = __module__ = property(lambda cls: 1 / 0)

        class Liar(metaclass=Meta):
            pass
        self.assertEqual(garbage.type_name(Liar), __name__ + ".Names.test_types_that_lie.<locals>.Liar")
        self.assertEqual(garbage.type_name(dict), "dict")
        self.assertEqual(garbage.type_name(type(sys)), "module")
        self.assertLessEqual(len(garbage.type_name(type("Long" * 100, (), {"__module__": "m" * 1000}))), 401)
