"""A heap dump in memory, as DUMP.md lays it out: columns and tables go in, pieces of the file come out.

Nothing here gives up the interpreter's lock while the heap is walked: even a checksum would (``crc32`` lets other
threads run), so the checksums are made in ``pieces``, when the walk is over.
"""

import sys
from _struct import Struct
from array import array
from binascii import crc32

from heapscope_agent.heap.labels import (
    DUMP_FLAG_SITES,
    DUMP_LIMIT_FILE_NAME,
    DUMP_LIMIT_LABEL,
    DUMP_LIMIT_NODES,
    DUMP_LIMIT_PREVIEW,
    DUMP_LIMIT_TEXT,
    DUMP_LIMIT_TYPE_NAME,
    DUMP_STATUS_WHOLE,
    REST_UNNAMED,
)

VERSION = 1
NO_SITE = NOTHING = MAX_U32 = 0xFFFFFFFF
MAX_TARGETS = 1 << 20
MAX_TABLE = 8 << 20

_HEADER = Struct("<8sHHIQI")
_HEAD = Struct("<4sII")
_END = Struct("<QQIIII")
_U16, _U32, _REF = Struct("<H"), Struct("<I"), Struct("<Q")
_TEXT_HEAD = Struct("<QH")
_TYPE = Struct("<QII")
_SHAPE = Struct("<BBH")
_ROOT = Struct("<BBHIQI")
_ROOT_REF = Struct("<IQ")
_ARRAY = Struct("<QQB")
_CENSUS = Struct("<IQQ")
_COLUMNS = "QIIIII"


class Limit(Exception):
    """The dump became larger than it may be."""


def short(text, most):
    """A string of the dump: its length and its UTF-8, cut at ``most`` bytes between characters."""
    data = text[:most].encode("utf-8", "replace")
    if len(data) > most:
        data = data[:most].decode("utf-8", "ignore").encode()
    return _U16.pack(len(data)) + data


class Dump:
    """``add`` nodes and ``point`` their edges in the same order; ``finish`` once; then write out ``pieces``."""

    def __init__(self, flags, pid, limit=None):
        self.nodes = self.edges = self.bytes = self.tracked = 0
        self._flags, self._pid, self._limit = flags, pid, limit
        self._blocks = []
        self._columns = self._fresh_columns()
        self._node_flags = bytearray()
        self._targets = array("Q")
        self._labels, self._label_names = {(0, ""): 0}, [""]
        self._shapes = {(REST_UNNAMED, ()): 0}
        self._files, self._sites = {}, {}
        self._records = {}
        self._roots = 0

    def _fresh_columns(self):
        return [array(code) for code in _COLUMNS + ("I" if self._flags & DUMP_FLAG_SITES else "")]

    def add(self, columns, flags):
        """At most DUMP_LIMIT_NODES nodes: arrays of address, size, type, refs, degree, shape (and site) and the flags,
        a byte for each."""
        count = len(columns[0])
        if len(self._node_flags) + count > DUMP_LIMIT_NODES:
            self._close_nodes()
        for into, column in zip(self._columns, columns):
            into.extend(column)
        self._node_flags.extend(flags)
        self.nodes += count

    def point(self, targets):
        """Appends the targets (an iterable of addresses) of edges."""
        into = self._targets
        before = len(into)
        into.extend(targets)
        self.edges += len(into) - before
        if len(into) >= MAX_TARGETS:
            self._close_edges()

    def _close_nodes(self):
        if self._node_flags:
            self._block(b"NODE", len(self._node_flags), self._columns + [self._node_flags])
            self._columns, self._node_flags = self._fresh_columns(), bytearray()

    def _close_edges(self):
        targets, self._targets = self._targets, array("Q")
        for start in range(0, len(targets), MAX_TARGETS):
            part = targets[start:start + MAX_TARGETS]
            self._block(b"EDGE", len(part), [part])

    def _block(self, tag, count, buffers):
        size = 0
        for buffer in buffers:
            if sys.byteorder == "big" and type(buffer) is array:
                buffer.byteswap()
            size += memoryview(buffer).nbytes
        self._blocks.append((tag, count, size, buffers))
        self.bytes += 16 + size
        if self._limit is not None and self.bytes > self._limit:
            raise Limit("the dump would be larger than %d bytes" % self._limit)

    # Tables

    def record(self, tag, data, count=1):
        """Appends records to the table of ``tag``."""
        table = self._records.get(tag)
        if table is None:
            table = self._records[tag] = [0, bytearray()]
        table[0] += count
        table[1] += data
        if len(table[1]) >= MAX_TABLE:
            self._close_table(tag)

    def _close_table(self, tag):
        count, data = self._records.pop(tag)
        self._block(tag, count, [data])

    def label(self, kind, name):
        """The id of a label."""
        key = kind, name
        found = self._labels.get(key)
        if found is None:
            found = self._labels[key] = len(self._labels)
            self._label_names.append(name)
        return found

    def label_name(self, label):
        """The name of an id of a label."""
        return self._label_names[label]

    def shape(self, labels=(), rest=REST_UNNAMED):
        """The id of a shape of these ids of labels."""
        key = rest, labels
        found = self._shapes.get(key)
        if found is None:
            found = self._shapes[key] = len(self._shapes)
        return found

    def site(self, frames):
        """The id of an allocation's traceback: (file, line) pairs, the most recent call first."""
        found = self._sites.get(frames)
        if found is None:
            found = self._sites[frames] = len(self._sites)
            data = _U16.pack(len(frames))
            for name, line in frames:
                data += _U32.pack(self._file(name)) + _U32.pack(line & MAX_U32)
            self.record(b"SITE", data)
        return found

    def _file(self, name):
        found = self._files.get(name)
        if found is None:
            found = self._files[name] = len(self._files)
            self.record(b"FILE", short(name, DUMP_LIMIT_FILE_NAME))
        return found

    def big(self, address, size):
        """The size of an object of 4 GiB or more."""
        self.record(b"BIGS", _REF.pack(address) + _REF.pack(size))

    def type(self, address, flags, base, module, name):
        """The next type's record."""
        self.record(b"TYPE", _TYPE.pack(address, flags, base) + short(module, DUMP_LIMIT_TYPE_NAME)
                    + short(name, DUMP_LIMIT_TYPE_NAME))

    def census(self, index, count, size):
        """How many objects of a type there are, and their bytes."""
        self.record(b"CENS", _CENSUS.pack(index, count, size))

    def texts(self, pairs):
        """What keys say: (address, text) pairs."""
        parts = []
        pack = _TEXT_HEAD.pack
        for address, text in pairs:
            data = text[:DUMP_LIMIT_TEXT].encode("utf-8", "replace")
            if len(data) > DUMP_LIMIT_TEXT:
                data = short(text, DUMP_LIMIT_TEXT)[2:]
            parts.append(pack(address, len(data)))
            parts.append(data)
        self.record(b"STRS", b"".join(parts), len(pairs))

    def preview(self, address, text):
        """What a value looks like."""
        self.record(b"PREV", _REF.pack(address) + short(text, DUMP_LIMIT_PREVIEW))

    def previews(self, pairs):
        """(address, text) of several objects, many of which may have the same text."""
        packed = {text: short(text, DUMP_LIMIT_PREVIEW) for text in {text for _, text in pairs}}
        pack = _REF.pack
        self.record(b"PREV", b"".join([pack(address) + packed[text] for address, text in pairs]), len(pairs))

    def array(self, address, size, owned, dtype, shape):
        """The buffer behind an array-like."""
        self.record(b"ARRY", _ARRAY.pack(address, size, owned) + short(dtype, DUMP_LIMIT_LABEL) + short(shape, DUMP_LIMIT_LABEL))

    def hashes(self, addresses, hashes):
        """Python's own hashes of atoms: two arrays, of "Q" and of "q"."""
        self._block(b"HASH", len(addresses), [addresses, hashes])

    def root(self, kind, name, refs, parent=NOTHING, ident=0, line=0, file=""):
        """A root with (id of a label, address) pairs; its index."""
        data = _ROOT.pack(kind, 0, 0, parent, ident, max(0, line)) + short(name, DUMP_LIMIT_LABEL) + short(file, DUMP_LIMIT_FILE_NAME)
        data += _U32.pack(len(refs)) + b"".join([_ROOT_REF.pack(label, address) for label, address in refs])
        self.record(b"ROOT", data)
        self._roots += 1
        return self._roots - 1

    # The end

    def finish(self, meta, status=DUMP_STATUS_WHOLE):
        """No more after this: ``meta`` is the JSON of META."""
        self._limit = None
        self._status = status
        self._close_nodes()
        self._close_edges()
        for kind, name in self._labels:
            self.record(b"LABL", bytes((kind,)) + short(name, DUMP_LIMIT_LABEL))
        for rest, labels in self._shapes:
            self.record(b"SHAP", _SHAPE.pack(rest, 0, len(labels)) + b"".join(map(_U32.pack, labels)))
        for tag in list(self._records):
            self._close_table(tag)
        self._block(b"META", 1, [meta.encode("utf-8", "replace")])

    def pieces(self):
        """The file's bytes from first to last, in pieces; each block's memory is let go as it is given."""
        header = _HEADER.pack(b"\x89HSD\r\n\x1a\n", VERSION, 8, self._flags, self._pid, 0)
        yield header + _U32.pack(crc32(header))
        sums = count = 0
        self._blocks.reverse()
        while self._blocks:
            tag, length, size, buffers = self._blocks.pop()
            head = _HEAD.pack(tag, length, size)
            total = crc32(head)
            for buffer in buffers:
                total = crc32(buffer, total)
            yield head + _U32.pack(total)
            for buffer in buffers:
                yield buffer
            sums = crc32(_U32.pack(total), sums)
            count += 1
        body = _END.pack(self.nodes, self.edges, count, self._status, sums, 0)
        head = _HEAD.pack(b"END!", 0, len(body))
        yield head + _U32.pack(crc32(body, crc32(head))) + body
