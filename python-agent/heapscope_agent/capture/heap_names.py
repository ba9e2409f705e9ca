"""Names of references, found by identity: ``get_referents`` gives an object's referents in the order of its type's C code,
descriptors that run no Python give the same objects by name, and where both agree for every object of a batch the name
is certain. What stays uncertain stays unnamed.
"""

from itertools import repeat
from operator import is_

from heapscope_agent.capture.heap_dump import ATTRIBUTE, FIELD, LOCAL, UNNAMED
from heapscope_agent.capture.heap_types import (
    GETTER, HEAP, IS_TYPE, MEMBER, VALUES_APART, FUNCTION, find, flags_of, mro_of, namespace, real_namespace)

import _collections
import _functools
import sys
import types

SAMPLES = 8
MAX_ATTRIBUTES = 400
"""Names that are tried on one instance of a class to learn its attributes."""
MAX_CODES = 200

_get = object.__getattribute__
_code = type((lambda: 0).__code__)

_FIELDS = {
    type(lambda: 0): ("__globals__", "__closure__", "__doc__", "__module__", "__builtins__"),
    type([].append): ("__self__", "__module__"),
    types.MethodType: ("__func__", "__self__"),
    property: ("fget", "fset", "fdel", "__doc__"),
    staticmethod: ("__func__",),
    classmethod: ("__func__",),
    _functools.partial: ("func", "args", "keywords"),
    types.ModuleType: ("__dict__",),
    slice: ("start", "stop", "step"),
    super: ("__thisclass__", "__self__", "__self_class__"),
    types.TracebackType: ("tb_next", "tb_frame"),
    BaseException: ("args", "__traceback__", "__cause__", "__context__"),
    types.FrameType: ("f_back", "f_code", "f_globals", "f_builtins", "f_trace"),
    types.GeneratorType: ("gi_code", "gi_yieldfrom"),
    types.CoroutineType: ("cr_code", "cr_await"),
    types.AsyncGeneratorType: ("ag_code", "ag_await"),
    type: ("__mro__", "__bases__", "__base__"),
    _collections.defaultdict: ("default_factory",),
    types.GetSetDescriptorType: ("__objclass__",),
    types.MemberDescriptorType: ("__objclass__",),
    types.MethodDescriptorType: ("__objclass__",),
    types.ClassMethodDescriptorType: ("__objclass__",),
    types.WrapperDescriptorType: ("__objclass__",),
    types.MethodWrapperType: ("__self__",),
}
"""Fields of built-in types whose descriptors neither make anything nor tell anybody (``__code__`` and ``__defaults__``
raise audit events, ``__dict__`` and ``__annotations__`` make dictionaries)."""
if sys.version_info < (3, 11):
    _FIELDS[types.CodeType] = ("co_code", "co_consts", "co_names", "co_varnames", "co_freevars", "co_cellvars",
                               "co_filename", "co_name", "co_lnotab" if sys.version_info < (3, 10) else "co_linetable")
else:  # the others make copies and keep them
    _FIELDS[types.CodeType] = ("co_consts", "co_names", "co_filename", "co_name", "co_qualname", "co_linetable",
                               "co_exceptiontable")
_FIELDS[range] = ("start", "stop", "step")
_FIELDS = {id(kind): names for kind, names in _FIELDS.items()}  # a metaclass may have __eq__ and no __hash__

_LOCALS = {id(kind) for kind in (types.FrameType, types.GeneratorType, types.CoroutineType, types.AsyncGeneratorType)}


def field_readers(kind):
    """(label kind, name, reader) of the fields that a built-in type or its nearest such base has."""
    for base in mro_of(kind) or ():
        names = _FIELDS.get(id(base))
        if names is not None:
            own = namespace(base)
            return [(FIELD, name, own[name].__get__) for name in names if type(own.get(name)) in (MEMBER, GETTER)]
    return []


def _attribute_names(kind, sample):
    """Attributes of an instance that lie in it and not in its class, so that reading them runs nothing."""
    names = {}
    functions = 0
    for base in mro_of(kind):
        if not flags_of(base) & HEAP:
            continue
        own = namespace(base)
        listed = own.get("__static_attributes__")
        if type(listed) is tuple:
            names.update(zip(listed, repeat(None)))
        for value in list(own.values()):
            if type(value) is FUNCTION and functions < MAX_CODES:
                functions += 1
                for code in _codes(value):
                    names.update(zip(code.co_names, repeat(None)))
    found = []
    for name in list(names)[:MAX_ATTRIBUTES]:
        if type(name) is str and find(kind, name) is None:
            try:
                _get(sample, name)
            except Exception:
                continue
            found.append(name)
    return found


def _codes(function):
    from gc import get_referents
    return [value for value in get_referents(function) if type(value) is _code]


class Names:
    """Shapes of one dump."""

    def __init__(self, dump):
        self._dump = dump
        self._class = dump.label(FIELD, "__class__")
        self._namespace = dump.label(FIELD, "__dict__")
        self._local = dump.label(LOCAL, "")

    def candidates(self, facts, sample):
        """(label, reader, further arguments) of everything that could name a referent of the type's instances."""
        if facts.candidates is None:
            label = self._dump.label
            found = [(label(ATTRIBUTE, name), read, ()) for name, read in facts.slots]
            found += [(label(kind, name), read, ()) for kind, name, read in field_readers(facts.type)]
            if facts.inline:
                found += [(label(ATTRIBUTE, name), _get, (name,)) for name in _attribute_names(facts.type, sample)]
            if facts.flags & IS_TYPE:
                found.append((self._namespace, real_namespace, ()))
            facts.candidates = found
        return facts.candidates

    def labels(self, facts, objects, degree, targets):
        """Labels of the ``degree`` referents that each of ``objects`` has; 0 for one without a name. ``targets`` is
        flat, object after object."""
        chosen = facts.degrees.get(degree)
        if chosen is None:
            chosen = facts.degrees[degree] = self._choose(facts, objects, degree, targets)
        return [self._certain(choice, objects, targets[position::degree])
                for position, choice in enumerate(chosen)]

    def _choose(self, facts, objects, degree, targets):
        candidates = self.candidates(facts, objects[0])
        fitting = [None] * degree
        for number in range(0, len(objects), max(1, len(objects) // SAMPLES)):
            values = self._read(candidates, objects[number])
            for position in range(degree):
                target = targets[number * degree + position]
                here = [index for index, value in enumerate(values) if value is target]
                known = fitting[position]
                fitting[position] = here if known is None else [index for index in known if index in here]
        chosen, used = [], set()
        for position in range(degree):
            free = [index for index in fitting[position] if index not in used]
            if free:
                used.add(free[0])
                chosen.append(candidates[free[0]])
            else:
                chosen.append(self._without_reader(facts, targets[position]))
        return chosen

    def _without_reader(self, facts, target):
        if target is facts.type and facts.flags & HEAP:
            return self._class, type, ()
        if type(target) is dict and facts.has_dict and not facts.inline:
            return self._namespace, None, ()
        if id(facts.type) in _LOCALS:
            return self._local, None, ()
        return None

    @staticmethod
    def _read(candidates, instance):
        values = []
        for _, read, more in candidates:
            try:
                values.append(read(instance, *more))
            except Exception:
                values.append(candidates)  # no referent of anything's
        return values

    @staticmethod
    def _certain(choice, objects, targets):
        if choice is None:
            return 0
        label, read, more = choice
        if read is None:
            return label if len(set(map(id, map(type, targets)))) == 1 else 0
        try:
            return label if all(map(is_, map(read, objects, *map(repeat, more)), targets)) else 0
        except Exception:  # one of them has no such attribute
            return 0

    def one(self, facts, instance, targets):
        """As ``labels`` for one object whose like is not to be expected again."""
        candidates = self.candidates(facts, instance)
        values = self._read(candidates, instance)
        used = set()
        labels = []
        for target in targets:
            label = 0
            for index, value in enumerate(values):
                if value is target and index not in used:
                    used.add(index)
                    label = candidates[index][0]
                    break
            else:
                choice = self._without_reader(facts, target)
                label = choice[0] if choice is not None else 0
            labels.append(label)
        return labels

    def values_among(self, facts, labels, degree):
        """How many of an instance's referents lie in it by value: not its slots, its class or its dictionary."""
        if VALUES_APART and self._namespace in labels:
            return 0
        slots = {label for label, _, more in facts.candidates or () if not more}
        return sum([label != self._class and label not in slots for label in labels])

    def shape(self, labels, rest=UNNAMED):
        """The shape's id; labels that end in nothing are left out."""
        labels = list(labels)
        while labels and not labels[-1] and rest == UNNAMED:
            labels.pop()
        return self._dump.shape(tuple(labels), rest)
