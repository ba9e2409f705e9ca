"""What C code of the standard library holds for the program, named by its place among what the collector is shown: arguments and
results in the cache of a function, what a future or a task waits with, callbacks of a connection to sqlite.
"""

import sys
from gc import get_referents

from heapscope_agent.heap.labels import LABEL_FIELD
from heapscope_agent.heap.descriptors import mro_of, namespace
from heapscope_agent.layout import builtin_types as types
from heapscope_agent.layout import holders, library

_CONTEXT = library.CONTEXT_TYPES[2] if library.CONTEXT_TYPES else None
_SHOWS_FRAMES = sys.version_info < (3, 11)
_FUTURE = "_loop", "_result", "_exception", "_cancel_message", "_source_traceback"


def fields(kind):
    """Names of the readers that a type of this module has; None where it is none."""
    if _is_among(kind, holders.futures()):
        return _FUTURE + ("_coro", "_fut_waiter")
    return ("row_factory", "text_factory") if _is_among(kind, holders.connection()) else None


def _is_among(kind, kinds):
    """By identity: a metaclass may compare as it likes."""
    return any([kind is known for known in kinds])


# Cached functions

def caches(walk, facts, objects, flags, held):
    """Cached functions: ``layout.holders.Cache`` says in which order."""
    refs = walk.refs(objects, held)
    label = [walk.dump.label(LABEL_FIELD, name) for name in ("cached arguments", "cached result", "func", "cache", "__dict__")]
    edges = []
    for entry in objects:
        targets = get_referents(entry)
        labels = _of_cache(walk.names.class_label, label, targets)
        edges.append((walk.names.one(facts, entry, targets) if labels is None else labels, targets))
    walk.describe(facts, objects, flags, refs, edges)


def _of_cache(class_label, label, targets):
    cache, tail = holders.CACHE, _tail(targets)
    if tail is None:
        return None
    labels = [0] * len(targets)
    labels[:cache.first] = [class_label] * cache.first
    for place in range(cache.first, tail, cache.stride):
        labels[place:place + 2] = label[:2]
    labels[tail + cache.function], labels[tail + cache.results] = label[2:4]
    if tail + cache.tail < len(targets):
        labels[-1] = label[4]
    return labels


def _tail(targets):
    """Where the function and what comes with it begin; None where that is not certain."""
    cache = holders.CACHE
    own = (len(targets) - cache.first - cache.tail) % cache.stride
    tail = len(targets) - own - cache.tail
    return tail if own <= 1 and tail >= cache.first and type(targets[tail + cache.results]) is dict else None


def cached_function(entry):
    """None where it is not found."""
    targets = get_referents(entry)
    tail = _tail(targets)
    return None if tail is None else targets[tail + holders.CACHE.function]


# Greenlets

def is_greenlet(kind):
    """Whether instances of a type keep a frame that can be had without making one: with later versions greenlet makes one for each
    function, and shows it to the program ever after.
    """
    known = holders.greenlet() if _SHOWS_FRAMES else None
    return known is not None and _is_among(known, mro_of(kind) or ())


def notes():
    """For META: whether there are greenlets whose frames are not looked at."""
    return ["greenlets-unseen"] if holders.greenlet() is not None and not _SHOWS_FRAMES else []


def greenlets(walk, facts, objects, flags, held):
    """Greenlets: what the collector is shown, and the frame where each is suspended."""
    refs = walk.refs(objects, held)
    label, frame_of = walk.dump.label(LABEL_FIELD, "gr_frame"), namespace(holders.greenlet())["gr_frame"].__get__
    edges = []
    for entry in objects:
        targets, frame = get_referents(entry), frame_of(entry)
        labels = walk.names.one(facts, entry, targets)
        edges.append((labels, targets) if frame is None else (labels + [label], targets + [frame]))
    walk.describe(facts, objects, flags, refs, edges)


# Futures and tasks

def rest_of(kind):
    """A method of ``Columns`` that names what no reader returns; None if the type is none of this module."""
    for base in mro_of(kind) or ():
        if _is_among(base, holders.futures()):
            return Columns.of_future if base is kind else Columns.of_derived
        if _is_among(base, holders.connection()):
            return Columns.of_connection
    return None


class Columns:
    """Labels of some objects' referents, the same for all of them, and these referents, object after object."""

    def __init__(self, dump, labels, degree, targets):
        self._label, self._labels, self._degree, self._targets = dump.label, labels, degree, targets

    def _place(self, name):
        label = self._label(LABEL_FIELD, name)
        return self._labels.index(label) if label in self._labels else None

    def _name(self, place, name, kinds):
        """Whether it got the name."""
        good = 0 <= place < self._degree and not self._labels[place]
        if good and set(map(id, map(type, self._targets[place::self._degree]))) <= set(map(id, kinds)):
            self._labels[place] = self._label(LABEL_FIELD, name)
            return True
        return False

    def of_derived(self):
        """A class that derives from Future or Task may have attributes after what they have, so callbacks stay without names."""
        coroutine = self._place("_coro")
        if coroutine is not None:
            self._name(coroutine - 1, "_context", (_CONTEXT,))
            self._name(coroutine + 1, "_name", (str, int))

    def of_future(self):
        self.of_derived()
        loop = self._place("_loop")
        if loop is not None and self._name(loop + 2, "_context0", (_CONTEXT,)):
            self._labels[loop + 1] = self._labels[loop + 1] or self._label(LABEL_FIELD, "_callback0")
            more = self._name(loop + 3, "_callbacks", (list,))
            self._name(loop + 3 + more, "_asyncio_awaited_by", holders.futures() + (set,))

    def of_connection(self):
        module = holders.connection()[1]
        for place in range(self._degree - 1):
            if not self._labels[place] and all([target is module for target in self._targets[place + 1::self._degree]]):
                self._labels[place] = self._label(LABEL_FIELD, "callback")


def task_parts(task):
    """(its name or the number that it was made with, its coroutine); None for what it has not."""
    coroutine = namespace(holders.futures()[1])["_coro"].__get__(task)
    found = get_referents(task)
    names = [target for target in found if type(target) in (str, int)]
    return names[0] if names else None, coroutine


def is_task(kind):
    return _is_among(kind, holders.futures()[1:])


CACHE_TYPE = holders.CACHE.type if holders.CACHE is not None else None
