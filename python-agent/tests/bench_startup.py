"""Prints what the agent adds to the start of a program: ``python -c pass``, 40 paired runs, with an engine listening.

    python tests/bench_startup.py [--quick] [interpreter ...]

``cached``: the agent's bytecode is there; ``uncached``: it cannot be written and is compiled each time.
``--quick``: 10 pairs.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tests import support  # noqa: E402

PAIRS = 10 if "--quick" in sys.argv else 40


def milliseconds(python, env):
    """(wall, CPU) of one run."""
    began = time.perf_counter()
    process = subprocess.Popen([python, "-c", "pass"], env=env)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = status
    if status:
        raise SystemExit("%s failed" % python)
    return wall * 1000, (usage.ru_utime + usage.ru_stime) * 1000


def measure(python, ours, bare):
    """Medians of the bare runs and of the paired differences: (wall, CPU, added wall, added CPU)."""
    milliseconds(python, ours)
    pairs = [milliseconds(python, bare) + milliseconds(python, ours) for _ in range(PAIRS)]
    return [statistics.median(column) for column in zip(*[(a, b, c - a, d - b) for a, b, c, d in pairs])]


def main(pythons):
    copy = tempfile.mkdtemp()
    try:
        for name in ("bootstrap", "heapscope_agent"):
            shutil.copytree(os.path.join(support.ROOT, name), os.path.join(copy, name),
                            ignore=shutil.ignore_patterns("__pycache__"))
        support.BOOTSTRAP = os.path.join(copy, "bootstrap")
        with support.Engine(interval=100) as engine:
            for python in pythons:
                for label, extra in (("uncached", {"PYTHONDONTWRITEBYTECODE": "1"}), ("cached", {})):
                    env = support.clean_environment()
                    env.pop("PYTHONDONTWRITEBYTECODE", None)
                    bare = dict(env, **extra)
                    figures = measure(python, dict(bare, **{
                        "PYTHONPATH": support.BOOTSTRAP, "HEAPSCOPE_LINK": engine.link()}), bare)
                    print("%s %s: alone %.1f ms (%.1f of CPU), the agent adds %.1f ms (%.1f of CPU)"
                          % ((python, label) + tuple(figures)))
    finally:
        shutil.rmtree(copy)


if __name__ == "__main__":
    main([word for word in sys.argv[1:] if word != "--quick"] or [sys.executable])
