"""The sampler among threads that allocate while it is turned on and off, some of them without the GIL or without Python."""

import os
import threading
import unittest

from tests.allocation_support import c_threads, library, line_of
from tests.test_allocations import AllocationTest, keep


def outside_python(told):
    """Of threads that Python does not know, or not yet, or not any more."""
    return [told.rows[node] for node in told.rows if told.path(node) == [("(no Python thread)", "", 0)]]


class Threads(AllocationTest):
    def c_threads(self):
        helper = c_threads()
        if helper is None:
            self.skipTest("there is no C compiler")
        return helper

    def test_threads_that_python_does_not_know(self):
        helper = self.c_threads()
        self.start()
        helper.keep_apart(123456)
        told = self.collect()
        self.assertEqual([row.live for row in outside_python(told)], [123456.0])

    def test_nothing_may_be_freed(self):
        helper = self.c_threads()
        self.start()
        keep(300000, 60)  # so many that some look like no address at all, by its hash
        before = self.collect().last["live"]
        helper.free_nothing(100000)
        told = self.collect()
        self.assertLess(abs(told.last["live"] - before), 1000)
        self.assertAlmostEqual(told.at("keep", line_of(keep, 2)).left, 300000, delta=10)

    def test_each_block_of_other_threads_is_freed_as_it_was_made(self):
        helper = self.c_threads()
        self.start(2000)
        helper.begin(3)
        for number in range(200):
            self.collect((0, 500, 3000)[number % 3])
        helper.end()
        row, = outside_python(self.collect(0))
        self.assertGreater(row.made, 0)
        self.assertAlmostEqual(row.left, 0, places=3)

    def test_turned_on_and_off_a_thousand_times_among_threads(self):
        helper = c_threads()
        stop = threading.Event()

        def compress():
            # Each allocates in the raw domain while other threads hold the GIL.
            import lzma
            import zlib
            data = zlib.compress(os.urandom(2000) * 20)
            packed = lzma.compress(bytes(3000))
            while not stop.is_set():
                zlib.decompressobj().decompress(data)
                lzma.decompress(packed)
        self.start(2000)
        threads = [threading.Thread(target=compress) for _ in range(2)]
        for thread in threads:
            thread.start()
        if helper is not None:
            helper.begin(3)
        for number in range(1000):
            self.collect((0, 500, 3000)[number % 3])
            if number % 100 == 0:
                self.assertEqual(library.missing(), 0)
        stop.set()
        if helper is not None:
            helper.end()
        for thread in threads:
            thread.join()
        told = self.collect(0)
        self.assertEqual(told.epochs, list(range(1001)))
        if helper is not None:
            self.assertGreater(sum(row.made for row in outside_python(told)), 0)


if __name__ == "__main__":
    unittest.main()
