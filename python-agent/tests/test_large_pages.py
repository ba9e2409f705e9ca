"""Joining small pages into large ones, held against the system's own word on the same kind of memory."""

import ctypes
import mmap
import unittest

from tests.native_support import NativeTest, native

REGION = 2 << 20
REGIONS = 6
HUGE, SMALL, COLLAPSE = 14, 15, 25
PAGE = mmap.PAGESIZE
FULL = 486
SECONDS = 10.0


class Memory:
    """Whole regions of private memory of which every ``step``-th page was written; small pages until then."""

    def __init__(self, step):
        self.map = mmap.mmap(-1, (REGIONS + 1) * REGION, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        first = ctypes.addressof(ctypes.c_char.from_buffer(self.map))
        self.start = (first + REGION - 1) // REGION * REGION
        self.end = self.start + REGIONS * REGION
        self.advise(self.end, SMALL)
        for at in range(0, len(self.map), step * PAGE):
            self.map[at] = at // PAGE % 251
        self.advise(self.end, HUGE)

    def advise(self, end, advice):
        return ctypes.CDLL(None).madvise(ctypes.c_void_p(self.start), ctypes.c_size_t(end - self.start), advice)

    def is_as_written(self):
        return all([self.map[at] == at // PAGE % 251 for at in range(0, len(self.map), PAGE)])


@unittest.skipUnless(native is not None and native.forks, "this system cannot fork")
class Joined(NativeTest):
    def test_full_regions_are_where_the_system_can_and_keep_what_they_hold(self):
        reference, memory = Memory(1), Memory(1)
        can = reference.advise(reference.start + REGION, COLLAPSE) == 0
        reached, joined, error = native.join(memory.start + 1, memory.end + 1, FULL, SECONDS)
        self.assertEqual(joined > 0, can, error)
        self.assertEqual(joined % REGION, 0)
        self.assertLess(joined, memory.end - memory.start, "the first region was not whole")
        self.assertGreaterEqual(reached, memory.end)
        self.assertTrue(memory.is_as_written())

    def test_sparse_regions_are_not_since_they_would_grow(self):
        memory = Memory(2)
        self.assertEqual(native.join(memory.start, memory.end, FULL, SECONDS), (memory.end, 0, 0))

    def test_no_longer_than_it_may(self):
        memory = Memory(1)
        self.assertEqual(native.join(memory.start, memory.end, FULL, 0.0), (memory.start, 0, 0))

    def test_where_nothing_is(self):
        empty = 1 << 40
        self.assertEqual(native.join(empty, empty + REGION, FULL, SECONDS), (empty + REGION, 0, 0))
        self.assertEqual(native.join(empty + REGION, empty, FULL, SECONDS), (empty, 0, 0))
