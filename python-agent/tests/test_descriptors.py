"""Descriptors: the program's numbers are the program's, and nothing of ours is written to its files."""

import os
import unittest

from tests.test_snapshot import METHODS, SnapshotTest, available


class AuditHooks(SnapshotTest):
    def test_do_not_hear_our_waits(self):
        """Nor frames, nor, with the C core, files."""
        for method in ("python", "auto"):
            with self.subTest(method):
                core = "core" if available() != METHODS[2:] and method == "auto" else "python"
                engine = self.engine_with_options(os.path.join(self.folder, method), method=method)
                self.assertEqual(self.run_with(engine, "listens_to_audit_events " + core), (0, "[]\n", ""))


class DumpFile(SnapshotTest):
    def test_a_program_closes_all_while_it_is_written(self):
        """Without the C core, and with it; then the program's file holds what the program wrote."""
        for method in ("python", "auto"):
            with self.subTest(method):
                engine = self.engine_with_options(os.path.join(self.folder, method), method=method)
                self.assertEqual(self.run_with(engine, "closes_while_a_dump_is_written"), (0, "True True 150 30\n", ""))

    if available() != METHODS[2:]:
        def test_the_programs_next_file_gets_the_number_that_it_would_get(self):
            engine = self.engine_with_options(os.path.join(self.folder, "auto"), method="auto")
            self.assertEqual(self.run_with(engine, "opens_files_meanwhile"), (0, "True []\n", ""))

    def test_its_number_is_high(self):
        self.living()
        program = ("import os, heapscope_agent as h; before = set(os.listdir('/proc/self/fd')); "
                   "keep = [[] for _ in range(300000)]; h.snapshot('x'); "
                   "print([n for n in set(os.listdir('/proc/self/fd')) - before if int(n) < 200])")
        self.link.connections[0].command("snapshot_options", method="python")
        self.assertEqual(self.run_line(program), "[]\n")

    def test_the_program_takes_its_number(self):
        """The snapshot comes to nothing, and says why; the program's file stays open and empty."""
        agent = self.living()
        agent.command("snapshot_options", method="python")
        self.run_line("import os, heapscope_agent as h; keep = [[] for _ in range(600000)]")
        self.run_line("own = os.open('own.bin', os.O_WRONLY | os.O_CREAT)")
        out = self.run_line(
            "h.snapshot('x'); dump = [int(n) for n in os.listdir('/proc/self/fd') if int(n) > 199 and "
            "os.readlink('/proc/self/fd/' + n).endswith('.heapdump')]; print(len(dump)); os.dup2(own, dump[0])")
        self.assertEqual(out, "1\n")
        self.failed(self.ended(agent, 1), "closed", "closed by the program")
        self.assertEqual(self.run_line("print(os.fstat(dump[0]).st_size, os.fstat(own).st_size)"), "0 0\n")


if __name__ == "__main__":
    unittest.main()
