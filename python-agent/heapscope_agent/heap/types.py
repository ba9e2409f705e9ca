"""What is known of the types whose instances a walk meets, and their records in the dump."""

import sys

from heapscope_agent.heap.descriptors import (
    HAS_GC, HEAP, IS_TYPE, MEMBER, base_of, dict_offset_of, defines, flags_of, is_python, module_of, mro_of, name_of,
    namespace, text_of, weak_offset_of)
from heapscope_agent.heap.labels import (
    TYPE_FLAG_FINALIZER,
    TYPE_FLAG_HEAP,
    TYPE_FLAG_LOWER_BOUND,
    TYPE_FLAG_METACLASS,
    TYPE_FLAG_PYTHON,
    TYPE_FLAG_SLOTS,
    TYPE_FLAG_UNCOLLECTED,
    TYPE_FLAG_WEAK_REFERENCED,
)
from heapscope_agent.heap.lengths import of_type
from heapscope_agent.heap.sizes import Measure, is_lower_bound

_MANAGED_DICT, _MANAGED_WEAKREF, _INLINE_VALUES = 1 << 4, 1 << 3, 1 << 2
_NO_BASE = 0xFFFFFFFF
_version = sys.version_info
VALUES_APART = (3, 11) <= _version < (3, 13)
"""An instance's values are in a separate block, with a pointer to it before the object."""
VALUES_INLINE = _version >= (3, 13)

UNKNOWN = "?"
"""The module of a class that replaced it by something else; "" would make it a builtin."""


class TypeFacts:
    """One type of the heap, as the walk needs it. ``index`` counts from 0 in the order of the dump's records."""

    __slots__ = ("type", "index", "flags", "has_gc", "sizes", "degrees", "slots", "has_dict", "plain",
                 "inline", "values", "candidates", "likely", "rest", "measured")

    def __init__(self, kind, index):
        self.type, self.index = kind, index
        self.flags = flags = flags_of(kind)
        self.has_gc = bool(flags & HAS_GC)
        self.sizes = Measure(kind).sizes
        self.measured = of_type(kind)
        self.degrees = {}
        self.slots = self._slot_names(kind) if flags & HEAP else ()
        self.has_dict = dict_offset_of(kind) != 0
        self.plain = all([base is object or is_python(base) for base in mro_of(kind) or ()])
        self.inline = bool(VALUES_APART and flags & _MANAGED_DICT and self.plain or VALUES_INLINE and flags & _INLINE_VALUES)
        self.values = 0
        self.candidates = self.likely = self.rest = None

    @staticmethod
    def _slot_names(kind):
        """(name, reader) of ``__slots__``, in no particular order."""
        found = []
        for base in mro_of(kind) or ():
            if flags_of(base) & HEAP and "__slots__" in namespace(base):
                for name, value in list(namespace(base).items()):
                    if type(value) is MEMBER and type(name) is str:
                        found.append((name, value.__get__))
        return tuple(found)

    def values_size(self, count):
        """Bytes of the inline values of an instance with ``count`` of them, as far as visible from outside: the capacity is one
        more than the type's instances use once there are a few dozen of them.
        """
        self.values = max(self.values, count)
        room = self.values + 1
        return (room + 9 & ~7) + room * 8 if VALUES_APART else (room + 7 & ~7) + (room + 1) * 8

    def record(self, base_index):
        """Flags, module and name of the TYPE record, and ``base_index`` if there is no base."""
        kind = self.type
        flags = TYPE_FLAG_HEAP if self.flags & HEAP else 0
        if is_python(kind):
            flags |= TYPE_FLAG_PYTHON
        if defines(kind, "__del__"):
            flags |= TYPE_FLAG_FINALIZER
        if weak_offset_of(kind) or _version >= (3, 12) and self.flags & _MANAGED_WEAKREF:
            flags |= TYPE_FLAG_WEAK_REFERENCED
        if self.flags & IS_TYPE:
            flags |= TYPE_FLAG_METACLASS
        if self.slots:
            flags |= TYPE_FLAG_SLOTS
        if not self.has_gc:
            flags |= TYPE_FLAG_UNCOLLECTED
        if is_lower_bound(kind):
            flags |= TYPE_FLAG_LOWER_BOUND
        return flags, base_index, text_of(module_of, kind) or UNKNOWN, text_of(name_of, kind)


class Types:
    """All types that the dump names; a type's base is named before it."""

    def __init__(self, dump):
        self._dump = dump
        self._by_id = {}

    def of(self, kind):
        """The facts of a type, after its record was written."""
        found = self._by_id.get(id(kind))
        return found if found is not None else self._learn(kind)

    def learn(self, kinds):
        """Classes that were found as objects: they have a name even where they have no instance."""
        for kind in kinds:
            self.of(kind)

    def _learn(self, kind):
        chain = [kind]
        while True:
            base = base_of(chain[-1])
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
