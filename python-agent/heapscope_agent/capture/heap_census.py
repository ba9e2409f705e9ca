"""A count of what the collector tracks, by type, in pure Python: for heaps that are too large to be looked into."""

import gc
import sys
from os import getpid
from time import monotonic

from heapscope_agent.capture.heap_dump import ADDRESSES, CENSUS, Dump
from heapscope_agent.capture.heap_meta import meta
from heapscope_agent.capture.heap_types import Types

CHUNK = 1 << 16
STANDSTILL, STANDSTILL_PER_OBJECT = 10.0, 5e-6
"""As for a walk: no other thread may ask for the interpreter's lock meanwhile, but not for ever."""


def census(request):
    """(the finished dump, seconds that the program stood still)."""
    began = monotonic()
    interval = sys.getswitchinterval()
    collecting = gc.isenabled()
    gc.disable()
    try:
        everything = gc.get_objects()
        sys.setswitchinterval(STANDSTILL + STANDSTILL_PER_OBJECT * len(everything))
        dump = Dump(ADDRESSES | CENSUS, getpid())
        notes = _count(everything, dump)
        dump.tracked = len(everything)
        dump.finish(meta("census", request.collect, began, 0, notes))
        return dump, monotonic() - began
    finally:
        if collecting:
            gc.enable()
        sys.setswitchinterval(interval)


def _count(everything, dump):
    """Writes types, their counts and bytes; notes of what is not exact."""
    types = Types(dump)
    sums, notes = {}, []
    for start in range(0, len(everything), CHUNK):
        for objects in _by_type(everything[start:start + CHUNK]):
            facts = types.of(type(objects[0]))
            entry = sums.setdefault(facts.index, [0, 0])
            entry[0] += len(objects)
            entry[1] += sum(facts.sizes(objects))
            if facts.inline:
                # How many values each has is not asked of each: the first stands for all.
                entry[1] += facts.values_size(len(gc.get_referents(objects[0])) - 1) * len(objects)
                notes = ["inline-sizes-estimated"]
    for index, (count, size) in sums.items():
        dump.census(index, count, size)
    return notes


def _by_type(objects):
    groups = {}
    kinds = list(map(type, objects))
    for key, entry in zip(map(id, kinds), objects):
        group = groups.get(key)
        if group is None:
            groups[key] = [entry]
        else:
            group.append(entry)
    return groups.values()
