"""The heap walked in pure Python, compared with the living objects themselves: counts and sizes."""

import collections
import gc
import sys
import threading
import time
import types

from heapscope_agent.heap import pure_python, standstill
from heapscope_agent.heap.request import Request
from tests.size_support import right_size
from tests.heap_support import Walk, walked, TRACKED, FROZEN
from tests.support import ROOT


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
                pure_python.walk(Request({}))
            before = counts()
            pure_python.walk(Request({}))
            after = counts()
            self.assertFalse(gc.isenabled())
        finally:
            if enabled:
                gc.enable()
        self.assertIn(after[0] - before[0], (0, 1))  # the tuple `before` itself, where the collector tracks it
        self.assertLess(abs(after[1] - before[1]), 50)
        self.assertEqual(sys.getswitchinterval(), interval)


class BesideOthers(Walk):
    """Threads that never release the interpreter's lock by themselves, some in the middle of building tuples."""

    def busy(self):
        def run(which):
            while not stop:
                made.append(tuple(map(len, map(str, range(300)))))
                counted[which] += 1
                del made[:]
        stop, made, counted = [], [], [0, 0, 0]
        threads = [threading.Thread(target=run, args=(which,)) for which in range(3)]
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
                before = sum(counted)
                sum(range(3000000))
                for _ in range(100000):
                    pass
                seen.append((alone, sum(counted) - before))
            for _ in range(5):
                standstill.over_all(work, None)
                self.goes_on(counted)
        self.assertEqual([moved for alone, moved in seen if alone and moved], [])
        self.assertTrue(any([alone for alone, _ in seen]))
        self.assertEqual(sys.getswitchinterval(), interval)

    def goes_on(self, counted):
        """Nobody is left waiting for the lock."""
        before, began = list(counted), time.monotonic()
        while not all([now > then for now, then in zip(counted, before)]):
            self.assertLess(time.monotonic() - began, standstill.LONG_MIN, (before, counted))
            time.sleep(0.05)

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
    def test_are_those_of_getsizeof_put_right(self):
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
            if right_size(thing) != heap.bytes_of(number):
                wrong[kind.__name__] += 1
        self.assertGreater(checked, 10000)
        self.assertLess(sum(wrong.values()), 20, wrong)  # what this test itself has changed meanwhile

    def test_of_types_themselves(self):
        class Fresh:
            __slots__ = "one", "two"
        heap = walked()
        self.assertEqual(right_size(Fresh), sys.getsizeof(Fresh) + 120)
        for kind in (int, dict, Fresh, collections.deque, BaseException):
            self.assertEqual(heap.bytes_of(heap.number_of(kind)), right_size(kind), kind)

    def test_of_a_type_that_computes_its_own(self):
        class Liar(list):
            def __sizeof__(self):
                raise AssertionError("called")
        liar, honest = Liar(range(9)), list(range(9))
        honest_size = list.__sizeof__(liar)
        heap = walked()
        head = 16 if sys.version_info < (3, 11) else 32 if sys.version_info < (3, 14) else 56  # from 3.14 with room for values
        self.assertEqual(heap.bytes_of(heap.number_of(liar)), honest_size + head)
        self.assertEqual(heap.bytes_of(heap.number_of(honest)), sys.getsizeof(honest))
