"""The content of ``gc.garbage``, by type name, without running any code of the program."""

from heapscope_agent.figures.samples import garbage

MAX_SCANNED = 20000
MAX_TYPES = 50

# The type's own descriptors: a metaclass may define __name__ or __module__ as a property of its own.
_name_of = type.__dict__["__qualname__"].__get__
_module_of = type.__dict__["__module__"].__get__


def type_name(kind):
    """``module.Qualified.name`` of a type; builtins without their module."""
    name = _text(_name_of, kind)
    module = _text(_module_of, kind)
    return name if module in ("builtins", "") else module + "." + name


def _text(read, kind):
    try:
        value = read(kind)
    except Exception:
        return ""
    return value[:200] if type(value) is str else ""


def garbage_types():
    """``[[type name, count], …]``, the most frequent first; of the first 20,000 objects if there are more."""
    counts = {}
    for entry in garbage[:MAX_SCANNED]:
        kind = type(entry)
        # Keyed by id: a metaclass may define __eq__ without __hash__.
        known = counts.get(id(kind))
        if known is None:
            counts[id(kind)] = [kind, 1]
        else:
            known[1] += 1
    most = sorted(counts.values(), key=lambda pair: -pair[1])[:MAX_TYPES]
    return [[type_name(kind), count] for kind, count in most]
