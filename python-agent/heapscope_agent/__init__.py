"""The agent of Heapscope in a Python program: ``mark(name)`` names a moment on the timeline, ``snapshot(name)`` takes a
picture of the heap.

Importing this package starts nothing. Heapscope starts the agent through ``bootstrap/sitecustomize.py``; in a program
that runs without Heapscope neither does anything.
"""

from _thread import allocate_lock as _allocate_lock

__version__ = "0.1.0"
__all__ = ["mark", "snapshot", "Snapshot", "__version__"]

_agent = None
_at_exit = None
"""The agent's own callback of ``atexit``, once it is registered."""
"""The running agent of this process, set by ``lifecycle`` alone."""


class Snapshot:
    """What became of a snapshot: true while nothing is wrong with it, false once it has failed, with its ``reason``.

    ``state`` is "taken" when its instant has passed and a forked copy is still writing it, then "done" or "failed".
    """

    __slots__ = ("name", "state", "reason", "_end")

    def __init__(self, name):
        self.name, self.state, self.reason = name, "taken", ""
        self._end = _allocate_lock()
        self._end.acquire()

    def __bool__(self):
        return self.state != "failed"

    def __repr__(self):
        return "<snapshot %r: %s%s>" % (self.name, self.state, ": " + self.reason if self.reason else "")

    def wait(self, timeout=-1):
        """Waits until it is done or has failed, at most ``timeout`` seconds where given: whether it is done."""
        if self._end.acquire(True, -1 if timeout is None else timeout):
            self._end.release()
        return self.state == "done"

    def settle(self, state, reason=""):
        """By the agent, once."""
        if self.state == "taken":
            self.state, self.reason = state, reason
            self._end.release()


def mark(name):
    """Puts a mark called ``name`` (cut to 200 characters) on the timeline of the recording; never raises."""
    agent = _agent
    if agent is not None:
        agent.mark(name)


def snapshot(name="", timeout=0.0):
    """Takes a heap snapshot now: a ``Snapshot``, true if it was taken; false without Heapscope. Raises nothing of its own.

    The program continues when the heap has been copied (a fork, milliseconds) or walked (seconds where forking is
    impossible); what is then still to be written is written beside it. Up to four may be at that; a fifth is refused, unless
    one of them ends within ``timeout`` seconds. In the first moments of a program it also waits until Heapscope has said how
    to take it, 2 s at most.
    """
    agent = _agent
    if agent is None:
        found = Snapshot(name)
        found.settle("failed", "this program is not being recorded")
        return found
    return agent.snapshots.take(name, timeout)
