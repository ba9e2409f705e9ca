"""Collections of the garbage collector: all are counted, and up to MAX_RATE a second are timed.

Timing one costs the program 1 to 3 us, and the agent about one more until it is sent. A program with thousands per
second (many small containers on CPython 3.9 to 3.11) would lose some percent. So the callbacks stay only while there is
credit, of which each timed collection uses one; for collections without the callbacks ``gc.get_stats()`` has the sums.
"""

import gc
from time import monotonic

from heapscope_agent.figures import collector_ring as ring

MAX_RATE = 500
"""Collections per second that are timed, on average."""
MAX_CREDIT = 500
"""How many of them may be timed in a burst after a quiet time."""
LONGEST_WINDOW = 0.1
"""Seconds until the agent checks again by itself."""
MAX_ROWS = 256

_list = getattr(gc, "callbacks", None)  # the interpreter's own list; PyPy has none
_get_stats = getattr(gc, "get_stats", None)

_told = None
"""For each generation the reported totals: [collections, collected, uncollectable]. None: collections are not watched."""
_looked = 0.0
_credit = 0.0
_window = None


def watch():
    """Counts collections from now on, if that is not already done."""
    global _told, _looked, _credit
    if _list is None or _told is not None:
        return
    ring.read()
    _told = _totals()
    _looked = monotonic()
    _credit = MAX_CREDIT
    _install()


def unwatch():
    """Removes the callbacks and discards unread records."""
    if _list is not None:
        _remove()
    forget()


def forget():
    """Discards unread records (in a forked child: collections of the parent), until ``watch``."""
    global _told, _window
    _told = _window = None
    ring.read()


def drain():
    """Collections since the last call: rows as PROTOCOL.md's GC."""
    global _looked
    if _told is None:
        return []
    before = _totals()
    timed = _timed(ring.read(), _totals())
    untimed = _untimed(before)
    now = monotonic()
    _budget(now - _looked, len(timed), sum([row[5] for row in untimed]))
    _looked = now
    return _fitting(untimed + (_joined_young(timed) if untimed else timed))


def window():
    """Seconds after which ``rest`` must be called, or None: the credit lasts until the next ``drain``."""
    return _window


def rest():
    """Removes the callbacks until the next ``drain``."""
    if _told is not None:
        _remove()


def _budget(elapsed, timed, untimed):
    """Subtracts the timed collections from the credit, and watches for as long as it lasts at the current rate."""
    global _credit, _window
    _credit = min(MAX_CREDIT, _credit + elapsed * MAX_RATE) - timed
    _window = None
    if _credit <= 0:
        _remove()
        return
    _install()  # again, if the program has cleared the list
    rate = (timed + untimed) / max(elapsed, 0.01)
    if rate * LONGEST_WINDOW > _credit:
        _window = _credit / rate


def _totals():
    return [[stats["collections"], stats["collected"], stats["uncollectable"]] for stats in _get_stats()]


def _timed(records, totals):
    rows = []
    for start, generation, collected, uncollectable, stop in records:
        told = _told[generation]
        # The totals include each collection before its record exists. Another, slow callback may run in between, and
        # then the collection was reported as untimed.
        if told[0] < totals[generation][0]:
            told[0] += 1
            told[1] += collected
            told[2] += uncollectable
            rows.append([start / 1e9, generation, (stop - start) / 1e9, collected, uncollectable, 1])
    return rows


def _untimed(totals):
    # The totals were read before the ring: collections in between are reported next time. So the totals may lag behind.
    rows = []
    for generation, (total, told) in enumerate(zip(totals, _told)):
        if total[0] > told[0]:
            rest = [max(0, total[column] - told[column]) for column in range(3)]
            for column in range(3):
                told[column] += rest[column]
            rows.append([_looked, generation, None, rest[1], rest[2], rest[0]])
    return rows


def _fitting(rows):
    """At most MAX_ROWS: the young generations are joined, the oldest too if necessary."""
    if len(rows) > MAX_ROWS:
        rows = _joined_young(rows)
    return rows if len(rows) <= MAX_ROWS else _joined(rows)


def _joined_young(rows):
    oldest = len(_told) - 1
    return _joined([row for row in rows if row[1] < oldest]) + [row for row in rows if row[1] >= oldest]


def _joined(rows):
    joined = {}
    for row in rows:
        into = joined.setdefault((row[1], row[2] is None), row)
        if into is not row:
            into[2] = max(into[2], row[2])
            for column in (3, 4, 5):
                into[column] += row[column]
    return list(joined.values())


def _install():
    if [_place(callback) is None for callback in ring.callbacks] != [False, False]:
        _remove()
        _list.extend(ring.callbacks)


def _remove():
    for callback in ring.callbacks:
        place = _place(callback)
        while place is not None:
            # Not by value: that would call __eq__ of a foreign callback. The program may change its list at the same
            # time.
            try:
                taken = _list.pop(place)
                if taken is not callback:
                    _list.insert(place, taken)
            except IndexError:
                pass
            place = _place(callback)


def _place(callback):
    for place, other in enumerate(_list):
        if other is callback:
            return place
    return None
