"""What only C code holds, and is named all the same: by the walk in pure Python and by the core."""

import asyncio
import atexit
import contextvars
import datetime
import functools
import gc
import re
import signal
import subprocess
import sys
from importlib.util import find_spec

import heapscope_agent
from heapscope_agent.heap.labels import DUMP_ROOT_AGENT, DUMP_ROOT_INTERPRETER, TYPE_FLAG_LOWER_BOUND, TYPE_FLAG_UNCOLLECTED
from tests.dump_reader import NONE
from tests.heap_support import TRACKED, both_or_why
from tests.support import ROOT, AgentTest

REQUEST, USER = contextvars.ContextVar("hs_request"), contextvars.ContextVar("hs_user")
MANY = [contextvars.ContextVar("hs_variable_%d" % number) for number in range(40)]


MARK, LATER = ["mark"], ["later"]


@functools.lru_cache(maxsize=3)
def squared(number):
    return [number, number]


@functools.lru_cache(maxsize=None)
def doubled(number):
    return [number, "twice"]


class Work(asyncio.Task):
    pass


async def waits_for(future):
    return await future


def first_called(future):
    pass


def then_called(future):
    pass


def innermost(inside):
    inside[1]()


def outermost(held, inside):
    sorted([inside], key=lambda argument: innermost(inside))


class Handler:
    def __call__(self, number, frame):
        pass


class HeldByC(AgentTest):
    def dumps(self):
        dumps, why = both_or_why(self.folder)
        if dumps is None:
            self.skipTest(why)
        return dumps

    def held(self, dump, things):
        """For each thing the names of the edges that lead to it from parts of contexts."""
        kinds = {index for index, kind in enumerate(dump.types) if "hamt" in kind.name}
        edges = [edge for number in range(len(dump)) if dump.type[number] in kinds for edge in dump.edges(number)]
        return [[edge.name for edge in edges if edge.target == dump.number_of(thing)] for thing in things]

    def test_values_of_context_variables_have_their_names(self):
        request, user = ["request"], ["user"]
        context = contextvars.Context()
        context.run(REQUEST.set, request)
        context.run(USER.set, user)
        for way, dump in self.dumps().items():
            self.assertEqual(self.held(dump, [request, user]), [["hs_request"], ["hs_user"]], way)
            self.assertEqual(dump.names(REQUEST)["name"], id(REQUEST.name), way)

    def test_a_context_of_many_and_a_variable_as_a_value(self):
        values = [[number] for number in range(40)]
        context = contextvars.Context()
        for variable, value in zip(MANY, values):
            context.run(variable.set, value)
        single = contextvars.Context()
        single.run(REQUEST.set, USER)
        for way, dump in self.dumps().items():
            self.assertEqual(self.held(dump, values), [["hs_variable_%d" % number] for number in range(40)], way)
            self.assertIn("hs_request", self.held(dump, [USER])[0], way)

    def test_handlers_of_signals_are_named(self):
        handler = Handler()
        before = signal.signal(signal.SIGUSR1, handler)
        try:
            dumps = self.dumps()
        finally:
            signal.signal(signal.SIGUSR1, before)
        for way, dump in dumps.items():
            root, = [root for root in dump.roots if root.kind == DUMP_ROOT_INTERPRETER]
            named = {dump.labels[label].name: ref for label, ref in root.refs}
            self.assertEqual(named["signal.SIGUSR1"], dump.number_of(handler), way)
            self.assertNotIn("signal.SIGUSR2", named, way)

    def test_callbacks_of_atexit_are_named(self):
        argument, ours = Handler(), Handler.__call__
        before = heapscope_agent._at_exit
        heapscope_agent._at_exit = ours
        for callback, given in ((ours, ()), (then_called, (argument,))):
            atexit.register(callback, *given)
        try:
            dumps = self.dumps()
        finally:
            heapscope_agent._at_exit = before
            atexit.unregister(ours), atexit.unregister(then_called)
        for way, dump in dumps.items():
            root, = [root for root in dump.roots if root.kind == DUMP_ROOT_INTERPRETER]
            held = [ref for label, ref in root.refs if dump.labels[label].name.startswith("atexit")]
            if way == "python" and sys.version_info >= (3, 10):
                self.assertEqual(held, [])  # it has no way to see them
                continue
            if sys.version_info < (3, 10):
                held = dump.targets_of(dump.number_of(atexit))
            elif sys.version_info >= (3, 14):
                held = [part for entry in dump.targets_of(held[0]) for part in dump.targets_of(entry)]
                own, = [root for root in dump.roots if root.kind == DUMP_ROOT_AGENT and root.ident == 0 and root.parent == NONE]
                self.assertIn([dump.number_of(ours)], [dump.targets_of(ref)[:1] for _, ref in own.refs])
            self.assertIn(dump.number_of(then_called), held, way)
            self.assertIn(dump.number_of(argument), [part for entry in held for part in dump.targets_of(entry)], way)
            if (3, 10) <= sys.version_info < (3, 14):
                self.assertNotIn(dump.number_of(ours), held, way)

    def test_zones_of_times_are_named(self):
        class Zone(datetime.tzinfo):
            pass
        zone = Zone()
        when = self.when = datetime.datetime(2020, 1, 1, tzinfo=zone)
        for way, dump in self.dumps().items():
            self.assertEqual(dump.names(when)["tzinfo"], id(zone), way)

    def test_what_is_cached_is_named_as_arguments_and_results_of_its_function(self):
        arguments = [(key,) for key in (Handler(), Handler())]
        results = [squared(*each) for each in arguments]
        unbounded = doubled(4)
        self.addCleanup(squared.cache_clear)
        for way, dump in self.dumps().items():
            number = dump.number_of(squared)
            edges = {dump.address[edge.target]: edge.name for edge in dump.edges(number) if edge.target != NONE}
            held = [dump.targets_of(target) for target in dump.targets_of(number) if edges[dump.address[target]] == "cached arguments"]
            self.assertEqual(held, [[dump.number_of(each[0])] for each in arguments], way)
            self.assertEqual([edges[id(each)] for each in results], ["cached result"] * 2, way)
            self.assertEqual(edges[id(squared.__wrapped__)], "func", way)
            self.assertEqual(dump.names(squared)["__dict__"], id(vars(squared)), way)
            self.assertEqual(dump.previews[number], "squared test_held_by_c.py:%d" % squared.__wrapped__.__code__.co_firstlineno, way)
            cache, = [edge.target for edge in dump.edges(dump.number_of(doubled)) if edge.name == "cache"]
            self.assertIn(dump.number_of(unbounded), dump.targets_of(cache), way)

    def test_fields_of_futures_and_tasks_have_names(self):
        async def inside():
            loop = asyncio.get_running_loop()
            futures = waiting, done, failed, cancelled = [loop.create_future() for _ in range(4)]
            context, error = contextvars.copy_context(), ValueError("wrong")
            waiting.add_done_callback(first_called, context=context)
            waiting.add_done_callback(then_called)
            tasks = [asyncio.Task(waits_for(waiting), name="check orders"), Work(waits_for(waiting), name="work"),
                     asyncio.ensure_future(waits_for(waiting))]
            await asyncio.sleep(0)
            done.set_result(MARK)
            failed.set_exception(error)
            cancelled.cancel(msg=LATER)
            for way, dump in self.dumps().items():
                self.look_at_futures(way, dump, futures, (context, error, tasks))
                self.look_at_tasks(way, dump, waiting, tasks)
            self.assertEqual(dump.previews[dump.number_of(tasks[2])].split(" ")[0], tasks[2].get_name())
            every = dict.fromkeys(map(id, tasks + [asyncio.current_task()]))
            left = [thing for thing in gc.get_objects() if type(thing) is asyncio.Task and id(thing) not in every]
            self.assertEqual(left, [])
            failed.exception()
            waiting.set_result(None)
            await asyncio.wait(tasks)
        asyncio.run(inside())
        gc.collect()  # never ended on 3.12 once a freed iterator of asyncio had been taken for an object

    def look_at_futures(self, way, dump, futures, others):
        waiting, done, failed, cancelled = futures
        context, error, tasks = others
        names = dump.names(waiting)
        self.assertEqual((names["_callback0"], names["_context0"]), (id(first_called), id(context)), way)
        entries = dump.targets_of(dump.by_address[names["_callbacks"]])
        self.assertIn(dump.number_of(then_called), dump.targets_of(entries[0]), way)
        if sys.version_info >= (3, 14):
            waiters = dump.targets_of(dump.by_address[names["_asyncio_awaited_by"]])
            self.assertEqual(sorted(waiters), sorted(map(dump.number_of, tasks)), way)
        self.assertEqual(dump.names(done)["_result"], id(MARK), way)
        self.assertEqual(dump.names(failed)["_exception"], id(error), way)
        self.assertEqual(dump.names(cancelled)["_cancel_message"], id(LATER), way)

    def look_at_tasks(self, way, dump, waiting, tasks):
        named, derived, unnamed = tasks
        for task in named, derived:
            names = dump.names(task)
            self.assertEqual((names["_loop"], names["_fut_waiter"]), (id(asyncio.get_running_loop()), id(waiting)), way)
            self.assertEqual((names["_coro"], names["_name"]), (id(task.get_coro()), id(task.get_name())), way)
            self.assertEqual(dump.type_name(dump.by_address[names["_context"]]).rpartition(".")[2], "Context", way)
        sees_lines = way == "core" or sys.version_info < (3, 11)
        where = " waits_for test_held_by_c.py:%d suspended" % (waits_for.__code__.co_firstlineno + sees_lines)
        self.assertEqual(dump.previews[dump.number_of(named)], "check orders" + where, way)
        self.assertRegex(dump.previews[dump.number_of(unnamed)], "^Task-[0-9]+" + where + "$", way)
        self.assertIn("_name", dump.names(unnamed), way)

    def test_what_is_missing_is_said(self):
        match = self.match = re.match("(.*)", "".join(["text ", "of a match"]))
        for way, dump in self.dumps().items():
            seen = dump.number_of(match.string) in dump.targets_of(dump.number_of(match))
            self.assertEqual("untracked-unseen" in dump.meta["notes"], not seen, way)
            self.assertEqual(bool(dump.type_of(match).flags & TYPE_FLAG_LOWER_BOUND), not seen, way)

    def test_types_say_whether_they_take_part_in_collection(self):
        part, none = Handler(), memoryview(b"").obj
        for way, dump in self.dumps().items():
            self.assertFalse(dump.type_of(part).flags & TYPE_FLAG_UNCOLLECTED, way)
            self.assertTrue(dump.type_of(none).flags & TYPE_FLAG_UNCOLLECTED, way)

    if find_spec("_sqlite3"):
        def test_what_a_connection_calls_is_named(self):
            """In a process of its own: on 3.15 test_sizes measures one kind differently once sqlite is there."""
            done = subprocess.run([sys.executable, "-m", "unittest", "tests.held_by_sqlite"], cwd=ROOT, stderr=subprocess.PIPE,
                                  universal_newlines=True, timeout=300)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("Ran 1 test", done.stderr)
            self.assertNotIn("skipped", done.stderr)

    if find_spec("greenlet"):
        def test_a_suspended_greenlet_holds_the_locals_of_its_functions(self):
            import greenlet

            class Derived(greenlet.greenlet):
                pass
            box, deep, here = ["box"], ["deep", greenlet.getcurrent().switch], ["here"]

            for kind in greenlet.greenlet, Derived:
                suspended = kind(outermost)
                suspended.switch(box, deep)
                for way, dump in self.dumps().items():
                    frame = dump.by_address.get(dump.names(suspended).get("gr_frame"))
                    if way == "python" and sys.version_info >= (3, 11):
                        self.assertIsNone(frame)  # it would have to be made
                        self.assertIn("greenlets-unseen", dump.meta["notes"])
                        continue
                    self.assertEqual(dump.previews[frame].partition(" ")[0], "innermost", way)
                    held = dump.targets_of(dump.number_of(suspended)) + self.of_frames(dump, frame)
                    self.assertEqual([dump.number_of(thing) in held for thing in (box, deep, here)], [True, True, False], way)
                    if sys.version_info >= (3, 11):
                        named = [(edge.name, dump.address[edge.target]) for edge in dump.edges(dump.number_of(suspended))]
                        self.assertEqual(named.count(("held", id(box))) + named.count(("inside", id(deep))), 2, way)
                suspended.switch()
                self.assertTrue(suspended.dead)

        def of_frames(self, dump, frame):
            """What frames hold, up to 3.10."""
            held = []
            while frame is not None and sys.version_info < (3, 11):
                edges = [edge for edge in dump.edges(frame)]
                held += [edge.target for edge in edges if edge.name != "f_back"]
                frame = next((edge.target for edge in edges if edge.name == "f_back"), None)
            return held

    if find_spec("numpy"):  # of the interpreters that tests run on, one has it
        def test_an_array_of_objects_keeps_its_cycle_for_ever(self):
            import numpy
            thing = Handler()
            thing.array = numpy.array([thing], dtype=object)
            address, array = id(thing), id(thing.array)
            del thing
            gc.collect()
            for way, dump in self.dumps().items():
                number, at = dump.by_address[address], dump.by_address[array]
                self.assertEqual(dump.type_name(number), "tests.test_held_by_c.Handler", way)
                self.assertTrue(dump.types[dump.type[at]].flags & TYPE_FLAG_UNCOLLECTED, way)
                self.assertFalse(dump.flags[at] & TRACKED, way)
                self.assertIn(number, dump.targets_of(at), way)
