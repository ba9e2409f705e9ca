"""Runs tests of one of the interpreter's own test modules and writes the outcome of each: ``manners_runner.py OUT MODULE [ID
...]``.

One line of JSON per test, [id, outcome], written at once: if the process dies, the outcomes so far are known. The last line,
["", "end"], shows that it did not die.
"""

import json
import sys
import unittest


class Outcomes(unittest.TestResult):
    """The outcome of each test; a failing subtest makes its test fail."""

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
