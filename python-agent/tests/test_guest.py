"""What a guest adds to a program, as README.md lists it: this and no more."""

import json
import os
import sys
import unittest

from heapscope_agent.heap.ways import core_or_why
from tests.support import AgentTest
from tests.test_boot import MAY_ADD

MOST_OBJECTS = 2500
"""README.md says how many there are; this says when it is no longer true."""


class Guest(AgentTest):
    def setUp(self):
        super().setUp()
        if not os.path.isdir("/proc/self/fd"):
            self.skipTest("there is no /proc")
        self.alone = self.seen(self.bare("looks_around"))

    def seen(self, done):
        status, out, err = done
        self.assertEqual((status, err), (0, ""))
        return json.loads(out)

    def recorded(self, target="looks_around", **options):
        engine = self.engine_with_options(os.path.join(self.folder, "dumps"), **options)
        return self.seen(self.run_with(engine, target))

    def added(self, found, name):
        return [thing for thing in found[name] if thing not in self.alone[name]]

    def test_a_program_finds_what_is_listed_and_no_more(self):
        found = self.recorded()
        socket, = self.added(found, "descriptors")
        self.assertGreaterEqual(socket, 200)
        self.assertEqual(self.added(found, "environment"), ["HEAPSCOPE_LINK", "PYTHONPATH"])
        more = {name: found[name] - self.alone[name] for name in ("tasks", "collector callbacks", "atexit")}
        self.assertEqual(more, {"tasks": 1, "collector callbacks": 2, "atexit": 1})
        self.assertEqual(sorted(set(self.added(found, "modules")) - MAY_ADD), [])
        self.assertEqual(self.added(found, "functions"), ["_exit", "chroot"])
        self.assertEqual(self.added(found, "written in C"), [])
        self.assertLess(found["objects"] - self.alone["objects"], MOST_OBJECTS)
        modules = {name.partition(".")[0] for name in self.added(found, "types")}
        self.assertEqual(sorted(modules - {"heapscope_agent", "builtins", "itertools", "functools", "_socket", "_struct"}), [])
        for name in ("path", "finders", "hooks", "threads", "signals", "traced", "own hooks", "garbage", "thresholds", "wakeup"):
            self.assertEqual(found[name], self.alone[name], name)

    def test_a_programs_own_filter_leaves_our_lines_out(self):
        found = self.recorded("looks_around lines")
        self.assertGreater(found["lines"], 0)
        self.assertEqual(found["lines left"], 0)

    @unittest.skipIf(core_or_why()[0] is None, core_or_why()[1])
    def test_a_forked_copy_is_among_the_children_by_its_name(self):
        found = self.recorded("looks_around snapshot")
        self.assertEqual(found["state"], "done")
        own = {os.path.basename(path)[:15] for path in (sys.executable, os.path.realpath(sys.executable))}  # in its first moment
        self.assertEqual(set(found["children"]) - own, {"heapscope-snap"})
