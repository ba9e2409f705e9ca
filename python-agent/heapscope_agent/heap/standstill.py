"""Keeps the interpreter's lock for as long as a walk in Python takes, so that no other thread runs meanwhile.

A thread that waits for the lock asks for it when the switch interval, as it was when the wait began, has passed; whoever
holds the lock then hands it over at the next step of Python code. So a long interval alone is no standstill: those who
wait already will still ask, and once they have the lock, it is we who wait that long. What is needed is a moment at which
all who wait began to wait with a long interval and nobody has asked. ``begin`` brings it about, in calls of which each is C
from end to end, so that nothing is handed over within:

- a long interval, then some milliseconds of standing still: all who wait have asked, and wait on with the long interval;
- a short one. If somebody has asked, the lock goes over now, and comes back after the short interval: again. If not: done.

With one busy thread it comes about within a few milliseconds: it is still waking when we have set the long interval. With
several it does not: each that gets the lock in between waits with a short interval afterwards.

Who began to wait with the long interval would wait that long, even when it is short again, should nobody ask or give way
meanwhile. So in the end all who wait are woken: each time that the lock is given away, one of them looks at the interval anew.
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
"""Seconds: the long interval is at least that, and so much more for each allocated block, three times what a walk takes."""
TRIES = 20
SURE = 0.008
"""Seconds in which who waits would have asked, were it ever so late to wake."""
LONGEST_WAIT = 0.05
"""Of the program's own interval, how long it is waited for."""
HANDED_OVER = 0.00015
"""Seconds between two steps from which on the lock was away in between."""

WAKE = 0.0002
"""Seconds for which the lock is given away to wake one who waits for it."""
MOST_WAKES = 200

_set = sys.setswitchinterval
_call = partial.__call__


def begin():
    """Whether the lock will stay ours until the interval is set back by ``_restore``; if not, it is what it was."""
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
        pass  # here it is handed over, if anywhere
    return monotonic() - told[0] > HANDED_OVER


def over_all(work, request):
    """Runs ``work(request, everything, alone, began)`` while the program stands still and the collector is off: (what it gives,
    seconds). ``everything`` lists what the collector tracks; without tuples where not ``alone``, that is where others run
    nevertheless. An exception comes without the frames that it went through."""
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
    # A tuple that is just being made must have no other holder, or `tuple(generator)` fails in the program; the others are
    # found by who holds them. In one call, C from end to end: no other thread may see the list of everything.
    everything, kept = [], []
    wanted = map(is_not, map(type, iter(everything)), repeat(tuple))
    steps = (partial(everything.extend, chain.from_iterable(starmap(gc.get_objects, [()]))),
             partial(kept.extend, compress(iter(everything), wanted)), partial(everything.clear))
    list(map(_call, steps))
    return kept
