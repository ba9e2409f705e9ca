"""The heap walked in pure Python, while the program is paused: what ``gc.get_objects`` lists, and what those objects hold.

Objects are processed type by type, thousands at a time, and everything per object is done by C functions that ``map`` calls;
there is no visited set for strings, numbers and the like: they may appear twice in the dump (DUMP.md). No code of the
program runs: containers are read by the exact built-in types' own iterators, the rest by ``gc.get_referents``.
"""

import builtins
import gc
import sys
from array import array
from gc import get_referents, is_tracked
from itertools import chain, compress, filterfalse, islice, repeat
from _operator import not_, sub
from sys import getrefcount

from heapscope_agent.heap import kinds, lengths, places
from heapscope_agent.heap.arrays import find_arrays
from heapscope_agent.heap.dump import MAX_U32, NO_SITE, NOTHING
from heapscope_agent.heap.labels import (
    NODE_FLAG_IMMORTAL,
    NODE_FLAG_PERMANENT,
    NODE_FLAG_TRACKED,
    NODE_FLAG_TYPE,
    REST_ITEMS,
    REST_MEMBERS,
    REST_PAIRS,
    REST_UNNAMED,
)
from heapscope_agent.heap.names import Names
from heapscope_agent.heap.descriptors import IS_TYPE
from heapscope_agent.heap.texts import Texts
from heapscope_agent.heap.types import Types, VALUES_INLINE
from heapscope_agent.layout.builtin_types import FrameType

try:
    from _tracemalloc import _get_object_traceback as get_traceback
except ImportError:  # then nothing is traced
    get_traceback = None

CHUNK = 4096
PIECE = 1 << 17
MAX_SEEN = 1 << 18
MAX_WAITING = 1 << 16
IMMORTAL = 1 << 28

_free_threaded = "t" in getattr(sys, "abiflags", "")
_COUNTS_IMMORTAL = sys.version_info >= (3, 12)
_CONTAINERS = {
    id(dict): (dict.__len__, dict.items, REST_PAIRS, 2),
    id(list): (list.__len__, None, REST_ITEMS, 1),
    id(tuple): (tuple.__len__, None, REST_ITEMS, 1),
    id(set): (set.__len__, set.__iter__, REST_MEMBERS, 1),
    id(frozenset): (frozenset.__len__, frozenset.__iter__, REST_MEMBERS, 1),
}
_frozendict = getattr(builtins, "frozendict", None)
if type(_frozendict) is type:  # from 3.15
    _CONTAINERS[id(_frozendict)] = _frozendict.__len__, _frozendict.items, REST_PAIRS, 2
"""Length, contents, their kind, and the number of edges of each. Lists and tuples are never iterated over: one that is just
being built (``tuple(generator)`` while the generator runs) has empty places, and its iterator crashes on them."""


def _calls_own(probe):
    """References that ``map(getrefcount, …)`` itself adds to the counts."""
    return next(map(getrefcount, probe)) - 1


class Walk:
    """One walk into one dump. ``changed``: batches that changed while they were read; ``estimated``: some sizes are not exact."""

    def __init__(self, dump, sites=False, previews=None):
        self.dump = dump
        self.types = Types(dump)
        self.changed, self.tracked, self.estimated = 0, 0, False
        self.names = Names(dump)
        self._sites = sites
        self._previews = previews
        self._arrays = find_arrays()
        self._calls_own = _calls_own([object()])
        self._seen, self._visited, self._keys, self._texts = set(), set(), set(), Texts()
        self._waiting, self._waiting_count = {}, 0
        self._listed, self._unlisted_flags = None, NODE_FLAG_TRACKED
        self._hashes = array("Q"), array("q")

    def objects(self, everything, is_ours, complete=True):
        """Describes all of ``everything``, the list of tracked objects, which is emptied, and what they hold. ``complete``:
        it has all tracked objects except frozen ones.
        """
        if gc.get_freeze_count() or not complete:
            self._listed = set(map(id, everything))
            self._unlisted_flags = NODE_FLAG_TRACKED | NODE_FLAG_PERMANENT if complete else NODE_FLAG_TRACKED
        groups = {}
        for entry in everything:
            kind = id(type(entry))
            try:
                groups[kind].append(entry)
            except KeyError:
                groups[kind] = [entry]
        self.tracked = len(everything)
        entry = None
        everything.clear()
        while groups:
            kind, objects = groups.popitem()
            if is_ours is not None and type(objects[0]) is FrameType:
                objects = [frame for frame in objects if not is_ours(frame)]
            self._group(objects, NODE_FLAG_TRACKED)
            objects = None
            if self._waiting_count > MAX_WAITING:
                self._loose()
        self._loose()

    def more(self, objects):
        """Describes objects that the collector does not list, and what they hold."""
        self._note(self._unlisted(list(objects)))
        self._loose()

    def finish(self):
        """The remaining hashes, and the types that were not described yet."""
        while True:
            known = len(self.types.all())
            self.more([kind for kind in self.types.all() if not is_tracked(kind)])
            if known == len(self.types.all()):
                break
        self._close_hashes()
        if self._previews is not None:
            self._previews.write(self.dump)

    # Objects by type

    def _group(self, objects, flags):
        if not objects:
            return
        facts = self.types.of(type(objects[0]))
        read = self._reader(facts)
        if len(objects) <= CHUNK:
            read(self, facts, objects, flags, 1)
            return
        for start in range(0, len(objects), CHUNK):
            read(self, facts, objects[start:start + CHUNK], flags, 2)

    def _reader(self, facts):
        if id(facts.type) in _CONTAINERS:
            return Walk._contained
        if self._arrays is not None and facts.type is self._arrays.type:
            return self._array
        return kinds.reader(facts) or Walk._traversed

    def _array(self, walk, facts, objects, flags, held):
        self._arrays.read(self, facts, objects, flags, held)

    def _site(self, entry):
        frames = get_traceback(entry)
        return NO_SITE if not frames else self.dump.site(frames)

    def nodes(self, facts, objects, flags, refs, degrees, shapes, values=None):
        """Nodes of one type; degrees and shapes are columns, or numbers that apply to all, and so are ``values``, those within."""
        count, extra = len(objects), 0
        if facts.inline and (VALUES_INLINE or values is not None):
            extra = facts.values_size(values or 0)
            self.estimated = True
        try:
            sizes = array("I", facts.sizes(objects))
            if extra:
                sizes = array("I", map(extra.__add__, sizes))
        except OverflowError:
            sizes = self._big_sizes(facts, objects)
        columns = [array("Q", map(id, objects)), sizes, array("I", (facts.index,)) * count, refs,
                   _column(degrees, count), _column(shapes, count)]
        if self._sites:
            columns.append(array("I", map(self._site, objects)))
        places.note(self.dump, facts, objects)
        lengths.note(self.dump, facts, objects, sizes)
        if self._previews is not None:
            self._previews.note(facts, objects)
        if facts.flags & IS_TYPE:
            flags |= NODE_FLAG_TYPE
            self.types.learn(objects)
        if _COUNTS_IMMORTAL and max(refs) == NOTHING and not _free_threaded:
            each = bytes([flags | NODE_FLAG_IMMORTAL if count == NOTHING else flags for count in refs])
        else:
            each = bytes((flags,)) * count
        self.dump.add(columns, each)

    def _big_sizes(self, facts, objects):
        sizes = list(facts.sizes(objects))
        for entry, size in zip(objects, sizes):
            if size >= MAX_U32:
                self.dump.big(id(entry), size)
        return array("I", [min(size, MAX_U32) for size in sizes])

    def refs(self, objects, held):
        """The reference counts of objects, less ``held`` for each and the references added by counting."""
        if _free_threaded:
            return array("I", (NOTHING,)) * len(objects)
        own = self._calls_own + held
        counts = list(map(getrefcount, objects))
        if max(counts) < IMMORTAL and min(counts) >= own:
            return array("I", map(sub, counts, repeat(own)))
        return array("I", [NOTHING if count >= IMMORTAL else max(0, count - own) for count in counts])

    # Containers of exact built-in type

    def _contained(self, facts, objects, flags, held):
        length, contents, rest, each = _CONTAINERS[id(facts.type)]
        lengths = array("Q", map(length, objects))
        large = sum(lengths) > PIECE and contents is not None
        if sum(lengths) > PIECE and len(objects) > 1:
            middle = len(objects) // 2
            self._contained(facts, objects[:middle], flags, held + 1)
            self._contained(facts, objects[middle:], flags, held + 1)
            return
        refs = self.refs(objects, held)
        if not large:
            lengths, piece = self._pieces_of(objects, lengths, contents, each)
        degrees = array("I", map(each.__mul__, lengths))
        self.nodes(facts, objects, flags, refs, degrees, self.dump.shape((), rest))
        if not large:
            self.edges(piece, each)
        else:
            self._stream(_flat(objects, contents, each), degrees[0], each)

    def _pieces_of(self, objects, lengths, contents, each):
        """(lengths, everything contained, flat); again from copies if something changes during it."""
        if contents is None:
            return _items_of(objects, lengths)
        try:
            piece = list(_flat(objects, contents, each))
            if len(piece) == each * sum(lengths):
                return lengths, piece
        except RuntimeError:
            pass
        self.changed += 1
        copies = [list(contents(entry)) for entry in objects]  # of each in one step
        piece = list(chain.from_iterable(copies if each == 1 else chain.from_iterable(copies)))
        return array("Q", map(len, copies)), piece

    def _stream(self, flat, total, each):
        written = 0
        while written < total:
            try:
                piece = list(islice(flat, min(PIECE, total - written)))
            except RuntimeError:
                piece = []
            if not piece:
                break
            written += len(piece)
            self.edges(piece, each)
        if written < total:
            self.changed += 1
            self.dump.point(repeat(0, total - written))

    def edges(self, piece, each=1):
        """Edges to all of ``piece``, a flat list; every other one is a key if ``each`` is 2."""
        self.dump.point(map(id, piece))
        if each == 2:
            self.key_texts(piece[0::2])
            if self._previews is not None:
                self._previews.pairs(piece)
        self._note(self._unlisted(piece))

    def _unlisted(self, objects):
        if self._listed is None:
            return list(filterfalse(is_tracked, objects))
        return list(compress(objects, map(not_, map(self._listed.__contains__, map(id, objects)))))

    def key_texts(self, keys):
        """The texts of dictionary keys, once each."""
        found = dict(zip(map(id, keys), keys))
        known = self._keys
        fresh = [pair for pair in found.items() if pair[0] not in known]
        if fresh:
            self._texts.write(self.dump, fresh)
            if self._previews is not None:
                self._previews.keys(fresh)
        known.update(found)
        if len(known) > MAX_SEEN:
            known.clear()

    # Everything else that the collector knows

    def _traversed(self, facts, objects, flags, held):
        refs = self.refs(objects, held)
        for degree, (some, some_refs, targets) in kinds.by_degree(objects, refs).items():
            self._alike(facts, some, flags, some_refs, degree, targets)

    def _alike(self, facts, objects, flags, refs, degree, targets):
        """Objects of one type with the same number of referents."""
        labels = self.names.labels(facts, objects, degree, targets)
        if labels is not None:
            shapes, some = self.names.shape(labels), labels
            if self._previews is not None:
                self._labelled(labels * len(objects), targets)
        else:
            shapes = array("I")
            for number, entry in enumerate(objects):
                its = targets[number * degree:(number + 1) * degree]
                some = self.names.one(facts, entry, its)
                shapes.append(self.names.shape(some))
                self._labelled(some, its)
        self.nodes(facts, objects, flags, refs, degree, shapes, self.names.values_among(facts, some) if facts.inline else None)
        self.edges(targets)

    def describe(self, facts, objects, flags, refs, edges, rest=REST_UNNAMED):
        """Objects of one type with their edges: for each, labels and targets."""
        shape = self.names.shape
        shapes = array("I", [shape(labels, rest) for labels, _ in edges])
        degrees = array("I", [len(targets) for _, targets in edges])
        self.nodes(facts, objects, flags, refs, degrees, shapes)
        self.edges(list(chain.from_iterable([targets for _, targets in edges])))
        for labels, targets in edges:
            self._labelled(labels, targets)
            if rest == REST_PAIRS and self._previews is not None:
                self._previews.pairs(targets[len(labels):])

    def _labelled(self, labels, targets):
        if self._previews is not None:
            self._previews.labelled(map(self.dump.label_name, labels), targets)

    def secret(self, name, value):
        """A local variable."""
        if self._previews is not None:
            self._previews.labelled([name], [value])

    # What the collector does not list

    def _note(self, loose):
        found = dict(zip(map(id, loose), loose))
        seen, waiting = self._seen, self._waiting
        for address, entry in found.items():
            if address not in seen:
                kind = id(type(entry))
                try:
                    waiting[kind].append(entry)
                except KeyError:
                    waiting[kind] = [entry]
        before = len(seen)
        seen.update(found)
        self._waiting_count += len(seen) - before
        if len(seen) > MAX_SEEN:
            seen.clear()

    def _loose(self):
        while self._waiting:
            waiting, self._waiting, self._waiting_count = self._waiting, {}, 0
            while waiting:
                kind, objects = waiting.popitem()
                facts = self.types.of(type(objects[0]))
                if facts.has_gc:
                    objects = self._not_visited(objects)
                if self._listed is None:
                    self._group(objects, 0)
                else:
                    frozen = [entry for entry in objects if is_tracked(entry)]
                    objects = [entry for entry in objects if not is_tracked(entry)]
                    self._group(objects, 0)
                    self._group(frozen, self._unlisted_flags)
                    frozen = None

    def _not_visited(self, objects):
        visited = self._visited
        fresh = [entry for entry in objects if id(entry) not in visited]
        visited.update(map(id, fresh))
        return fresh

    def note_hashes(self, addresses, hashes):
        """Python's own hashes of atoms."""
        known = self._hashes
        known[0].extend(addresses)
        known[1].extend(hashes)
        if len(known[0]) > MAX_WAITING:
            self._close_hashes()

    def _close_hashes(self):
        if self._hashes[0]:
            self.dump.hashes(*self._hashes)
            self._hashes = array("Q"), array("q")


def _items_of(objects, lengths):
    piece = get_referents(*objects[::-1])  # which goes from the last item to the first
    piece.reverse()
    if len(piece) == sum(lengths):
        return lengths, piece
    copies = [get_referents(entry)[::-1] for entry in objects]
    return array("Q", map(len, copies)), list(chain.from_iterable(copies))


def _flat(objects, contents, each):
    flat = chain.from_iterable(map(contents, objects))
    return flat if each == 1 else chain.from_iterable(flat)


def _column(value, count):
    return array("I", (value,)) * count if type(value) is int else value
