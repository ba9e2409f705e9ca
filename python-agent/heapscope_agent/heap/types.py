"""What is known of a type without running its code: everything is read by the descriptors of ``type`` itself, which a metaclass
cannot shadow, and ``__sizeof__`` is only ever taken from C.
"""

import sys
from gc import get_referents
from sys import getsizeof

from heapscope_agent.heap.labels import (
    TYPE_FLAG_FINALIZER,
    TYPE_FLAG_HEAP,
    TYPE_FLAG_METACLASS,
    TYPE_FLAG_PYTHON,
    TYPE_FLAG_SLOTS,
    TYPE_FLAG_WEAK_REFERENCED,
)

HAS_GC, READY, HEAP, IMMUTABLE = 1 << 14, 1 << 12, 1 << 9, 1 << 8
IS_TYPE = 1 << 31
_MANAGED_DICT, _MANAGED_WEAKREF, _INLINE_VALUES = 1 << 4, 1 << 3, 1 << 2
_NO_BASE = 0xFFFFFFFF

UNKNOWN = "?"
"""The module of a class that replaced it by something else; "" would make it a builtin."""

mro_of = type.__dict__["__mro__"].__get__
flags_of = type.__dict__["__flags__"].__get__
_proxy_of = type.__dict__["__dict__"].__get__
_base_of = type.__dict__["__base__"].__get__
_item_size_of = type.__dict__["__itemsize__"].__get__
_dict_offset_of = type.__dict__["__dictoffset__"].__get__
_weak_offset_of = type.__dict__["__weakrefoffset__"].__get__
_name_of = type.__dict__["__qualname__"].__get__
module_of = type.__dict__["__module__"].__get__

C_METHODS = (type(list.append), type(object.__repr__))
MEMBER = type(type.__dict__["__base__"])
GETTER = type(type.__dict__["__dict__"])
FUNCTION = type(lambda: 0)

_version = sys.version_info
VALUES_APART = (3, 11) <= _version < (3, 13)
"""An instance's values are in a separate block, with a pointer to it before the object."""
VALUES_INLINE = _version >= (3, 13)


class _Probe:
    pass


GC_HEAD = getsizeof([]) - [].__sizeof__()
STATIC_HEAD = getsizeof(int) - type.__sizeof__(int)
"""What ``getsizeof`` adds for a type that is not on the heap: nothing, or from 3.11 the head that it does not have."""
_MANAGED_HEAD = getsizeof(_Probe()) - object.__sizeof__(_Probe()) - GC_HEAD


def namespace(kind):
    """The dictionary of a type, read only; no key is compared by code of the program that Python itself would not call."""
    return _proxy_of(kind)


def real_namespace(kind):
    """The dictionary itself, also of a static type; None if it is not available."""
    found = get_referents(_proxy_of(kind))
    return found[0] if len(found) == 1 and type(found[0]) is dict else None


def find(kind, name):
    """The definition of ``name`` in the type or a base; None if there is none."""
    for base in mro_of(kind) or ():
        found = _proxy_of(base).get(name)
        if found is not None:
            return found
    return None


def text_of(read, kind):
    """A name of a type, or "" if the class replaced it by something else."""
    try:
        value = read(kind)
    except Exception:
        return ""
    return value if type(value) is str else ""


class TypeFacts:
    """One type of the heap, as the walk needs it. ``index`` counts from 0 in the order of the dump's records."""

    __slots__ = ("type", "index", "flags", "has_gc", "header", "_measure", "_constant", "degrees", "slots", "has_dict", "plain",
                 "inline", "values", "candidates", "likely")

    def __init__(self, kind, index):
        self.type, self.index = kind, index
        self.flags = flags = flags_of(kind)
        self.has_gc = bool(flags & HAS_GC)
        self.header = (GC_HEAD if flags & HAS_GC else 0) + (_MANAGED_HEAD if flags & self._managed() else 0)
        self._measure = self._c_sizeof(kind)
        self._constant = None
        self.degrees = {}
        self.slots = self._slot_names(kind) if flags & HEAP else ()
        self.has_dict = _dict_offset_of(kind) != 0
        self.plain = flags & HEAP and all([base is object or flags_of(base) & HEAP for base in mro_of(kind) or ()])
        self.inline = bool(VALUES_APART and flags & _MANAGED_DICT or VALUES_INLINE and flags & _INLINE_VALUES)
        self.values = 0
        self.candidates = self.likely = None

    @staticmethod
    def _managed():
        return _MANAGED_DICT if _version < (3, 12) else _MANAGED_DICT | _MANAGED_WEAKREF

    @staticmethod
    def _c_sizeof(kind):
        for base in mro_of(kind) or ():
            found = _proxy_of(base).get("__sizeof__")
            if type(found) in C_METHODS:
                return found
        return object.__sizeof__

    @staticmethod
    def _slot_names(kind):
        """(name, reader) of ``__slots__``, in no particular order."""
        found = []
        for base in mro_of(kind) or ():
            if flags_of(base) & HEAP and "__slots__" in _proxy_of(base):
                for name, value in list(_proxy_of(base).items()):
                    if type(value) is MEMBER and type(name) is str:
                        found.append((name, value.__get__))
        return tuple(found)

    def sizes(self, objects):
        """An iterable of the sizes of ``objects``, all of this exact type, including the collector's header."""
        if self._constant is None and self._measure is object.__sizeof__ and not _item_size_of(self.type):
            self._constant = object.__sizeof__(objects[0]) + self.header
        if self._constant is not None:
            return [self._constant] * len(objects)
        if self.flags & IS_TYPE:
            return [self._measure(o) + (self.header if flags_of(o) & HEAP else STATIC_HEAD) for o in objects]
        return map(self.header.__add__, map(self._measure, objects)) if self.header else map(self._measure, objects)

    def values_size(self, count):
        """Bytes of the inline values of an instance with ``count`` of them, as far as visible from outside: the capacity is one
        more than the type's instances use once there are a few dozen of them.
        """
        self.values = max(self.values, count)
        room = self.values + 1
        prefix = (room + 2 + 7 if VALUES_APART else self.values + 7) & ~7
        return prefix + (room if VALUES_APART else self.values + 1) * 8

    def record(self, base_index):
        """Flags, module and name of the TYPE record, and ``base_index`` if there is no base."""
        kind, own = self.type, _proxy_of(self.type)
        flags = TYPE_FLAG_HEAP if self.flags & HEAP else 0
        if flags and not self.flags & IMMUTABLE and "__module__" in own and "__doc__" in own:
            flags |= TYPE_FLAG_PYTHON
        if find(kind, "__del__") is not None:
            flags |= TYPE_FLAG_FINALIZER
        if _weak_offset_of(kind) or _version >= (3, 12) and self.flags & _MANAGED_WEAKREF:
            flags |= TYPE_FLAG_WEAK_REFERENCED
        if self.flags & IS_TYPE:
            flags |= TYPE_FLAG_METACLASS
        if self.slots:
            flags |= TYPE_FLAG_SLOTS
        return flags, base_index, text_of(module_of, kind) or UNKNOWN, text_of(_name_of, kind)


class Types:
    """All types that the dump names; a type's base is named before it."""

    def __init__(self, dump):
        self._dump = dump
        self._by_id = {}

    def of(self, kind):
        """The facts of a type, after its record was written."""
        found = self._by_id.get(id(kind))
        return found if found is not None else self._learn(kind)

    def _learn(self, kind):
        chain = [kind]
        while True:
            base = _base_of(chain[-1])
            if base is None or id(base) in self._by_id:
                break
            chain.append(base)
        index = self._by_id[id(base)].index if base is not None else _NO_BASE
        for kind in reversed(chain):
            facts = self._by_id[id(kind)] = TypeFacts(kind, len(self._by_id))
            self._dump.type(id(kind), *facts.record(index))
            index = facts.index
        return facts

    def holds(self, kind):
        """References to a type that are ours."""
        return 1 if id(kind) in self._by_id else 0

    def all(self):
        """The types themselves."""
        return [facts.type for facts in self._by_id.values()]
