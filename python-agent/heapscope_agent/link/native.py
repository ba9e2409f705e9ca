"""Finds and loads the C core: a module that is in no list of modules. heap/core.py passes it the interpreter's layout."""

import sys
from os import environ, path

OLDEST, NEWEST = (3, 9), (3, 15)
_PACKAGE = "heapscope_agent"
_NAME = "_heapscope_core"
_FILE = _NAME + ".abi3.so"
SWITCH = "HEAPSCOPE_NO_CORE"
"""In the program's environment: everything works as if the core could not be built."""

_found = None


def module():
    """(the core, "") or (None, the reason why there is none); the same each time."""
    global _found
    if _found is None:
        _found = _find()
    return _found


def _find():
    if sys.implementation.name != "cpython" or not OLDEST <= sys.version_info[:2] <= NEWEST:
        return None, "the C core knows CPython 3.9 to 3.15"
    if object.__basicsize__ != 16 or "t" in getattr(sys, "abiflags", ""):
        return None, "free-threaded and debugging builds of Python are not supported"
    if environ.get(SWITCH, "") not in ("", "0"):
        return None, "switched off by %s" % SWITCH
    package = path.dirname(path.dirname(path.abspath(__file__)))
    for place in (path.join(package, _FILE), path.join(path.dirname(package), "native", "build", _FILE)):
        if path.exists(place):
            return _import(place)
    return None, "the C core was not built (no C compiler?)"


def _import(place):
    from _frozen_importlib import ModuleSpec
    from _frozen_importlib_external import ExtensionFileLoader
    name = _PACKAGE + "." + _NAME
    loader = ExtensionFileLoader(name, place)
    try:
        core = loader.create_module(ModuleSpec(name, loader, origin=place))
        loader.exec_module(core)
        sys.modules.pop(name, None)  # a crashing program lists the extensions that it has loaded
    except ImportError as error:
        return None, "the C core cannot be loaded: %s" % error
    return core, ""
