"""The sampler in this process, and what it tells, put together as an engine would."""

import math
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

from tests.support import ROOT  # noqa: F401  (puts the agent on the path)

from heapscope_agent.allocations import sampler

library, why_not = sampler.load()
EVERY = 1
"""A mean with which each block of 40 bytes and more is sampled, and counts as one."""

C_THREADS = """
#include <pthread.h>
#include <stdlib.h>
extern void *PyMem_RawMalloc(size_t);
extern void *PyMem_RawRealloc(void *, size_t);
extern void PyMem_RawFree(void *);
static volatile int running;
static pthread_t threads[8];
static int count;
static void *run(void *unused) {
    void *blocks[64] = {0};
    unsigned random = (unsigned)(size_t)&unused;
    for (int round = 0; running; round++) {
        int i = (random = random * 1103515245 + 12345) >> 16 & 63;
        if (round % 5 == 0) blocks[i] = PyMem_RawRealloc(blocks[i], (random >> 8 & 4095) + 1);
        else {
            PyMem_RawFree(blocks[i]);
            blocks[i] = PyMem_RawMalloc((random >> 8 & 4095) + 1);
        }
    }
    for (int i = 0; i < 64; i++) PyMem_RawFree(blocks[i]);
    return unused;
}
void begin(int wanted) {
    running = 1;
    for (count = 0; count < wanted; count++) pthread_create(&threads[count], NULL, run, NULL);
}
void end(void) {
    running = 0;
    while (count) pthread_join(threads[--count], NULL);
}
void free_nothing(int times) {
    while (times--) PyMem_RawFree(NULL);
}
static void *keep_one(void *size) { return PyMem_RawMalloc((size_t)size); }
void keep_apart(size_t size) {
    pthread_t thread;
    pthread_create(&thread, NULL, keep_one, (void *)size);
    pthread_join(thread, NULL);
}
"""


def c_threads():
    """Threads that Python does not know, in its raw allocator; None where there is no compiler."""
    compiler = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)
    if compiler is None:
        return None
    import ctypes
    with tempfile.TemporaryDirectory(prefix="heapscope-test-") as folder:
        source, made = os.path.join(folder, "threads.c"), os.path.join(folder, "threads.so")
        with open(source, "w") as file:
            file.write(C_THREADS)
        subprocess.run([compiler, "-O1", "-shared", "-nostdlib", "-fPIC", "-fno-stack-protector", "-o", made, source], check=True)
        return ctypes.CDLL(made)


class Row:
    """Sums of one site."""

    def __init__(self):
        self.made = self.freed = self.blocks = self.left = self.variance = 0.0

    @property
    def live(self):
        return self.made - self.freed


class Told:
    """The tree and the sums, from all that was collected."""

    def __init__(self):
        self.strings, self.nodes, self.rows, self.epochs = [], [], {}, []
        self.last = None

    def add(self, body):
        """A body of ALLOCATIONS, or what ``collect`` returns."""
        self.last = body
        if not body.get("more"):
            self.epochs.append(body["epoch"])
        self.strings += body["strings"]
        self.nodes += body["nodes"]
        for node, size, blocks, variance in body["made"]:
            row = self.rows.setdefault(node, Row())
            row.made += size
            row.blocks += blocks
            row.left += blocks
            row.variance += variance
        for node, epoch, size, blocks, variance in body["freed"]:
            if epoch > body["epoch"]:
                raise AssertionError("freed before it was made")
            self.rows[node].freed += size
            self.rows[node].left -= blocks

    def path(self, node):
        """[(name, file, line), ...], innermost first; the last one is the thread."""
        found = []
        while node >= 0:
            node, name, file, line = self.nodes[node]
            found.append((self.strings[name], self.strings[file], line))
        return found

    def at(self, name, line=None):
        """The sums of all sites in a function, or in one of its lines."""
        total = Row()
        for node, row in self.rows.items():
            found, _, number = self.path(node)[0]
            if found == name and line in (None, number):
                for key, value in vars(row).items():
                    setattr(total, key, getattr(total, key) + value)
        return total

    def paths(self):
        return [self.path(node) for node in self.rows]


@unittest.skipIf(library is None, why_not)
class SamplerTest(unittest.TestCase):
    """``start``, do something, ``told``: what was allocated in between, by any thread but the one that collects."""

    maxDiff = None

    def start(self, mean=EVERY, seed=1):
        self._told = Told()
        library.start(float(mean), seed)
        self.addCleanup(library.stop)

    def collect(self, mean=-1.0):
        """In a thread of its own, as the agent does."""
        def run():
            try:
                body = library.collect(lambda ident, number: names.get(ident, "thread %d" % number), float(mean), 1)
                self._told.add(body)
            except BaseException as error:
                failed.append(error)
        names = {thread.ident: thread.name for thread in threading.enumerate()}
        failed = []
        thread = threading.Thread(target=run, name="collector")
        thread.start()
        thread.join()
        if failed:
            raise failed[0]
        return self._told

    def assert_close(self, row, exact, what="made"):
        """Within five standard deviations: once in two million runs it is not."""
        error = 5 * math.sqrt(row.variance) + 1
        self.assertLess(abs(getattr(row, what) - exact), error, (what, getattr(row, what), exact, error))


def line_of(function, offset):
    return function.__code__.co_firstlineno + offset


def run_python(code, **env):
    """Output of a program in another process; it can import the tests and the agent."""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=dict(os.environ, **env), timeout=60,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
    return done.returncode, done.stdout
