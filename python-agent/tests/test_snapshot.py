"""Heap snapshots as the engine sees them: requested, refused, cancelled, failed, done."""

import os
import signal
import sys
import time

from tests import dump_reader
from tests.support import PATIENCE, AgentTest, wire

METHODS = ("fork", "in-place", "python")
LARGE_PAGES = """print(*[" ".join(line.split()) for line in open("/proc/self/smaps_rollup") if "AnonHuge" in line])"""
MANY = "keep = [[i, str(i)] for i in range(%d)]"


def available():
    """The methods that this interpreter supports: as reported by a child of it."""
    from heapscope_agent.heap.ways import core_or_why
    core, _ = core_or_why()
    return METHODS if core is not None and core.forks else METHODS[1:] if core is not None else METHODS[2:]


class SnapshotTest(AgentTest):
    """``living`` starts a target whose engine has a folder for dumps; ``run_line`` has it do something."""

    def living(self, env=None, **options):
        self.dumps = os.path.join(self.folder, "dumps")
        os.makedirs(self.dumps, exist_ok=True)
        self.link = engine = self.engine(dumps=self.dumps, **options)
        self.process = self.start(engine, "waits_for_input", env)
        self.assertEqual(self.process.stdout.readline(), "ready\n")
        engine.wait_for(wire.SAMPLE)
        return engine.connections[0]

    def run_line(self, line):
        """What the target printed while it ran a line."""
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return "".join(iter(self.process.stdout.readline, "done\n"))

    def states(self, agent, number=None):
        return [body for body in agent.bodies(wire.SNAPSHOT) if number in (None, body["number"])]

    def ended(self, agent, number):
        """The last SNAPSHOT of a number."""
        return self.link.wait(lambda: next((body for body in self.states(agent, number)
                                            if body["state"] in ("done", "failed")), None))

    def dump(self, body):
        self.assertEqual(body["state"], "done", body)
        return dump_reader.read(body["path"])

    def failed(self, body, code, error=None, dumps=True):
        self.assertEqual((body["state"], body["path"], body["code"]), ("failed", None, code), body)
        self.assertIn(error or code, body["error"])
        self.assertEqual(body["signal"], 9 if code == "killed" else None)
        self.assertEqual(os.listdir(self.dumps) if dumps else [], [])

    def refused(self, reply, code, error=""):
        self.assertEqual((reply["ok"], reply["code"]), (False, code), reply)
        self.assertIn(error, reply["error"])

    def take(self, agent, **options):
        """Requests a snapshot; returns its number."""
        reply = agent.command("snapshot", **options)
        self.assertTrue(reply["ok"], reply)
        return reply["result"]["number"]

    def each_way(self, among=METHODS):
        for method in available():
            if method in among:
                with self.subTest(method):
                    yield method

    def stopped_child(self):
        """The child that walks the heap, stopped by a signal."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for pid in children(self.process.pid):
                os.kill(pid, signal.SIGSTOP)
                return pid
        raise AssertionError("no child was seen")


def children(pid):
    """A process's children, also those that its wait() does not see."""
    found = []
    for thread in os.listdir("/proc/%d/task" % pid):
        try:
            with open("/proc/%d/task/%s/children" % (pid, thread)) as file:
                found += map(int, file.read().split())
        except OSError:
            pass
    return found


class Asked(SnapshotTest):
    def test_wrongly(self):
        agent = self.living()
        for args in ({"method": "magic"}, {"method": 7}, {"limit_bytes": -1}, {"limit_bytes": "much"}, {"timeout": 0},
                     {"redact": "password"}, {"redact": [7]}, {"redact": [""]}, {"redact": ["x"] * 65},
                     {"redact": ["x" * 61]}):
            with self.subTest(args):
                for name in ("snapshot", "snapshot_options", "snapshot_forecast"):
                    self.refused(agent.command(name, **args), "arguments")
        self.refused(agent.command("snapshot_cancel", number=1), "missing")
        self.assertEqual(self.states(agent), [])
        self.assertEqual(os.listdir(self.dumps), [])

    def test_without_a_folder(self):
        engine = self.engine()
        self.process = self.start(engine, "waits_for_input")
        engine.wait_for(wire.SAMPLE)
        self.refused(engine.connections[0].command("snapshot"), "no-folder")
        self.assertEqual(self.process.stdout.readline(), "ready\n")
        self.assertEqual(self.run_line("import heapscope_agent as h; print(bool(h.snapshot('x')))"), "False\n")

    def test_without_heapscope(self):
        self.assertEqual(self.bare(["-c", "import sys; sys.path[:0] = sys.argv[1:]; import heapscope_agent as h; "
                                          "print(bool(h.snapshot()), h.snapshot('x').wait())", sys.path[0]]),
                         (0, "False False\n", ""))

    def test_into_a_folder_that_is_not_there(self):
        agent = self.living()
        os.rmdir(self.dumps)
        self.refused(agent.command("snapshot", method="python"), "failed", "FileNotFoundError")
        self.assertIs(agent.command("snapshot_options", method="python")["ok"], True)  # a forked copy needs no folder
        self.assertEqual(self.run_line("import heapscope_agent as h; print(bool(h.snapshot('x')))"), "False\n")
        body = self.link.wait(lambda: self.states(agent))[-1]
        self.assertEqual((body["name"], body["trigger"]), ("x", "program"))
        self.failed(body, "failed", "FileNotFoundError", dumps=False)
        os.mkdir(self.dumps)
        self.dump(self.ended(agent, self.take(agent, method="python")))

    def test_where_a_file_is_in_the_way(self):
        agent = self.living()
        with open(os.path.join(self.dumps, "%d-1.heapdump" % self.process.pid), "w"):
            pass
        self.refused(agent.command("snapshot", number=1), "failed", "FileExistsError")
        self.assertEqual(self.take(agent, method="python"), 2)
        self.dump(self.ended(agent, 2))

    def test_what_auto_would_do(self):
        agent = self.living()
        forecast = agent.command("snapshot_forecast")["result"]
        self.assertEqual(forecast["method"], available()[0])
        self.assertEqual(forecast["why"] == "", forecast["method"] == "fork")
        self.assertGreater(forecast["expected_pause"], 0)
        self.assertGreater(forecast["tracked"], 1000)
        self.assertEqual((forecast["counted"], forecast["busy"]), (True, False))
        forecast = agent.command("snapshot_forecast", method="python")["result"]
        self.assertEqual((forecast["method"], forecast["why"]), ("python", "asked"))


class Taken(SnapshotTest):
    """In each way that there is."""

    def test_leaves_no_garbage(self):
        agent = self.living()
        self.run_line("import collections.abc")  # as array does, from 3.10: the walk in Python needs it
        self.run_line("import gc; gc.disable(); gc.collect(); gc.set_debug(gc.DEBUG_SAVEALL)")
        for method in available():
            body = self.ended(agent, self.take(agent, method=method))
            self.assertEqual(body["state"], "done", body)
            self.run_line("gc.collect()")
            self.assertEqual(self.run_line("print([type(entry) for entry in gc.garbage])"), "[]\n", method)

    def test_the_engine_is_told(self):
        agent = self.living()
        for method in self.each_way():
            number = self.take(agent, name="größe", method=method, collect=True, number=7)
            self.assertEqual(number, 7)
            body = self.ended(agent, 7)
            heap = self.dump(body)
            self.assertEqual(os.path.basename(body["path"]), "%d-7.heapdump" % self.process.pid)
            self.assertEqual(os.stat(body["path"]).st_mode & 0o777, 0o600)
            self.assertEqual((body["name"], body["method"], body["trigger"]), ("größe", method, "command"))
            self.assertEqual((body["nodes"], body["edges"]), (len(heap.address), len(heap.targets)))
            self.assertEqual(body["bytes"], os.path.getsize(body["path"]))
            self.assertEqual((heap.meta["method"], heap.meta["collected"]), (method, True))
            self.assertGreater(body["memory"], 0)
            self.assertGreater(body["pause"], 0)
            self.assertLessEqual(body["at"], body["t"])
            started = self.states(agent, 7)[0]
            self.assertEqual((started["state"], started["at"], started["pause"]), ("started", None, None))
            self.assertGreater(started["expected"], 0)
            self.assertLess(abs(body["tracked"] - sum([flags & 1 for flags in heap.flags])), 1000)
            os.unlink(body["path"])
            agent.frames[:] = [frame for frame in agent.frames if frame[0] != wire.SNAPSHOT]
        self.assertEqual(self.finish(self.process)[0], 0)

    def test_with_pages_joined_before(self):
        agent = self.living()
        self.run_line(MANY % 300000)
        for method in available():
            body = self.ended(agent, self.take(agent, method=method, join_pages=True))
            said = [note for note in self.dump(body).meta["notes"] if note.startswith("pages-")]
            self.assertIn(said, [["pages-joined"], ["pages-not-joined"]] if method == "fork" else [[]])
            if said == ["pages-joined"]:
                self.assertNotIn("AnonHugePages: 0 kB", self.run_line(LARGE_PAGES))
            self.assertEqual(agent.bodies(wire.FAULT), [])
        self.assertEqual(self.run_line("print(sum([pair[0] for pair in keep]))"), "%d\n" % sum(range(300000)))

    def test_cancelled_while_pages_are_joined(self):
        if "fork" not in available():
            return
        agent = self.living()
        self.run_line(MANY % 1000000)
        number = self.take(agent, join_pages=True)
        self.assertIs(agent.command("snapshot_cancel", number=number)["ok"], True)
        self.failed(self.ended(agent, number), "cancelled")
        self.dump(self.ended(agent, self.take(agent, join_pages=True)))

    def test_is_no_cost_of_sampling(self):
        agent = self.living(interval=20)
        self.run_line(MANY % 200000)
        body = self.ended(agent, self.take(agent, method="python"))
        self.dump(body)
        last = self.link.wait(lambda: next((sample for sample in agent.bodies(wire.SAMPLE) if sample["t"] > body["t"]), None))
        costs = [sample["cost"] for sample in agent.bodies(wire.SAMPLE) if body["at"] <= sample["t"] <= last["t"]]
        self.assertLess(max(costs), body["pause"] / 2)

    def test_by_the_program(self):
        agent = self.living()
        for method in self.each_way():
            self.assertIs(agent.command("snapshot_options", method=method)["ok"], True)
            said = self.run_line("x = [object() for _ in range(700)]; import heapscope_agent as h; "
                                 "print(bool(h.snapshot('mine'))); x.clear()")
            self.assertEqual(said, "True\n")
            number = max([body["number"] for body in self.link.wait(lambda: self.states(agent))])
            body = self.ended(agent, number)
            self.assertEqual((body["name"], body["trigger"], body["method"]), ("mine", "program", method))
            self.assertGreaterEqual(self.dump(body).count_by_type()["object"], 700)
        self.assertEqual(self.finish(self.process)[0], 0)

    def test_before_the_end(self):
        for method in self.each_way():
            agent = self.living()
            self.assertIs(agent.command("snapshot_options", method=method, at_exit=True)["ok"], True)
            self.run_line("class Left: pass")
            self.run_line("left = Left()")
            self.assertEqual(self.finish(self.process), (0, "", ""))
            self.link.wait_closed()
            body = self.states(agent)[-1]
            self.assertEqual((body["state"], body["trigger"], body["method"]), ("done", "exit", method))
            self.assertEqual(self.dump(body).count_by_type()["__main__.Left"], 1)
            self.assertEqual(agent.frames[-1][0], wire.BYE)

    def test_asked_for_just_before_the_end(self):
        agent = self.living()
        agent.send(wire.COMMAND, {"id": 1000, "name": "snapshot_options", "args": {"at_exit": True}})
        self.assertEqual(self.finish(self.process), (0, "", ""))
        self.assertEqual([self.states(self.link.wait_closed()[0])[-1][key] for key in ("state", "trigger")], ["done", "exit"])

    def test_before_the_end_of_a_program_that_ends_at_once(self):
        self.dumps = os.path.join(self.folder, "dumps")
        os.makedirs(self.dumps)
        engine = self.engine(dumps=self.dumps, at_exit=True)
        welcome = engine.greet

        def greet(connection, hello):
            time.sleep(0.3)
            welcome(connection, hello)
            connection.send(wire.COMMAND, {"id": 1, "name": "snapshot_options", "args": {"at_exit": True}})

        engine.greet = greet
        self.assertEqual(self.finish(self.start(engine, "waits_for_input")), (0, "ready\n", ""))
        engine.wait_closed()
        self.assertEqual([self.states(engine.connections[0])[-1][key] for key in ("state", "trigger")], ["done", "exit"])

    def test_the_end_waits_for_one_that_is_being_taken(self):
        agent = self.living()
        self.run_line(MANY % 200000)
        self.run_line("import heapscope_agent as h; h.snapshot('x')")
        self.assertEqual(self.finish(self.process)[0], 0)
        self.link.wait_closed()
        self.dump(self.states(agent)[-1])

    def test_the_second_of_two_is_refused(self):
        agent = self.living()
        self.run_line(MANY % 100000)
        for method in self.each_way():
            for number in (1000, 1001):
                agent.send(wire.COMMAND, {"id": number, "name": "snapshot", "args": {"method": method}})
            first, second = [self.link.wait(lambda: [reply for reply in agent.bodies(wire.REPLY) if reply["id"] == number])
                             [-1] for number in (1000, 1001)]
            self.assertEqual((first["ok"], second["ok"]), (True, False))
            self.refused(second, "busy")
            self.dump(self.ended(agent, first["result"]["number"]))
            agent.frames[:] = [frame for frame in agent.frames if frame[0] != wire.REPLY]

    def test_cancelled(self):
        agent = self.living()
        self.run_line(MANY % 200000)
        for method in self.each_way(("fork", "python")):
            agent.send(wire.COMMAND, {"id": 2000, "name": "snapshot", "args": {"method": method, "number": 70}})
            if method == "fork":
                self.stopped_child()
            agent.send(wire.COMMAND, {"id": 2001, "name": "snapshot_cancel", "args": {"number": 70}})
            self.failed(self.ended(agent, 70), "cancelled")
            agent.frames[:] = [frame for frame in agent.frames if frame[0] != wire.SNAPSHOT]
        self.dump(self.ended(agent, self.take(agent, method="python")))

    def test_one_that_takes_too_long(self):
        agent = self.living()
        self.run_line(MANY % 200000)
        for _ in self.each_way(("fork",)):
            agent.send(wire.COMMAND, {"id": 1, "name": "snapshot", "args": {"timeout": 0.5, "number": 71}})
            self.stopped_child()
            self.failed(self.ended(agent, 71), "timeout")

    def test_a_child_that_is_killed(self):
        agent = self.living()
        self.run_line(MANY % 200000)
        for _ in self.each_way(("fork",)):
            agent.send(wire.COMMAND, {"id": 1, "name": "snapshot", "args": {"number": 72}})
            os.kill(self.stopped_child(), signal.SIGKILL)
            self.failed(self.ended(agent, 72), "killed")

    def test_the_core_can_be_switched_off(self):
        for value, left_alone in (("1", True), ("0", False), ("", False)):
            agent = self.living(env={"HEAPSCOPE_NO_CORE": value})
            body = self.ended(agent, self.take(agent))
            self.assertEqual((body["method"] == "python", "HEAPSCOPE_NO_CORE" in body["why"]),
                             (left_alone or available() == METHODS[2:], left_alone), body)
            self.assertEqual(self.finish(self.process)[0], 0)

    def test_the_limit_of_memory(self):
        agent = self.living()
        self.run_line(MANY % 100000)
        for method in self.each_way():
            self.failed(self.ended(agent, self.take(agent, method=method, limit_bytes=1000000)), "limit", "memory")

    def test_a_full_disk(self):
        agent = self.living()
        self.run_line("import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)")
        self.run_line("resource.setrlimit(resource.RLIMIT_FSIZE, (100000, resource.RLIM_INFINITY))")
        for method in self.each_way(METHODS[1:]):
            self.failed(self.ended(agent, self.take(agent, method=method)), "failed", "File too large")
        for method in self.each_way(("fork",)):  # a copy may raise the limit for itself
            self.dump(self.ended(agent, self.take(agent, method=method)))

    def test_an_engine_that_goes(self):
        for method in self.each_way(("fork", "python")):
            agent = self.living()
            self.run_line(MANY % 100000)
            agent.send(wire.COMMAND, {"id": 1, "name": "snapshot", "args": {"method": method}})
            if method == "fork":
                self.stopped_child()
            else:
                self.link.wait(lambda: self.states(agent))
            self.link.vanish()
            end = time.monotonic() + PATIENCE
            while os.listdir(self.dumps) or children(self.process.pid):
                self.assertLess(time.monotonic(), end)
                time.sleep(0.01)
            self.assertEqual(self.finish(self.process)[0], 0)

    def test_an_abrupt_end_leaves_a_copy_to_finish_and_no_part_of_a_file(self):
        for method in self.each_way(("fork", "python")):
            agent = self.living()
            self.run_line(MANY % 200000)
            self.assertIs(agent.command("snapshot_options", method=method)["ok"], True)
            self.process.stdin.write("import heapscope_agent as h, os; h.snapshot('x'); os._exit(3)\n")
            self.process.stdin.flush()
            self.assertEqual(self.process.wait(), 3)
            self.link.wait_closed()
            if method == "python":
                self.assertEqual(os.listdir(self.dumps), [])
                continue
            dump, = os.listdir(self.dumps)
            end = time.monotonic() + PATIENCE
            while b"END!" not in self.tail_of(dump):
                self.assertLess(time.monotonic(), end)
                time.sleep(0.01)
            self.assertGreater(len(dump_reader.read(os.path.join(self.dumps, dump))), 200000)
            os.unlink(os.path.join(self.dumps, dump))

    def tail_of(self, dump):
        with open(os.path.join(self.dumps, dump), "rb") as file:
            file.seek(max(0, os.path.getsize(file.name) - 48))
            return file.read()

    def test_a_forked_child_has_no_part_in_it(self):
        for method in self.each_way(("fork", "python")):
            agent = self.living()
            self.run_line(MANY % 200000)
            self.assertIs(agent.command("snapshot_options", method=method)["ok"], True)
            said = self.run_line("import heapscope_agent as h, os; h.snapshot('x'); pid = os.fork(); "
                                 "pid or (h.snapshot('y'), os._exit(0)); print(os.waitpid(pid, 0)[1])")
            self.assertEqual(said, "0\n")
            self.dump(self.ended(agent, 1))
            self.assertEqual(self.finish(self.process)[0], 0)

    def test_signals_of_the_program_reach_it(self):
        agent = self.living()
        self.run_line("import signal; signal.signal(signal.SIGCHLD, lambda *_: print('a child!')); " + MANY % 50000)
        for method in self.each_way():
            self.dump(self.ended(agent, self.take(agent, method=method)))
        self.assertEqual(self.run_line("print('quiet')"), "quiet\n")
