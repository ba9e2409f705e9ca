"""Where tracemalloc keeps the tracebacks of what is allocated: found with a sample that it traces, and verified on it.

The table hangs on a variable in the interpreter's own data: in ``_PyRuntime`` from 3.12, before that one of tracemalloc's own in
the same library.
"""

from _struct import unpack_from

try:
    from _tracemalloc import _get_object_traceback, is_tracing
except ImportError:  # other interpreters
    is_tracing = None

_MOST = 64 << 20
"""Bytes of data that are looked through."""
_UNKNOWN = {"traces": 0, "traces_text": 0}
_COUNT, _FRAMES, _FRAME = 8, 12, 12  # as native/python/traces.h


def probe(memory, core):
    """The numbers ``traces`` and ``traces_text`` of layout.h, 0 where tracemalloc keeps them in an unknown way; none where
    nothing is traced now: it is worth looking again."""
    if is_tracing is None or not is_tracing():
        return {}
    sample = object()
    expected = _get_object_traceback(sample)
    runtime = core.symbol("_PyRuntime")
    if not expected or not runtime:
        return _UNKNOWN
    for start, end in _data(core.read(b"/proc/self/maps"), runtime):
        slot = core.find_traces(start, end, id(sample))
        if slot:
            way = _way(memory, core.traceback_of(slot, id(sample)), expected)
            return {"traces": slot, "traces_text": way} if way >= 0 else _UNKNOWN
    return _UNKNOWN


def _data(maps, inside):
    """The writable ranges of a library's data: the one that an address is in, and what follows or precedes it at once."""
    ranges = []
    for line in maps.decode("latin-1").split("\n"):
        parts = line.split(None, 5)
        if len(parts) > 1 and parts[1][:2] == "rw":
            start, end = [int(part, 16) for part in parts[0].split("-")]
            if ranges and ranges[-1][-1][1] == start:
                ranges[-1].append((start, end))
            else:
                ranges.append([(start, end)])
    for joined in ranges:
        if joined[0][0] <= inside < joined[-1][1]:
            return [pair for pair in joined if pair[1] - pair[0] <= _MOST]
    return []


def _way(memory, traceback, told):
    """1: a structure of tracemalloc's says what tracemalloc tells as (file, line) pairs, with names of files as C strings; 0: as
    objects; -1: it does not."""
    if memory.word(traceback + _COUNT) & 0xFFFF != len(told):
        return -1
    found = [memory.peek(traceback + _FRAMES + _FRAME * at, _FRAME) for at in range(len(told))]
    found = [unpack_from("<QI", data) if data else (0, 0) for data in found]
    if [line for _, line in found] != [line for _, line in told]:
        return -1
    if all([file == id(object) for (file, _), (object, _) in zip(found, told)]):
        return 0
    texts = [object.encode("utf-8", "surrogateescape") + b"\0" for object, _ in told]
    return 1 if all([memory.peek(file, len(text)) == text for (file, _), text in zip(found, texts)]) else -1
