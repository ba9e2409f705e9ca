"""Signals reach the program as they do without us."""

import os
import re

from tests.support import AgentTest, wire


class Signals(AgentTest):
    def test_an_interrupt_during_a_collection_reaches_the_program(self):
        # A collector callback written in Python would swallow it: CPython 3.9 to 3.15.
        self.assertEqual(self.run_with(self.engine(), "interrupted_in_a_collection"), (0, "arrived\n", ""))

    def test_signals_wake_the_main_thread_and_children_have_none_blocked(self):
        self.same("handles_signals")

    def test_our_thread_blocks_all_but_faults(self):
        engine = self.engine()
        process = self.start(engine, "waits_for_input")
        engine.wait_for(wire.SAMPLE)
        tasks = os.listdir("/proc/%d/task" % process.pid)
        blocked = {task: self.blocked(process.pid, task) for task in tasks}
        self.finish(process)
        self.assertEqual(blocked.pop(str(process.pid)), 0)
        ours, = blocked.values()
        for number, is_blocked in ((1, True), (2, True), (15, True), (14, True), (17, True), (11, False), (6, False)):
            self.assertEqual(bool(ours >> (number - 1) & 1), is_blocked, number)

    def blocked(self, pid, task):
        with open("/proc/%d/task/%s/status" % (pid, task)) as file:
            return int(re.search(r"SigBlk:\s*(\w+)", file.read()).group(1), 16)
