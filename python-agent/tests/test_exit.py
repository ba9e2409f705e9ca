"""Every way in which a process ends: same output, same status, and the report to the engine."""

import signal

from tests.support import AgentTest, wire


class Ends(AgentTest):
    def goodbye(self, engine):
        """The BYE of the only connection, or None."""
        connection, = engine.wait_closed()
        byes = connection.bodies(wire.BYE)
        self.assertLessEqual(len(byes), 1)
        return (byes[0]["reason"], byes[0]["code"]) if byes else None

    def test_segfault(self):
        engine = self.same("segfaults")
        self.assertIsNone(self.goodbye(engine))
        self.assertEqual([mark["name"] for mark in engine.connections[0].bodies(wire.MARK)], ["just before"])

    def test_killed(self):
        for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGABRT):
            with self.subTest(number):
                engine = self.same("dies %d" % number)
                self.assertIsNone(self.goodbye(engine))
                self.assertEqual([mark["name"] for mark in engine.connections[0].bodies(wire.MARK)], ["just before"])

    def test_interrupted(self):
        self.assertEqual(self.goodbye(self.same("dies %d" % signal.SIGINT)), ("exit", None))

    def test_unhandled_exception(self):
        self.assertEqual(self.goodbye(self.same("raises")), ("exit", 1))

    def test_unhandled_exception_with_a_hook_of_its_own(self):
        text = "import sys; sys.excepthook = lambda *error: print(error); 1/0"
        self.assertEqual(self.goodbye(self.same(["-c", text])), ("exit", 1))

    def test_script_that_cannot_be_compiled(self):
        self.assertEqual(self.goodbye(self.same(["-c", "def broken("])), ("exit", 1))

    def test_script_that_is_not_there(self):
        self.assertEqual(self.goodbye(self.same(["nothing.py"])), ("exit", None))

    def test_module_that_raises(self):
        self.assertEqual(self.goodbye(self.same(["-m", "json.tool", "nothing.json"]))[0], "exit")

    def test_exceptions_that_somebody_else_recorded(self):
        self.assertEqual(self.goodbye(self.same("pretends_a_failure")), ("exit", None))

    def test_sys_exit(self):
        for word in ("0", "3", "256", "because"):
            with self.subTest(word):
                self.assertEqual(self.goodbye(self.same("exits " + word)), ("exit", None))

    def test_os_exit(self):
        for status, code in ((0, 0), (5, 5), (259, 3), (-1, 255)):
            with self.subTest(status):
                engine = self.same("exits_at_once %d" % status)
                self.assertEqual(self.goodbye(engine), ("_exit", code))
                self.assertEqual(engine.connections[0].bodies(wire.MARK)[0]["name"], "last words")

    def test_os_exit_called_wrongly(self):
        self.assertEqual(self.goodbye(self.same("asks_exit_wrongly")), ("_exit", 5))

    def test_os_exit_after_everything_else(self):
        connection, = self.same("exits_after_atexit").wait_closed()
        byes = [(body["reason"], body["code"]) for body in connection.bodies(wire.BYE)]
        self.assertEqual(byes, [("exit", None), ("_exit", 9)])

    def test_words_while_the_interpreter_goes_down(self):
        engine = self.same("last_words")
        self.assertEqual(self.goodbye(engine), ("exit", None))
        self.assertEqual([mark["name"] for mark in engine.connections[0].bodies(wire.MARK)], ["in atexit"])

    def test_busy_daemon_threads(self):
        self.same("keeps_threads_busy")

    def test_many_short_lives(self):
        for _ in range(15):
            self.assertEqual(self.goodbye(self.same(["-c", "print(1)"])), ("exit", None))

    def test_a_last_sample_and_the_last_collections_come_before_the_end(self):
        engine = self.engine(interval=60000)
        process = self.start(engine, "waits_for_input")
        engine.wait_for(wire.SAMPLE)
        process.stdin.write("import gc; gc.collect(); gc.collect()\n")
        self.finish(process)
        connection, = engine.wait_closed()
        self.assertEqual(connection.frames[-1][0], wire.BYE)
        self.assertEqual(connection.frames[-2][0], wire.SAMPLE)
        fulls = [row for body in connection.bodies(wire.GC) for row in body["c"] if row[1] == 2]
        self.assertGreaterEqual(sum(row[5] for row in fulls), 2)

    def test_the_interpreter_goes_interactive(self):
        self.same(["-i", "-q", "-c", "1/0"], stdin="print(2)\n", env={"PYTHONSTARTUP": "", "TERM": "dumb",
                                                                    "PYTHON_BASIC_REPL": "1"})

    def test_warnings_are_errors(self):
        self.same(["-W", "error", "-X", "dev", "-c", "import sys; print(sys.warnoptions)"])


class Silence(AgentTest):
    def test_exit_does_not_wait_for_an_engine_that_does_not_read(self):
        engine = self.engine(reading=False)
        self.same(["-c", "print('x')"], engine)
