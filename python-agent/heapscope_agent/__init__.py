"""The agent of Heapscope in a Python program: ``mark(name)`` names a moment on the timeline.

Importing this package starts nothing. Heapscope starts the agent through ``bootstrap/sitecustomize.py``; in a program
that runs without Heapscope ``mark`` does nothing.
"""

__version__ = "0.1.0"
__all__ = ["mark", "__version__"]

_agent = None
"""The running agent of this process, set by ``lifecycle`` alone."""


def mark(name):
    """Puts a mark called ``name`` (cut to 200 characters) on the timeline of the recording; never raises."""
    agent = _agent
    if agent is not None:
        agent.mark(name)
