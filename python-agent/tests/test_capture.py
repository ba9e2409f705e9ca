"""The capture room by itself: joining, overflow, names."""

import gc
import sys
import unittest

from tests.support import ROOT  # noqa: F401  (puts the agent on the path)

from heapscope_agent.capture import collector, garbage


class Overflow(unittest.TestCase):
    def setUp(self):
        gc.disable()
        self.addCleanup(gc.enable)
        self.addCleanup(collector.unwatch)
        collector.watch()
        collector.forget()
        collector.drain()

    def test_what_nobody_read_is_counted(self):
        gc.collect(0)
        collector.drain()
        for _ in range(collector.MAX_KEPT + 1000):
            gc.collect(0)
        rows, lost = collector.drain()
        self.assertEqual(sum(row[5] for row in rows) + lost, collector.MAX_KEPT + 1000)
        self.assertGreaterEqual(lost, 1000)

    def test_a_log_that_begins_within_a_collection(self):
        callback_of_clock, callback_of_log = collector._ours
        info = {"generation": 1, "collected": 2, "uncollectable": 3}
        callback_of_clock("stop", info)
        callback_of_log("stop", info)
        gc.collect(2)
        rows, _ = collector.drain()
        self.assertEqual([row[1] for row in rows], [2])

    def test_a_collection_that_is_under_way_is_kept_for_the_next_read(self):
        info = {"generation": 1, "collected": 2, "uncollectable": 3}
        for callback in collector._ours:
            callback("start", info)
        self.assertEqual(collector.drain()[0], [])
        for callback in collector._ours:
            callback("stop", info)
        row, = collector.drain()[0]
        self.assertEqual(row[1:2] + row[3:], [1, 2, 3, 1])
        self.assertGreater(row[2], 0)

    def test_more_than_fit_a_frame_are_joined_by_generation(self):
        for _ in range(200):
            gc.collect(0)
            gc.collect(1)
        gc.collect(2)
        rows, lost = collector.drain()
        self.assertEqual({row[1]: row[5] for row in rows}, {0: 200, 1: 200, 2: 1})
        self.assertEqual(lost, 0)

    def test_callbacks_of_strangers_are_not_compared(self):
        class Touchy:
            def __eq__(self, other):
                raise RuntimeError

            def __call__(self, phase, info):
                pass
        touchy = Touchy()
        gc.callbacks.insert(0, touchy)
        try:
            collector.watch()
            collector.unwatch()
            collector.watch()
            self.assertIs(gc.callbacks[0], touchy)
            self.assertEqual(len(gc.callbacks), 3)
        finally:
            gc.callbacks.pop(0)


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
