"""Modules that the agent needs only after the program has begun, loaded from where they were found at the start.

An ``import`` would ask the program: its ``sys.path`` with its own folder first (an ``array.py`` there would be run), its import
hooks, its ``__import__``, and its ``sys.modules``. So ``module`` looks only in the agent's own folder, among what is built into the
interpreter, and in the interpreter's folder of libraries. What is loaded so finds this loader as its own ``__import__``, in a
copy of the builtins as they were at the start, so that its import statements go the same way. A library's module is left in
``sys.modules`` only if the program has imported the same one: a later ``import array`` finds the program's own.
"""

import builtins
import os
import sys
from _frozen_importlib import BuiltinImporter, ModuleSpec, module_from_spec
from _frozen_importlib_external import ExtensionFileLoader, SourceFileLoader, spec_from_file_location
from errno import ENOENT
from os import path

import _imp

from heapscope_agent.link import native

__builtins__ = dict(builtins.__dict__)  # with `_import`, below; libraries in C look for it here, and our modules get it
_PACKAGE = "heapscope_agent"
_FOLDER = path.dirname(path.dirname(path.abspath(__file__)))
_LIBRARIES = [entry for entry in sys.path if type(entry) is str and path.basename(entry) in ("lib-dynload", "DLLs")]
_SUFFIXES = _imp.extension_suffixes()
_ModuleType = type(sys)

_open, _read_some, _close = os.open, os.read, os.close
_ABC = "collections.abc"
_loaded = {"builtins": builtins, "os": os, "sys": sys, _ABC: sys.modules["_collections_abc"]}


class _Loader(SourceFileLoader):
    """Reads the agent's files without a descriptor that the program meets, where the C core can."""

    def get_data(self, place):
        core, _ = native.module()
        data = _read(place) if core is None else core.read(os.fsencode(place))
        if not data:
            raise FileNotFoundError(ENOENT, "cannot be read", place)
        return data


def module(name):
    """The module of this name; the same each time. Raises ImportError, OSError: its file cannot be read, for instance after
    ``chroot``."""
    found = _loaded.get(name)
    if found is None:
        # The interpreter's own lock for imports: a fork waits for it, so that no child is born while another thread holds it.
        _imp.acquire_lock()
        try:
            found = _loaded.get(name) or _load(name)
            _loaded[name] = found
        finally:
            _imp.release_lock()
    return found


def _load(name):
    if name == _PACKAGE or name.startswith(_PACKAGE + "."):
        return _load_own(name)
    known = sys.modules.get(name)
    spec = _module_spec(known)
    if name in sys.builtin_module_names:
        if spec is not None and spec.loader is BuiltinImporter:
            return known
        return _load_apart(ModuleSpec(name, BuiltinImporter, origin="built-in"), known)
    for folder in _LIBRARIES:
        for suffix in _SUFFIXES:
            file = path.join(folder, name + suffix)
            if spec is not None and spec.origin == file:
                return known
            if path.exists(file):
                return _load_apart(ModuleSpec(name, ExtensionFileLoader(name, file), origin=file), known)
    raise ImportError("no module %s in %s" % (name, _LIBRARIES))


def _module_spec(known):
    return known.__dict__.get("__spec__") if type(known) is _ModuleType else None


def _load_apart(spec, known):
    """Loads a module in C; ``sys.modules`` is afterwards what it was. ``array`` imports ``collections.abc`` by itself, which is
    there under another name since the start."""
    had_abc = _ABC in sys.modules
    sys.modules.setdefault(_ABC, _loaded[_ABC])
    try:
        if spec.loader is BuiltinImporter:
            made = _imp.create_builtin(spec)
            _imp.exec_builtin(made)
        else:
            made = _imp.create_dynamic(spec)
            _imp.exec_dynamic(made)
    finally:
        if known is not None:
            sys.modules[spec.name] = known
        else:
            sys.modules.pop(spec.name, None)
        if not had_abc and "collections" not in sys.modules:
            sys.modules.pop(_ABC, None)
    return made


def _read(place):
    number = _open(place, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    try:
        pieces = []
        while not pieces or pieces[-1]:
            pieces.append(_read_some(number, 1 << 20))
        return b"".join(pieces)
    finally:
        _close(number)


def _load_own(name):
    known = sys.modules.get(name)
    if type(known) is _ModuleType:
        return known
    parent, _, last = name.rpartition(".")
    package = module(parent)
    file = path.join(_FOLDER, *name.split(".")[1:]) + ".py"
    made = module_from_spec(spec_from_file_location(name, file, loader=_Loader(name, file)))
    made.__dict__["__builtins__"] = __builtins__
    sys.modules[name] = made
    try:
        made.__spec__.loader.exec_module(made)
    except BaseException:
        sys.modules.pop(name, None)
        raise
    setattr(package, last, made)
    return made


def _import(name, _globals=None, _locals=None, names=(), _level=0):
    """``__import__`` of what is loaded here. No import in the agent is relative, and none is dotted without ``from``."""
    found = module(name)
    if names and "__path__" in found.__dict__:
        for each in names:
            if each not in found.__dict__:
                module(name + "." + each)
    return found


__builtins__["__import__"] = _import
