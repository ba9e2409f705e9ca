"""Runs all tests, as many files at once as the first argument says: ``python -m tests 2``. Each file has a process of its own, so
that a heap that is walked holds what that file needs and nothing else.

``python -m tests 2 light`` leaves out the long ones, those that walk the heap: for another build of a version that was tested.
``python -m tests only NAME ...`` runs those named, in this process.
"""

import os
import re
import subprocess
import sys
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

FOLDER = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(FOLDER)
LONG = ("tests.test_native", "tests.test_heap", "tests.test_snapshot", "tests.test_census")
SLOW = 20
"""Seconds from which a test is named for its slowness."""


class Timed(unittest.TextTestResult):
    """Lists the slow tests."""

    def startTest(self, test):
        super().startTest(test)
        self.began = time.monotonic()

    def stopTest(self, test):
        super().stopTest(test)
        seconds = time.monotonic() - self.began
        if seconds >= SLOW:
            print("\nslow: %s took %.0f s" % (test.id(), seconds), flush=True)


def files(light):
    """The names of the tests' files, long ones first: none of them is left alone at the end."""
    found = sorted("tests." + name[:-3] for name in os.listdir(FOLDER) if name.startswith("test_") and name.endswith(".py"))
    long = [name for name in found if name.startswith(LONG)]
    return ([] if light else long) + [name for name in found if name not in long]


def run(names):
    """Runs in this process; returns the exit status."""
    runner = unittest.TextTestRunner(resultclass=Timed)
    return int(not runner.run(unittest.defaultTestLoader.loadTestsFromNames(names)).wasSuccessful())


def run_apart(name):
    """Runs a file in a process of its own: (exit status, output)."""
    options = [part for option in sys.warnoptions for part in ("-W", option)]
    done = subprocess.run([sys.executable] + options + ["-m", "tests", "only", name], cwd=ROOT,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
    return done.returncode, done.stdout


def main(count, light):
    """Runs ``count`` files at once, prints the output of those that fail, then the sums."""
    ran, bad, skipped, failed = 0, 0, 0, False
    with ThreadPoolExecutor(count) as pool:
        for status, output in pool.map(run_apart, files(light)):
            if status:
                failed = True
                print(output)
            else:
                for line in re.findall("^slow: .*", output, re.M):
                    print(line)
            ran += sum(map(int, re.findall(r"^Ran (\d+) tests?", output, re.M)))
            bad += sum(map(int, re.findall(r"(?:failures|errors)=(\d+)", output)))
            skipped += sum(map(int, re.findall(r"skipped=(\d+)", output)))
    print("ran %d, failed %d, skipped %d" % (ran, max(bad, int(failed)), skipped))
    return 1 if failed or not ran else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["only"]:
        sys.exit(run(sys.argv[2:]))
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2, "light" in sys.argv))
