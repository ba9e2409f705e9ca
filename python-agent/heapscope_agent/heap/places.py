"""What code is called and where it stands: texts of functions, bound methods, code objects, frames, generators and coroutines.
They are no values, and are told whether values may be shown or not. Code is found among an object's referents: to ask for
``__code__`` or ``f_code`` would tell audit hooks.
"""

import sys
from gc import get_referents

from heapscope_agent.heap.held import CACHE_TYPE, cached_function, is_task, task_parts
from heapscope_agent.heap.labels import DUMP_LIMIT_PREVIEW
from heapscope_agent.heap.states import state_of
from heapscope_agent.layout import builtin_types as types

_NAME_SIZE = 80
"""Bytes of a name; the file has what is left of a preview without the line."""
_TASK_NAME_SIZE = 40
_LINE_SIZE = 12
_code = types.CodeType
_name_of_code = _code.__dict__["co_qualname" if sys.version_info >= (3, 11) else "co_name"].__get__
_file_of_code = _code.__dict__["co_filename"].__get__
_line_of_code = _code.__dict__["co_firstlineno"].__get__
_line_of_frame = types.FrameType.__dict__["f_lineno"].__get__
_names = {id(kind): kind.__dict__["__qualname__"].__get__ for kind in (
    types.FunctionType, types.GeneratorType, types.CoroutineType, types.AsyncGeneratorType)}
_STATES = {id(kind) for kind in (types.GeneratorType, types.CoroutineType, types.AsyncGeneratorType)}
_TOLD = {id(kind) for kind in (types.MethodType, _code, types.FrameType, CACHE_TYPE)} | set(_names)


def note(dump, facts, objects):
    """Objects of one type that were described."""
    if id(facts.type) in _TOLD or is_task(facts.type):
        known = {}  # most functions share their code with others: closures
        pairs = [(id(entry), text) for entry in objects for text in (_text(entry, known),) if text]
        if pairs:
            dump.previews(pairs)


def _text(entry, known):
    kind = type(entry)
    if is_task(kind):
        return _text_of_task(entry)
    if kind is types.MethodType or kind is CACHE_TYPE:
        entry = _first(entry, types.FunctionType) if kind is types.MethodType else cached_function(entry)
        if type(entry) is not types.FunctionType:
            return ""
        kind = types.FunctionType
    return _text_of_code(entry, kind, known)


def _text_of_task(task):
    """Its name, up to a number that it was not asked for yet, then its coroutine."""
    name, coroutine = task_parts(task)
    if name is None:
        return ""
    name = _cut(name, _TASK_NAME_SIZE) if type(name) is str else "Task-%d" % name
    if not name or type(coroutine) is not types.CoroutineType:
        return name
    text = _text_of_code(coroutine, types.CoroutineType, {}, name + " ")
    return text if text != name + " " else name


def _text_of_code(entry, kind, known, before=""):
    code = entry if kind is _code else _first(entry, _code)
    read = _names.get(id(kind))
    name = read(entry) if read is not None else _name_of_code(code) if code is not None else ""
    if type(name) is not str or not name or code is None:
        closed = " closed" if name and id(kind) in _STATES and state_of(entry)[0] == "closed" else ""
        return before + (_cut(name, _NAME_SIZE - _bytes(before)) if type(name) is str else "") + closed
    line, state = _line_of_frame(entry) if kind is types.FrameType else None, ""
    if id(kind) in _STATES:
        state, line = state_of(entry)
        state = state and " " + state
    place = id(code), id(name), line, state
    text = known.get(place)
    if text is None:
        name = before + _cut(name, _NAME_SIZE - _bytes(before))
        file = _file_of_code(code).replace("\\", "/").rpartition("/")[2]
        file = _cut(file, DUMP_LIMIT_PREVIEW - _bytes(name) - _LINE_SIZE - len(state) - 1)
        text = known[place] = "%s %s:%d%s" % (name, file, line or _line_of_code(code), state)
    return text


def _bytes(text):
    return len(text.encode("utf-8", "replace"))


def _cut(text, size):
    """Between characters."""
    return text if len(text) <= size and text.isascii() else text[:size].encode("utf-8", "replace")[:size].decode("utf-8", "ignore")


def _first(entry, kind):
    for target in get_referents(entry):
        if type(target) is kind:
            return target
    return None
