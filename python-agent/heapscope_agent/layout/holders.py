"""Types of the standard library that hold, in C, what the program gave them: caches of functions, futures and tasks, connections of
sqlite. Only samples of our own are looked at, and only modules that the program has imported.
"""

import sys
from gc import get_referents

import _functools

from heapscope_agent.heap.labels import LABEL_FIELD
from heapscope_agent.layout import library
from heapscope_agent.layout.objects import made_class

_HEAP, _IMMUTABLE, _COLLECTED = 1 << 9, 1 << 8, 1 << 14
_flags_of = type.__dict__["__flags__"].__get__


class Cache:
    """How the collector is shown a cached function: ``first`` (its class, or nothing), then ``stride`` objects for each result that
    is kept in order of use (arguments and result first), then ``tail`` objects, of which ``function`` and ``results`` are the places
    of the function and of the cache's dictionary; then its own ``__dict__``, if it has one.
    """

    def __init__(self, first, stride, tail, function, results):
        self.type, self.first, self.stride, self.tail = _functools._lru_cache_wrapper, first, stride, tail
        self.function, self.results = function, results


def _sample(argument):
    return [argument]


def _sample_cache():
    found = _functools._lru_cache_wrapper(_sample, 3, False, int)
    return found, [(argument, found(argument)) for argument in ("hs_argument_1", "hs_argument_2")]


def _cache():
    try:
        sample, ((one, first), (two, second)) = _sample_cache()
        shown = list(map(id, get_referents(sample)))
        start, stride = shown.index(id(one)), shown.index(id(two)) - shown.index(id(one))
        end = start + 2 * stride
        pairs = [id(first), id(second)] == [shown[start + 1], shown[start + stride + 1]] and start < 2 <= stride
        dicts = [place for place, target in enumerate(get_referents(sample)[end:]) if type(target) is dict]
        if not pairs or len(dicts) != 1:
            return None
        function = shown[end:].index(id(_sample))
        sample.hs_attribute = 1
        own = get_referents(sample)
        return Cache(start, stride, len(shown) - end, function, dicts[0]) if type(own[-1]) is dict and len(own) == len(shown) + 1 else None
    except Exception:
        return None


CACHE = _cache()
"""None where it is not as expected: then what is cached has no names."""


def futures():
    """(Future, Task) of asyncio as C code defines them; () where nobody has imported them."""
    module = sys.modules.get("_asyncio")
    found = [getattr(module, name, None) for name in ("Future", "Task")]
    return tuple(found) if all(map(_is_of_c, found)) else ()


def _is_of_c(kind):
    return type(kind) is type and not (_flags_of(kind) & _HEAP and not _flags_of(kind) & _IMMUTABLE)


def connection():
    """(the type of a connection to sqlite, its module); () where nobody has imported it."""
    module = sys.modules.get("_sqlite3")
    found = getattr(module, "Connection", None)
    return (found, module) if type(module) is type(sys) and _is_of_c(found) else ()


def greenlet():
    """The type of greenlets; None where nobody has imported it."""
    found = getattr(sys.modules.get("greenlet"), "greenlet", None)
    return found if _is_of_c(found) else None


def probe(memory):
    """(numbers, types, fields) for ``core.setup``."""
    numbers, types, fields = {}, {}, []
    if CACHE is not None:
        sample, _ = _sample_cache()
        offset = memory.offset(sample, _sample)
        if offset > 0:
            types["lru_cache_wrapper"] = CACHE.type
            numbers.update(cache_first=CACHE.first, cache_stride=CACHE.stride, cache_tail=CACHE.tail,
                           cache_function=offset, cache_function_place=CACHE.function, cache_results_place=CACHE.results)
    try:
        kind = greenlet()
        if kind is not None and (kind.__basicsize__, kind.__dictoffset__, kind.__weakrefoffset__) == (40, 24, 16):
            types["greenlet"], numbers["greenlet_inner"] = kind, 32
        if connection():
            types["Connection"], types["_sqlite3"] = connection()
            fields += _connection(memory, connection()[0])
        for kind in futures():
            found = _task(memory, kind) if kind is futures()[1] else _future(memory, kind)
            fields += [(kind, LABEL_FIELD, name, offset, 0) for name, offset in found.items() if offset > 0]
            if kind is futures()[1] and min(found.values()) > 0:
                types["Task"] = kind
                numbers.update(task_name=found["_name"], task_coroutine=found["_coro"])
    except Exception:  # somebody put something else in place of these modules
        pass
    return numbers, types, fields


def _connection(memory, kind):
    """A connection that was never opened; up to 3.9 the collector is shown nothing of it."""
    sample, value = kind.__new__(kind), ["hs_factory"]
    found = []
    for name in ("row_factory", "text_factory"):
        setattr(sample, name, value)
        found.append((kind, LABEL_FIELD, name, memory.offset(sample, value), int(not _flags_of(kind) & _COLLECTED)))
        setattr(sample, name, None)
    return [field for field in found if field[3] > 0]


def _loop():
    return made_class("Loop", {"get_debug": lambda self: False, "call_soon": lambda self, *what, **how: None,
                               "call_exception_handler": lambda self, context: None})()


_LOOP = _loop()


def _future(memory, kind):
    """Offsets of what a future refers to."""
    first, second, error, message, result = _sample, len, ValueError("hs_error"), "hs_message", ["hs_result"]
    waiting, done, failed, cancelled = [kind(loop=_LOOP) for _ in range(4)]
    context = library.CONTEXT_TYPES[2]()
    waiting.add_done_callback(first, context=context)
    waiting.add_done_callback(second, context=context)
    done.set_result(result)
    failed.set_exception(error)
    failed._log_traceback = False
    cancelled.cancel(msg=message)
    lists = [target for target in get_referents(waiting) if type(target) is list]
    found = [("_loop", waiting, _LOOP), ("_callback0", waiting, first), ("_context0", waiting, context),
             ("_callbacks", waiting, lists[0]), ("_result", done, result), ("_exception", failed, error),
             ("_cancel_message", cancelled, message)]
    offsets = {name: memory.offset(sample, value) for name, sample, value in found}
    await_ = getattr(sys.modules["_asyncio"], "future_add_to_awaited_by", None)  # from 3.14
    if await_ is not None:
        await_(done, waiting)
        offsets["_asyncio_awaited_by"] = memory.offset(done, waiting)
    return offsets


async def _coroutine():
    pass


def _no_name(self):
    raise ValueError


_NO_NAME = made_class("NoName", {"__str__": _no_name})()


def _task(memory, kind):
    """Offsets of what a task refers to besides. The sample is told a name that cannot be had, so that asyncio never comes to
    listing it, nor to starting its coroutine.
    """
    coroutine = _coroutine()
    coroutine.close()
    sample = kind.__new__(kind)
    try:
        sample.__init__(coroutine, loop=_LOOP, name=_NO_NAME)
    except ValueError:
        sample._log_destroy_pending = False
    name = "hs_task_name"
    sample.set_name(name)
    context, = [target for target in get_referents(sample) if type(target) is library.CONTEXT_TYPES[2]]
    found = {"_coro": memory.offset(sample, coroutine), "_name": memory.offset(sample, name),
             "_context": memory.offset(sample, context)}
    before = found["_coro"] - 8
    if before >= futures()[0].__basicsize__ - 8 and memory.word(id(sample) + before) == 0 == found["_name"] - before - 16:
        found["_fut_waiter"] = before  # a task that waits is not to be had without running one
    return found
