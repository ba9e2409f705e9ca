"""Children of every kind: they join by themselves, and neither they nor their parents notice."""

import os
import shutil
import subprocess
import time
import unittest

from tests.support import PATIENCE, AgentTest, wire


WITH_AND_WITHOUT_CORE = ({}, {"HEAPSCOPE_NO_CORE": "1"})


def can_unshare():
    return shutil.which("unshare") is not None and subprocess.run(
        ["unshare", "-pf", "true"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


class Fork(AgentTest):
    def test_engine_has_gone_when_the_child_is_born(self):
        engine = self.engine()
        process = self.start(engine, "waits_for_input")
        engine.wait_for(wire.SAMPLE)
        engine.vanish()
        process.stdin.write("import os; c = os.fork(); os._exit(3) if not c else print(os.waitpid(c, 0)[1] >> 8)\n")
        self.assertEqual(self.finish(process), (0, "ready\n3\ndone\n", ""))

    def test_child_has_a_connection_of_its_own(self):
        engine = self.same("forks")
        engine.wait_closed(2)
        parent, child = engine.by_reason("start") + engine.by_reason("fork")
        self.assertEqual(child.hello["ppid"], parent.hello["pid"])
        self.assertNotEqual(child.hello["pid"], parent.hello["pid"])
        self.assertEqual([len(c.bodies(wire.BYE)) for c in (parent, child)], [1, 1])
        self.assertEqual({body["t"] > 0 for body in parent.bodies(wire.BYE)}, {True})

    def test_fork_does_not_warn_of_a_thread_that_the_program_does_not_know(self):
        self.same(["-W", "error", os.path.join(os.path.dirname(__file__), "targets", "forks.py")])

    def test_fork_does_warn_of_the_programs_own_threads(self):
        program = ["-W", "always", "-c", "import os, threading, time\n"
                   "threading.Thread(target=time.sleep, args=(0.2,)).start()\n"
                   "if not os.fork(): os._exit(0)\nos.wait()"]
        self.same(program)

    def test_hooks_of_the_program_run_before_threads_are_counted(self):
        # 3.13 counts after the hooks of the parent, and in one that is written in Python the interpreter does what is pending.
        for env in WITH_AND_WITHOUT_CORE:
            with self.subTest(env):
                self.same("forks_among_hooks", env=env).wait_closed(10)

    def test_nothing_is_written_into_the_programs_wakeup_descriptor(self):
        program = ["-c", "import os, signal, socket\na, b = socket.socketpair()\na.setblocking(False)\nb.setblocking(False)\n"
                   "signal.set_wakeup_fd(a.fileno())\nfor _ in range(3):\n    os.fork() or os._exit(0)\n    os.wait()\n"
                   "print(signal.getsignal(signal.NSIG - 2), signal.set_wakeup_fd(-1) == a.fileno())\n"
                   "try: print(b.recv(9))\nexcept BlockingIOError: print('nothing')"]
        for env in WITH_AND_WITHOUT_CORE:
            with self.subTest(env):
                self.same(program, env=env).wait_closed(4)

    @unittest.skipUnless(can_unshare(), "no namespaces of processes may be made here")
    def test_process_that_is_called_otherwise_in_proc(self):
        program = ["-W", "always", "-c", "import os\nfor _ in range(40):\n    os.fork() or os._exit(0)\n    os.wait()"]
        command = ["-c", "import subprocess, sys; sys.exit(subprocess.call(['unshare', '-pf', sys.executable] + %r))" % program]
        self.same(command)

    def test_parent_goes_on_sampling_without_the_core(self):
        # On 3.13 from the next collection on, or the next mark.
        for line in ("import gc; gc.collect()", "import heapscope_agent; heapscope_agent.mark('x')"):
            with self.subTest(line):
                engine = self.engine()
                process = self.start(engine, "waits_for_input", {"HEAPSCOPE_NO_CORE": "1"})
                engine.wait_for(wire.SAMPLE)
                process.stdin.write("import os; os.fork() or os._exit(0); os.wait(); " + line + "\n")
                process.stdin.flush()
                engine.wait(lambda: engine.by_reason("fork"))
                before = len(engine.connections[0].bodies(wire.SAMPLE))
                engine.wait_for(wire.SAMPLE, count=before + 3)
                process.stdin.write("import gc; print(len(gc.callbacks))\n")
                self.assertEqual(self.finish(process), (0, "ready\ndone\n2\ndone\n", ""))

    def test_parent_ends_while_its_thread_rests(self):
        engine = self.same(["-c", "import gc, os\ngc.disable()\nos.fork() or os._exit(0)\nos.wait()\nos.fork() or os._exit(0)\nos.wait()"],
                           env={"HEAPSCOPE_NO_CORE": "1"})
        engine.wait_closed(3)
        self.assertEqual([len(c.bodies(wire.BYE)) for c in engine.connections], [1, 1, 1])

    def test_parent_goes_on_sampling(self):
        engine = self.engine()
        process = self.start(engine, "waits_for_input")
        engine.wait_for(wire.SAMPLE)
        process.stdin.write("import os; os.fork() or os._exit(0); os.wait()\n")
        process.stdin.flush()
        engine.wait(lambda: engine.by_reason("fork"))
        before = len(engine.connections[0].bodies(wire.SAMPLE))
        engine.wait_for(wire.SAMPLE, count=before + 3)
        self.finish(process)

    def test_many_children(self):
        engine = self.same("forks_many 0")
        engine.wait_closed(61)
        codes = sorted(body["code"] for c in engine.by_reason("fork") for body in c.bodies(wire.BYE))
        self.assertEqual(codes, list(range(60)))

    def test_many_children_of_a_busy_program(self):
        engine = self.engine()
        self.assertEqual(self.run_with(engine, ["-W", "ignore", os.path.join(
            os.path.dirname(__file__), "targets", "forks_many.py"), "8"]), (0, "True\n", ""))

    def test_child_that_knows_no_collections_of_its_parent(self):
        engine = self.engine(interval=60000)
        self.run_with(engine, ["-c", "import gc, os, time\nfor _ in range(50): gc.collect()\n"
                               "if os.fork(): os.wait()\nelse: time.sleep(0.3)"])
        engine.wait_closed(2)
        child, = engine.by_reason("fork")
        fulls = [row for body in child.bodies(wire.GC) for row in body["c"] if row[1] == 2 and row[5] > 1]
        self.assertEqual(fulls, [])

    def test_paused_parent_has_a_child_that_asks_anew(self):
        engine = self.engine(paused=True)
        self.same("forks", engine)
        engine.wait_closed(2)
        self.assertFalse([c for c in engine.connections if c.bodies(wire.SAMPLE)])

    def test_pseudo_terminal(self):
        self.same(["-c", "import os, pty\npid, fd = pty.fork()\nif not pid: os._exit(2)\n"
                   "print(os.waitpid(pid, 0)[1] >> 8)"]).wait_closed(2)


class Daemon(AgentTest):
    def test_leaves_its_session_and_closes_everything(self):
        engine = self.engine()
        path = os.path.join(self.folder, "written")
        self.assertEqual(self.run_with(engine, "becomes_a_daemon " + path), (0, "", ""))
        deadline = time.monotonic() + PATIENCE
        while not os.path.exists(path) and time.monotonic() < deadline:
            time.sleep(0.02)
        with open(path) as file:
            self.assertEqual(file.read(), "3")
        engine.wait_closed(4)
        daemon, = engine.by_reason("reconnect")
        self.assertEqual([mark["name"] for mark in daemon.bodies(wire.MARK)], ["daemon"])


class Multiprocessing(AgentTest):
    def joins(self, method):
        engine = self.same("uses_a_pool " + method)
        engine.wait_closed(7)
        return engine

    def test_fork(self):
        engine = self.joins("fork")
        self.assertEqual(len(engine.by_reason("fork")), 6)
        codes = [body["code"] for c in engine.by_reason("fork") for body in c.bodies(wire.BYE)]
        self.assertEqual(sorted(code for code in codes if code is not None)[-3:], [1, 3, 7])

    def test_spawn(self):
        engine = self.joins("spawn")
        self.assertGreaterEqual(len(engine.by_reason("start")), 7)

    def test_forkserver(self):
        engine = self.joins("forkserver")
        self.assertGreaterEqual(len(engine.by_reason("fork")), 6)


class OtherPrograms(AgentTest):
    def test_subprocesses(self):
        engine = self.same("runs_a_child")
        engine.wait_closed(5)
        by_pid = {c.hello["pid"] for c in engine.connections}
        self.assertEqual(len(by_pid), 4)

    def test_exec(self):
        engine = self.same("replaces_itself")
        first, second = engine.wait_closed(2)
        self.assertEqual(first.hello["pid"], second.hello["pid"])
        self.assertEqual(first.bodies(wire.BYE), [])
        self.assertEqual(second.hello["argv"][-1], "x")
        self.assertEqual(second.hello["reason"], "start")

    def test_environment_that_was_emptied(self):
        engine = self.same(["-c", "import subprocess, sys; print(subprocess.call([sys.executable, '-c', "
                            "'import sys; print(sys.path)'], env={}))"])
        self.assertEqual(len(engine.wait_closed()), 1)
