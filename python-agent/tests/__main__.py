"""Runs all tests, in as many processes as the first argument says: ``python -m tests 2``.

``python -m tests 2 light`` leaves out the long ones, those that walk the heap: for another build of a version that was tested.
``python -m tests only NAME ...`` runs those named, in this process.
"""

import os
import re
import subprocess
import sys
import time
import unittest

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


def tests_of(suite):
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            for test in tests_of(item):
                yield test
        else:
            yield item.id()


def run(names):
    """Runs in this process; returns the exit status."""
    runner = unittest.TextTestRunner(resultclass=Timed)
    return int(not runner.run(unittest.defaultTestLoader.loadTestsFromNames(names)).wasSuccessful())


def main(count, light):
    """Distributes the tests over ``count`` processes, prints the output of those that fail, then the sums."""
    found = list(tests_of(unittest.defaultTestLoader.discover(FOLDER, top_level_dir=ROOT)))
    found = [test for test in found if not (light and test.startswith(LONG))]
    options = [part for option in sys.warnoptions for part in ("-W", option)]
    runs = [subprocess.Popen([sys.executable] + options + ["-m", "tests", "only"] + found[number::count], cwd=ROOT,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
            for number in range(count)]
    ran, bad, skipped, failed = 0, 0, 0, False
    for process in runs:
        output = process.communicate()[0]
        if process.returncode:
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
