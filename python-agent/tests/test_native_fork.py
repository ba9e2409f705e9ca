"""The forked capture as a guest: what the program could notice, and what happens when it goes wrong."""

import errno
import gc
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from tests import dump_reader
from tests.native_support import NativeTest, fork_to, native, options


class Held(object):
    pass


def descriptors():
    return sorted(os.listdir("/proc/self/fd"))


class Unseen(NativeTest):
    def start(self, **changes):
        os.truncate(self.path, 0)
        return fork_to(self.path, options(**changes))

    def test_waiting_for_children_does_not_see_it(self):
        signals = []
        before = signal.signal(signal.SIGCHLD, lambda *_: signals.append(1))
        self.addCleanup(signal.signal, signal.SIGCHLD, before)
        started = self.start()
        for wait in (lambda: os.waitpid(-1, 0), os.wait, lambda: os.waitid(os.P_ALL, 0, os.WEXITED),
                     lambda: os.waitpid(started["pid"], 0)):
            with self.assertRaises(ChildProcessError):
                wait()
        self.assertEqual(self.wait(started)["state"], "done")
        self.assertEqual(signals, [])
        with self.assertRaises(ProcessLookupError):
            os.kill(started["pid"], 0)

    def test_a_program_that_ignores_its_children(self):
        before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        self.addCleanup(signal.signal, signal.SIGCHLD, before)
        self.assertEqual(self.capture()["state"], "done")

    def test_no_descriptor_is_left_or_kept(self):
        reading, writing = os.pipe()
        before = descriptors()
        started = self.start()
        os.close(writing)
        ended = time.monotonic() + 20
        os.set_blocking(reading, False)
        while True:  # end of file while the child may still be at work
            try:
                self.assertEqual(os.read(reading, 1), b"")
                break
            except BlockingIOError:
                self.assertLess(time.monotonic(), ended)
        os.close(reading)
        self.assertEqual(self.wait(started)["state"], "done")
        self.assertLessEqual(len(descriptors()), len(before))

    def test_none_appears_while_a_file_is_made_or_read(self):
        """Another process looks at ours all the time, so it needs no turn of the GIL."""
        program = (
            "import os, sys\n"
            "folder = '/proc/%d/fd' % os.getppid()\n"
            "sys.stdin.readline()\n"
            "before, seen = set(os.listdir(folder)), set()\n"
            "print('ready', flush=True)\n"
            "while os.path.exists(sys.argv[1]): seen.update(os.listdir(folder))\n"
            "print(sorted(seen - before))\n")
        made = self.path + "-made"
        watcher = subprocess.Popen([sys.executable, "-c", program, self.path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(watcher.stdin.close)
        self.addCleanup(watcher.stdout.close)
        watcher.stdin.write(b"go\n")
        watcher.stdin.flush()
        self.assertEqual(watcher.stdout.readline(), b"ready\n")
        for _ in range(1000):
            native.create(made)
            os.unlink(made)
            self.assertGreater(native.resident(), 1 << 20)
            self.assertIn(b"[stack]", native.read("/proc/self/maps"))
        self.wait(self.start())
        os.rename(self.path, made)
        self.addCleanup(os.rename, made, self.path)
        self.assertEqual(watcher.stdout.read(), b"[]\n")
        watcher.wait()

    def test_signals_are_as_before(self):
        mask = {signal.SIGUSR1}
        signal.pthread_sigmask(signal.SIG_BLOCK, mask)
        self.addCleanup(signal.pthread_sigmask, signal.SIG_UNBLOCK, mask)
        before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
        self.capture()
        self.assertEqual(signal.pthread_sigmask(signal.SIG_BLOCK, ()), before)

    def test_handlers_do_not_run_in_the_child(self):
        """A signal to the whole group, as Ctrl-C is, comes to the program once."""
        program = (
            "import os, signal, sys, time\n"
            "os.setpgrp()\n"
            "from tests import native_support as support\n"
            "count = []\n"
            "signal.signal(signal.SIGINT, lambda *_: (count.append(1), os.write(1, b'X')))\n"
            "chain = [[] for _ in range(300000)]\n"
            "started = support.fork_to(sys.argv[1], support.options())\n"
            "os.killpg(0, signal.SIGINT)\n"
            "while True:\n"
            "    state = support.native.poll(started['handle'])['state']\n"
            "    if state != 'running': break\n"
            "    time.sleep(0.01)\n"
            "print(len(count), state)\n")
        done = subprocess.run([sys.executable, "-c", program, self.path], stdout=subprocess.PIPE, timeout=60)
        self.assertEqual(done.stdout, b"X1 done\n")

    def test_memory_is_as_before(self):
        gc.collect()
        gc.disable()
        self.addCleanup(gc.enable)
        fd = os.open(self.path, os.O_WRONLY | os.O_TRUNC)
        given = options()
        native.prepare()
        for run in (native.run, lambda fd, given: self.wait(fork_to(self.path, given))):
            for _ in range(4):  # the interpreter specializes what runs often, and keeps notes of it
                run(fd, given)
            before = sys.getallocatedblocks()
            for _ in range(6):
                run(fd, given)
            after = sys.getallocatedblocks()
            self.assertLessEqual(abs(after - before), 3)  # two numbers, and a block that one of our calls keeps
        os.close(fd)

    def test_references_are_as_before(self):
        # What an earlier test left holds None, and may go at any time: its threads, and what waits for a collection.
        for other in threading.enumerate():
            if other is not threading.current_thread():
                other.join(2)
        gc.collect()
        gc.disable()
        self.addCleanup(gc.enable)
        things = [Held(), [], {}, "".join(["a", "b"]), Held, sys, None, object, threading.current_thread()]
        before = [sys.getrefcount(thing) for thing in things]
        self.capture()
        self.way = "in-place"
        self.capture()
        self.assertEqual([sys.getrefcount(thing) for thing in things], before)

    def test_the_program_may_fork_meanwhile(self):
        keep = [[] for _ in range(200000)]
        started = self.start()
        child = os.fork()
        if child == 0:
            lost = native.poll(started["handle"])["state"]
            os._exit(0 if lost == "lost" else 1)
        self.assertEqual(os.waitpid(child, 0)[1], 0)
        self.assertEqual(self.wait(started)["state"], "done")
        self.assertEqual(len(keep), 200000)

    def test_threads_go_on(self):
        stop, counts = threading.Event(), [0] * 4

        def work(number):
            while not stop.is_set():
                counts[number] += len(str([{} for _ in range(10)]))
        threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        try:
            for _ in range(10):
                self.assertEqual(self.capture()["state"], "done")
            before = list(counts)
            while not all(now > then for now, then in zip(counts, before)):
                time.sleep(0.001)
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        self.assertGreater(len(dump_reader.read(self.path)), 1000)


class Faults(NativeTest):
    def setUp(self):
        NativeTest.setUp(self)
        self.kept = [[] for _ in range(200000)]

    def start(self, **changes):
        return fork_to(self.path, options(**changes))

    def test_cancel(self):
        started = self.start()
        native.cancel(started["handle"])
        result = self.wait(started)
        self.assertEqual((result["state"], result["reason"]), ("stopped", "cancel"))
        with self.assertRaises(dump_reader.Stopped):
            dump_reader.read(self.path)
        with self.assertRaises(ValueError):
            native.poll(started["handle"])

    def test_killed(self):
        started = self.start()
        native.kill(started["handle"])
        result = self.wait(started)
        self.assertEqual((result["state"], result["signal"]), ("killed", signal.SIGKILL))
        with self.assertRaises((dump_reader.Cut, dump_reader.Stopped)):
            dump_reader.read(self.path)
        self.assertEqual(self.capture()["state"], "done")

    def test_too_slow(self):
        started = self.start(timeout=0.001)
        result = self.wait(started)
        self.assertEqual((result["state"], result["signal"]), ("timeout", signal.SIGKILL))

    def test_a_stopped_child_is_ended_too(self):
        started = self.start(timeout=0.2)
        os.kill(started["pid"], signal.SIGSTOP)
        self.assertEqual(self.wait(started)["state"], "timeout")

    def test_limit_of_memory(self):
        for way in ("fork", "in-place"):
            self.way = way
            result = self.capture(max_bytes=12 * 1024 * 1024)
            self.assertEqual((result["state"], result["reason"]), ("stopped", "memory"))
            self.assertLessEqual(result["memory"], 12 * 1024 * 1024)

    def test_limit_of_the_file(self):
        result = self.capture(max_file=3000000)
        self.assertEqual((result["state"], result["reason"]), ("stopped", "file size"))
        self.assertLess(os.path.getsize(self.path), 8000000)
        with self.assertRaises(dump_reader.Stopped):
            dump_reader.read(self.path)

    def test_limits_of_the_graph(self):
        """Numbers of nodes and edges are 32 bits wide; here they end earlier."""
        for way in ("fork", "in-place"):
            for limit, reason in (("max_nodes", "nodes"), ("max_edges", "edges")):
                self.way = way
                result = self.capture(**{limit: 100000})
                self.assertEqual((result["state"], result["reason"]), ("stopped", reason))
                with self.assertRaises(dump_reader.Stopped):
                    dump_reader.read(self.path)

    def test_no_room_on_the_disk(self):
        fd = os.open("/dev/full", os.O_WRONLY)
        self.addCleanup(os.close, fd)
        for result in (self.wait(fork_to("/dev/full", options())), native.run(fd, options())):
            self.assertEqual((result["state"], result["reason"], result["errno"]), ("failed", "write", errno.ENOSPC))

    def test_its_file_is_another_or_none_by_then(self):
        """The other file stays as it is."""
        other = self.path + "-other"
        with open(other, "w") as file:
            file.write("of the program")
        self.addCleanup(os.unlink, other)
        found = os.stat(self.path)
        for path, error in ((other, errno.EBADF), (self.path + "-none", errno.ENOENT)):
            result = self.wait(native.start(path, (found.st_dev, found.st_ino), options()))
            self.assertEqual((result["state"], result["reason"], result["errno"]), ("failed", "write", error))
        with open(other) as file:
            self.assertEqual(file.read(), "of the program")

    def test_four_at_once_and_no_fifth(self):
        paths = [self.path + "-%d" % number for number in range(4)]
        for path in paths:
            open(path, "w").close()
            self.addCleanup(os.unlink, path)
        started = [fork_to(path, options()) for path in paths]
        with self.assertRaises(RuntimeError):
            self.start()
        self.assertEqual([self.wait(each)["state"] for each in started], ["done"] * 4)
        sizes = {len(dump_reader.read(path)) for path in paths}
        self.assertLess(max(sizes) - min(sizes), 1000)
        with self.assertRaises(ValueError):
            native.poll(started[0]["handle"])

    if os.geteuid() != 0:  # root may have any number of processes
        def test_no_more_processes(self):
            limits = resource.getrlimit(resource.RLIMIT_NPROC)
            resource.setrlimit(resource.RLIMIT_NPROC, (1, limits[1]))
            try:
                self.assertEqual(self.start(), {"error": "fork", "errno": errno.EAGAIN})
            finally:
                resource.setrlimit(resource.RLIMIT_NPROC, limits)
            self.assertEqual(self.capture()["state"], "done")

    def test_wrong_options(self):
        for changes in ({"meta": None}, {"meta": "text"}, {"max_bytes": "many"}, {"timeout": "long"}):
            with self.assertRaises((TypeError, ValueError)):
                self.start(**changes)
        self.assertEqual(self.capture()["state"], "done")

    def test_the_program_dies_meanwhile(self):
        program = (
            "import os, sys\n"
            "from tests import native_support as support\n"
            "chain = [[] for _ in range(300000)]\n"
            "print(support.fork_to(sys.argv[1], support.options())['pid'], flush=True)\n"
            "os.kill(os.getpid(), 9)\n")
        with tempfile.TemporaryFile() as out:
            subprocess.run([sys.executable, "-c", program, self.path], stdout=out, timeout=60)
            out.seek(0)
            pid = int(out.read())
        deadline = time.monotonic() + 30
        while os.path.exists("/proc/%d/exe" % pid) and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertGreater(len(dump_reader.read(self.path)), 300000)  # it finished its work all the same


if __name__ == "__main__":
    unittest.main()
