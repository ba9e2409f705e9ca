"""Forks in each way that warns of threads, with hooks in Python that come after ours, and one more each time."""

import concurrent.futures.thread  # noqa: F401
import logging  # noqa: F401
import multiprocessing
import os
import pty
import subprocess
import time
import warnings

warnings.simplefilter("always")


def hook():
    for _ in range(1000):
        pass


def by_fork():
    if not os.fork():
        os._exit(0)
    os.wait()


def by_pty():
    pid, descriptor = pty.fork()
    if not pid:
        os._exit(0)
    os.waitpid(pid, 0)
    os.close(descriptor)


def by_preexec():
    subprocess.run(["true"], preexec_fn=hook)


def by_multiprocessing():
    process = multiprocessing.get_context("fork").Process(target=hook)
    process.start()
    process.join()


if __name__ == "__main__":
    for _ in range(3):
        for way in (by_fork, by_pty, by_preexec, by_multiprocessing):
            os.register_at_fork(before=hook, after_in_parent=hook)
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                way()
            print(way.__name__, len(caught))
            time.sleep(0.03)
