"""Heap snapshots as the engine sees them: asked for, refused, cancelled, failed, done."""

import os

from tests import dump_reader
from tests.support import AgentTest, wire


class SnapshotTest(AgentTest):
    """``living`` starts a target whose engine has a folder for dumps."""

    def dumping(self, **options):
        dumps = os.path.join(self.folder, "dumps")
        os.mkdir(dumps)
        return self.engine(dumps=dumps, **options)

    def living(self, target="waits_for_input", **options):
        self.engine_ = engine = self.dumping(**options)
        self.process = self.start(engine, target)
        engine.wait_for(wire.SAMPLE)
        return engine.connections[0]

    def say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def states(self, agent, number=None):
        return [body for body in agent.bodies(wire.SNAPSHOT) if number is None or body["number"] == number]

    def ended(self, agent, number):
        """The last SNAPSHOT of a number."""
        return self.engine_.wait(lambda: next((body for body in self.states(agent, number)
                                               if body["state"] in ("done", "failed")), None))

    def dump(self, body):
        self.assertEqual(body["state"], "done", body)
        return dump_reader.read(body["path"])

    def dumps_left(self):
        return os.listdir(self.engine_.dumps)


class Asked(SnapshotTest):
    def test_wrongly(self):
        agent = self.living()
        for args in ({"method": "magic"}, {"method": 7}, {"limit_bytes": -1}, {"limit_bytes": "much"}, {"timeout": 0},
                     {"redact": "password"}, {"redact": [7]}, {"redact": [""]}, {"redact": ["x"] * 201}):
            with self.subTest(args):
                self.assertIs(agent.command("snapshot", **args)["ok"], False)
        self.assertIs(agent.command("snapshot_cancel", number=1)["ok"], False)
        self.assertEqual(self.states(agent), [])
        self.assertEqual(self.dumps_left(), [])

    def test_without_a_folder(self):
        engine = self.engine()
        process = self.start(engine, "waits_for_input")
        engine.wait_for(wire.SAMPLE)
        reply = engine.connections[0].command("snapshot")
        self.assertIs(reply["ok"], False)
        process.stdin.write("import heapscope_agent; print(heapscope_agent.snapshot('x'), flush=True)\n")
        process.stdin.flush()
        self.assertEqual([process.stdout.readline() for _ in range(2)], ["ready\n", "False\n"])

    def test_into_a_folder_that_is_not_there(self):
        agent = self.living()
        os.rmdir(self.engine_.dumps)
        self.assertIn("FileNotFoundError", agent.command("snapshot", method="python")["error"])
        os.mkdir(self.engine_.dumps)
        self.assertIs(agent.command("snapshot", method="python")["ok"], True)

    def test_in_python(self):
        agent = self.living()
        number = agent.command("snapshot", number=7, name="first", method="python", collect=True)["result"]["number"]
        self.assertEqual(number, 7)
        body = self.ended(agent, 7)
        heap = self.dump(body)
        self.assertEqual(os.path.basename(body["path"]), "%d-7.heapdump" % self.process.pid)
        self.assertEqual(os.stat(body["path"]).st_mode & 0o777, 0o600)
        started = self.states(agent, 7)[0]
        self.assertEqual((started["state"], started["name"], started["trigger"]), ("started", "first", "command"))
        self.assertGreater(started["expected"], 0)
        self.assertEqual((body["nodes"], body["edges"]), (len(heap.address), len(heap.targets)))
        self.assertEqual(body["bytes"], os.path.getsize(body["path"]))
        self.assertGreater(body["pause"], 0)
        self.assertEqual((heap.meta["method"], heap.meta["collected"]), ("python", True))
        self.assertEqual(self.finish(self.process)[0], 0)
