"""What the agent loads after its start does not come from the program, and says so if it cannot be had."""

import os
import unittest

from tests.support import wire
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
    """Given a process that cannot reach the agent's files or the folder of dumps, no snapshot is taken, and the engine is told."""

    LEAVE = "import os; os.mkdir('empty'); os.chroot('empty'); os.chdir('/')"

    def last(self, agent):
        self.link.wait(lambda: [body for body in self.states(agent) if body["state"] == "failed"])
        body, = self.states(agent)
        self.assertEqual((body["name"], body["path"], body["signal"]), ("x", None, None))
        return body["trigger"], body["code"], body["error"].partition(":")[0]

    def test_first_snapshot_after_another_root(self):
        for env in ({}, NO_CORE):
            with self.subTest(env):
                empty = os.path.join(self.folder, "empty")
                if os.path.isdir(empty):
                    os.rmdir(empty)
                agent = self.living(env)
                self.run_line(self.LEAVE)
                self.refused(agent.command("snapshot"), "unavailable", "no-files")
                self.assertEqual(self.run_line("from heapscope_agent import snapshot; print(snapshot('x'))"), "False\n")
                self.assertEqual(self.last(agent), ("program", "unavailable", "no-files"))
                self.assertEqual(agent.bodies(wire.FAULT), [])

    def test_second_snapshot_after_another_root(self):
        agent = self.living()
        self.assertEqual(self.ended(agent, self.take(agent))["state"], "done")
        agent.frames[:] = [frame for frame in agent.frames if frame[0] != wire.SNAPSHOT]
        self.run_line(self.LEAVE)
        self.refused(agent.command("snapshot"), "failed", "FileNotFoundError")
        self.assertEqual(self.run_line("from heapscope_agent import snapshot; print(snapshot('x'))"), "False\n")
        self.assertEqual(self.last(agent), ("program", "failed", "FileNotFoundError"))

    def test_last_snapshot_of_another_user(self):
        dumps = os.path.join(self.folder, "dumps")
        os.mkdir(dumps, 0o700)
        engine = self.engine_with_options(dumps, at_exit=True)
        process = self.start(engine, "waits_for_input")
        engine.wait_for(wire.REPLY)
        process.stdin.write("import os; os.setgid(65534); os.setuid(65534)\n")
        self.assertEqual(self.finish(process), (0, "ready\ndone\n", ""))
        connection, = engine.wait_closed()
        body, = connection.bodies(wire.SNAPSHOT)
        self.assertEqual((body["trigger"], body["state"], body["path"]), ("exit", "failed", None))
        self.assertEqual(connection.bodies(wire.FAULT), [])
