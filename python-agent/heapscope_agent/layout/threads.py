"""What ``threading`` calls a thread, read without code of the program."""

import sys

_instance_get = object.__getattribute__
_mro_of = type.__dict__["__mro__"].__get__
_namespace_of = type.__dict__["__dict__"].__get__


def thread_name(ident):
    """The name, or "" where it has none, or one that the program computes."""
    active = getattr(sys.modules.get("threading"), "_active", None)
    if type(active) is not dict:
        return ""
    thread = active.get(ident)
    if thread is None or any(["_name" in _namespace_of(base) for base in _mro_of(type(thread))]):
        return ""
    try:
        name = _instance_get(thread, "_name")
    except Exception:
        return ""
    return name if type(name) is str else ""
