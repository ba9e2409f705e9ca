"""A count of the objects that the collector tracks, by type, in pure Python: for heaps that are too large for a walk.
"""

import gc
from os import getpid

from heapscope_agent.heap import standstill
from heapscope_agent.heap.dump import Dump
from heapscope_agent.heap.labels import DUMP_FLAG_ADDRESSES, DUMP_FLAG_CENSUS
from heapscope_agent.heap.meta import meta
from heapscope_agent.heap.types import Types

CHUNK = 1 << 16


def census(request):
    """(the finished dump, seconds that the program was paused)."""
    return standstill.over_all(_census, request)


def _census(request, everything, alone, began):
    dump = Dump(DUMP_FLAG_ADDRESSES | DUMP_FLAG_CENSUS, getpid())
    notes = _count(everything, dump) + ([] if alone else ["changed"])
    dump.tracked = len(everything)
    dump.finish(meta("census", request.collect, began, 0, notes))
    return dump


def _count(everything, dump):
    """Writes types, their counts and bytes; notes what is not exact."""
    types = Types(dump)
    sums, notes = {}, []
    for start in range(0, len(everything), CHUNK):
        for objects in _by_type(everything[start:start + CHUNK]):
            facts = types.of(type(objects[0]))
            entry = sums.setdefault(facts.index, [0, 0])
            entry[0] += len(objects)
            entry[1] += sum(facts.sizes(objects))
            if facts.inline:
                # The number of values is not determined for each instance: the first one represents all.
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
