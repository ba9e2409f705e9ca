"""The sampler by itself: which sites it names, what it counts, what it can hold."""

import gc
import os
import sys
import threading
import unittest
from sys import getsizeof

from tests.allocation_support import SamplerTest, library, line_of, run_python

KEPT = []


def store(block):
    KEPT.append(block)  # the list grows in here


def keep(count, size):
    for _ in range(count):
        block = bytes(size)
        store(block)


def drop(count, size):
    for _ in range(count):
        bytes(size)


def make_tree(depth, pause=None):
    """A distinct traceback for each of 2 ** depth blocks."""
    if depth:
        make_tree(depth - 1, pause)
        make_tree(depth - 1, pause)
    else:
        bytearray(50)
    if depth == 13 and pause:
        pause()


def recurse(depth):
    if depth:
        return recurse(depth - 1)
    store(bytes(3000))
    return None


class AllocationTest(SamplerTest):
    def setUp(self):
        gc.disable()
        self.addCleanup(gc.enable)
        self.addCleanup(KEPT.clear)


class Sites(AllocationTest):
    def test_function_file_line_and_thread(self):
        self.start()
        keep(10, 700)
        told = self.collect()
        path = next(path for path in told.paths() if path[0][0] == "keep" and path[0][2] == line_of(keep, 2))
        here = "test_function_file_line_and_thread" if sys.version_info < (3, 11) else "Sites.test_function_file_line_and_thread"
        self.assertEqual([path[0], path[1], path[-1]], [
            ("keep", keep.__code__.co_filename, line_of(keep, 2)),
            (here, __file__, line_of(Sites.test_function_file_line_and_thread, 2)),
            (threading.current_thread().name, "", 0)])

    def test_names_of_all_kinds_of_characters(self):
        names = ["plain", "gr\xf6\xdfe", "\u6f22\u5b57", "\U00020000x"]
        self.start()
        for name in names:
            exec(compile("def %s(): store(bytes(3000))\n%s()" % (name, name), "<%s file>" % name, "exec"), globals())
        told = self.collect()
        for name in names:
            files = [path[0][1] for path in told.paths() if path[0][0] == name]
            self.assertIn("<%s file>" % name, files)
            self.assertGreater(told.at(name, 1).live, 3000)

    def test_code_that_is_gone_keeps_its_name(self):
        self.start()
        for number in range(300):
            names = {"store": store}
            exec(compile("def f%d():\n    store(bytes(2000))\nf%d()" % (number, number), "<made %d>" % number, "exec"), names)
            names.clear()
        gc.collect()
        told = self.collect()
        found = {path[0][:2] for path in told.paths() if path[0][1].startswith("<made ") and path[0][2] == 2}
        self.assertEqual(found, {("f%d" % number, "<made %d>" % number) for number in range(300)})
        self.assertEqual(told.at("f7", 2).live, getsizeof(bytes(2000)))

    def test_a_long_name_is_cut(self):
        name = "f" * 5000
        self.start()
        exec("def %s(): store(bytes(3000))\n%s()" % (name, name), globals())
        self.assertGreater(self.collect().at("f" * 1000).live, 3000)

    def test_deep_recursion_keeps_the_innermost_frames(self):
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(12000)
        size = threading.stack_size(512 << 20)
        thread = threading.Thread(target=recurse, args=(10000,))
        self.start()
        try:
            thread.start()
            thread.join()
        finally:
            threading.stack_size(size)
            sys.setrecursionlimit(limit)
        told = self.collect()
        path, = [path for path in told.paths() if path[0] == ("recurse", recurse.__code__.co_filename, line_of(recurse, 3))]
        self.assertEqual(len(path), 66)
        self.assertEqual([frame[0] for frame in path[-2:]], ["\u2026", path[-1][0]])

    def test_a_thread_that_has_ended_has_a_number(self):
        self.start()
        for _ in range(3):
            thread = threading.Thread(target=keep, args=(5, 700), name="short")
            thread.start()
            thread.join()
        told = self.collect()
        names = {path[-1][0] for path in told.paths() if path[0][0] == "keep"}
        self.assertEqual(len(names), 3)
        self.assertTrue(all(name.startswith("thread ") for name in names), names)

    def test_threads_by_their_names(self):
        go = threading.Barrier(4)

        def work(size):
            keep(20, size)
            go.wait()
            go.wait()
        self.start()
        threads = [threading.Thread(target=work, args=(600 + index,), name="worker %d" % index) for index in range(3)]
        for thread in threads:
            thread.start()
        go.wait()
        told = self.collect()
        go.wait()
        for thread in threads:
            thread.join()
        made = {path[-1][0]: told.rows[node].live for node in told.rows for path in [told.path(node)]
                if path[0][0] == "keep" and path[0][2] == line_of(keep, 2)}
        self.assertEqual(made, {"worker %d" % index: 20.0 * getsizeof(bytes(600 + index)) for index in range(3)})

    def test_many_threads_are_one_from_the_thousandth_on(self):
        self.start()
        for _ in range(1100):
            thread = threading.Thread(target=drop, args=(1, 600))
            thread.start()
            thread.join()
        names = [path[-1][0] for path in self.collect().paths()]
        self.assertIn("(other threads)", names)
        self.assertLessEqual(len(set(names)), 1001)

    def test_what_the_collecting_thread_allocates_is_left_out(self):
        self.start()
        told = self.collect()
        self.collect()
        self.assertNotIn("collector", {path[-1][0] for path in told.paths()})


class Counts(AllocationTest):
    def test_exact_where_each_block_is_sampled(self):
        self.start()
        keep(1000, 100)
        keep(100, 5000)
        told = self.collect()
        row = told.at("keep", line_of(keep, 2))
        self.assertEqual(row.made, 1000 * getsizeof(bytes(100)) + 100 * getsizeof(bytes(5000)))
        self.assertEqual((row.freed, row.blocks), (0, 1100))
        self.assertGreaterEqual(told.last["live"], 1100)

    def test_estimates_are_within_their_error(self):
        for seed in (1, 2, 3):
            for mean in (512, 4096, 65536):
                with self.subTest(seed=seed, mean=mean):
                    del KEPT[:]
                    self.start(mean, seed)
                    keep(20000, 100)
                    keep(3000, 2000)
                    keep(3, 3000000)
                    exact = 20000 * getsizeof(bytes(100)) + 3000 * getsizeof(bytes(2000)) + 3 * getsizeof(bytes(3000000))
                    self.assert_close(self.collect().at("keep", line_of(keep, 2)), exact)
                    library.stop()

    def test_what_is_freed_is_not_alive(self):
        self.start()
        keep(1000, 300)
        self.collect()
        del KEPT[:]
        drop(500, 300)
        told = self.collect()
        row = told.at("keep", line_of(keep, 2))
        self.assertEqual((row.live, row.left), (0, 0))
        self.assertEqual(row.made, 1000 * getsizeof(bytes(300)))
        row = told.at("drop", line_of(drop, 2))
        self.assertEqual((row.made, row.live), (500 * getsizeof(bytes(300)), 0))

    def test_sums_cancel_out_where_the_mean_changed(self):
        self.start(1000)
        for mean in (300, 0, 5000, 5000, 100):
            keep(2000, 200)
            self.collect(mean)
        del KEPT[:]
        row = self.collect().at("keep", line_of(keep, 2))
        self.assertGreater(row.made, 0)
        self.assertAlmostEqual(row.live, 0, places=3)
        self.assertAlmostEqual(row.left, 0, places=6)

    def test_nothing_is_sampled_while_it_is_off(self):
        self.start()
        self.collect(0)
        keep(1000, 300)
        self.assertEqual(self.collect().at("keep").made, 0)

    def test_a_block_that_grows_is_freed_and_made(self):
        def grow():
            block = bytearray(1000)
            for size in (10000, 100000, 1000000):
                block.extend(bytes(size))
            store(block)
        self.start()
        grow()
        name = "grow" if sys.version_info < (3, 11) else grow.__qualname__
        row = self.collect().at(name)
        self.assertGreater(row.freed, 100000)
        self.assertAlmostEqual(row.live, getsizeof(KEPT[0]), delta=1000)

    def test_a_block_that_shrinks_is_counted_once(self):
        def shrink():
            block = bytearray(5000)
            del block[100:]
            store(block)
        self.start()
        for _ in range(100):
            shrink()
        name = "shrink" if sys.version_info < (3, 11) else shrink.__qualname__
        row = self.collect().at(name, line_of(shrink, 2))
        self.assertEqual(row.blocks, 100)
        self.assertLess(row.live, 100 * 400)

    def test_an_allocation_that_fails_is_not_counted(self):
        def fail():
            for _ in range(20):
                try:
                    bytearray(1 << 61)
                except MemoryError:
                    pass
        self.start(1 << 20)
        fail()
        self.assertLess(self.collect().at("fail" if sys.version_info < (3, 11) else fail.__qualname__).made, 1 << 30)
        keep(10, 10000000)
        self.assert_close(self.collect().at("keep", line_of(keep, 2)), 10 * getsizeof(bytes(10000000)))

    def test_the_same_seed_takes_the_same_blocks(self):
        found = []
        for _ in range(2):
            del KEPT[:]
            self.start(5000, 77)
            keep(5000, 100)
            found.append(self.collect().at("keep", line_of(keep, 2)).made)
        self.assertEqual(found[0], found[1])
        self.assertGreater(found[0], 0)


class Limits(AllocationTest):
    def test_more_tracebacks_than_the_table_takes(self):
        self.start()
        make_tree(17, self.collect)
        told = self.collect()
        self.assertGreater(told.last["merged"], 1000)
        self.assertLessEqual(len(told.nodes), 131072)
        blocks = 2 ** 17
        everywhere = told.at("make_tree").blocks + sum(row.blocks for node, row in told.rows.items() if told.path(node)[0][0] == "(merged)")
        self.assertGreaterEqual(everywhere, blocks)
        merged = [told.path(node) for node in told.rows if told.path(node)[0][0] == "(merged)"]
        self.assertIn([("(merged)", "", 0), (threading.current_thread().name, "", 0)], merged)
        self.assertLess(library.state()["memory"], 32 << 20)

    def test_a_small_table(self):
        library.limit(200)
        self.addCleanup(library.limit, 131072 - 4008)
        self.start()
        make_tree(10)
        keep(100, 1000)
        told = self.collect()
        self.assertGreater(told.last["merged"], 0)
        self.assertLess(len(told.nodes), 210)

    def test_a_million_live_blocks(self):
        # In a process of its own, which is small afterwards.
        status, out = run_python(
            "from tests.allocation_support import *\n"
            "library.start(1.0, 1)\n"
            "kept = [bytes(60) for _ in range(1000000)]\n"
            "test = SamplerTest(); test._told = Told()\n"
            "told = test.collect()\n"
            "print(told.last['live'] >= 1000000, told.last['dropped'], library.state()['memory'] <= 32 << 20)\n"
            "kept.append([bytes(60) for _ in range(600000)])\n"
            "print(test.collect().last['dropped'] > 0, library.state()['memory'] <= 32 << 20)\n"
            "del kept\n"
            "told = test.collect()\n"
            "print(told.last['live'] < 5000, sum(row.left for row in told.rows.values()) < 5000)\n")
        self.assertEqual((status, out), (0, "True 0 True\nTrue True\nTrue True\n"))


class Allocators(unittest.TestCase):
    """PYTHONMALLOC, which is read when a process starts."""

    PROGRAM = (
        "from tests.allocation_support import *\n"
        "def make():\n"
        "    for size in (10, 100, 300, 450, 480, 500, 520, 1000, 100000):\n"
        "        block = bytes(size)\n"
        "        store(block)\n"
        "kept = []\n"
        "store = lambda block: kept.append(block)\n"
        "test = SamplerTest()\n"
        "test._told = Told()\n"
        "library.start(1.0, 1)\n"
        "make()\n"
        "row = test.collect().at('make', 4)\n"
        "print(library.state()['inner'], row.blocks, row.live - sum(map(sys.getsizeof, kept)))\n"
        "kept.clear()\n"
        "print(test.collect().at('make', 4).live)\n")

    @unittest.skipIf(library is None, "no core")
    def test_each_block_is_counted_once(self):
        for name, inner, overhead in (("pymalloc", 513, 0), ("malloc", -1, 0), ("pymalloc_debug", 489, 200), ("malloc_debug", -1, 0)):
            with self.subTest(name):
                status, out = run_python(self.PROGRAM, PYTHONMALLOC=name)
                self.assertEqual(status, 0, out)
                first, second = out.splitlines()
                found, blocks, difference = first.split()
                self.assertEqual((int(found), float(blocks), float(second)), (inner, 9.0, 0.0))
                self.assertLessEqual(float(difference), overhead)


if __name__ == "__main__":
    unittest.main()
