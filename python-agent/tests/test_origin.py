"""What the agent loads after its start does not come from the program, and says so if it cannot be had."""

import os
import unittest

from tests import dump_reader
from tests.support import TOKEN, wire
from tests.test_snapshot import SnapshotTest, available

NO_CORE = {"HEAPSCOPE_NO_CORE": "1"}
is_root = hasattr(os, "geteuid") and os.geteuid() == 0


class Origin(SnapshotTest):
    def test_files_and_hooks_of_the_program_are_not_asked(self):
        for env in ({}, NO_CORE):
            with self.subTest(env):
                os.makedirs(os.path.join(self.folder, "dumps"), exist_ok=True)
                engine = self.engine(dumps=os.path.join(self.folder, "dumps"))
                self.same("shadows_the_library", engine, env)
                body = engine.connections[0].bodies(wire.SNAPSHOT)[-1]
                self.assertEqual((body["state"], body["method"]), ("done", "python" if env else available()[0]))

    def test_a_module_that_the_program_has_put_in_its_place(self):
        agent = self.living(NO_CORE)
        self.run_line("import sys; sys.modules['array'] = sys.modules['errno'] = sys.modules['binascii'] = sys.modules['fcntl'] = 5")
        self.dump(self.ended(agent, self.take(agent)))
        self.assertEqual(self.run_line("print(sys.modules['array'], sys.modules['binascii'])"), "5 5\n")

    def test_a_module_that_the_program_has_imported_is_the_same_afterwards(self):
        agent = self.living(NO_CORE)
        self.run_line("import array, binascii; found = array, array.array, binascii.crc32")
        self.dump(self.ended(agent, self.take(agent)))
        self.assertEqual(self.run_line("import sys; print(found == (sys.modules['array'], array.array, binascii.crc32), "
                                       "array.array('I', [1]))"), "True array('I', [1])\n")


@unittest.skipUnless(is_root, "only root may change its root and its user")
class OutOfReach(SnapshotTest):
    """Given a process that cannot reach the agent's files or the folder of dumps, a forked copy sends the dump to the engine; where
    there is none, the engine is told."""

    LEAVE = "import os; os.path.isdir('empty') or os.mkdir('empty'); os.chroot('empty'); os.chdir('/')"
    UNHEARD = "import os, ctypes; os.path.isdir('empty') or os.mkdir('empty'); ctypes.CDLL(None).chroot(b'empty'); os.chdir('/')"
    SNAPSHOT = "from heapscope_agent import snapshot; said = snapshot('x'); print(bool(said), said.wait(20))"

    def last(self, agent):
        self.link.wait(lambda: [body for body in self.states(agent) if body["state"] == "failed"])
        body, = [body for body in self.states(agent) if body["state"] == "failed"]
        self.assertEqual((body["name"], body["path"], body["signal"]), ("x", None, None))
        return body["trigger"], body["code"], body["error"].partition(":")[0]

    def streamed(self, agent):
        """Given a program that keeps things, when it and the engine each ask for a snapshot, then both are dumps at the engine."""
        forks = available()[0] == "fork"
        self.run_line("class Kept: pass")
        self.run_line("kept = Kept()")
        self.assertEqual(self.run_line(self.SNAPSHOT), "%s %s\n" % (forks, forks))
        if not forks:
            return self.assertEqual(self.last(agent)[0], "program")
        number = self.take(agent)
        for body in (self.ended(agent, number - 1), self.ended(agent, number)):
            self.assertEqual((body["state"], body["method"], body["path"]), ("done", "fork", None), body)
            token, dump = self.link.wait(lambda: self.link.streams.get(body["stream"]))
            self.assertEqual((token, len(dump)), (TOKEN, body["bytes"]))
            self.assertEqual(dump_reader.parse(dump).count_by_type()["__main__.Kept"], 1)
        self.assertEqual(os.listdir(self.dumps), [])
        self.assertEqual(agent.bodies(wire.FAULT), [])

    def test_first_snapshot_after_another_root(self):
        agent = self.living()
        self.run_line(self.LEAVE)
        self.streamed(agent)

    def test_second_snapshot_after_another_root(self):
        agent = self.living()
        self.assertEqual(self.ended(agent, self.take(agent))["state"], "done")
        for name in os.listdir(self.dumps):
            os.unlink(os.path.join(self.dumps, name))
        self.run_line(self.UNHEARD)
        self.streamed(agent)

    def test_of_another_user(self):
        agent = self.living()
        os.chmod(self.dumps, 0o700)
        self.run_line("import os; os.setgid(65534); os.setuid(65534)")
        self.streamed(agent)

    def test_without_a_copy_there_is_none(self):
        agent = self.living(NO_CORE)
        self.run_line(self.LEAVE)
        self.refused(agent.command("snapshot"), "failed", "FileNotFoundError")
        self.assertEqual(self.run_line(self.SNAPSHOT), "False False\n")
        self.assertEqual(self.last(agent), ("program", "failed", "FileNotFoundError"))
        self.assertEqual(agent.bodies(wire.FAULT), [])

    def test_after_a_root_that_nobody_heard_of(self):
        agent = self.living()
        self.run_line(self.UNHEARD)
        self.refused(agent.command("snapshot"), "unavailable", "no-files")
        self.assertEqual(self.run_line(self.SNAPSHOT), "False False\n")
        self.assertEqual(self.last(agent), ("program", "unavailable", "no-files"))
        self.assertEqual(agent.bodies(wire.FAULT), [])

    def test_last_snapshot_of_another_user(self):
        dumps = os.path.join(self.folder, "dumps")
        os.mkdir(dumps, 0o700)
        engine = self.engine_with_options(dumps, at_exit=True)
        process = self.start(engine, "waits_for_input")
        engine.wait_for(wire.REPLY)
        process.stdin.write("import os; os.setgid(65534); os.setuid(65534)\n")
        self.assertEqual(self.finish(process), (0, "ready\ndone\n", ""))
        connection, = engine.wait_closed()
        body = connection.bodies(wire.SNAPSHOT)[-1]
        state = "done" if available()[0] == "fork" else "failed"
        self.assertEqual((body["trigger"], body["state"], body["path"]), ("exit", state, None))
        self.assertEqual(connection.bodies(wire.FAULT), [])
