"""What a type says of itself without being asked: everything is read by the descriptors of ``type``, which a metaclass cannot
shadow.
"""

from gc import get_referents

HAS_GC, READY, HEAP, IMMUTABLE = 1 << 14, 1 << 12, 1 << 9, 1 << 8
INT, TUPLE, BYTES, IS_TYPE = 1 << 24, 1 << 26, 1 << 27, 1 << 31
mro_of = type.__dict__["__mro__"].__get__
flags_of = type.__dict__["__flags__"].__get__
_proxy_of = type.__dict__["__dict__"].__get__
base_of = type.__dict__["__base__"].__get__
item_size_of = type.__dict__["__itemsize__"].__get__
dict_offset_of = type.__dict__["__dictoffset__"].__get__
weak_offset_of = type.__dict__["__weakrefoffset__"].__get__
name_of = type.__dict__["__qualname__"].__get__
module_of = type.__dict__["__module__"].__get__

C_METHODS = (type(list.append), type(object.__repr__))
MEMBER = type(type.__dict__["__base__"])
GETTER = type(type.__dict__["__dict__"])
FUNCTION = type(lambda: 0)


def namespace(kind):
    """The dictionary of a type, read only; no key is compared by code of the program that Python itself would not call."""
    return _proxy_of(kind)


def real_namespace(kind):
    """The dictionary itself, also of a static type; None if it is not available."""
    found = get_referents(_proxy_of(kind))
    return found[0] if len(found) == 1 and type(found[0]) is dict else None


def defines(kind, name):
    """Whether the type or a base has something of that name, be it None."""
    return any([name in _proxy_of(base) for base in mro_of(kind) or ()])


def text_of(read, kind):
    """A name of a type, or "" if the class replaced it by something else."""
    try:
        value = read(kind)
    except Exception:
        return ""
    return value if type(value) is str else ""


def is_python(kind):
    """Whether a class statement made it, or what does the same."""
    own = _proxy_of(kind)
    return bool(flags_of(kind) & HEAP) and not flags_of(kind) & IMMUTABLE and "__module__" in own and "__doc__" in own
