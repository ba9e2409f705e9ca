"""Names of the references in C structures: each is looked for in a sample whose references we know."""

import sys

import _functools
import _weakref

from heapscope_agent.heap.labels import LABEL_FIELD, LABEL_WEAK
from heapscope_agent.layout import builtin_types as types
from heapscope_agent.layout.objects import made_class
from heapscope_agent.layout.unheard import frame


def probe(memory):
    """``[(type, kind, name, offset, explicit)]`` for ``core.setup``. A field that is not found stays unnamed."""
    fields = []
    for sample, names in _samples():
        for name in names:
            _note(fields, memory, sample, name, _read(sample, name))
    _note_errors(fields, memory, _exception())
    _note_code(fields, memory)
    _note_weak(fields, memory)
    _note_types(fields)
    owner = made_class("Owner", {"hs_property": property(function_sample())})
    _note(fields, memory, owner.__dict__["hs_property"], "__name__", sys.intern("hs_property"))
    mapping = {}
    _note(fields, memory, types.MappingProxyType(mapping), "mapping", mapping)
    return fields


def _read(sample, name):
    try:
        return getattr(sample, name)
    except Exception:
        return None


def _note(fields, memory, sample, name, value, explicit=0, kind=LABEL_FIELD, of=None):
    """``of``: the base whose field it is, of all that derive from it; else the sample's type."""
    # Shared objects (None, small tuples, one-letter strings) would be found in the wrong place.
    if value is None or value == () or value == b"" or value == "":
        return
    offset = memory.offset(sample, value)
    of = of or type(sample)
    if offset > 0 and not any(entry[0] is of and entry[3] == offset for entry in fields):
        fields.append((of, kind, name, offset, explicit))


def function_sample():
    """A function none of whose fields is shared or empty."""
    captured = object()

    def sample(one=object(), *, two=object()):
        return captured
    sample.__doc__, sample.__name__, sample.__module__ = "hs_doc_1", "hs_name_1", "hs_module_1"
    sample.__qualname__ = "hs_qualname_1"
    sample.__annotations__ = {"one": 1}
    sample.hs_attribute = 1
    return sample


def _exception():
    try:
        try:
            raise KeyError("hs_inner")
        except KeyError as inner:
            raise ValueError("hs_outer") from inner
    except ValueError as error:
        error.__context__ = RuntimeError("hs_context")
        return error


def _deep_traceback():
    def inner():
        raise ValueError
    try:
        inner()
    except ValueError as error:
        return error.__traceback__


def _annotated(argument: object):
    pass


def _generator(argument):
    yield argument


async def _coroutine(argument):
    return argument


async def _async_generator(argument):
    yield argument


_generator.__qualname__ = _coroutine.__qualname__ = _async_generator.__qualname__ = "hs_qualname_2"  # else as their name


def _samples():
    function = function_sample()
    names = ("__name__", "__qualname__")
    coroutine = _coroutine(1)
    coroutine.close()
    return [
        (function, ("__code__", "__globals__", "__builtins__", "__module__", "__defaults__", "__kwdefaults__", "__doc__",
                    "__name__", "__qualname__", "__dict__", "__closure__", "__annotations__")),
        (_annotated, ("__annotate__",)),  # from 3.14
        (function.__closure__[0], ("cell_contents",)),
        ([].append, ("__self__",)),
        ([].__len__, ("__self__",)),
        (_deep_traceback(), ("tb_next", "tb_frame")),
        (frame(), ("f_back", "f_code", "f_globals", "f_builtins")),
        (_generator(1), names + ("gi_code", "gi_frame")),
        (coroutine, names + ("cr_code",)),
        (_async_generator(1), names + ("ag_code", "ag_frame")),
        (_functools.partial(function, 1, two=2), ("func", "args", "keywords")),
        (types.MethodType(function, memoryview(b"hs")), ("__func__", "__self__")),
        (property(function), ("fget",)),
    ]


def code_sample():
    """A code object none of whose fields is shared or empty."""
    hs_free = 1

    def hs_sample(hs_argument, hs_captured):
        def inner():
            return hs_captured
        try:
            hs_local = len([hs_free, hs_argument])
        except ValueError:
            return "hs_constant"
        return inner, hs_local
    return hs_sample.__code__


CODE_FIELDS = ("co_consts", "co_names", "co_filename", "co_name", "co_qualname", "co_linetable", "co_lnotab",
               "co_exceptiontable", "co_code", "co_varnames", "co_cellvars", "co_freevars")


def _note_errors(fields, memory, error):
    """In a function of its own: a caller that kept the error in a local variable would be in a cycle with its traceback."""
    for name in ("args", "__traceback__", "__context__", "__cause__"):
        _note(fields, memory, error, name, _read(error, name), of=BaseException)


def _note_code(fields, memory):
    """The collector does not visit code objects: all their references are explicit."""
    code = code_sample()
    for name in CODE_FIELDS:
        if name == "co_lnotab" and sys.version_info >= (3, 10):
            continue  # created again each time, and deprecated
        _note(fields, memory, code, name, _read(code, name), explicit=1)
    for name, offset in localsplus(memory, code).items():
        if offset > 0:
            fields.append((type(code), LABEL_FIELD, "co_localsplusnames" if name == "code_names" else "co_localspluskinds", offset, 1))


def localsplus(memory, code):
    """From 3.11 the names of all locals, cells and free variables are one hidden tuple, with a byte for the kind of each."""
    numbers = {"code_names": -1, "code_kinds": -1}
    names = code.co_varnames + tuple(name for name in code.co_cellvars if name not in code.co_varnames) + code.co_freevars
    ids = tuple(map(id, names))
    if sys.version_info < (3, 11):
        return numbers
    for offset in range(16, type(code).__basicsize__, 8):
        thing = memory.word(id(code) + offset)
        if not thing or thing & 7:
            continue
        kind, size = memory.words(thing + 8, 2)
        if kind == id(tuple) and size == len(ids) and memory.words(thing + tuple.__basicsize__, size) == ids:
            following = memory.words(memory.word(id(code) + offset + 8), 3)
            if following[1] == id(bytes) and following[2] == size:
                return {"code_names": offset, "code_kinds": offset + 8}
    return numbers


def _note_weak(fields, memory):
    target, other = made_class("Target", {"__call__": len})(), made_class("Other")()
    for reference in (_weakref.ref(target), _weakref.proxy(target), _weakref.proxy(other)):
        for referent in (target, other):
            offset = memory.offset(reference, referent)
            if offset > 0:
                fields.append((type(reference), LABEL_FIELD | LABEL_WEAK, "referent", offset, 1))

    def callback(reference):
        pass
    for reference in (_weakref.ref(target, callback), _weakref.proxy(target, callback), _weakref.proxy(other, callback)):
        offset = memory.offset(reference, callback)
        if offset > 0:
            fields.append((type(reference), LABEL_FIELD, "__callback__", offset, 0))


def _note_types(fields):
    for name, offset in (("__dict__", 264), ("__base__", 256), ("__bases__", 336), ("__mro__", 344), ("__subclasses__", 360)):
        fields.append((type, LABEL_FIELD, name, offset, 0))


def generators():
    """The types of the objects that functions defined with ``def`` and ``async def`` return when they are called."""
    coroutine = _coroutine(1)
    coroutine.close()
    return {"generator": type(_generator(1)), "coroutine": type(coroutine), "async_generator": type(_async_generator(1))}
