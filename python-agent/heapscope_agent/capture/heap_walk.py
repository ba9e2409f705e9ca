"""The heap walked in pure Python, while the program stands still: what ``gc.get_objects`` lists, and what hangs on it.

Objects are taken type by type, thousands at a time, and everything per object is done by C functions that ``map`` calls;
no set of the visited is kept of strings, numbers and the like: they may appear twice in the dump (DUMP.md).
No code of the program runs: containers are read by the exact built-in types' own iterators, the rest by
``gc.get_referents``.
"""

import gc
import sys
from array import array
from gc import get_referents, is_tracked
from itertools import chain, compress, filterfalse, islice, repeat
from operator import is_, sub
from sys import getrefcount

from heapscope_agent.capture.heap_dump import ITEMS, MAX_U32, MEMBERS, NOTHING, PAIRS, UNNAMED
from heapscope_agent.capture.heap_names import Names
from heapscope_agent.capture.heap_types import HEAP, IS_TYPE, Types, VALUES_APART

CHUNK = 4096
PIECE = 1 << 17
MAX_SEEN = 1 << 20
MAX_WAITING = 1 << 16
IMMORTAL = 1 << 28
MAX_KEY_BITS = 640
TRACKED, A_TYPE, IS_IMMORTAL, FROZEN = 1, 2, 4, 8

_free_threaded = "t" in getattr(sys, "abiflags", "")
_COUNTS_IMMORTAL = sys.version_info >= (3, 12)
_END = object()
_MARK = [_END]
_CONTAINERS = {
    id(dict): (dict.__len__, dict.items, PAIRS, 2),
    id(list): (list.__len__, list.__iter__, ITEMS, 1),
    id(tuple): (tuple.__len__, tuple.__iter__, ITEMS, 1),
    id(set): (set.__len__, set.__iter__, MEMBERS, 1),
    id(frozenset): (frozenset.__len__, frozenset.__iter__, MEMBERS, 1),
}
"""Length, contents, what the contents are, and how many edges each makes."""


def _calls_own(probe):
    """References that ``map(getrefcount, …)`` itself adds to what it counts."""
    return next(map(getrefcount, probe)) - 1


class Walk:
    """One walk into one dump. ``changed`` counts the objects that changed while they were read."""

    def __init__(self, dump, site_of=None):
        self.dump = dump
        self.types = Types(dump)
        self.changed = self.tracked = 0
        self._names = Names(dump)
        self._site_of = site_of
        self._calls_own = _calls_own([object()])
        self._seen, self._visited = set(), set()
        self._waiting, self._waiting_count = {}, 0
        self._keys = set()
        self._listed = None
        self._hashes = array("Q"), array("q")
        self._readers = readers()

    def objects(self, everything, is_ours):
        """Describes all of ``everything``, the list of tracked objects, which is emptied, and what hangs on them."""
        if gc.get_freeze_count():
            self._listed = set(map(id, everything))
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
            if is_ours is not None and type(objects[0]) is type(sys._getframe()):
                objects = [frame for frame in objects if not is_ours(frame)]
            self._group(objects, TRACKED)
            objects = None
            if self._waiting_count > MAX_WAITING:
                self._loose()
        self._loose()

    def more(self, objects):
        """Describes objects that the collector does not list, and what hangs on them."""
        self._note(list(objects))
        self._loose()

    def finish(self):
        """The hashes that are left, and the types that nobody has described."""
        while True:
            known = len(self.types.all())
            self.more([kind for kind in self.types.all() if not is_tracked(kind)])
            if known == len(self.types.all()):
                break
        self._close_hashes()

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
        found = self._readers.get(id(facts.type))
        if found is not None:
            return found
        if facts.flags & IS_TYPE:
            return Walk._one_by_one
        return Walk._traversed if facts.has_gc else Walk._atoms

    def _nodes(self, facts, objects, flags, refs, degrees, shapes, extra=0):
        count = len(objects)
        try:
            sizes = array("I", facts.sizes(objects))
            if extra:
                sizes = array("I", map(extra.__add__, sizes))
        except OverflowError:
            sizes = self._big_sizes(facts, objects)
        columns = [array("Q", map(id, objects)), sizes, array("I", (facts.index,)) * count, refs,
                   _column(degrees, count), _column(shapes, count)]
        if self._site_of is not None:
            columns.append(array("I", map(self._site_of, objects)))
        if facts.flags & IS_TYPE:
            flags |= A_TYPE
        if _COUNTS_IMMORTAL and max(refs) == NOTHING and not _free_threaded:
            each = bytes([flags | IS_IMMORTAL if count == NOTHING else flags for count in refs])
        else:
            each = bytes((flags,)) * count
        self.dump.add(columns, each)

    def _big_sizes(self, facts, objects):
        sizes = list(facts.sizes(objects))
        for entry, size in zip(objects, sizes):
            if size >= MAX_U32:
                self.dump.big(id(entry), size)
        return array("I", [min(size, MAX_U32) for size in sizes])

    def _refs(self, objects, held):
        """The reference counts of objects, less ``held`` for each and what counting them adds."""
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
        refs = self._refs(objects, held)
        lengths = array("Q", map(length, objects))
        total = sum(lengths)
        if total <= PIECE:
            lengths, piece = self._pieces_of(objects, lengths, contents, each)
        shape = self.dump.shape((), rest)
        degrees = array("I", map(each.__mul__, lengths))
        self._nodes(facts, objects, flags, refs, degrees, shape)
        if total <= PIECE:
            self._edges(piece, each)
        else:
            self._stream(_flat(objects, contents, each), sum(degrees), each)

    def _pieces_of(self, objects, lengths, contents, each):
        """(lengths, everything contained, flat); again from copies where something changes meanwhile."""
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
            self._edges(piece, each)
        if written < total:
            self.changed += 1
            self.dump.point(repeat(0, total - written))

    def _edges(self, piece, each=1):
        self.dump.point(map(id, piece))
        if each == 2:
            self._key_texts(piece[0::2])
        if self._listed is None:
            self._note(list(filterfalse(is_tracked, piece)))
        else:
            listed = self._listed
            self._note([entry for entry in piece if id(entry) not in listed])

    def _key_texts(self, keys):
        found = dict(zip(map(id, keys), keys))
        new = found.keys() - self._keys
        if len(self._keys) > MAX_SEEN:
            self._keys.clear()
        self._keys |= new
        for address in new:
            key = found[address]
            if type(key) is str:
                self.dump.text(address, key)
            elif type(key) is int and key.bit_length() < MAX_KEY_BITS:
                self.dump.text(address, "%d" % key)

    # Everything else that the collector knows

    def _traversed(self, facts, objects, flags, held):
        refs = self._refs(objects, held)
        marked = [_MARK] * (2 * len(objects))
        marked[0::2] = objects
        targets = get_referents(*marked)
        del marked
        degree = len(targets) // len(objects) - 1
        if len(targets) == len(objects) * (degree + 1) and all(map(is_, targets[degree::degree + 1], repeat(_END))):
            del targets[degree::degree + 1]
            self._alike(facts, objects, flags, refs, degree, targets)
            return
        by_degree = {}
        start = 0
        for number, end in enumerate(list(compress(range(len(targets)), map(is_, targets, repeat(_END))))):
            group = by_degree.setdefault(end - start, ([], array("I"), []))
            group[0].append(objects[number])
            group[1].append(refs[number])
            group[2].extend(targets[start:end])
            start = end + 1
        del targets
        for degree, (some, some_refs, some_targets) in by_degree.items():
            self._alike(facts, some, flags, some_refs, degree, some_targets)

    def _alike(self, facts, objects, flags, refs, degree, targets):
        """Objects of one type with the same number of referents."""
        labels = self._names.labels(facts, objects, degree, targets)
        extra = 0
        if facts.inline:
            values = self._names.values_among(facts, labels, degree)
            extra = facts.values_size(values) if values or not VALUES_APART else 0
        self._nodes(facts, objects, flags, refs, degree, self._names.shape(labels), extra)
        self._edges(targets)

    def _one_by_one(self, facts, objects, flags, held):
        for entry in objects:
            refs = self._refs([entry], held + 2)
            targets = get_referents(entry)
            self._described(facts, entry, flags, refs, self._names.one(facts, entry, targets), targets)

    def _described(self, facts, entry, flags, refs, labels, targets, rest=UNNAMED):
        self._nodes(facts, [entry], flags, refs, len(targets), self._names.shape(labels, rest))
        self._edges(targets)

    # What the collector does not list

    def _note(self, loose):
        found = dict(zip(map(id, loose), loose))
        new = found.keys() - self._seen
        if len(self._seen) > MAX_SEEN:
            self._seen.clear()
        self._seen |= new
        waiting = self._waiting
        for address in new:
            entry = found[address]
            kind = id(type(entry))
            try:
                waiting[kind].append(entry)
            except KeyError:
                waiting[kind] = [entry]
        self._waiting_count += len(new)

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
                    self._group([entry for entry in objects if not is_tracked(entry)], 0)
                    self._group([entry for entry in objects if is_tracked(entry)], TRACKED | FROZEN)

    def _not_visited(self, objects):
        visited = self._visited
        fresh = [entry for entry in objects if id(entry) not in visited]
        visited.update(map(id, fresh))
        return fresh

    def _atoms(self, facts, objects, flags, held):
        self._nodes(facts, objects, flags, self._refs(objects, held), 0, 0)

    def _hashed(self, facts, objects, flags, held):
        self._atoms(facts, objects, flags, held)
        addresses, hashes = self._hashes
        addresses.extend(map(id, objects))
        hashes.extend(map(hash, objects))
        if len(addresses) > MAX_WAITING:
            self._close_hashes()

    def _close_hashes(self):
        if self._hashes[0]:
            self.dump.hashes(*self._hashes)
            self._hashes = array("Q"), array("q")

    def _fielded(self, facts, objects, flags, held):
        """Objects that hold others and are not the collector's: each field by its reader."""
        for entry in objects:
            refs = self._refs([entry], held + 2)
            labels, targets = [], []
            for label, read, more in self._names.candidates(facts, entry):
                labels.append(label)
                targets.append(read(entry, *more))
            self._described(facts, entry, flags, refs, labels, targets)


def _flat(objects, contents, each):
    flat = chain.from_iterable(map(contents, objects))
    return flat if each == 1 else chain.from_iterable(flat)


def _column(value, count):
    return array("I", (value,)) * count if type(value) is int else value


def readers():
    """How objects of which exact type are read; others by their flags."""
    found = {kind: Walk._contained for kind in _CONTAINERS}
    found[id(str)] = found[id(bytes)] = Walk._hashed
    found[id(type((lambda: 0).__code__))] = found[id(range)] = Walk._fielded
    return found
