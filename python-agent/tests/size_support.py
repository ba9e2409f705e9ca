"""What objects cost by tracemalloc, and what a dump says that they alone keep."""

import datetime
import gc
import sys
import tracemalloc
import types
from array import array

from heapscope_agent.layout import library
from tests import dump_reader

COUNT = 60


def made(make):
    """(``COUNT`` objects in a list, bytes that tracemalloc saw for each, the frame that made them and that tracebacks lead to)."""
    kept = [None] * COUNT
    first = [make(number) for number in range(COUNT, COUNT + 40)]  # what these make besides: caches, keys that instances share
    gc.collect()  # empties the lists of free objects, too
    before = tracemalloc.get_traced_memory()[0]
    for number in range(COUNT):
        kept[number] = make(number)
    gc.collect()
    each = (tracemalloc.get_traced_memory()[0] - before) / COUNT
    gc.freeze()  # else each collection would go through all kinds made so far
    close(first)
    return kept, each, sys._getframe()


def close(things):
    """Closes coroutines that nobody awaited, lest each be warned of."""
    for thing in things:
        if isinstance(thing, types.CoroutineType):
            thing.close()


class Touched:
    pass


def shows_touched_dicts():
    """Whether ``gc.get_referents`` gives a dictionary that was asked for: the first builds of 3.13 give the values in its stead."""
    thing = Touched()
    thing.a = None
    assert thing.__dict__
    return dict in map(type, gc.get_referents(thing))


def made_of_all(kinds):
    """``{name: (list, bytes each, frame)}``."""
    tracemalloc.start()
    try:
        return {name: made(make) for name, make in kinds.items()}
    finally:
        tracemalloc.stop()
        gc.unfreeze()


HEAP, IMMUTABLE = 1 << 9, 1 << 8


def right_size(thing):
    """What ``sys.getsizeof`` says, put right where test_sizes shows that it is wrong; of kinds that the tests of a walk meet."""
    kind, size = type(thing), sys.getsizeof(thing)
    if isinstance(thing, type) and thing.__flags__ & HEAP:
        members = [value for value in vars(thing).values() if isinstance(value, types.MemberDescriptorType)]
        return size + type.__itemsize__ * (1 + len(members))
    if kind in (datetime.datetime, datetime.time) and thing.tzinfo is None:
        return size - 8
    if isinstance(thing, (int, tuple, bytes)) and kind.__flags__ & HEAP and not kind.__flags__ & IMMUTABLE and not hasattr(kind, "n_fields"):
        basic = kind.__basicsize__ + kind.__itemsize__
        length = (int.__sizeof__(thing) - 24) // 4 if isinstance(thing, int) else len(thing)
        return size - kind.__sizeof__(thing) + (basic + kind.__itemsize__ * length + 7 & ~7)
    if isinstance(thing, str) and kind is not str:
        return size + kind.__basicsize__ - str.__basicsize__
    if kind is types.FrameType and sys.version_info < (3, 11):
        return size + 8
    return size + {known: more for _, known, more in library.more()}.get(kind, 0)


class Keeping:
    """What is kept alive by lists alone, by references that hold."""

    def __init__(self, dump, apart):
        self._dump = dump
        self._weak = [[at for at, label in enumerate(shape.labels) if dump.labels[label].kind & dump_reader.WEAK]
                      for shape in dump.shapes]
        self._apart = set(map(dump.number_of, apart))
        self._outside = bytearray(len(dump))
        self._spread([ref for root in dump.roots for _, ref in root.refs], self._outside)

    def _targets(self, number):
        dump = self._dump
        targets, weak = dump.targets[dump.first[number]:dump.first[number + 1]], self._weak[dump.shape[number]]
        return targets if not weak else array("Q", [target for at, target in enumerate(targets) if at not in weak])

    def _spread(self, todo, seen):
        found, apart = [], self._apart
        while todo:
            number = todo.pop()
            if number == dump_reader.NONE or seen[number] or number in apart:
                continue
            seen[number] = 1
            found.append(number)
            todo.extend(self._targets(number))
        return found

    def bytes_of(self, kept):
        """(bytes, ints) that nothing but this list keeps, for each of its objects."""
        dump = self._dump
        nodes = self._spread(list(self._targets(dump.number_of(kept))), bytearray(self._outside))
        ints = sum([dump.type_name(number) == "int" for number in nodes])
        return sum(map(dump.bytes_of, nodes)) / COUNT, ints / COUNT
