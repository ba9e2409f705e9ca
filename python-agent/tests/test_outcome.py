"""What a program is told of the snapshots that it takes, and that none is lost without a word."""

import os
import signal
import unittest

from tests import dump_reader
from tests.support import PATIENCE
from tests.test_snapshot import MANY, SnapshotTest, available, children

forks = available()[0] == "fork"
LIMITED = """import resource; resource.setrlimit(resource.%s, (%s, %s))"""
USED = "int(open('/proc/self/statm').read().split()[0]) * 4096"


class Outcome(SnapshotTest):
    def setUp(self):
        SnapshotTest.setUp(self)
        self.agent = self.living()
        self.run_line("import heapscope_agent as h; said = []")

    def call(self, name, rest=""):
        """Takes one in the program; what it is told."""
        return self.run_line("said.append(h.snapshot(%r%s)); print(bool(said[-1]), said[-1].state, said[-1].reason)" % (name, rest))[:-1]

    def rows(self, state):
        """Names of the program's snapshots that the engine has heard this of last."""
        last = {body["number"]: body for body in self.states(self.agent)}
        return sorted([body["name"] for body in last.values() if body["state"] == state])

    def stop_children(self):
        found = children(self.process.pid)
        for pid in found:
            os.kill(pid, signal.SIGSTOP)
        return found

    def test_is_done_in_the_end(self):
        for method in self.each_way():
            self.agent.command("snapshot_options", method=method)
            self.assertEqual(self.call(method).split()[0], "True")
            self.assertEqual(self.run_line("print(said[-1].wait(), said[-1])"), "True <snapshot '%s': done>\n" % method)
        self.link.wait(lambda: self.rows("done") == sorted(available()))

    def test_two_in_a_row(self):
        self.run_line(MANY % 50000)
        for method in self.each_way():
            self.agent.command("snapshot_options", method=method)
            self.run_line("said = [h.snapshot(n + %r) for n in 'ab']" % method)
            self.assertEqual(self.run_line("print([s.wait(%d) for s in said])" % PATIENCE), "[True, True]\n")
        self.link.wait(lambda: self.rows("done") == sorted([n + method for n in "ab" for method in available()]))

    def test_where_nobody_records(self):
        said = self.bare(["-c", "import sys; sys.path[:0] = sys.argv[1:]; import heapscope_agent as h; s = h.snapshot('x'); "
                                "print(bool(s), s.wait(), s.reason)", os.path.dirname(os.path.dirname(__file__))])
        self.assertEqual(said, (0, "False False this program is not being recorded\n", ""))

    @unittest.skipUnless(forks, "nothing is written beside the program")
    def test_copies_at_work_hold_no_call_and_one_too_many_is_a_row(self):
        self.run_line(MANY % 300000)
        for name in "abcd":
            self.assertEqual(self.call(name), "True taken ")
            self.stop_children()
        self.assertEqual(self.run_line("print(said[0].wait(0.05), bool(said[0]))"), "False True\n")
        self.assertTrue(self.call("e").startswith("False failed busy: 4 others"))
        self.assertEqual(self.link.wait(lambda: self.rows("failed")), ["e"])
        for pid in children(self.process.pid):
            os.kill(pid, signal.SIGCONT)
        self.assertEqual(self.run_line("print([each.wait(%d) for each in said])" % PATIENCE), "[True, True, True, True, False]\n")
        self.link.wait(lambda: self.rows("done") == ["a", "b", "c", "d"])

    @unittest.skipUnless(forks, "nothing is written beside the program")
    def test_one_too_many_may_wait(self):
        self.run_line(MANY % 100000)
        for name in "abcdefgh":
            self.assertEqual(self.call(name, ", timeout=%d" % PATIENCE), "True taken ")
        self.link.wait(lambda: self.rows("done") == list("abcdefgh"))

    @unittest.skipUnless(forks, "nothing is written beside the program")
    def test_a_copy_that_is_killed_later(self):
        self.run_line(MANY % 300000)
        self.assertEqual(self.call("x"), "True taken ")
        for pid in self.stop_children():
            os.kill(pid, signal.SIGKILL)
        self.assertEqual(self.run_line("print(said[0].wait(), bool(said[0]), said[0].reason)"),
                         "False False killed: killed by signal 9\n")

    def test_one_within_another(self):
        self.agent.command("snapshot_options", collect=True)
        self.run_line("Last = type('Last', (), {'__del__': lambda self: said.append(h.snapshot('inner'))})")
        self.run_line("import gc; gc.collect(); gc.disable(); ring = [Last()]; ring.append(ring); ring = None")
        self.assertEqual(self.run_line("print(bool(h.snapshot('outer')), bool(said[0]), said[0].reason)"),
                         "True False busy: this thread is just taking another\n")
        self.link.wait(lambda: (self.rows("failed"), self.rows("done")) == (["inner"], ["outer"]))

    def test_the_pause_is_what_the_program_saw(self):
        self.agent.command("snapshot_options", collect=True)
        self.run_line("import time")
        self.run_line("Slow = type('Slow', (), {'__del__': lambda self: time.sleep(0.3)})")
        self.run_line("import gc; gc.collect(); gc.disable(); ring = [Slow()]; ring.append(ring); ring = None")
        seen = float(self.run_line("t = time.monotonic(); s = h.snapshot('x'); print(time.monotonic() - t); s.wait()"))
        body = self.ended(self.agent, 1)
        self.assertEqual(body["state"], "done")
        self.assertTrue(0.3 <= body["pause"] <= seen, (body["pause"], seen))

    @unittest.skipUnless(forks, "no copy that writes elsewhere")
    def test_where_files_may_not_be_large(self):
        self.run_line(MANY % 20000)
        self.run_line(LIMITED % ("RLIMIT_FSIZE", 20000, 20000))
        self.assertEqual(self.call("x"), "True taken ")
        self.assertEqual(self.run_line("print(said[0].wait())"), "True\n")
        body = self.ended(self.agent, 1)
        _, dump = self.link.wait(lambda: self.link.streams.get(body["stream"]))
        self.assertGreater(len(dump_reader.parse(dump)), 20000)

    @unittest.skipUnless(forks, "no copy that could be left too little")
    def test_where_memory_is_limited(self):
        self.run_line(MANY % 20000)
        self.run_line(LIMITED % ("RLIMIT_AS", USED + " + (8 << 20)", "-1"))
        self.assertEqual(self.call("soft"), "True taken ")  # a copy may raise that
        self.assertEqual(self.run_line("print(said[0].wait())"), "True\n")
        self.run_line(LIMITED % ("RLIMIT_AS", USED + " + (8 << 20)", USED + " + (8 << 20)"))
        self.assertTrue(self.call("hard").startswith("False failed limit: memory: RLIMIT_AS"))
        self.assertEqual(self.link.wait(lambda: self.rows("failed")), ["hard"])


class Traced(SnapshotTest):
    def test_none_is_lost_under_tracemalloc(self):
        agent = self.living(tracemalloc=12)
        self.run_line(MANY % 20000)
        said = self.run_line("import heapscope_agent as h; said = [h.snapshot(n) for n in 'abc']; print([s.wait(60) for s in said])")
        self.assertEqual(said, "[True, True, True]\n")
        done = [self.ended(agent, number) for number in (1, 2, 3)]
        self.assertEqual([(body["name"], body["state"]) for body in done], [(name, "done") for name in "abc"])
        dump = self.dump(done[0])
        self.assertGreater(len(dump.sites), 0)


if __name__ == "__main__":
    unittest.main()
