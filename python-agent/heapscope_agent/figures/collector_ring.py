"""The collector's callbacks and the ring of records that they write: only C code, and nothing of it stays in the heap.

A callback written in Python would be the first Python code to run after a collection, so that a signal that arrived in
between would be handled in it: CPython prints an exception raised there and forgets it, and the program's Ctrl-C is
lost (seen on 3.9 to 3.15; ``tests/test_signals.py`` pins it). It would also show in traces and profiles. So both
callbacks are put together from C callables, which never look at signals:

- ``setattr(x, "start" | "stop", info)`` finds the property of that name and calls its setter with ``(x, info)``;
- the setter ``{}.get`` hashes ``x``, and the hash is the next value of an iterator: whatever that iterator does is done;
- at "start" the first callback reads the clock, at "stop" it takes over ``info`` (``dict.update``);
- at "stop" the second one packs the record into the ring.

The ring is raw memory on purpose. Objects that are created during a collection and kept would be placed between the
program's own, in pools that would be free soon: a deque of times and ``info`` cost 5 to 9 us per collection on 3.11, the
ring 1 to 3.
"""

from _collections import deque
from _functools import partial
from _operator import is_
from _struct import Struct
from itertools import cycle, filterfalse, repeat
from time import monotonic_ns

CAPACITY = 1024

_record = Struct("5q")  # start, generation, collected, uncollectable, stop; a stop of 0: read, or never written
_size = _record.size
_ring = bytearray(CAPACITY * _size)
_began = deque((0,), 1)


class _Info(dict):
    """The interpreter's info about the last collection."""

    __slots__ = ()
    __hash__ = filterfalse(_began.append, iter(monotonic_ns, None)).__next__
    start = property(None, {}.get)
    stop = property(None, dict.update)


_info = _Info(generation=0, collected=0, uncollectable=0)


class _Writer:
    __slots__ = ()
    __hash__ = map(bool, map(
        _record.pack_into, repeat(_ring), cycle(range(0, len(_ring), _size)), map(_began.__getitem__, repeat(0)),
        map(_info.__getitem__, repeat("generation")), map(_info.__getitem__, repeat("collected")),
        map(_info.__getitem__, repeat("uncollectable")), iter(monotonic_ns, None))).__next__
    start = property(None, is_)
    stop = property(None, {}.get)


callbacks = (partial(setattr, _info), partial(setattr, _Writer()))
"""For ``gc.callbacks``, in this order."""

_next = 0
_last = 0


def read():
    """Collections since the last call, as (start, generation, collected, uncollectable, stop) in ns of the clock. If
    there were more than CAPACITY, some are missing.
    """
    global _next
    began_at = _next
    found = _take(len(_ring))
    if _next == len(_ring):
        _next = 0
        found += _take(began_at)
    if len(found) >= CAPACITY:  # the writer has wrapped around: it is behind the newest
        newest = max(range(len(found)), key=lambda index: found[index][4])
        _next = (began_at + (newest + 1) * _size) % len(_ring)
        found.sort()
    return _whole(found)


def _take(end):
    """The records from ``_next`` up to ``end`` or the first incomplete one; marks them as read."""
    global _next
    found = []
    # More may be written while this reads. On free-threaded builds a record may be half written: its stop is written
    # last.
    for record in _record.iter_unpack(memoryview(_ring)[_next:end]):
        if not record[4]:
            break
        found.append(record)
    length = len(found) * _size
    _ring[_next:_next + length] = bytes(length)
    _next += length
    return found


def _whole(records):
    global _last
    found = []
    for record in records:
        if record[0] != _last:  # else the callbacks were added in the middle of it and did not see its start
            _last = record[0]
            found.append(record)
    return found
