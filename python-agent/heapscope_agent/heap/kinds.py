"""How objects of special kinds are read: atoms, subclasses of containers, weak references, types, and those whose C code
hides references from the collector. Each function describes objects of one type in a ``Walk``.
"""

import sys
from _operator import is_
from _weakref import ref
from array import array
from gc import get_referents
from itertools import chain, compress, repeat

import _collections

from heapscope_agent.heap.labels import LABEL_FIELD, LABEL_WEAK, REST_ITEMS, REST_MEMBERS, REST_PAIRS
from heapscope_agent.heap.descriptors import HEAP, IS_TYPE, READY, flags_of, mro_of, namespace
from heapscope_agent.heap.held import CACHE_TYPE, caches, fields, greenlets, is_greenlet
from heapscope_agent.layout import builtin_types as types
from heapscope_agent.layout import library

_LIST, _TUPLE, _DICT = 1 << 25, 1 << 26, 1 << 29
_referent = ref.__call__
_type_name = type.__dict__["__name__"].__get__
_type_qualname = type.__dict__["__qualname__"].__get__
_END = object()
_MARK = [_END]


_SHOWS_FREED = sys.version_info[:2] == (3, 12)
"""In CPython 3.12 ``_asyncio`` shows the collector iterators that are freed and kept for the next use: who takes a reference to one
frees it twice, and the program's next collection never ends."""


def _shown(objects):
    """What may be asked for its referents instead."""
    module = sys.modules.get("_asyncio") if _SHOWS_FREED and type(objects[0]) is type(sys) else None
    return objects if module is None else [(entry.__dict__,) if entry is module else entry for entry in objects]


def by_degree(objects, refs):
    """Objects by the number of their referents: ``{degree: (objects, refs, referents, flat)}``."""
    marked = [_MARK] * (2 * len(objects))
    marked[0::2] = _shown(objects)
    targets = get_referents(*marked)
    del marked
    degree = len(targets) // len(objects) - 1
    if len(targets) == len(objects) * (degree + 1) and all(map(is_, targets[degree::degree + 1], repeat(_END))):
        del targets[degree::degree + 1]
        return {degree: (objects, refs, targets)}
    found = {}
    start = 0
    for number, end in enumerate(list(compress(range(len(targets)), map(is_, targets, repeat(_END))))):
        group = found.setdefault(end - start, ([], array("I"), []))
        group[0].append(objects[number])
        group[1].append(refs[number])
        group[2].extend(targets[start:end])
        start = end + 1
    return found


def atoms(walk, facts, objects, flags, held):
    """Objects without references."""
    walk.nodes(facts, objects, flags, walk.refs(objects, held), 0, 0)


def hashed(walk, facts, objects, flags, held):
    """Strings and bytes."""
    atoms(walk, facts, objects, flags, held)
    walk.note_hashes(map(id, objects), map(hash, objects))


def fielded(walk, facts, objects, flags, held):
    """Objects whose references are hidden from the collector: each field by its reader."""
    refs = walk.refs(objects, held)
    walk.describe(facts, objects, flags, refs, [_fields(walk, facts, entry) for entry in objects])


def _fields(walk, facts, entry):
    labels, targets = [], []
    for label, read, more in walk.names.candidates(facts, entry):
        target = read(entry, *more)
        if target is not None:
            labels.append(label)
            targets.append(target)
    return labels, targets


def times(walk, facts, objects, flags, held):
    """Of the module datetime: what they hold is their zone."""
    refs = walk.refs(objects, held)
    zone = namespace(facts.type)["tzinfo"].__get__
    label = [walk.dump.label(LABEL_FIELD, "tzinfo")]
    found = list(map(zone, objects))
    walk.describe(facts, objects, flags, refs, [((), ()) if target is None else (label, [target]) for target in found])


def zones(walk, facts, objects, flags, held):
    """Time zones of a fixed offset."""
    refs = walk.refs(objects, held)
    labels = [walk.dump.label(LABEL_FIELD, "offset"), walk.dump.label(LABEL_FIELD, "name")]
    of = namespace(facts.type)["__getinitargs__"]
    found = list(map(list, map(of, objects)))
    walk.describe(facts, objects, flags, refs, [(labels[:len(targets)], targets) for targets in found])


def variables(walk, facts, objects, flags, held):
    """Parts of a context, whose values are named by their variables."""
    refs = walk.refs(objects, held)
    edges = []
    for entry in objects:
        targets = get_referents(entry)
        edges.append((_names_of_values(walk, targets), targets))
    walk.describe(facts, objects, flags, refs, edges)


def _names_of_values(walk, targets):
    """From the last pair to the first, the value before its variable; what has no variable is a deeper part."""
    labels = [0] * len(targets)
    at = len(targets) - 1
    while at >= 0:
        if type(targets[at]) is _VARIABLE and at > 0:
            at -= 1
            labels[at] = walk.dump.label(LABEL_FIELD, _variable_name(targets[at + 1]))
        at -= 1
    return labels


def types_(walk, facts, objects, flags, held):
    """Types; the references of a static type are hidden from the collector."""
    refs = array("I", [walk.refs([entry], held + 2 + walk.types.holds(entry))[0] for entry in objects])
    own_names = [walk.dump.label(LABEL_FIELD, "__name__"), walk.dump.label(LABEL_FIELD, "__qualname__")]
    edges = []
    for entry in objects:
        if flags_of(entry) & HEAP:
            targets = get_referents(entry)
            labels = walk.names.one(facts, entry, targets)
            edges.append((labels + own_names, targets + [_type_name(entry), _type_qualname(entry)]))
        elif flags_of(entry) & READY:
            edges.append(_fields(walk, facts, entry))
        else:  # a static type whose module never called PyType_Ready (_testcapi has one): its getters would crash
            edges.append(([], []))
    walk.describe(facts, objects, flags, refs, edges)


def weak(walk, facts, objects, flags, held):
    """Weak references: the edge to their referent is weak."""
    label = walk.dump.label(LABEL_FIELD | LABEL_WEAK, "referent")
    callback = walk.dump.label(LABEL_FIELD, "__callback__")
    refs = walk.refs(objects, held)
    edges = []
    for entry in objects:
        targets = get_referents(entry)
        labels = [callback] * len(targets) if facts.type is ref else walk.names.one(facts, entry, targets)
        target = _referent(entry)
        if target is not None:
            targets.append(target)
            labels.append(label)
        edges.append((labels, targets))
    walk.describe(facts, objects, flags, refs, edges)


def queues(walk, facts, objects, flags, held):
    """Deques: their class, if it is a heap type, then their items."""
    labels = [walk.names.class_label] if facts.flags & HEAP else []
    refs = walk.refs(objects, held)
    for degree, (some, some_refs, targets) in by_degree(objects, refs).items():
        walk.nodes(facts, some, flags, some_refs, degree, walk.names.shape(labels, REST_ITEMS))
        walk.edges(targets)


def tuples(walk, facts, objects, flags, held):
    """Subclasses of tuple; there are many named tuples, so they are processed by columns."""
    refs = walk.refs(objects, held)
    for degree, (some, some_refs, targets) in by_degree(objects, refs).items():
        lengths = set(map(tuple.__len__, some))
        own = degree - max(lengths)
        if len(lengths) > 1 or own < 0:
            _mixed(walk, facts, some, flags, some_refs, degree, targets, None, REST_ITEMS)
            continue
        columns = [targets[position::degree] for position in range(own)]
        columns += [targets[degree - 1 - index::degree] for index in range(degree - own)]  # C goes from the last to the first
        labels = walk.names.labels(facts, some, own, list(chain.from_iterable(zip(*columns[:own])))) if own else []
        if labels is None:
            _mixed(walk, facts, some, flags, some_refs, degree, targets, None, REST_ITEMS)
            continue
        walk.nodes(facts, some, flags, some_refs, degree, walk.names.shape(labels, REST_ITEMS))
        walk.edges(list(chain.from_iterable(zip(*columns))))


def containers(walk, facts, objects, flags, held):
    """Subclasses of list, dict, set and frozenset: first the instance's other references, then the contents."""
    contents, rest = _contents(facts)
    refs = walk.refs(objects, held)
    for degree, (some, some_refs, targets) in by_degree(objects, refs).items():
        _mixed(walk, facts, some, flags, some_refs, degree, targets, contents, rest)


def _contents(facts):
    if facts.flags & _DICT:
        return dict.items, REST_PAIRS
    if facts.flags & _LIST:
        return None, REST_ITEMS
    return (set.__iter__ if _derives(facts.type, set) else frozenset.__iter__), REST_MEMBERS


def _mixed(walk, facts, objects, flags, refs, degree, targets, contents, rest):
    edges = []
    for number, entry in enumerate(objects):
        seen = targets[number * degree:(number + 1) * degree]
        inside = _items(facts, entry, seen) if contents is None else list(contents(entry))
        held = len(inside)
        if rest == REST_PAIRS:
            # A dictionary whose keys are all strings visits only its values, others visit value, key, value, key.
            if inside and not (degree >= held and all(map(is_, seen[degree - held:], [value for _, value in inside]))):
                held *= 2
            walk.key_texts([key for key, _ in inside])
            inside = list(chain.from_iterable(inside))
        own = seen[:degree - held] if degree >= held else []
        edges.append((walk.names.one(facts, entry, own), own + inside))
    walk.describe(facts, objects, flags, refs, edges, rest)


def _items(facts, entry, seen):
    # Like lists and tuples themselves: never by their iterators.
    length = (tuple.__len__ if facts.flags & _TUPLE else list.__len__)(entry)
    return seen[:-length - 1:-1] if length else []


def _derives(kind, base):
    return any([entry is base for entry in mro_of(kind)])


def reader(facts):
    """The function that describes objects of a type; None if the collector's information is sufficient."""
    found = _EXACT.get(id(facts.type))
    if found is not None:
        return found
    if facts.flags & IS_TYPE:
        return types_
    if facts.flags & _TUPLE:
        return tuples
    if facts.flags & (_LIST | _DICT):
        return containers
    if not facts.has_gc:
        return _of_library(facts.type) or (fielded if fields(facts.type) else atoms)
    if is_greenlet(facts.type):
        return greenlets
    for base in mro_of(facts.type):
        if base is set or base is frozenset:
            return containers
        if base is ref:
            return weak
    return None


def _of_library(kind):
    if any([kind is known for known in library.times()]):
        return times
    return zones if kind is library.zone() else None


_VARIABLE, _VARIABLES, _ = library.CONTEXT_TYPES or (None, None, None)
_variable_name = namespace(_VARIABLE)["name"].__get__ if _VARIABLE is not None else None
_EXACT = {
    id(str): hashed, id(bytes): hashed, id(types.CodeType): fielded, id(range): fielded,
    id(_collections.deque): queues, id(ref): weak,
    id(_VARIABLES): variables, id(CACHE_TYPE): caches,
}
