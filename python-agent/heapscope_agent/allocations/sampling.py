"""The sampling of allocations in one process: on, off or taken out, and what the engine is told of it.

``begin`` runs in the program's thread, before its first line or right after a fork; everything else in the agent's. The hooks
themselves are in C (native/allocations) and stay for the rest of the process: off means a countdown that does not end.
"""

from os import getpid
from time import monotonic

import time

from heapscope_agent.figures.samples import traced_frames
from heapscope_agent.link import origin
from heapscope_agent.link.settings import MAX_MEAN, is_mean
from heapscope_agent.link.wire import Refused

INTERVAL = 1.0
MAX_WHY = 200
PATIENCE = 0.5
MAX_SHARE = 0.01
"""Fraction of one core that collecting may cost: a longer interval where there is much."""

_ON, _OFF, _LOST, _UNAVAILABLE = "on", "off", "lost", "unavailable"
_NOTHING = {"live": 0, "merged": 0, "strings": [], "nodes": [], "made": [], "freed": []}
_cpu_time = getattr(time, "thread_time", time.process_time)


class Sampling:
    """``post`` takes a body of ALLOCATIONS and returns whether there was room for it. Nothing at all is sent where sampling was never
    requested.
    """

    def __init__(self, settings, post):
        self._settings = settings
        self._post = post
        self._library = None
        self._pending = []
        self._epoch = 0
        self._due = 0.0
        self._was_traced = False
        self._mean, self._state, self._why = 0, _OFF, ""
        self._told = self._tellable()

    def commands(self):
        """The engine's commands for this part."""
        return {"sampling": self._ask}

    @property
    def patience(self):
        """Seconds that the end of the process waits for a turn of the agent's thread, so that the last epoch is told; 0: no longer than
        else."""
        return PATIENCE if self._library is not None else 0

    def begin(self):
        """With the mean of the settings, and an empty table; nothing where it is 0. Raises nothing that a program could meet."""
        mean = self._settings.sampling
        if not mean:
            return
        try:
            library, why = origin.module("heapscope_agent.allocations.sampler").load()
            if library is not None:
                library.start(mean, _seed())
                self._library = library
                self._was_traced = traced_frames() > 0
        except (ImportError, OSError):
            why = "no-files"
        except Exception as error:
            why = ("failed: %s: %s" % (type(error).__name__, error))[:MAX_WHY]
        if self._library is None:
            self._set(0, _UNAVAILABLE, why)
        else:
            self._set(mean, _ON)

    def begin_again(self):
        """For a new connection, where everything is numbered from 0: with an empty table."""
        self._pending.clear()
        self._epoch = 0
        self._due = 0.0
        self._told = (0, _OFF, "")
        if self._library is not None:
            self._library.start(self._mean, _seed())

    def end(self):
        """No sample is taken any more, and no thread is taking one."""
        self._pending.clear()
        if self._library is not None:
            self._library.stop()

    def turn(self):
        """Sends what has come, once in a while."""
        if not self._send():
            return
        now = monotonic()
        if now < self._due or self._is_silent():
            return
        began = _cpu_time()
        self.look()
        self._collect(-1)
        self._send()
        self._due = now + max(INTERVAL, (_cpu_time() - began) / MAX_SHARE)

    def last(self):
        """At the end of the process."""
        if self._send() and not self._is_silent():
            self._collect(-1)
            self._send()

    def look(self):
        """Whether our hooks are still there. Who was there before us and leaves (tracemalloc does) takes them out: they are set again, as
        often as the library can, and the engine is told."""
        if self._library is None or self._state == _LOST:
            return
        missing = self._library.missing()
        was_traced, self._was_traced = self._was_traced, traced_frames() > 0
        if missing:
            why = "tracemalloc" if was_traced else "displaced"
            if self._library.put_back(missing):
                self._collect(-1, _LOST, why)
                self._library.missing()  # which begins a new countdown
            else:
                self._set(self._mean, _LOST, why)

    def change(self, mean):
        """What the engine wishes: a new epoch begins with it."""
        if mean == self._mean or self._state in (_LOST, _UNAVAILABLE):
            return
        self._settings.sampling = mean  # for children by fork
        if self._library is None:
            self.begin()
        else:
            self._collect(mean)
            self._set(mean, _ON if mean else _OFF)
        self._due = 0.0

    def _ask(self, arguments):
        mean = arguments.get("mean")
        if not is_mean(mean):
            raise Refused("arguments", "mean must be 0 to %d" % MAX_MEAN)
        self.change(mean)
        return {"mean": self._mean, "state": self._state}

    def _set(self, mean, state, why=""):
        self._mean, self._state, self._why = mean, state, why

    def _tellable(self):
        return self._mean, self._state, self._why

    def _is_silent(self):
        return self._library is None and self._told == self._tellable()

    def _collect(self, mean, state=None, why=""):
        """Ends an epoch; ``mean`` is that of the next one, -1 for the same."""
        always = mean >= 0 or state is not None or self._told != self._tellable()
        library = self._library
        try:
            collected = _NOTHING if library is None else library.collect(_name, mean, always)
        except BaseException:
            # The epoch is gone, and the engine would miss it: the rest would be wrong.
            self.end()
            self._library = None
            self._set(0, _UNAVAILABLE, "failed")
            raise
        if collected is None:
            return
        head = {"t": monotonic(), "epoch": self._epoch, "mean": self._mean, "state": state or self._state,
                "why": why or self._why, "live": collected["live"], "merged": collected["merged"]}
        self._pending.extend(origin.module("heapscope_agent.allocations.parts").bodies(head, collected))
        self._told = (self._mean, head["state"], head["why"])
        self._epoch += 1

    def _send(self):
        """Whether all that was pending is on its way."""
        while self._pending:
            if not self._post(self._pending[0]):
                return False
            del self._pending[0]
        return True


def _seed():
    return (getpid() << 40 ^ int(monotonic() * 1e9)) & 0xFFFFFFFFFFFFFFFF


def _name(ident, number):
    """Of a thread; ``ident`` is 0 when it has ended."""
    name = origin.module("heapscope_agent.layout.threads").thread_name(ident) if ident else ""
    return name or ("MainThread" if number == 1 else "thread %d" % number)
