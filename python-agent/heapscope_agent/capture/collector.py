"""Collections of the garbage collector: start, duration and result of each, through callbacks that are C alone.

A callback written in Python would be the first Python code to run after a collection, so that a signal that came
meanwhile would be handled in it: CPython prints an exception raised there and forgets it, and the program's Ctrl-C is
lost (seen on 3.9 to 3.15; ``tests/test_signals.py`` pins it). It would also show in traces and profiles. So both
callbacks are put together from C callables, which never look at signals:

- ``setattr(x, "start" | "stop", info)`` finds the property of that name and calls its setter with ``(x, info)``;
- the clock's setter is ``{}.get``: it hashes ``x``, and the hash of ``x`` is "read the clock, append it to the log";
- the log's setter for "stop" is ``deque.append``.

The log of two collections reads ``[start, stop, info, start, stop, info]``: times in ns of ``time.monotonic_ns``.
"""

import gc
from _collections import deque
from _functools import partial
from _operator import is_
from itertools import filterfalse
from time import monotonic_ns

MAX_KEPT = 4096
MAX_ROWS = 256


class _Log(deque):
    __slots__ = ()
    start = property(None, is_)
    stop = property(None, deque.append)


_log = _Log((), 3 * MAX_KEPT)


class _Clock:
    __slots__ = ()
    __hash__ = filterfalse(_log.append, iter(monotonic_ns, None)).__next__
    start = stop = property(None, {}.get)


_list = getattr(gc, "callbacks", [])  # the interpreter's own list; PyPy has none
_ours = (partial(setattr, _Clock()), partial(setattr, _log))
_get_stats = getattr(gc, "get_stats", None)
_counted = 0


def watch():
    """Installs the callbacks, again where the program has cleared them."""
    for callback in _ours:
        if not _is_watching(callback):
            _list.append(callback)


def unwatch():
    """Removes the callbacks and forgets what was not read yet."""
    for callback in _ours:
        if _is_watching(callback):
            _list[:] = [other for other in _list if other is not callback]
    _log.clear()


def forget():
    """Drops what is not read yet (in a forked child: collections of the parent)."""
    _log.clear()


def _is_watching(callback):
    # By identity: comparing would call __eq__ of a stranger's callback.
    for other in _list:
        if other is callback:
            return True
    return False


def drain():
    """Collections since the last call: (rows as PROTOCOL.md's GC, how many were lost because nobody read)."""
    global _counted
    lost = 0
    if len(_log) == _log.maxlen:
        seen = _total()
        rows = _read()
        lost = max(0, seen - _counted - len(rows)) if _counted else 1
    else:
        rows = _read()
    if rows:
        _counted = _total()
    return (rows if len(rows) <= MAX_ROWS else _join(rows)), lost


def _total():
    total = 0
    for generation in _get_stats():
        total += generation["collections"]
    return total


def _read():
    # One collection runs at a time, also on free-threaded builds; another may begin while this reads, so only whole
    # triples are taken and an unfinished one stays. After an overflow the log may begin within a triple.
    rows = []
    times = []
    pop = _log.popleft
    for _ in range(len(_log)):
        try:
            item = pop()
        except IndexError:
            break
        if type(item) is int:
            times.append(item)
            continue
        if len(times) >= 2:
            began, ended = times[-2], times[-1]
            rows.append([began / 1e9, item["generation"], (ended - began) / 1e9, item["collected"],
                         item["uncollectable"], 1])
        times.clear()
    _log.extendleft(reversed(times))
    return rows


def _join(rows):
    joined = {}
    for row in rows:
        into = joined.setdefault(row[1], row)
        if into is not row:
            into[2] = max(into[2], row[2])
            for column in (3, 4, 5):
                into[column] += row[column]
    return list(joined.values())
