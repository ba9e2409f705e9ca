"""Start: what goes wrong first, then that the program sees nothing of us."""

import os
import sys
import textwrap
import unittest

from tests.support import BOOTSTRAP, TARGETS, AgentTest, clean_environment, hang_up, wire

QUIET = ["-c", "import sys; print('heapscope_agent' in sys.modules, sys.path)"]

MAY_ADD = {
    "heapscope_agent", "heapscope_agent.agent", "heapscope_agent.commands", "heapscope_agent.forks",
    "heapscope_agent.lifecycle", "heapscope_agent.own_thread", "heapscope_agent.allocations", "heapscope_agent.allocations.sampling", "heapscope_agent.figures", "heapscope_agent.figures.at_collection", "heapscope_agent.figures.collector", "heapscope_agent.figures.collector_ring",
    "heapscope_agent.figures.control", "heapscope_agent.figures.garbage", "heapscope_agent.figures.samples",
    "heapscope_agent.heap", "heapscope_agent.heap.job", "heapscope_agent.heap.request", "heapscope_agent.heap.snapshots",
    "heapscope_agent.layout", "heapscope_agent.layout.unheard",
    "heapscope_agent.link", "heapscope_agent.link.channel", "heapscope_agent.link.descriptors",
    "heapscope_agent.link.hello", "heapscope_agent.link.native", "heapscope_agent.link.origin", "heapscope_agent.link.settings", "heapscope_agent.link.wire",
    # built in, or one small shared library each; nothing of the library that is written in Python
    "_socket", "_struct", "_tracemalloc", "_functools", "_operator", "atexit", "errno", "fcntl", "gc", "itertools",
    "_collections",
    "encodings.ascii",  # _socket imports it by itself in development mode, up to 3.10
}


class WithoutAnEngine(AgentTest):
    """Given a link that leads nowhere, the program runs as it does without."""

    def with_link(self, link):
        expected = self.bare("raises")
        engine = self.engine()
        self.assertEqual(self.run_with(engine, "raises", {"HEAPSCOPE_LINK": link}), expected)
        return engine

    def test_links_that_cannot_be_read(self):
        good = self.engine().link()
        for link in ("", "nonsense", good.replace("port", "prot"), good.replace("interval=20", "interval=5"),
                     good.replace("v=2", "v=x"), good.replace("127.0.0.1", "192.0.2.1"),
                     good.replace("tracemalloc=0", "tracemalloc=101"), good.replace("token=ab", "token=")):
            with self.subTest(link):
                engine = self.with_link(link)
                self.assertEqual(engine.connections, [])

    def test_nobody_listens(self):
        engine = self.engine()
        engine.stop_listening()
        self.with_link(engine.link())

    def test_the_engine_refuses(self):
        engine = self.engine()
        engine.greet = lambda connection, hello: connection.send(
            wire.REFUSE, {"code": "version", "message": "too new"})
        self.same("outlives_the_engine", engine)
        connection, = engine.wait_closed()
        self.assertFalse(connection.bodies(wire.SAMPLE))

    def test_the_engine_never_answers(self):
        engine = self.engine()
        engine.greet = lambda connection, hello: None
        self.same("exits_at_once 3", engine)
        connection, = engine.wait_closed(1)
        self.assertEqual({kind for kind, body in connection.frames}, {wire.HELLO, wire.MARK, wire.BYE})

    def test_unknown_keys_of_the_link_are_ignored(self):
        engine = self.engine()
        self.run_with(engine, ["-c", "pass"], {"HEAPSCOPE_LINK": engine.link(colour="blue")})
        engine.wait_for(wire.HELLO)

    def test_the_engine_speaks_a_later_version(self):
        engine = self.engine()
        self.run_with(engine, ["-c", "pass"], {"HEAPSCOPE_LINK": engine.link(v=3)})
        self.assertEqual(engine.wait_for(wire.HELLO)["v"], 2)

    def test_interpreters_that_do_not_look_at_the_environment(self):
        for option in ("-I", "-E", "-S"):
            with self.subTest(option):
                engine = self.engine()
                # with -S nobody takes our folder, which is on PYTHONPATH, off sys.path
                self.same([option] + (QUIET if option != "-S" else ["-c", "import sys; print(len(sys.modules))"]), engine)
                self.assertEqual(engine.connections, [])


class AnInterpreterWithoutAnAgent(AgentTest):
    """Given a Python older or newer than the agent, the engine is told, and the program runs."""

    AS_IF = "import sys; sys.version_info = {!r}; exec(compile(open({!r}).read(), 'sitecustomize', 'exec'), {{'__file__': {!r}}})"

    def as_if(self, version, engine):
        path = os.path.join(BOOTSTRAP, "sitecustomize.py")
        code = self.AS_IF.format(version, path, path).replace("exec(compile", "\ntry: exec(compile") + "\nexcept ImportError: pass"
        return self.run_with(engine, ["-S", "-c", code + "\nprint('runs', 'heapscope_agent' in sys.modules)"])

    def test_says_so_and_ends_the_connection(self):
        for version, said in (((3, 8, 18, "final", 0), "3.8.18"), ((2, 7, 18, "final", 0), "2.7.18"), ((3, 16, 0, "beta", 1), "3.16.0")):
            with self.subTest(said):
                engine = self.engine()
                engine.greet = lambda connection, hello: hang_up(connection.sock)
                self.assertEqual(self.as_if(version, engine), (0, "runs False\n", ""))
                connection, = engine.wait_closed()
                self.assertIsNone(connection.error)
                self.assertEqual({key: connection.hello[key] for key in ("v", "python", "reason", "agent")},
                                 {"v": 2, "python": said, "reason": "unsupported", "agent": ""})
                self.assertEqual(len(connection.frames), 1)

    def test_does_not_wait_for_an_engine_that_does_not_answer(self):
        engine = self.engine()
        engine.greet = lambda connection, hello: None
        self.assertEqual(self.as_if((3, 8, 18, "final", 0), engine), (0, "runs False\n", ""))

    def test_runs_where_nobody_listens(self):
        engine = self.engine()
        engine.stop_listening()
        self.assertEqual(self.as_if((3, 8, 18, "final", 0), engine), (0, "runs False\n", ""))


class Shadowed(AgentTest):
    """Given a sitecustomize that ours shadows, it runs (or fails) as it does without ours."""

    def own(self, text, name="sitecustomize"):
        folder = os.path.join(self.folder, "own")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, name + ".py"), "w") as file:
            file.write(textwrap.dedent(text))
        return {"PYTHONPATH": folder}

    PROGRAM = ["-c", "import sys; print(sys.modules.get('sitecustomize'), sys.path)"]

    def test_it_raises(self):
        for text in ("1 / 0", "import nothing_of_this_name", "raise ImportError('x', name='sitecustomize')",
                     "def broken("):
            with self.subTest(text):
                self.same(self.PROGRAM, env=self.own(text))

    def test_it_ends_the_interpreter(self):
        # Python prints its own fatal error with every frame, one of them ours; all else is as without us.
        for text in ("raise SystemExit(3)", "raise KeyboardInterrupt"):
            with self.subTest(text):
                bare = self.bare(self.PROGRAM, self.own(text))
                ours = self.run_with(self.engine(), self.PROGRAM, self.own(text))
                self.assertEqual(ours[:2], bare[:2])
                self.assertEqual(ours[2].splitlines()[-2:], bare[2].splitlines()[-2:])

    def test_it_runs(self):
        engine = self.same(self.PROGRAM, env=self.own("import sys; print('own', __name__, __file__, sys.path)"))
        engine.wait_for(wire.HELLO)

    def test_it_is_a_package(self):
        os.makedirs(os.path.join(self.folder, "own", "sitecustomize"))
        with open(os.path.join(self.folder, "own", "sitecustomize", "__init__.py"), "w") as file:
            file.write("print('package', __path__)")
        self.same(self.PROGRAM, env={"PYTHONPATH": os.path.join(self.folder, "own")})

    def test_usercustomize_is_not_ours(self):
        self.same(self.PROGRAM, env=self.own("print('user')", "usercustomize"))


class Unseen(AgentTest):
    """Given a program that looks around, it sees what it sees without us."""

    def test_as_a_script(self):
        self.same("shows_itself a b").wait_for(wire.HELLO)

    def test_as_a_script_with_options(self):
        self.same(["-O", "-X", "dev", "-W", "error", os.path.join(TARGETS, "shows_itself.py")]).wait_for(wire.HELLO)

    def test_as_a_module(self):
        self.same(["-m", "shows_itself", "x"], env={"PYTHONPATH": TARGETS}).wait_for(wire.HELLO)

    def test_as_a_command(self):
        self.same(QUIET[:1] + ["import sys; print(sys.path, sys.argv, __name__)", "x"]).wait_for(wire.HELLO)

    def test_on_standard_input(self):
        self.same(["-"], stdin="import sys; print(sys.argv, sys.path)\n1/0\n").wait_for(wire.HELLO)

    def test_as_a_folder(self):
        with open(os.path.join(self.folder, "__main__.py"), "w") as file:
            file.write("import sys; print(sys.path, __name__, __file__); 1/0")
        engine = self.same([self.folder])
        self.assertEqual(engine.wait_for(wire.BYE)["code"], 1)

    def test_with_a_python_path_of_its_own(self):
        for path in ("lib", "lib" + os.pathsep, "/x" + os.pathsep + "/y"):
            self.same(QUIET[:1] + ["import sys; print(sys.path)"], env={"PYTHONPATH": path}).wait_for(wire.HELLO)

    def test_development_mode_has_nothing_to_say(self):
        engine = self.same(["-X", "dev", "-c", "print(1)"])
        self.assertEqual(engine.wait_for(wire.BYE)["reason"], "exit")

    def test_no_garbage_is_left(self):
        self.same(["-c", "import gc; gc.set_debug(gc.DEBUG_SAVEALL); gc.collect(); print(gc.garbage)"]).wait_for(wire.HELLO)

    def test_few_modules_are_added(self):
        for flags in ([], ["-X", "dev"]):
            target = flags + [os.path.join(TARGETS, "lists_modules.py")]
            before = set(self.bare(target)[1].split())
            after = set(self.run_with(self.engine(), target)[1].split())
            self.assertEqual(after - before - MAY_ADD, set())
            self.assertEqual(before - after, set())

    def test_a_second_interpreter_in_the_process_is_no_process(self):
        # Sampling at full rate: counting blocks while another interpreter frees its own would crash.
        engine = self.engine(interval=10)
        status, out, err = self.run_with(engine, "has_subinterpreters")
        self.assertEqual((status, err, out.splitlines()[-1]), (0, "", "done"))
        self.assertNotIn("heapscope_agent.", out)
        connection, = engine.wait_closed()
        self.assertEqual(connection.bodies(wire.MARK), [])


class Hello(AgentTest):
    def test_says_who_the_process_is(self):
        engine = self.engine()
        process = self.start(engine, "waits_for_input ä")
        hello = engine.wait_for(wire.HELLO)
        target = os.path.join(TARGETS, "waits_for_input.py")
        self.assertEqual(hello["argv"], [sys.executable, target, "ä"])
        self.assertEqual((hello["pid"], hello["ppid"], hello["reason"]), (process.pid, os.getpid(), "start"))
        self.assertEqual(hello["python"], "%d.%d.%d" % sys.version_info[:3])
        self.assertEqual((hello["v"], hello["agent"], hello["token"]), (2, "0.1.0", "ab" * 32))
        self.assertEqual(os.path.realpath(hello["cwd"]), os.path.realpath(self.folder))

    def test_cuts_a_long_command_line(self):
        engine = self.engine()
        self.run_with(engine, ["-c", "pass"] + ["x" * 100] * 400)
        self.assertEqual(len(engine.wait_for(wire.HELLO)["argv"]), 200)
        self.run_with(engine, ["-c", "pass"] + ["é" * 30000] * 3)
        sent = engine.wait_for(wire.HELLO, connection=1)["argv"]
        self.assertLessEqual(sum(len(argument.encode()) for argument in sent), 32768)

    def test_comes_from_a_removed_folder(self):
        engine = self.engine()
        self.run_with(engine, ["-c", "import os, subprocess, sys; d = os.getcwd(); os.rmdir(d); "
                               "subprocess.run([sys.executable, '-c', 'pass'])"])
        self.assertEqual(engine.wait_for(wire.HELLO, connection=1)["cwd"], "")


OTHERS = [path for path in os.environ.get("HEAPSCOPE_OTHER_PYTHONS", "").split(os.pathsep) if path]

if OTHERS:
    class Elsewhere(AgentTest):
        """Given a Python that we do not support, it runs as if we were not there, and says to the engine that it is one."""

        def test_stands_aside(self):
            engine = self.engine()
            for python in OTHERS:
                for text in ("import sys; print(sys.path, sys.argv, 'sitecustomize' in sys.modules)", "1/0"):
                    with self.subTest(python=python, text=text):
                        command = ["-c", "import subprocess, sys; sys.exit(subprocess.call(%r))"
                                   % ([python, "-c", text],)]
                        env = clean_environment(HEAPSCOPE_LINK=engine.link())
                        bare = self._finish(command, env, "")
                        ours = self._finish(command, dict(env, PYTHONPATH=BOOTSTRAP), "")
                        self.assertEqual(ours, bare)
            joined = [c.hello for c in engine.connections if c.frames]
            own = "%d.%d.%d" % sys.version_info[:3]
            self.assertEqual({hello["reason"] for hello in joined if hello["python"] != own}, {"unsupported"})
            self.assertEqual({hello["reason"] for hello in joined if hello["python"] == own}, {"start"})


if __name__ == "__main__":
    unittest.main()
