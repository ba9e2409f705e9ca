"""Fork safety: 1,000 snapshots of a program whose 16 threads hammer locks, allocation, logging, printing, imports, zlib and
files. None may hang or crash, the program's own result may not change, and nothing may be left behind.

    python tests/bench_fork_stress.py [--quick] [count] [interpreter ...]

``--quick``: 50. Each tenth is taken by the program itself; before each third memory pages are joined. Ends with status 1 where something went wrong.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tests import dump_reader, support  # noqa: E402
from tests.support import wire  # noqa: E402

OWN_EVERY, JOIN_EVERY, READ_EVERY = 10, 3, 100
PATIENCE = 120


class Wrong(Exception):
    """What a program observed during its snapshots, or how they ended."""


def check(condition, *what):
    if not condition:
        raise Wrong(*what)


class Stress:
    """One run. ``results`` are the known results of the rounds; ``run`` returns figures, or raises Wrong."""

    def __init__(self, python, folder):
        self.python, self.folder = python, folder
        self.lines = []
        self.pauses, self.durations, self.nodes = [], [], 0

    def run(self, count):
        results = subprocess.check_output([self.python, self._target(), "expected"], env=support.clean_environment())
        with support.Engine(interval=20, dumps=self.folder) as self.link:
            self.process = subprocess.Popen(
                [self.python, self._target(), results.decode().strip()], env=support.environment(self.link),
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
            try:
                return self._run(count)
            finally:
                self.process.kill()
                self.process.communicate()

    @staticmethod
    def _target():
        return os.path.join(support.TARGETS, "hammers.py")

    def _run(self, count):
        reader = threading.Thread(target=self._read, daemon=True)
        reader.start()
        self.link.wait_for(wire.SAMPLE)
        self.agent, = self.link.connections
        self._wait(lambda: "ready\n" in self.lines, "the program did not start")
        for number in range(1, count + 1):
            self._one(number)
        children = self._children()
        self._say("end")
        check(not children, "children are left", children)
        self._wait(lambda: self.process.poll() is not None, "the program does not end")
        reader.join(PATIENCE)
        self._check_result(json.loads(self.lines.pop()) if self.process.returncode == 0 else None)
        return {"snapshots": count, "objects": self.nodes // count, "rounds": self.rounds,
                "pause ms, median and longest": (_middle(self.pauses), max(self.pauses)),
                "capture ms, median and longest": (_middle(self.durations), max(self.durations))}

    def _read(self):
        self.lines.extend(iter(self.process.stdout.readline, ""))

    def _wait(self, condition, what):
        end = time.monotonic() + PATIENCE
        while not condition():
            check(time.monotonic() < end, what, self.link.seen())
            time.sleep(0.01)

    def _say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def _one(self, number):
        with self.link.changed:
            del self.agent.frames[1:]
        if number % OWN_EVERY == 0:
            self._say("snapshot")
        else:
            reply = self.agent.command("snapshot", method="fork", join_pages=number % JOIN_EVERY == 0)
            check(reply["ok"], number, reply)
        body = self.link.wait(lambda: self.agent.closed and {"state": "closed"} or next(
            (said for said in self.agent.bodies(wire.SNAPSHOT) if said["state"] in ("done", "failed")), None), PATIENCE)
        check((body["state"], body.get("method")) == ("done", "fork"), number, body)
        faults = self.agent.bodies(wire.FAULT)
        check(not faults, number, faults)
        self._look_at(number, body)

    def _look_at(self, number, body):
        self.nodes += body["nodes"]
        self.pauses.append(body["pause"] * 1000)
        self.durations.append(body["duration"] * 1000)
        if number % READ_EVERY == 1:
            heap = dump_reader.read(body["path"])
            check(len(heap) == body["nodes"] and heap.count_by_type()["__main__.Thing"] > 0, number, len(heap))
        with open(body["path"], "rb") as file:
            file.seek(-48, os.SEEK_END)
            check(file.read(4) == b"END!", number, "no footer")
        os.unlink(body["path"])
        check(os.listdir(self.folder) == [], number, os.listdir(self.folder))

    def _children(self):
        found = []
        for thread in os.listdir("/proc/%d/task" % self.process.pid):
            try:
                with open("/proc/%d/task/%s/children" % (self.process.pid, thread)) as file:
                    found += file.read().split()
            except OSError:
                pass
        return found

    def _check_result(self, result):
        check(result is not None, "the program ended with", self.process.returncode, self.process.stderr.read())
        self.rounds = rounds = result["rounds"]
        expected = {"rounds": rounds, "wrong": [], "children": [], "signals": 1, "own child": [True, 3], "total": rounds,
                    "logged": rounds, "strange lines": 0, "finalized": 150 * rounds, "files": 0}
        check(result == expected, "the program's result changed", result)
        errors = self.process.stderr.read()
        check(errors == "", errors)
        lines = [line for line in self.lines if line != "ready\n"]
        check(len(lines) == rounds and all([line.startswith("thread ") for line in lines]), "lines were lost or mixed")


def _middle(values):
    return sorted(values)[len(values) // 2]


def stress(python, count):
    """Figures of ``count`` snapshots. Raises Wrong."""
    folder = tempfile.mkdtemp(prefix="heapscope-stress-")
    try:
        return Stress(python, folder).run(count)
    finally:
        shutil.rmtree(folder)


def main(arguments):
    counts = [int(word) for word in arguments if word.isdigit()]
    count = counts[0] if counts else 50 if "--quick" in arguments else 1000
    failed = False
    for python in [word for word in arguments if not word.isdigit() and word != "--quick"] or [sys.executable]:
        try:
            figures = stress(python, count)
        except Wrong as wrong:
            failed = True
            figures = {"WRONG": wrong.args}
        print("%s: %s" % (python, ", ".join(["%s: %s" % (name, _text(value)) for name, value in figures.items()])), flush=True)
    return failed


def _text(value):
    if type(value) is tuple:
        return " and ".join(["%.1f" % part if type(part) is float else str(part) for part in value])
    return str(value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
