"""Roots, texts, sites and arrays in the C core's dumps."""

import gc
import sys
import threading
import tracemalloc
import unittest
from importlib.util import find_spec

from tests import dump_reader
from tests.dump_reader import PLACED
from tests.native_support import NativeTest, core

NONE = 0xFFFFFFFF
MODULES, THREAD, FRAME, INTERPRETER, STATIC, AGENT, GARBAGE = 1, 2, 3, 4, 5, 6, 7


class Held(object):
    pass


def working(ready, leave, deep):
    """A thread's function; it waits in ``leave.wait``."""
    kept = Held()
    captured = Held()

    def inner(argument):
        return captured
    if deep:
        return working(ready, leave, deep - 1)
    ready.append((kept, captured, inner))
    leave.wait()
    return inner


class Roots(NativeTest):
    def roots(self, dump, kind):
        return [root for root in dump.roots if root.kind == kind]

    def refs(self, dump, root):
        return {dump.labels[label].name: dump.address[ref] for label, ref in root.refs}

    def test_modules_interpreter_garbage(self):
        lost = Held()
        gc.garbage.append(lost)
        self.addCleanup(gc.garbage.clear)
        dump = self.snapshot()
        modules, = self.roots(dump, MODULES)
        self.assertEqual((modules.name, [dump.address[ref] for _, ref in modules.refs]), ("sys.modules", [id(sys.modules)]))
        interpreter, = self.roots(dump, INTERPRETER)
        self.assertEqual(self.refs(dump, interpreter)["sysdict"], id(sys.__dict__))
        garbage, = self.roots(dump, GARBAGE)
        self.assertEqual([dump.address[ref] for _, ref in garbage.refs], [id(gc.garbage)])

    def test_static_types(self):
        static = self.roots(self.snapshot(), STATIC)
        self.assertGreater(sum(len(root.refs) for root in static), 30)

    def test_own_frames_with_their_lines(self):
        local, other = Held(), Held()

        def caller(argument):
            return self.snapshot(), sys._getframe().f_lineno

        dump, line = caller(other)
        thread, = [root for root in self.roots(dump, THREAD) if root.ident == threading.get_ident()]
        self.assertEqual(thread.name, threading.current_thread().name)
        frames = {root.name.split(".")[-1]: root for root in self.roots(dump, FRAME)}
        self.assertEqual(dump.roots[frames["caller"].parent], thread)
        self.assertEqual((frames["caller"].line, frames["caller"].file), (line, __file__))
        self.assertEqual(self.refs(dump, frames["caller"])["argument"], id(other))
        own = self.refs(dump, frames["test_own_frames_with_their_lines"])
        self.assertEqual(own["local"], id(local))
        self.assertEqual(own["f_globals"], id(globals()))
        self.assertEqual(own["f_code"], id(sys._getframe().f_code))
        kinds = {dump.labels[label] for label, _ in frames["caller"].refs}
        self.assertIn((3, "argument"), kinds)
        self.assertIn((4, "self"), kinds)
        depths = [root.ident for root in self.roots(dump, FRAME) if dump.roots[root.parent] == thread]
        self.assertEqual(depths, sorted(depths))

    def test_a_modules_frame_has_its_namespace(self):
        namespace = {"take": self.snapshot, "__name__": "hs_module"}
        exec("class Body:\n    in_body = 17\n    dump = take()", namespace)
        dump = namespace["Body"].dump
        body = next(root for root in self.roots(dump, FRAME) if root.name == "Body")
        held = dump.by_address[self.refs(dump, body)["f_locals"]]
        self.assertIn("in_body", [edge.name for edge in dump.edges(held)])
        module = next(root for root in self.roots(dump, FRAME) if root.file == "<string>" and root.name == "<module>")
        self.assertEqual(self.refs(dump, module)["f_locals"], id(namespace))

    def test_frames_of_other_threads(self):
        ready, leave = [], threading.Event()
        threads = [threading.Thread(target=working, args=(ready, leave, deep), name="worker %d" % deep) for deep in (0, 5, 1)]
        for thread in threads:
            thread.start()
        try:
            while len(ready) < 3:
                pass
            dump = self.snapshot()
        finally:
            leave.set()
            for thread in threads:
                thread.join()
        for thread, deep in zip(threads, (0, 5, 1)):
            root, = [root for root in self.roots(dump, THREAD) if root.name == thread.name]
            frames = [frame for frame in self.roots(dump, FRAME) if dump.roots[frame.parent] == root and frame.name == "working"]
            self.assertEqual(len(frames), deep + 1)
            found = self.refs(dump, frames[0])
            kept, captured, inner = next(entry for entry in ready if id(entry[0]) == found["kept"])
            self.assertEqual(found["inner"], id(inner))
            self.assertIn(dump.type_name(dump.by_address[found["captured"]]), ("cell",))
            self.assertEqual(frames[0].line, working.__code__.co_firstlineno + 10)

    def test_an_init_has_one_frame(self):
        """From 3.12 the interpreter puts one of its own around it, once it has learned what is called: in that is nothing."""
        class Waiting(object):
            def __init__(self, wait):
                self.waited = wait()

        def make(wait):
            return Waiting(wait)
        for _ in range(200):
            make(int)
        leave, inside = threading.Event(), threading.Event()

        def wait():
            inside.set()
            return leave.wait()
        thread = threading.Thread(target=make, args=(wait,))
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(leave.set)
        inside.wait()
        frames = [root for root in self.roots(self.snapshot(), FRAME) if root.ident < 30]
        names = [root.name.rpartition(".")[2] for root in frames]
        at = names.index("make")
        self.assertEqual(names[at - 2:at + 1], ["wait", "__init__", "make"])

    def test_thread_local_storage(self):
        local = threading.local()
        local.held = held = Held()
        dump = self.snapshot()
        thread, = [root for root in self.roots(dump, THREAD) if root.ident == threading.get_ident()]
        storage = dump.by_address[self.refs(dump, thread)["thread-local storage"]]
        self.assertEqual(dump.type_name(storage), "dict")
        self.assertTrue(dump.referrers(dump.number_of(held)))

    def test_what_is_ours_is_said_to_be(self):
        dump = self.snapshot()
        own = {dump.address[ref] for root in self.roots(dump, AGENT) for _, ref in root.refs}
        self.assertIn(id(sys.modules["heapscope_agent.heap.core"]), own)
        self.assertIn("run" if self.way == "in-place" else "start", [root.name.split(".")[-1] for root in self.roots(dump, AGENT)])
        self.assertNotIn("start", [root.name.split(".")[-1] for root in self.roots(dump, FRAME)])

    def test_deep_recursion(self):
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(5000)
        self.addCleanup(sys.setrecursionlimit, limit)

        def recurse(depth):
            return recurse(depth - 1) if depth else self.snapshot()
        dump = recurse(3000)
        depths = [root.ident for root in self.roots(dump, FRAME) if root.name.endswith("recurse")]
        self.assertEqual(len(depths), 3001)


class RootsInPlace(Roots):
    way = "in-place"


class Previews(NativeTest):
    things = None

    def previews(self, things, **changes):
        dump = self.snapshot(previews=1, **changes)
        return [dump.previews.get(dump.number_of(thing)) for thing in things]

    def test_off_unless_asked_for(self):
        dump = self.snapshot()
        self.assertEqual({dump.type_name(number) for number in dump.previews} - set(PLACED), set())

    def test_of_exact_builtin_types(self):
        class Text(str):
            pass
        things = ["".join(["hello ", "\u0101"]), "x" * 500, b"\x00ab\\", 2 ** 40, -5, 1.5, 1e300, 0.1, float("inf"), True, None,
                  [1], (1, 2), {"a": 1}, {1, 2, 3}, Text("no"), object()]
        self.assertEqual(self.previews(things), [
            "hello \u0101", "x" * 120, "\\x00ab\\\\", str(2 ** 40), "-5", "1.5", "1e+300", "0.1", "inf", "True", "None",
            "1 item", "2 items", "1 item", "3 items", None, None])

    def test_redaction(self):
        def text(letter):
            return letter * 30
        plain, keyed, attribute, nested, deep, inner, member, enclosed, local, by_bytes = map(text, "abcdefghij")
        held, other = Held(), Held()
        held.api_token = attribute
        other.name = inner
        kept = {"PASSWORD": keyed, "plain": plain, b"API-Token": by_bytes, "my_secrets": {"list": [nested, (deep,), other, {member}]}}

        def closing(secret):
            return lambda: secret

        def calling(a_password):
            return self.previews(things, redact=["password", "token", "secret"])
        closure = closing(enclosed)
        things = [plain, keyed, attribute, nested, deep, member, enclosed, local, by_bytes]
        self.assertEqual(calling(local), [plain] + [None] * 8)
        self.assertEqual((len(kept), closure()), (4, enclosed))
        kept["my_secrets"] = other
        things = [plain, inner]
        self.assertEqual(calling(local), [plain, None])


class Sites(NativeTest):
    def test_tracebacks_of_tracemalloc(self):
        before = Held()
        tracemalloc.start(3)
        try:
            things = [Held(), "".join(["text", "s"]), bytearray(100), Held, *[Held() for _ in range(500)]]
            line = sys._getframe().f_lineno - 1
            expected = [tracemalloc.get_object_traceback(thing) for thing in things]
            dump = self.snapshot(sites=1)
        finally:
            tracemalloc.stop()
        self.assertEqual(dump.site[dump.number_of(before)], NONE)
        self.assertNotEqual(dump.site[dump.number_of(things[-1])], NONE)
        for thing, trace in zip(things, expected):
            site = dump.site[dump.number_of(thing)]
            if trace is None:  # 3.11 looks in the wrong place for instances; all versions keep some from before
                continue
            found = [(dump.files[file], number) for file, number in dump.sites[site]]
            self.assertEqual(found, [(frame.filename, frame.lineno) for frame in reversed(trace)])
            self.assertEqual((found[0][0], found[0][1] <= line, len(found)), (__file__, True, 3))

    def test_tracemalloc_is_not_asked_for_each_object(self):
        for self.way in ("fork", "in-place"):
            with self.subTest(self.way):
                tracemalloc.start(2)
                try:
                    names = {}
                    exec(compile("def make(): return [object(), object()]", "gr\u00f6\u00dfe \u6f22.py", "exec"), names)
                    things = names["make"]()
                    line = sys._getframe().f_lineno - 1
                    result = self.capture(sites=1)
                finally:
                    tracemalloc.stop()
                self.assertEqual(result["state"], "done", result)
                self.assertTrue(core.load().available()["traces"], "where tracemalloc keeps its table is not found")
                dump = dump_reader.read(self.path)
                found = {dump.site[dump.number_of(thing)] for thing in things}
                self.assertEqual(len(found), 1)
                self.assertEqual([(dump.files[file], number) for file, number in dump.sites[found.pop()]],
                                 [("gr\u00f6\u00dfe \u6f22.py", 1), (__file__, line)])

    def test_in_place_the_collector_stays_as_it_was(self):
        tracemalloc.start()
        self.way = "in-place"
        try:
            for set_it, expected in ((gc.disable, False), (gc.enable, True)):
                set_it()
                self.snapshot(sites=1)
                self.assertEqual(gc.isenabled(), expected)
        finally:
            tracemalloc.stop()
            gc.enable()


if find_spec("numpy"):  # of the interpreters that tests run on, one has it
    class Arrays(NativeTest):
        def test_arrays(self):
            import numpy
            held = Held()
            owner = numpy.zeros((30, 50), "f8")
            view = owner[1:3]
            objects = numpy.array([held, None, "text"], dtype=object)
            scalar = numpy.zeros((), "u2")
            texts = numpy.array(["ab", "cde"])
            things = [owner, view, objects, scalar, texts]
            sizes = [sys.getsizeof(thing) for thing in things]
            dump = self.snapshot()
            self.assertEqual([dump.bytes_of(dump.number_of(thing)) for thing in things], sizes)
            arrays = {entry.ref: entry for entry in dump.arrays}
            self.assertEqual([arrays[dump.number_of(thing)][1:] for thing in things], [
                (12000, 1, "float64", "(30, 50)"), (800, 0, "float64", "(2, 50)"), (24, 1, "object", "(3,)"),
                (2, 1, "uint16", "()"), (24, 1, "U3", "(2,)")])
            self.assertEqual(dump.names(view)["base"], id(owner))
            self.assertEqual([dump.address[edge.target] for edge in dump.edges(dump.number_of(objects)) if edge.kind == "index"],
                             [id(held), id(None), id(objects[2])])


if __name__ == "__main__":
    unittest.main()
