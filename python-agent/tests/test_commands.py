"""Commands and what the agent sends by itself."""

from tests.support import AgentTest, wire


class Commands(AgentTest):
    def living(self, target="waits_for_input", **options):
        engine = self.engine(**options)
        process = self.start(engine, target)
        self.process = process
        engine.wait(lambda: engine.connections and engine.connections[0].greeted)
        if not engine.paused:
            engine.wait_for(wire.SAMPLE)
        return engine, engine.connections[0]

    def say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def test_commands_that_cannot_be_done(self):
        engine, agent = self.living()
        for name, args in (("fly", {}), ([], {}), (None, {}), ("interval", {}), ("interval", {"ms": 9}),
                           ("interval", {"ms": 60001}), ("interval", {"ms": "100"}), ("interval", {"ms": True}),
                           ("tracemalloc_start", {}), ("tracemalloc_start", {"frames": 0}),
                           ("tracemalloc_start", {"frames": 101}), ("tracemalloc_start", {"frames": 1.5})):
            with self.subTest(name=name, args=args):
                reply = agent.command(name, **args)
                known = name in ("interval", "tracemalloc_start")
                self.assertEqual((reply["ok"], reply["code"]), (False, "arguments" if known else "failed" if name == [] else "unknown-command"))
                self.assertIsInstance(reply["error"], str)
        agent.send(wire.COMMAND, {"id": 999, "name": "ping", "args": 7})
        engine.wait(lambda: [r for r in agent.bodies(wire.REPLY) if r["id"] == 999 and r["ok"]])
        agent.send(wire.COMMAND, {})
        engine.wait(lambda: [r for r in agent.bodies(wire.REPLY) if r["id"] is None])
        self.assertEqual(self.finish(self.process)[0], 0)

    def test_ping(self):
        engine, agent = self.living()
        first, second = agent.command("ping"), agent.command("ping")
        self.assertLess(first["result"]["t"], second["result"]["t"])

    def test_collect(self):
        engine, agent = self.living("collects_in_a_finalizer")
        result = agent.command("collect")["result"]
        self.assertGreaterEqual(result["collected"], 1)
        self.assertEqual(result["uncollectable"], 0)
        self.assertGreater(result["duration"], 0)

    def test_tracemalloc_started_restarted_stopped(self):
        engine, agent = self.living()
        self.assertEqual(agent.command("tracemalloc_stop")["result"], {"peak": None})
        self.assertEqual(agent.command("tracemalloc_start", frames=3)["result"], {"frames": 3})
        self.say("keep = [bytes(1000) for _ in range(1000)]")
        engine.wait(lambda: [b for b in agent.bodies(wire.SAMPLE) if b["frames"] == 3 and b["traced"] > 1000000])
        self.assertEqual(agent.command("tracemalloc_start", frames=7)["result"], {"frames": 7})
        self.say("import tracemalloc; print(tracemalloc.get_traceback_limit())")
        self.assertGreater(agent.command("tracemalloc_stop")["result"]["peak"], 0)
        last = len(agent.bodies(wire.SAMPLE))
        after = engine.wait_for(wire.SAMPLE, count=last + 2)
        self.assertEqual((after["frames"], after["traced"], after["traced_peak"]), (0, None, None))
        self.assertIn("7\n", self.finish(self.process)[1])

    def test_tracemalloc_from_the_first_line(self):
        engine, agent = self.living(tracemalloc=5)
        self.assertEqual(agent.bodies(wire.SAMPLE)[0]["frames"], 5)

    def test_pause_and_resume(self):
        engine, agent = self.living()
        self.say("import gc, time; [time.sleep(0.01) for _ in range(500) if len(gc.callbacks) < 2]; print(len(gc.callbacks), flush=True)")
        agent.command("pause")
        paused_at = len(agent.frames)
        self.say("gc.collect(); print(len(gc.callbacks), flush=True)")
        # what it sends while paused says only that it lives
        engine.wait(lambda: [f for f in agent.frames[paused_at:] if f == (wire.GC, {"c": []})])
        self.assertEqual([f for f in agent.frames[paused_at:] if f != (wire.GC, {"c": []})], [])
        agent.command("resume")
        samples = len(agent.bodies(wire.SAMPLE))
        engine.wait_for(wire.SAMPLE, count=samples + 2)
        out = self.finish(self.process)[1].split()
        self.assertEqual(out, ["ready", "2", "done", "0", "done"])

    def test_welcomed_paused(self):
        engine, agent = self.living(paused=True)
        agent.command("ping")
        self.assertEqual(agent.bodies(wire.SAMPLE), [])
        agent.command("resume")
        engine.wait_for(wire.SAMPLE)

    def test_interval(self):
        engine, agent = self.living(interval=60000)
        self.assertEqual(len(agent.bodies(wire.SAMPLE)), 1)
        agent.command("interval", ms=10)
        engine.wait_for(wire.SAMPLE, count=10)
        times = [body["t"] for body in agent.bodies(wire.SAMPLE)]
        self.assertEqual(times, sorted(times))

    def test_a_quiet_agent_says_that_it_lives(self):
        engine, agent = self.living(interval=60000)
        engine.wait(lambda: agent.bodies(wire.GC).count({"c": []}) >= 2)
        self.assertEqual(len(agent.bodies(wire.SAMPLE)), 1)


class Samples(AgentTest):
    def test_say_what_the_interpreter_knows(self):
        engine = self.engine()
        self.start(engine, "waits_for_input")
        body = engine.wait_for(wire.SAMPLE, count=3)
        self.assertEqual(list(body), ["blocks", "gc", "garbage", "traced", "traced_peak", "frames", "t", "cost",
                                      "dropped"])
        self.assertGreater(body["blocks"], 1000)
        self.assertEqual(len(body["gc"]), 3)
        self.assertGreater(body["cost"], 0)
        self.assertEqual(body["dropped"], 0)

    def test_garbage_is_named_without_asking_it(self):
        engine = self.engine()
        process = self.start(engine, "makes_garbage")
        body = engine.wait(lambda: [b for c in engine.connections for b in c.bodies(wire.GARBAGE)
                                    if ["__main__.Node", 6] in b["types"] or ["__main__.Node", 4] in b["types"]])[0]
        self.assertGreaterEqual(body["total"], 4)
        self.assertEqual(self.finish(process), (0, "ready\n", ""))


class Collections(AgentTest):
    def test_each_has_its_start_and_its_result(self):
        engine = self.engine()
        process = self.start(engine, "waits_for_input")
        engine.wait_for(wire.SAMPLE)
        process.stdin.write("import gc; a = []; a.append(a); del a; gc.collect()\n")
        process.stdin.flush()
        row = engine.wait(lambda: [row for body in engine.connections[0].bodies(wire.GC) for row in body["c"]
                                   if row[1] == 2])[-1]
        samples = engine.connections[0].bodies(wire.SAMPLE)
        self.assertGreaterEqual(row[0], samples[0]["t"] - 1)
        self.assertGreater(row[2], 0)
        self.assertGreaterEqual(row[3], 1)
        self.assertEqual(row[4:], [0, 1])

    def test_thousands_between_two_turns_are_joined_and_none_is_lost(self):
        engine = self.engine()
        process = self.start(engine, "waits_for_input")
        engine.wait_for(wire.SAMPLE)
        process.stdin.write("import gc; gc.disable()\n")
        process.stdin.write("for _ in range(3000): gc.collect(1)\n")
        process.stdin.flush()

        def rows():
            return [row for body in engine.connections[0].bodies(wire.GC) for row in body["c"] if row[1] == 1]
        engine.wait(lambda: sum(row[5] for row in rows()) >= 3000)
        self.assertTrue(all(len(body["c"]) <= 256 for body in engine.connections[0].bodies(wire.GC)))
        self.finish(process)
