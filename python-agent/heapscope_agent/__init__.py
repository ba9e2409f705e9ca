"""The agent of Heapscope in a Python program: ``mark(name)`` names a moment on the timeline, ``snapshot(name)`` takes a
picture of the heap.

Importing this package starts nothing. Heapscope starts the agent through ``bootstrap/sitecustomize.py``; in a program
that runs without Heapscope neither does anything.
"""

__version__ = "0.1.0"
__all__ = ["mark", "snapshot", "__version__"]

_agent = None
"""The running agent of this process, set by ``lifecycle`` alone."""


def mark(name):
    """Puts a mark called ``name`` (cut to 200 characters) on the timeline of the recording; never raises."""
    agent = _agent
    if agent is not None:
        agent.mark(name)


def snapshot(name=""):
    """Takes a heap snapshot now: returns whether it was taken, False without Heapscope. The program continues when the
    heap has been copied (a fork, milliseconds) or walked (seconds where forking is impossible); a snapshot that is
    still being written is waited for. Raises nothing of its own.
    """
    agent = _agent
    return agent is not None and agent.snapshots.take(name)
