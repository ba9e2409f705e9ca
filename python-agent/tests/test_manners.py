"""Some of the interpreter's own tests have the same results with the agent as without: the short form of ``npm run manners``.

It takes a minute, so that ``npm run test:agent`` asks for it, by HEAPSCOPE_MANNERS=1, on one interpreter that ships its tests.
"""

import json
import os
import subprocess
import sys
import unittest

from tests.support import ROOT, AgentTest, clean_environment, environment

RUNNER = os.path.join(ROOT, "tests", "manners_runner.py")
POSIX = "test.test_subprocess.POSIXProcessTestCase."
MODULES = {"test_gc": [], "test_fork1": [], "test_audit": [],
           "test_subprocess": [POSIX + name for name in ("test_close_fds", "test_pass_fds", "test_pass_fds_inheritable",
                                                         "test_restore_signals", "test_preexec_exception")]}
RETRIES = 2
"""Of tests that differ, alone: some of them fail by themselves on a busy machine."""


class Manners(AgentTest):
    def outcomes(self, env, module, tests):
        path = os.path.join(self.folder, "outcomes")
        subprocess.run([sys.executable, RUNNER, path, module] + tests, env=env, cwd=self.folder, timeout=300,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(path) as file:
            found = dict([json.loads(line) for line in file])
        os.unlink(path)
        return found

    def differing(self, engine, module, tests):
        """{id: (without, with the agent)} of the tests whose results are not the same."""
        plain = self.outcomes(clean_environment(), module, tests)
        ours = self.outcomes(environment(engine), module, tests)
        self.assertEqual(plain.pop(""), "end")
        self.assertTrue(plain)
        different = {} if ours.get("") == "end" else {"": ("end", None)}
        for test, outcome in plain.items():
            if ours.get(test) != outcome:
                different[test] = outcome, ours.get(test)
        return different

    if os.environ.get("HEAPSCOPE_MANNERS") == "1":
        def test_the_interpreters_own_tests(self):
            engine = self.engine()
            for module, tests in MODULES.items():
                with self.subTest(module):
                    different = self.differing(engine, module, tests)
                    for _ in range(RETRIES):
                        if different:
                            different = self.differing(engine, module, [] if "" in different else sorted(different))
                    self.assertEqual(different, {})
            self.assertTrue(engine.connections)


if __name__ == "__main__":
    unittest.main()
