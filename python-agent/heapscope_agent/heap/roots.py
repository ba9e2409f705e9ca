"""What holds objects from outside the graph: modules, running frames and their locals, and our own objects.

On 3.11 and 3.12 a running function's locals are only available through a dictionary that stays with its frame and holds them
longer than the program would (``f_locals``): there they are left out, and the dump notes it.
"""

import gc
import sys
import _signal
from _operator import is_
from gc import get_referents
from itertools import repeat

from heapscope_agent.heap.labels import (
    DUMP_ROOT_AGENT,
    DUMP_ROOT_FRAME,
    DUMP_ROOT_GARBAGE_LIST,
    DUMP_ROOT_INTERPRETER,
    DUMP_ROOT_MODULES,
    DUMP_ROOT_STATIC_TYPES,
    DUMP_ROOT_THREAD,
    LABEL_FIELD,
    LABEL_LOCAL,
)
from heapscope_agent.heap.descriptors import mro_of
from heapscope_agent.layout import builtin_types as types
from heapscope_agent.layout.threads import thread_name

PACKAGE = "heapscope_agent"
_SIGNALS = {number: name for name, number in _signal.__dict__.items() if name[:3] == "SIG" and name[3] != "_" and type(number) is int}
MAX_DEPTH = 10000

_version = sys.version_info
_SEES_LOCALS = _version < (3, 11) or _version >= (3, 13)
_OPTIMIZED = 1
_module_dict = types.ModuleType.__dict__["__dict__"].__get__


def our_modules():
    """The agent's modules that are loaded. From a copy: even a list of items may be interrupted by a collection, whose
    finalizers let another thread import.
    """
    return [module for name, module in dict.copy(sys.modules).items()
            if type(name) is str and (name == PACKAGE or name.startswith(PACKAGE + "."))
            and type(module) is types.ModuleType]


def ours_by_frame():
    """A function that returns whether a frame runs the agent's code."""
    names = {id(_module_dict(module)) for module in our_modules()}
    return lambda frame: id(frame.f_globals) in names


class Roots:
    """Gathers the roots first, in ``frames``, so that none of the walk's own objects is among them; ``write`` at the end."""

    def __init__(self, is_ours, me):
        self._threads = []
        self.notes = []
        for ident, frame in sys._current_frames().items():
            frames = []
            while frame is not None and len(frames) < MAX_DEPTH:
                if not is_ours(frame):
                    frames.append(frame)
                elif ident != me:
                    frames = []  # the agent's own thread
                    break
                frame = frame.f_back
            if frames:
                self._threads.append((ident, frames))
        if self._threads and not _SEES_LOCALS:
            self.notes.append("locals-unseen")

    def write(self, walk):
        """Describes what only the roots hold, then the roots."""
        dump = walk.dump
        none = dump.label(LABEL_FIELD, "")
        dump.root(DUMP_ROOT_MODULES, "sys.modules", [(none, id(sys.modules))])
        walk.more([sys.modules])
        for ident, frames in self._threads:
            parent = self._thread(dump, ident)
            for depth, frame in enumerate(frames):
                self._frame(walk, parent, depth, frame)
        held = interpreter_objects().items()
        dump.root(DUMP_ROOT_INTERPRETER, "interpreter", [(dump.label(LABEL_FIELD, name), id(value)) for name, value in held])
        dump.root(DUMP_ROOT_GARBAGE_LIST, "gc.garbage", [(none, id(gc.garbage))])
        self._own(walk)
        walk.finish()
        static = [kind for kind in walk.types.all() if not gc.is_tracked(kind)]
        dump.root(DUMP_ROOT_STATIC_TYPES, "static types", [(none, id(kind)) for kind in static])

    @staticmethod
    def _thread(dump, ident):
        return dump.root(DUMP_ROOT_THREAD, thread_name(ident), [], ident=ident & 0xFFFFFFFFFFFFFFFF)

    @staticmethod
    def _frame(walk, parent, depth, frame):
        dump, code = walk.dump, frame.f_code
        held = [(dump.label(LABEL_FIELD, "f_code"), code), (dump.label(LABEL_FIELD, "f_globals"), frame.f_globals)]
        for name, value in _locals(frame):
            held.append((dump.label(LABEL_LOCAL, name), value))
            walk.secret(name, value)
        walk.more([value for _, value in held])
        name = code.co_qualname if _version >= (3, 11) else code.co_name
        dump.root(DUMP_ROOT_FRAME, name, [(label, id(value)) for label, value in held], parent, depth,
                  frame.f_lineno or 0, code.co_filename)

    @staticmethod
    def _own(walk):
        dump = walk.dump
        label = dump.label(LABEL_FIELD, "")
        own = own_objects()
        walk.more(own)
        dump.root(DUMP_ROOT_AGENT, "agent", [(label, id(value)) for value in own])


def own_objects():
    """What the agent consists of: its modules, their dictionaries, what they define, and what it stored elsewhere."""
    own = []
    for module in our_modules():
        own.append(module)
        own.append(_module_dict(module))
        own.extend([value for name, value in _module_dict(module).copy().items() if name[:2] != "__" and _is_made_here(value)])
    own.extend([callback for callback in getattr(gc, "callbacks", ()) if _is_made_here(callback)])
    return own


def interpreter_objects():
    """What the interpreter itself starts from, and the functions that it calls at signals."""
    held = {"sys": _module_dict(sys), "builtins": _module_dict(sys.modules["builtins"])}
    for number in range(1, _signal.NSIG):
        try:
            handler = _signal.getsignal(number)
        except ValueError:
            continue
        if handler is not None and type(handler) is not int:
            held["signal.%s" % _SIGNALS.get(number, number)] = handler
    return held


def thread_names():
    """``{ident: name}`` of the threads that ``threading`` knows."""
    active = getattr(sys.modules.get("threading"), "_active", None)
    return {ident: thread_name(ident) for ident in list(active)} if type(active) is dict else {}


def _is_made_here(value):
    """Whether a value of one of our modules is the agent's own, and not imported."""
    if isinstance_exactly(value, type):
        return _starts(type.__dict__["__module__"].__get__(value))
    if type(value) is types.FunctionType:
        return _starts(types.FunctionType.__dict__["__module__"].__get__(value))
    if type(value) in (dict, list, set, tuple):
        return not any([value is other for other in (gc.garbage, gc.callbacks, sys.modules, sys.path)])
    return _starts(type.__dict__["__module__"].__get__(type(value)))


def isinstance_exactly(value, kind):
    """``isinstance`` by the type alone, and without a metaclass's ``__eq__``."""
    return any(map(is_, mro_of(type(value)), repeat(kind)))


def _starts(name):
    return type(name) is str and (name == PACKAGE or name.startswith(PACKAGE + "."))


def _locals(frame):
    """(name, value) pairs of a frame's locals; a value without a certain name is called ""."""
    code = frame.f_code
    if not code.co_flags & _OPTIMIZED:  # the namespace itself, of a module or of a class being defined
        return [("", frame.f_locals)]
    if _version >= (3, 13):
        return [(name if type(name) is str else "", value) for name, value in frame.f_locals.items()]
    if not _SEES_LOCALS:
        return []
    fixed = [frame.f_back, code, frame.f_builtins, frame.f_globals, frame.f_trace]
    values = []
    for value in get_referents(frame):
        if any(map(is_, fixed, repeat(value))):
            fixed = [other for other in fixed if other is not value]
        else:
            values.append(value)
    names = code.co_varnames + code.co_cellvars + code.co_freevars
    return list(zip(names, values)) if len(names) == len(values) else [("", value) for value in values]
