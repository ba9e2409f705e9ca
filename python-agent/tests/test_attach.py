"""A process that is joined in the middle of its life."""

import os
import unittest

from tests.support import ROOT, TARGETS, AgentTest, clean_environment, wire


class Joined(AgentTest):
    def run_joined(self, engine, name, stdin=""):
        return self._finish([os.path.join(TARGETS, name + ".py"), engine.link(), ROOT], clean_environment(), stdin)

    def test_where_threads_are_not_threads_it_is_left_alone(self):
        engine = self.engine()
        self.assertEqual(self.run_joined(engine, "joined_after_a_patch"), (0, "False []\n", ""))
        self.assertEqual(engine.connections, [])

    def test_where_nobody_listens_it_is_left_alone(self):
        engine = self.engine()
        engine.stop_listening()
        status, out, err = self.run_joined(engine, "joined_late", "\n")  # it hears only later that nobody does
        self.assertEqual((status, out.split("\n", 1)[1], err), (0, "3\natexit\n", ""))

    def test_it_is_recorded_from_then_on_and_once(self):
        engine = self.engine()
        target = [os.path.join(TARGETS, "joined_late.py"), engine.link(), ROOT]
        process = self.start(engine, target, {"HEAPSCOPE_LINK": "none"})
        self.assertEqual(process.stdout.readline(), "False True False\n")
        self.assertEqual(engine.wait_for(wire.HELLO)["reason"], "attach")
        engine.wait_for(wire.SAMPLE, count=3)
        self.assertTrue(engine.connections[0].command("collect")["ok"])
        self.assertEqual(self.finish(process), (0, "3\natexit\n", ""))
        engine.wait_closed(2)
        joined, = engine.by_reason("attach")
        self.assertEqual([mark["name"] for mark in joined.bodies(wire.MARK)], ["joined"])
        self.assertEqual([bye["reason"] for bye in joined.bodies(wire.BYE)], ["exit"])
        child, = engine.by_reason("fork")
        self.assertEqual([mark["name"] for mark in child.bodies(wire.MARK)], ["child"])
        self.assertEqual([bye["code"] for bye in child.bodies(wire.BYE)], [3])


if __name__ == "__main__":
    unittest.main()
