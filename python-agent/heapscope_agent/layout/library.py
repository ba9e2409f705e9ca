"""What types of the standard library keep without telling the collector or ``sys.getsizeof``. Only modules that the program has
imported are looked at: ``seen`` says which, so that it can be asked again when there are more.
"""

import sys
from _io import BytesIO
from _thread import LockType, RLock
from gc import get_referents

from heapscope_agent.heap.labels import LABEL_FIELD

_MODULES = ("_ctypes", "_datetime", "_queue", "array")
_HOLDERS = ("_asyncio", "_sqlite3", "greenlet")
"""Of those ``holders.py`` says more."""
_version = sys.version_info[:2]
_SEMAPHORE = 32 if sys.platform == "linux" else 0
_made = []


def seen():
    """Those of the modules that are here by now."""
    return [name for name in _MODULES + _HOLDERS if type(sys.modules.get(name)) is type(sys)]


def more():
    """``[(name, type, bytes)]`` that belong to each instance of exactly this type, and that ``sys.getsizeof`` leaves out: a
    lock's semaphore, the room of a queue (at least)."""
    # Some build of 3.13 was the first whose lock is a byte within it.
    found = [("lock", LockType, _SEMAPHORE if LockType.__basicsize__ > 24 else 0),
             ("RLock", RLock, _SEMAPHORE if _version < (3, 14) else 0)]
    queue = getattr(sys.modules.get("_queue"), "SimpleQueue", None)
    if type(queue) is type:
        found.append(("SimpleQueue", queue, _SEMAPHORE if _version < (3, 13) else 64 if _version < (3, 15) else 0))
    return found


def times():
    """(datetime, time), whose instances end before ``tzinfo`` where they have none."""
    module = sys.modules.get("_datetime")
    found = [getattr(module, name, None) for name in ("datetime", "time")]
    return tuple(found) if all([type(kind) is type for kind in found]) else ()


def zone():
    """The type of a zone of a fixed offset; None where nobody has imported it."""
    found = getattr(sys.modules.get("_datetime"), "timezone", None)
    return found if type(found) is type else None


def _context_types():
    """(ContextVar, the type of what holds variables and their values in a context, Context); () where they are unknown."""
    try:
        from _contextvars import Context, ContextVar
        context, variable = Context(), ContextVar("hs_variable")
        context.run(variable.set, 1)
        holder, = get_referents(*get_referents(context))
        return (ContextVar, type(holder), Context) if get_referents(holder) == [1, variable] else ()
    except Exception:
        return ()


CONTEXT_TYPES = _context_types()


def cdata():
    """The base of all that ctypes makes; None where it was not imported."""
    try:
        return type.__dict__["__mro__"].__get__(sys.modules["_ctypes"]._SimpleCData)[1]
    except Exception:
        return None


def visits_buffers():
    """Whether the collector is told of the buffer of a BytesIO, which its size counts all the same."""
    return bytes in map(type, get_referents(BytesIO(b"hs_buffer")))


def probe(memory):
    """(numbers, types, fields) for ``core.setup``."""
    numbers = {"bytesio_visited": int(visits_buffers())}
    types = {"BytesIO": BytesIO}
    fields = _range(memory)
    for name, kind, size in more():
        types[name] = kind
        numbers[{"lock": "lock_more", "RLock": "rlock_more", "SimpleQueue": "queue_more"}[name]] = size
    fields += _variables(memory, numbers, types)
    try:
        fields += _times(memory, numbers, types) + _zones(memory)
        _buffers(memory, numbers, types)
        _arrays(memory, numbers, types)
    except Exception:  # somebody put something else in place of these modules
        pass
    return numbers, types, fields


def _field(kind, memory, sample, name, value):
    offset = memory.offset(sample, value)
    return [(kind, LABEL_FIELD, name, offset, 1)] if offset > 0 else []


def _range(memory):
    """From its start to its step, and its length, which Python does not show."""
    sample = range(10 ** 30, 2 * 10 ** 30, 10 ** 28)
    found = []
    for name in ("start", "stop", "step"):
        found += _field(range, memory, sample, name, getattr(sample, name))
    left = [offset for offset in (16, 24, 32, 40) if offset not in [field[3] for field in found]]
    if len(found) == 3 and range.__basicsize__ == 48 and memory.word(memory.word(id(sample) + left[0]) + 8) == id(int):
        found.append((range, LABEL_FIELD, "length", left[0], 1))
    return found


def _variables(memory, numbers, types):
    """Context variables: where their name is."""
    kinds = CONTEXT_TYPES
    name = "hs_variable_1"
    found = _field(kinds[0], memory, kinds[0](name), "name", name) if kinds else []
    if found:
        numbers["variable_name"] = found[0][3]
        types["ContextVar"], types["hamt_bitmap_node"] = kinds[:2]
    return found


def _times(memory, numbers, types):
    kinds = times()
    if not kinds:
        return []
    module = sys.modules["_datetime"]
    zone = module.timezone(module.timedelta(0, 7))
    pairs = [(kinds[0](2020, 1, 1), kinds[0](2020, 1, 1, tzinfo=zone)), (kinds[1](1), kinds[1](1, tzinfo=zone))]
    fields = []
    for naive, aware in pairs:
        kind = type(aware)
        if memory.peek(id(naive) + 24, 1) != b"\0" or memory.peek(id(aware) + 24, 1) != b"\1":
            return []
        if memory.offset(aware, zone) != kind.__basicsize__ - 8:
            return []
        fields += _field(kind, memory, aware, "tzinfo", zone)
    numbers["aware"] = 24
    types["datetime"], types["time"] = kinds
    return fields


def _zones(memory):
    kind = zone()
    if kind is None:
        return []
    module = sys.modules["_datetime"]
    delta, name = module.timedelta(0, 7), "hs_zone"
    sample = kind(delta, name)
    return _field(kind, memory, sample, "offset", delta) + _field(kind, memory, sample, "name", name)


def _buffers(memory, numbers, types):
    """Objects of ctypes: where their memory is, whether it is theirs, how much."""
    base = cdata()
    if base is None:
        return
    if not _made:
        module = sys.modules["_ctypes"]
        number = type(module._SimpleCData)("hs_number", (module._SimpleCData,), {"_type_": "d"})
        row = type(module.Array)("hs_row", (module.Array,), {"_length_": 9, "_type_": number})
        _made.extend([row, type(module.Array)("hs_rows", (module.Array,), {"_length_": 2, "_type_": row})])
    row, rows = _made[0](), _made[1]()
    part = rows[1]
    own, whole, borrowed = [memory.words(id(sample), 6) for sample in (row, rows, part)]
    good = (own[5] == 72 and whole[5] == 144 and borrowed[5] == 72 and borrowed[2] == whole[2] + 72
            and [words[3] & 0xFFFFFFFF for words in (own, whole, borrowed)] == [1, 1, 0] and borrowed[4] == id(rows))
    if good:
        numbers.update({"cdata_data": 16, "cdata_owns": 24, "cdata_size": 40})
        types["CData"] = base


def _arrays(memory, numbers, types):
    """Arrays of numbers: where they say what they hold, a letter and, 4 bytes on, the size of an item."""
    kind = getattr(sys.modules.get("array"), "array", None)
    if type(kind) is not type or kind.__module__ != "array":
        return
    samples = kind("d", (1, 2, 3)), kind("h", (1, 2))
    words = [memory.words(id(sample), 6) for sample in samples]
    kinds = [memory.peek(own[5], 8) for own in words]
    if [own[2] for own in words] == [3, 2] and [(found[:1], found[4]) for found in kinds] == [(b"d", 8), (b"h", 2)]:
        numbers["array_kind"] = 40
        types["array"] = kind
