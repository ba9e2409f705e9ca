"""Runs tests of a module of the interpreter's own and writes what became of each: ``manners_runner.py OUT MODULE [ID ...]``.

One line of JSON a test, [id, outcome], written at once: of a process that dies, the tests that came through are known. The last
line, ["", "end"], says that it did not die.
"""

import json
import sys
import unittest


class Outcomes(unittest.TestResult):
    """What became of each test; a part that fails makes its test fail."""

    def __init__(self, out):
        unittest.TestResult.__init__(self)
        self.out = out
        self.outcome = None

    def startTest(self, test):
        unittest.TestResult.startTest(self, test)
        self.outcome = "ok"

    def stopTest(self, test):
        unittest.TestResult.stopTest(self, test)
        self.tell(test, self.outcome)

    def tell(self, test, outcome):
        self.out.write(json.dumps([test.id(), outcome]) + "\n")
        self.out.flush()

    def _became(self, test, outcome, error=None):
        if error is not None:
            sys.stderr.write("%s: %s\n%s\n" % (outcome, test.id(), self._exc_info_to_string(error, test)))
        if self.outcome is None:  # a class or a module that could not be set up
            self.tell(test, outcome)
        self.outcome = outcome

    def addFailure(self, test, err):
        self._became(test, "failed", err)

    def addError(self, test, err):
        self._became(test, "error", err)

    def addSkip(self, test, reason):
        self._became(test, "skipped")

    def addExpectedFailure(self, test, err):
        self._became(test, "expected failure")

    def addUnexpectedSuccess(self, test):
        self._became(test, "unexpected success")

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self._became(test, "failed", err)


def main(path, module, names):
    """Runs the module, or those of its tests whose ids are given."""
    out = open(path, "w")
    suite = unittest.defaultTestLoader.loadTestsFromNames(names or ["test." + module])
    suite.run(Outcomes(out))
    out.write('["", "end"]\n')
    out.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
