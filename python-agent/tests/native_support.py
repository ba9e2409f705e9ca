"""Takes snapshots with the C core and reads them, for its tests."""

import gc
import json
import os
import sys
import tempfile
import threading
import time
import unittest

from tests import dump_reader
from tests.support import ROOT  # noqa: F401  (puts the agent on the path)

from heapscope_agent.heap import core

PATIENCE = 30

try:
    native, why_not = core.load(), ""
except core.NativeUnavailable as error:
    native, why_not = None, str(error)


def own_objects():
    modules = [module for name, module in sys.modules.items() if name.startswith("heapscope_agent")]
    return modules + [vars(module) for module in modules]


def options(**changes):
    found = {
        "meta": json.dumps({"method": "fork"}).encode(),
        "modules": sys.modules,
        "own": own_objects(),
        "threads": {thread.ident: thread.name for thread in threading.enumerate()},
        "interpreter": {"builtins": sys.modules["builtins"].__dict__, "sysdict": sys.__dict__},
        "garbage": gc.garbage,
        "timeout": float(PATIENCE),
    }
    found.update(changes)
    return found


def fork_to(path, given):
    """``native.start`` with the identity of the file as it is now."""
    found = os.stat(path)
    return native.start(path, (found.st_dev, found.st_ino), given)


@unittest.skipIf(native is None, why_not)
class NativeTest(unittest.TestCase):
    """``snapshot`` gives a dump, ``capture`` how it went; ``way`` is "fork" or "in-place"."""

    way = "fork"
    maxDiff = None

    def setUp(self):
        gc.collect()  # a dump that the test before has left would be in the next
        handle, self.path = tempfile.mkstemp(prefix="heapscope-test-")
        os.close(handle)
        self.addCleanup(os.unlink, self.path)

    def capture(self, **changes):
        """Takes a snapshot to ``self.path``; what the core says at its end."""
        os.truncate(self.path, 0)
        if self.way == "fork":
            return self.wait(fork_to(self.path, options(**changes)))
        fd = os.open(self.path, os.O_WRONLY)
        try:
            return native.run(fd, options(**changes))
        finally:
            os.close(fd)

    def wait(self, started):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            progress = native.poll(started["handle"])
            if progress["state"] != "running":
                return progress
            time.sleep(0.001)
        self.fail("the child neither ends nor is ended")

    def snapshot(self, **changes):
        result = self.capture(**changes)
        self.assertEqual((result["state"], result["reason"], result["signal"]), ("done", "", 0), result)
        dump = dump_reader.read(self.path)
        self.assertEqual((result["nodes"], result["edges"]), (len(dump), len(dump.targets)))
        self.assertEqual(result["bytes"], os.path.getsize(self.path))
        return dump

    def names_of(self, dump, thing):
        """``{name: object's id}`` of a living object's edges."""
        return dump.names(thing)
