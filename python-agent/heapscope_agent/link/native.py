"""Finds and loads the two libraries in C, modules that are in no list of modules: the core, to which heap/core.py passes the
interpreter's layout, and the sampler of allocations.
"""

import sys
from os import environ, path

OLDEST, NEWEST = (3, 9), (3, 15)
_PACKAGE = "heapscope_agent"
_CORE, _SAMPLER = "_heapscope_core", "_heapscope_allocations"
SWITCH = "HEAPSCOPE_NO_CORE"
"""In the program's environment: everything works as if the core could not be built."""

_found = {}


def module():
    """(the core, "") or (None, the reason why there is none); the same each time."""
    return _found.get(_CORE) or _found.setdefault(_CORE, _find(_CORE))


def sampler():
    """As ``module``, of the library that samples allocations."""
    return _found.get(_SAMPLER) or _found.setdefault(_SAMPLER, _find(_SAMPLER))


def _find(name):
    if sys.implementation.name != "cpython" or not OLDEST <= sys.version_info[:2] <= NEWEST:
        return None, "the C core knows CPython 3.9 to 3.15"
    if object.__basicsize__ != 16 or "t" in getattr(sys, "abiflags", ""):
        return None, "free-threaded and debugging builds of Python are not supported"
    if environ.get(SWITCH, "") not in ("", "0"):
        return None, "switched off by %s" % SWITCH
    package = path.dirname(path.dirname(path.abspath(__file__)))
    file = name + ".abi3.so"
    for place in (path.join(package, file), path.join(path.dirname(package), "native", "build", file)):
        if path.exists(place):
            return _import(name, place)
    return None, "the C core was not built (no C compiler?)"


def _import(own_name, place):
    from _frozen_importlib import ModuleSpec
    from _frozen_importlib_external import ExtensionFileLoader
    name = _PACKAGE + "." + own_name
    loader = ExtensionFileLoader(name, place)
    try:
        core = loader.create_module(ModuleSpec(name, loader, origin=place))
        loader.exec_module(core)
        sys.modules.pop(name, None)  # a crashing program lists the extensions that it has loaded
    except ImportError as error:
        return None, "the C core cannot be loaded: %s" % error
    return core, ""
