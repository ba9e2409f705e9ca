"""Names of references, found by identity: ``get_referents`` returns an object's referents in the order of its type's C code,
descriptors that run no Python return the same objects by name, and if both agree for every object of a batch the name is
certain. Uncertain references stay unnamed.
"""

import sys
from _operator import is_
from gc import get_referents
from itertools import repeat

import _collections
import _functools

from heapscope_agent.heap.labels import LABEL_ATTRIBUTE, LABEL_FIELD, LABEL_LOCAL, REST_UNNAMED
from heapscope_agent.heap.descriptors import (
    FUNCTION, GETTER, HEAP, IS_TYPE, MEMBER, defines, flags_of, module_of, mro_of, namespace, real_namespace, text_of)
from heapscope_agent.heap import held
from heapscope_agent.layout import builtin_types as types
from heapscope_agent.layout import library

SAMPLES = 8
MAX_ATTRIBUTES = 400
"""Names that are tried on one instance of a class to learn its attributes."""
MAX_CODES = 200
MAX_ONE_BY_ONE = 200000
"""Objects whose names are looked for one by one, if they are not the same for a whole batch."""

_get = object.__getattribute__
_code, _frame = types.CodeType, types.FrameType

_FIELDS = {
    FUNCTION: ("__globals__", "__closure__", "__doc__", "__module__", "__builtins__", "__name__", "__qualname__",
               "__annotate__"),
    type([].append): ("__self__", "__module__"),
    types.MethodType: ("__func__", "__self__"),
    property: ("fget", "fset", "fdel", "__doc__"),
    staticmethod: ("__func__",),
    classmethod: ("__func__",),
    _functools.partial: ("func", "args", "keywords"),
    types.ModuleType: ("__dict__",),
    slice: ("start", "stop", "step"),
    range: ("start", "stop", "step"),
    super: ("__thisclass__", "__self__", "__self_class__"),
    BaseException: ("args", "__traceback__", "__cause__", "__context__"),
    types.FrameType: ("f_globals", "f_builtins", "f_trace"),
    types.GeneratorType: ("gi_yieldfrom",),
    types.CoroutineType: ("cr_await",),
    types.AsyncGeneratorType: ("ag_await",),
    type: ("__mro__", "__bases__", "__base__"),
    _collections.defaultdict: ("default_factory",),
    types.GetSetDescriptorType: ("__objclass__",),
    types.MemberDescriptorType: ("__objclass__",),
    types.MethodDescriptorType: ("__objclass__",),
    types.ClassMethodDescriptorType: ("__objclass__",),
    types.WrapperDescriptorType: ("__objclass__",),
    types.MethodWrapperType: ("__self__",),
    types.CellType: ("cell_contents",),
    types.GenericAlias: ("__origin__", "__args__"),
    _code: ("co_consts", "co_names", "co_filename", "co_name", "co_qualname", "co_linetable", "co_exceptiontable"),
}
"""Fields of built-in types whose descriptors neither make anything nor tell anybody (``__code__``, ``gi_code`` and
``tb_frame`` raise audit events, ``__dict__``, ``__annotations__`` and, from 3.11, ``co_varnames`` make and keep objects)."""
if sys.version_info < (3, 11):
    _FIELDS[_code] = ("co_code", "co_consts", "co_names", "co_varnames", "co_freevars", "co_cellvars", "co_filename",
                      "co_name", "co_lnotab" if sys.version_info < (3, 10) else "co_linetable")
if library.CONTEXT_TYPES:
    _FIELDS[library.CONTEXT_TYPES[0]] = ("name",)
_FIELDS = {id(kind): names for kind, names in _FIELDS.items()}  # a metaclass may have __eq__ and no __hash__

_BY_TYPE = {
    FUNCTION: {_code: "__code__"},
    types.GeneratorType: {_code: "gi_code", _frame: "gi_frame", FUNCTION: "f_func"},
    types.CoroutineType: {_code: "cr_code", _frame: "cr_frame", FUNCTION: "f_func"},
    types.AsyncGeneratorType: {_code: "ag_code", _frame: "ag_frame", FUNCTION: "f_func"},
    types.TracebackType: {_frame: "tb_frame", types.TracebackType: "tb_next"},
    _frame: {_code: "f_code", _frame: "f_back"},
}
"""Fields that are recognised by the type of their referent, the first of that type among the referents."""
if sys.version_info < (3, 11):
    for _names in list(_BY_TYPE.values())[1:4]:
        del _names[FUNCTION]
_BY_TYPE = {id(kind): {id(target): name for target, name in names.items()} for kind, names in _BY_TYPE.items()}
_TUPLES_ARE_ANNOTATIONS = sys.version_info < (3, 12)
"""Later versions have ``__type_params__`` too."""
_MAY_BE_NONE = ("__doc__", "__module__", "start", "stop", "step", "cell_contents")
"""Fields that hold None; the readers of the others return None if the field is empty."""
_LOCALS = {id(kind) for kind in (_frame, types.GeneratorType, types.CoroutineType, types.AsyncGeneratorType)}


def field_readers(kind):
    """(label kind, name, reader) of the fields that a built-in type or its nearest such base has."""
    for base in mro_of(kind) or ():
        names = _FIELDS.get(id(base)) or held.fields(base)
        if names is not None:
            found = [(LABEL_FIELD, name, value.__get__) for name in names for value in (_defined(base, name),)
                     if type(value) in (MEMBER, GETTER)]
            return found + (_members(kind) if base is BaseException else [])
    return []


def _defined(kind, name):
    """From 3.14 a Task leaves some to Future."""
    return next((namespace(base)[name] for base in mro_of(kind) if name in namespace(base)), None)


def _members(kind):
    """What the C code of an exception's type exposes, such as the value of StopIteration."""
    return [(LABEL_FIELD, name, value.__get__) for base in mro_of(kind) if not flags_of(base) & HEAP
            for name, value in list(namespace(base).items()) if type(value) is MEMBER and type(name) is str]


def attribute_names(kind):
    """Names that instances' attributes probably have, and that are not the class's, so that reading them from an instance
    runs no code: the names in the code of the class, then those in the code of its module.
    """
    names = {}
    spaces = [namespace(base) for base in mro_of(kind) if flags_of(base) & HEAP]
    for own in spaces:
        for listed in (own.get("__static_attributes__"), own.get("__match_args__"), own.get("__annotations__"),
                       own.get("__dataclass_fields__")):
            if type(listed) in (tuple, dict):
                names.update(zip(list(listed), repeat(None)))
    module = text_of(module_of, kind)
    home = sys.modules.get(module)
    if type(home) is types.ModuleType:
        spaces.append(_module_dict(home))
    functions = [value for own in spaces for value in list(own.values()) if type(value) is FUNCTION][:MAX_CODES]
    for code in get_referents(*functions):
        if type(code) is _code:
            names.update(zip(_co_names(code), repeat(None)))
    return [name for name in list(names) if type(name) is str and not defines(kind, name)][:MAX_ATTRIBUTES]


_module_dict = types.ModuleType.__dict__["__dict__"].__get__
_co_names = _code.__dict__["co_names"].__get__


def is_namespace(instance, candidate):
    """Whether a dictionary is the ``__dict__`` of an instance, tested by an attribute that exists only there."""
    if type(candidate) is not dict:
        return False
    kind = type(instance)
    for name, value in list(candidate.items()):
        if type(name) is str and not defines(kind, name):
            try:
                return _get(instance, name) is value
            except Exception:
                return False
    return False


class Names:
    """Labels and shapes of one dump. A choice for a position is ``(label, reader, further arguments)``, or ``(label, None,
    test)`` if the name follows from the referent itself.
    """

    def __init__(self, dump):
        self._dump = dump
        self.class_label = dump.label(LABEL_FIELD, "__class__")
        self._namespace = dump.label(LABEL_FIELD, "__dict__")
        self._local = dump.label(LABEL_LOCAL, "")
        self._never_none = set()
        self._patience = MAX_ONE_BY_ONE

    def candidates(self, facts, sample):
        """Everything that could name a referent of the type's instances, including attributes of ``sample``."""
        if facts.candidates is None:
            label = self._dump.label
            found = [(label(LABEL_ATTRIBUTE, name), read, ()) for name, read in facts.slots]
            fields = field_readers(facts.type)
            found += [(label(kind, name), read, ()) for kind, name, read in fields]
            self._never_none.update([label(kind, name) for kind, name, _ in fields if name not in _MAY_BE_NONE])
            if facts.flags & IS_TYPE:
                found.append((self._namespace, real_namespace, ()))
            facts.candidates = found
            facts.rest = held.rest_of(facts.type)
            facts.likely = attribute_names(facts.type) if facts.inline else []
        if facts.likely:
            self._learn(facts, sample)
        return facts.candidates

    def _learn(self, facts, sample):
        for name in list(facts.likely):
            try:
                _get(sample, name)
            except Exception:
                continue
            facts.likely.remove(name)
            facts.candidates.append((self._dump.label(LABEL_ATTRIBUTE, name), _get, (name,)))

    def labels(self, facts, objects, degree, targets):
        """Labels of the ``degree`` referents of each of ``objects``, 0 for one without a name; None if they are not the same
        for all. ``targets`` is flat, object after object.
        """
        chosen = facts.degrees.get(degree)
        labels = self._all_certain(chosen, objects, degree, targets) if chosen is not None else None
        if labels is None:
            chosen = facts.degrees[degree] = self._choose(facts, objects, degree, targets)
            labels = self._all_certain(chosen, objects, degree, targets)
        if labels is None:
            if self._patience > 0:
                self._patience -= len(objects)
                return None
            labels = [self._certain(choice, objects, targets[position::degree]) or 0
                      for position, choice in enumerate(chosen)]
        if facts.type is FUNCTION:
            self._function(labels, objects, degree, targets)
        if facts.rest is not None:
            facts.rest(held.Columns(self._dump, labels, degree, targets))
        return labels

    def _all_certain(self, chosen, objects, degree, targets):
        labels = []
        for position, choice in enumerate(chosen):
            label = self._certain(choice, objects, targets[position::degree])
            if label is None:
                return None
            labels.append(label)
        return labels

    def _choose(self, facts, objects, degree, targets):
        numbers = range(0, len(objects), max(1, len(objects) // SAMPLES))
        for number in numbers:
            candidates = self.candidates(facts, objects[number])
        fitting = [None] * degree
        mixed = set()
        for number in numbers:
            values = self._read(candidates, objects[number])
            for position in range(degree):
                target = targets[number * degree + position]
                here = [index for index, value in enumerate(values) if value is target]
                known = fitting[position]
                fitting[position] = here if known is None else [index for index in known if index in here]
                if here and not fitting[position] or known and not here:
                    mixed.add(position)
        chosen = self._assign(facts, objects[0], candidates, fitting, targets[:degree])
        return [_MIXED if position in mixed else choice for position, choice in enumerate(chosen)]

    def _assign(self, facts, instance, candidates, fitting, targets):
        chosen, used = [], set()
        for position, target in enumerate(targets):
            free = [index for index in fitting[position] if index not in used]
            if free:
                used.add(free[0])
                chosen.append(candidates[free[0]])
                continue
            choice = self._unread(facts, instance, target, used)
            if choice is not None and choice[0] != self._local:
                used.add(choice[0] + len(candidates))
            chosen.append(choice)
        return chosen

    def _unread(self, facts, instance, target, used):
        """The kind of a referent that no reader returned."""
        if target is facts.type and facts.flags & HEAP:
            return self.class_label, type, ()
        if facts.has_dict and type(target) is dict and facts.type is not FUNCTION:
            if facts.plain and not facts.inline:
                return self._namespace, None, _all_dicts
            if is_namespace(instance, target):
                return self._namespace, None, _all_namespaces
        name = _BY_TYPE.get(id(facts.type), {}).get(id(type(target)))
        if name is not None:
            label = self._dump.label(LABEL_FIELD, name)
            if label + len(facts.candidates) not in used:
                return label, None, _all_of_the_type(type(target))
        return (self._local, None, _anything) if id(facts.type) in _LOCALS else None

    def _read(self, candidates, instance):
        values = []
        for label, read, more in candidates:
            try:
                value = read(instance, *more)
                if value is None and label in self._never_none:
                    value = candidates  # not a referent of any object
            except Exception:
                value = candidates
            values.append(value)
        return values

    @staticmethod
    def _certain(choice, objects, targets):
        """The label of a choice that applies to all, 0 if there is none, else None."""
        if choice is None:
            return 0
        label, read, more = choice
        if read is None:
            return label if more(objects, targets) else None
        try:
            return label if all(map(is_, map(read, objects, *map(repeat, more)), targets)) else None
        except Exception:  # one of them has no such attribute
            return None

    def one(self, facts, instance, targets):
        """Like ``labels``, for one object by itself."""
        candidates = self.candidates(facts, instance)
        values = self._read(candidates, instance)
        fitting = [[index for index, value in enumerate(values) if value is target] for target in targets]
        chosen = self._assign(facts, instance, candidates, fitting, targets)
        labels = [choice[0] if choice is not None else 0 for choice in chosen]
        if facts.type is FUNCTION:
            self._function(labels, [instance], len(targets), targets)
        if facts.rest is not None:
            facts.rest(held.Columns(self._dump, labels, len(targets), targets))
        return labels

    def _function(self, labels, objects, degree, targets):
        """Names a function's defaults and dictionaries by their position among the fields that have readers."""
        label = self._dump.label
        module, doc, name, qualified = [
            labels.index(found) if found in labels else None
            for found in [label(LABEL_FIELD, text) for text in ("__module__", "__doc__", "__name__", "__qualname__")]]
        for position, known in enumerate(labels):
            if known:
                continue
            kinds = set(map(id, map(type, targets[position::degree])))
            if module is not None and doc is not None and module < position < doc:
                if kinds == {id(tuple)}:
                    labels[position] = label(LABEL_FIELD, "__defaults__")
                elif kinds == {id(dict)}:
                    labels[position] = label(LABEL_FIELD, "__kwdefaults__")
            elif name is not None and qualified is not None and name < position < qualified:
                if kinds == {id(tuple)} and _TUPLES_ARE_ANNOTATIONS:
                    labels[position] = label(LABEL_FIELD, "__annotations__")
                elif kinds == {id(dict)} and all(targets[position::degree]):  # an empty one may be either
                    own = list(map(is_namespace, objects, targets[position::degree]))
                    if all(own) or not any(own):
                        labels[position] = label(LABEL_FIELD, "__dict__" if own[0] else "__annotations__")

    def values_among(self, facts, labels):
        """How many of an instance's referents lie in it by value: not its slots, its class, or what its C base has; None where
        it has a dictionary of its own."""
        if self._namespace in labels:
            return None
        others = {label for label, _, more in facts.candidates or () if not more} | {self.class_label}
        return sum([label not in others and bool(label or facts.plain) for label in labels])

    def shape(self, labels, rest=REST_UNNAMED):
        """The shape's id; trailing empty labels are dropped."""
        labels = list(labels)
        while labels and not labels[-1] and rest == REST_UNNAMED:
            labels.pop()
        return self._dump.shape(tuple(labels), rest)


def _all_dicts(objects, targets):
    return set(map(id, map(type, targets))) == {id(dict)}


def _all_namespaces(objects, targets):
    return all(map(is_namespace, objects, targets))


def _all_of_the_type(kind):
    def test(objects, targets):
        return set(map(id, map(type, targets))) == {id(kind)}
    return test


def _anything(objects, targets):
    return True


def _nothing(objects, targets):
    return False


_MIXED = 0, None, _nothing
"""The choice for a position where the objects differ."""
