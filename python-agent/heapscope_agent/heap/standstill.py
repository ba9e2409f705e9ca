"""Keeps the interpreter's lock for as long as a walk in Python takes, so that no other thread runs.

A thread that waits for the lock requests it when the switch interval, as it was when the wait began, has passed; the holder
then releases it at the next step of Python code. So a long interval alone is not sufficient: threads that already wait will
still request the lock, and once they have it, we are the ones who wait that long. What is needed is a moment at which all
waiting threads began to wait with a long interval and none has requested the lock. ``begin`` brings it about, in calls each of
which is C from end to end, so that the lock is not released within:

- a long interval, then some milliseconds of blocking: all waiting threads have requested the lock, and continue to wait
  with the long interval;
- a short one. If a thread has requested the lock, it is released now, and comes back after the short interval: again.
  If not: done.

With one busy thread this takes a few milliseconds: it is still waking when we have set the long interval. With several it
does not succeed: each that gets the lock in between waits with a short interval afterwards.

A thread that began to wait with the long interval would wait that long, even when the interval is short again, if no other
thread requests or releases the lock. So in the end all waiting threads are woken: each time the lock is released, one of them
reads the interval again.
"""

import gc
import sys
from _thread import _count as thread_count
from _functools import partial
from itertools import chain, compress, dropwhile, repeat, starmap
from _operator import is_not
from time import monotonic

from heapscope_agent.layout.unheard import pause

LONG_MIN, LONG_PER_BLOCK, SHORT = 2.0, 6e-6, 0.0002
"""Seconds: the minimum of the long interval, and its increase per allocated block, three times the duration of a walk."""
TRIES = 20
SURE = 0.008
"""Seconds in which every waiting thread has requested the lock, even if it wakes up very late."""
LONGEST_WAIT = 0.05
"""Limit of the program's own interval up to which we wait for it."""
HANDED_OVER = 0.00015
"""Seconds between two steps from which on the lock must have been released in between."""

WAKE = 0.0002
"""Seconds for which the lock is released to wake a thread that waits for it."""
MOST_WAKES = 200

_set = sys.setswitchinterval
_call = partial.__call__


def begin():
    """Whether the lock stays ours until ``_restore`` resets the interval; if not, the interval is unchanged."""
    interval = sys.getswitchinterval()
    if "t" in getattr(sys, "abiflags", ""):
        return False
    long = long_interval()
    patience = min(interval, LONGEST_WAIT) + 0.001
    for _ in range(TRIES):
        if not _was_handed_over(patience, long) and not _was_handed_over(SURE, long):
            _set(long)
            return True
        patience = SHORT + 0.001
    _restore(interval)
    return False


def long_interval():
    """Seconds."""
    return LONG_MIN + getattr(sys, "getallocatedblocks", int)() * LONG_PER_BLOCK


def _restore(interval):
    _set(interval)
    for _ in range(min(2 * thread_count() + 1, MOST_WAKES)):
        pause(WAKE)


def _was_handed_over(patience, long):
    until = monotonic() + patience
    told = []
    steps = (partial(_set, long), partial(next, dropwhile(until.__gt__, iter(monotonic, None))),
             partial(told.extend, map(_call, (partial(monotonic),))), partial(_set, SHORT))
    list(map(_call, steps))
    for _ in (1, 2, 3):
        pass  # here it is released, if anywhere
    return monotonic() - told[0] > HANDED_OVER


def over_all(work, request):
    """Runs ``work(request, everything, alone, began)`` while the program is paused and the collector is off: (its result,
    seconds). ``everything`` lists what the collector tracks; without tuples unless ``alone``, that is if other threads still
    run. An exception is raised without the frames that it passed.
    """
    interval = sys.getswitchinterval()
    alone = begin()
    began = monotonic()
    collecting = gc.isenabled()
    gc.disable()
    found = failure = None
    try:
        everything = gc.get_objects() if alone else _all_but_tuples()
        try:
            found = work(request, everything, alone, began)
        finally:
            everything.clear()
    except BaseException as error:
        failure = error.with_traceback(None)  # its frames hold objects, which no other thread must see
    finally:
        if collecting:
            gc.enable()
        if alone:
            _restore(interval)
    if failure is not None:
        raise failure
    return found, monotonic() - began


def _all_but_tuples():
    # A tuple that is just being built must have no other reference, or `tuple(generator)` fails in the program; finished ones
    # are found through their holders. In one call, C from end to end: no other thread may see the list of everything.
    everything, kept = [], []
    wanted = map(is_not, map(type, iter(everything)), repeat(tuple))
    steps = (partial(everything.extend, chain.from_iterable(starmap(gc.get_objects, [()]))),
             partial(kept.extend, compress(iter(everything), wanted)), partial(everything.clear))
    list(map(_call, steps))
    return kept
