"""The rest of the agent's thread while the program forks.

From 3.12 ``os.fork``, ``os.forkpty`` and ``subprocess`` with a ``preexec_fn`` warn where the process has more than one thread,
and ours would make them warn where they did not. 3.12 and 3.14 count before the hooks of the parent, so that one of them may
start the thread again. 3.13 counts after them, and nothing that a hook sets going must come before that: neither within
``os.fork`` nor within a hook of the program's that is written in Python, in which the interpreter does what is pending. So there

- the last hook of all is ours, in C, and moved to the end before each fork, since others have come in between;
- it has the main thread start ours, by the interpreter's list of pending calls (``call_soon`` of the C core);
- without the core the thread is started as the program's next collection begins, or with its next mark or snapshot. A signal
  that nobody sent would be in time, but the interpreter writes each into the descriptor of ``signal.set_wakeup_fd``.
"""

import gc
import os
import sys
from _functools import partial
from _thread import get_ident, start_new_thread

import _thread

from heapscope_agent.agent import Run, monotonic
from heapscope_agent.figures import at_collection
from heapscope_agent.layout.unheard import pause
from heapscope_agent.link import native

FORK_PATIENCE = 0.25
"""Seconds that a fork waits for our thread, in a program with no other; it takes a fraction of a millisecond on a machine that
is not overloaded."""

_stat = os.stat
_WARNS_OF_THREADS = sys.version_info >= (3, 12)
_COUNTS_LATE = sys.version_info[:2] == (3, 13)

_resting = None
"""The agent whose thread rests, from before the fork until it is started."""
_due = []
"""What the last hook calls: functions in C."""


class _Bell:
    __slots__ = ()
    __iter__ = staticmethod(partial(map, partial.__call__, _due))


_ring = partial(list, _Bell())
_hooks = None
"""The interpreter's list of the parent's hooks."""


def watch():
    """Once, when the other hooks are there."""
    global _hooks
    if _COUNTS_LATE:
        os.register_at_fork(after_in_parent=_ring)
        _hooks, = [holder for holder in gc.get_referrers(_ring) if type(holder) is list]


def rest(agent):
    """Before a fork: ends the thread where ``os.fork`` would count it and no other. A program that has threads is warned anyway,
    and the child needs nothing of ours."""
    global _resting
    _resting = None
    _due.clear()
    if agent is None or not _WARNS_OF_THREADS or _thread._count() > 1 or agent.run.ident == get_ident():
        return
    if not agent.ended:  # else its thread is about to end, or has
        _resting = agent
    run = agent.run
    if halt(agent, FORK_PATIENCE) and run.task is not None:
        _await_end(run.task)
        run.task = None  # a later fork must not wait for another thread that got its number
    if _hooks is not None and _hooks[-1] is not _ring:
        _hooks.append(_hooks.pop([hook is _ring for hook in _hooks].index(True)))


def go_on():
    """After it, in the parent."""
    if _resting is None:
        return
    if not _COUNTS_LATE:
        _start()
        return
    core, _ = native.module()
    if core is not None:
        _due.append(partial(core.call_soon, _start))
    else:
        _start_later(_resting)


def _start():
    global _resting
    agent, _resting = _resting, None
    if agent is None or agent.ended:
        return
    try:
        agent.start()
    except (RuntimeError, OSError):
        agent.end()


def _start_later(agent):
    run = agent.run = Run()
    agent.waiting = partial(_start_now, agent, run)
    at_collection.once(partial(start_new_thread, _live, (agent, run)))


def _start_now(agent, run):
    if at_collection.forget():
        start_new_thread(_live, (agent, run))


def _live(agent, run):
    at_collection.forget()
    agent.waiting = None
    agent.live(run)


def halt(agent, patience):
    """Ends the agent's thread, or sees to it that none begins; whether it has ended within ``patience`` seconds."""
    if at_collection.forget():
        agent.waiting = None
        agent.run.done.release()
    return agent.run.halt(patience)


def _await_end(task):
    """Waits until the system too has forgotten a thread that has run its last line (about 0.1 ms)."""
    try:
        end = monotonic() + FORK_PATIENCE
        while monotonic() < end:
            _stat(task)
            pause(0.0001)
    except OSError:
        pass
