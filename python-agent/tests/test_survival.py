"""Programs that do not know that they have a guest, and an engine that goes."""

from tests.support import AgentTest, wire


class EngineGoes(AgentTest):
    def test_it_vanishes(self):
        engine = self.engine()
        expected = self.bare("outlives_the_engine")
        process = self.start(engine, "outlives_the_engine")
        engine.wait_for(wire.SAMPLE)
        engine.vanish()
        # gc.callbacks is empty again at the end, as without us
        self.assertEqual(self.finish(process), expected)

    def test_it_vanishes_and_sigpipe_would_kill(self):
        engine = self.engine()
        process = self.start(engine, "restores_sigpipe")
        engine.wait_for(wire.SAMPLE)
        engine.vanish()
        process.stdin.write("\n")
        self.assertEqual(self.finish(process), (0, "ready\nalive\n", ""))

    def test_it_stops_reading(self):
        engine = self.engine(reading=False, interval=10)
        self.assertEqual(self.run_with(engine, "floods_marks"), (0, "done\n", ""))

    def test_it_stops_reading_and_samples_are_counted_as_dropped(self):
        engine = self.engine(reading=False, interval=10)
        process = self.start(engine, "waits_for_input")
        engine.wait(lambda: engine.connections)
        connection = engine.connections[0]
        engine.greet(connection, None)
        process.stdin.write("import heapscope_agent, time\n"
                            "for _ in range(60000): heapscope_agent.mark('m' * 200)\n")
        process.stdin.write("print('full', flush=True)\n")
        process.stdin.write("time.sleep(0.2)\n")
        process.stdin.write("print('slept', flush=True)\n")
        process.stdin.flush()
        while process.stdout.readline() != "slept\n":
            pass
        engine._start(connection.read)
        engine.wait(lambda: any(body["dropped"] for body in connection.bodies(wire.SAMPLE)))
        self.finish(process)

    def test_it_sends_what_is_no_frame(self):
        for data in (b"HTTP/1.1 400 Bad Request\r\n\r\n", wire.frame(wire.HELLO, {}),
                     b"\x02\0\0\0\x40\x80\x80", b"\xff" * 100):
            with self.subTest(data):
                engine = self.engine()
                process = self.start(engine, "waits_for_input")
                engine.wait_for(wire.SAMPLE)
                engine.connections[0].sock.sendall(data)
                engine.wait_closed()
                self.assertEqual(engine.connections[0].bodies(wire.FAULT)[0]["where"], "engine")
                self.assertEqual(self.finish(process), (0, "ready\n", ""))


class Descriptors(AgentTest):
    def test_program_closes_all_and_reuses_every_number(self):
        engine = self.same("closes_everything")
        engine.wait_closed(2)
        again, = engine.by_reason("reconnect")
        self.assertEqual([mark["name"] for mark in again.bodies(wire.MARK)], ["after"])
        first, = engine.by_reason("start")
        self.assertEqual([mark["name"] for mark in first.bodies(wire.MARK)], ["before"])
        self.assertEqual(first.error, None)

    def test_program_puts_sockets_on_the_numbers(self):
        engine = self.same("steals_a_socket")
        engine.wait_closed(2)
        self.assertTrue(engine.by_reason("reconnect"))

    def test_program_closes_all_time_and_again(self):
        engine = self.same("closes_again_and_again")
        engine.wait_closed(6)
        self.assertEqual(len(engine.by_reason("reconnect")), 5)

    def test_few_descriptors_are_allowed(self):
        self.same(["-c", "import resource, subprocess, sys\n"
                   "resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))\n"
                   "print(subprocess.run([sys.executable, '-c', 'print(3)']))"]).wait_closed(2)


class Library(AgentTest):
    def test_streams_are_replaced(self):
        self.same("replaces_streams")

    def test_logging_is_shut_down(self):
        self.same("shuts_logging_down")

    def test_the_library_is_patched(self):
        engine = self.same("patches_the_library")
        engine.wait_closed(2)
        marks = [mark["name"] for c in engine.connections for mark in c.bodies(wire.MARK)]
        self.assertEqual(sorted(marks), ["child", "patched"])

    def test_threads_are_busy(self):
        engine = self.same("keeps_threads_busy")
        engine.wait_closed()
        self.assertGreaterEqual(len(engine.connections[0].bodies(wire.SAMPLE)), 2)

    def test_callbacks_are_cleared(self):
        engine = self.engine()
        process = self.start(engine, "clears_callbacks")
        self.assertEqual(process.stdout.readline(), "cleared\n")
        engine.wait_for(wire.SAMPLE)
        samples = len(engine.connections[0].bodies(wire.SAMPLE))
        engine.wait_for(wire.SAMPLE, count=samples + 2)
        process.stdin.write("\n")
        process.stdin.flush()
        engine.wait(lambda: [row for body in engine.connections[0].bodies(wire.GC) for row in body["c"]
                             if row[1] == 2])
        self.finish(process)

    def test_a_finalizer_that_runs_in_our_thread_leaves_no_trace(self):
        engine = self.engine()
        process = self.start(engine, "collects_in_a_finalizer")
        self.assertEqual(process.stdout.readline(), "ready\n")
        engine.wait_for(wire.SAMPLE)
        self.assertTrue(engine.connections[0].command("collect")["ok"])
        process.stdin.write("\n")
        status, out, err = self.finish(process)
        self.assertEqual((status, err), (0, ""))
        self.assertRegex(out, r"^1 \[<_MainThread\(MainThread, started \d+\)>\]\n$")

    def test_traces_and_profiles_do_not_show_us(self):
        self.same("profiles_itself")

    def test_low_recursion_limit(self):
        self.same(["-c", "import sys, time; sys.setrecursionlimit(60); time.sleep(0.2); print(1)"])

    def test_optimised_away_docstrings(self):
        engine = self.same(["-OO", "-c", "print(__debug__)"])
        self.assertEqual(engine.wait_for(wire.BYE)["reason"], "exit")
