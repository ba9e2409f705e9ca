"""What only C code holds, and is named all the same: by the walk in pure Python and by the core."""

import contextvars
import datetime
import gc
import signal
from importlib.util import find_spec

from heapscope_agent.heap.labels import DUMP_ROOT_INTERPRETER, TYPE_FLAG_UNCOLLECTED
from tests.heap_support import TRACKED, in_place_or_why, walked
from tests.support import AgentTest

REQUEST, USER = contextvars.ContextVar("hs_request"), contextvars.ContextVar("hs_user")
MANY = [contextvars.ContextVar("hs_variable_%d" % number) for number in range(40)]


class Handler:
    def __call__(self, number, frame):
        pass


class HeldByC(AgentTest):
    def dumps(self):
        dump, why = in_place_or_why(self.folder)
        if dump is None:
            self.skipTest(why)
        return {"core": dump, "python": walked()}

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

    def test_zones_of_times_are_named(self):
        class Zone(datetime.tzinfo):
            pass
        zone = Zone()
        when = self.when = datetime.datetime(2020, 1, 1, tzinfo=zone)
        for way, dump in self.dumps().items():
            self.assertEqual(dump.names(when)["tzinfo"], id(zone), way)

    def test_types_say_whether_they_take_part_in_collection(self):
        part, none = Handler(), memoryview(b"").obj
        for way, dump in self.dumps().items():
            self.assertFalse(dump.type_of(part).flags & TYPE_FLAG_UNCOLLECTED, way)
            self.assertTrue(dump.type_of(none).flags & TYPE_FLAG_UNCOLLECTED, way)

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
