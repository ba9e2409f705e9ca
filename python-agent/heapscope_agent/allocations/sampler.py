"""Finds the library in C that samples allocations, and tells it how this interpreter is laid out: ``load()``."""

import sys
from os import fsencode, path, sep

import heapscope_agent
from heapscope_agent.layout import frames, objects
from heapscope_agent.link import native

FRAMES = 64
"""Of a traceback, innermost first; the library can keep 128."""

_NEEDED = ("frames", "thread_frame", "thread_id", "code_filename", "code_name")
_loaded = None


def load():
    """(the library, "") or (None, a reason of PROTOCOL.md); the same each time."""
    global _loaded
    if _loaded is None:
        _loaded = _load()
    return _loaded


def _load():
    if "t" in getattr(sys, "abiflags", ""):
        return None, "free-threaded"
    core, _ = native.module()
    library, _ = native.sampler()
    if core is None or library is None:
        return None, "no-core"
    return (library, "") if _set_up(library, core) else (None, "layout")


def _set_up(library, core):
    memory = objects.Memory(core.peek)
    try:
        numbers = objects.strings(memory)
    except objects.NativeUnavailable:
        return False
    numbers.update(frames.probe(memory, core))
    if any([numbers[name] <= 0 for name in _NEEDED]):
        return False
    types = {"str": str, "code": type(load.__code__), "function": type(load)}
    own = fsencode(path.dirname(heapscope_agent.mark.__code__.co_filename) + sep)
    return bool(library.setup(numbers, types, own, FRAMES))
