"""Reads a heap dump as DUMP.md describes it: strict, simple, slow. For tests of whoever writes dumps.

    heap = dump_reader.read(path)
    heap.edges(heap.number_of(some_object))      # [Edge(kind, name, target), …]
"""

import json
import struct
import zlib
from array import array
from collections import Counter, namedtuple

MAGIC = b"\x89HSD\r\n\x1a\n"
VERSION = 1
MAX_BODY = 16 * 1024 * 1024
NONE = 0xFFFFFFFF

ADDRESSES, PREVIEWS, SITES, CENSUS = 1, 2, 4, 8
PLACED = ("function", "method", "code", "frame", "generator", "coroutine", "async_generator", "_asyncio.Task",
          "functools._lru_cache_wrapper")
"""Types whose previews are no values: they are there without leave."""
UNNAMED, PAIRS, ITEMS, MEMBERS, VALUES = range(5)
WEAK = 64

Edge = namedtuple("Edge", "kind name target")
"""``kind``: the label's kind, or "key", "value", "index", "member", ""; ``name``: text, index or None."""
Label = namedtuple("Label", "kind name")
Shape = namedtuple("Shape", "rest labels")
Type = namedtuple("Type", "ref flags base module name")
Root = namedtuple("Root", "kind parent ident line name file refs")
Array = namedtuple("Array", "ref bytes owns dtype shape")


class Cut(Exception):
    """The file has no footer."""


class Damaged(Exception):
    """The content contradicts itself."""


class Stopped(Exception):
    """The writer stopped at a limit or was cancelled."""


def need(condition, *why):
    if not condition:
        raise Damaged(*why)


class Body:
    """The body of one block, read front to back."""

    def __init__(self, data, wide):
        self.data, self.at, self.wide = data, 0, wide

    def take(self, size):
        need(self.at + size <= len(self.data), "a block ends early")
        self.at += size
        return self.data[self.at - size:self.at]

    def unpack(self, form):
        return struct.unpack("<" + form, self.take(struct.calcsize("<" + form)))

    def column(self, code, count):
        values = array(code)
        values.frombytes(self.take(count * values.itemsize))
        return values

    def refs(self, count):
        return self.column("Q" if self.wide else "I", count)

    def ref(self):
        return self.unpack("Q" if self.wide else "I")[0]

    def text(self, limit):
        size, = self.unpack("H")
        need(size <= limit, "a string of %d bytes" % size)
        return self.take(size).decode()

    def texts(self, count, limit):
        """``[(ref, text)]``: there are many of these."""
        head, data, at, found = struct.Struct("<QH" if self.wide else "<IH"), self.data, self.at, []
        for _ in range(count):
            need(at + head.size <= len(data), "a block ends early")
            ref, size = head.unpack_from(data, at)
            at += head.size + size
            need(size <= limit and at <= len(data), "a string of %d bytes" % size)
            found.append((ref, data[at - size:at].decode()))
        self.at = at
        return found

    def end(self):
        need(self.at == len(self.data), "a block is longer than what it holds")


COLUMNS = (("address", "Q"), ("size", "I"), ("type", "I"), ("refs", "I"), ("degree", "I"), ("shape", "I"))


class Dump:
    def __init__(self):
        self.meta = None
        self.address, self.size, self.type, self.refs = array("Q"), array("I"), array("I"), array("I")
        self.degree, self.shape, self.site, self.flags = array("I"), array("I"), array("I"), array("B")
        self.targets = array("Q")
        self.types, self.labels, self.shapes, self.files, self.sites = [], [], [], [], []
        self.roots, self.arrays, self.census = [], [], []
        self.bigs, self.texts, self.previews, self.hashes = {}, {}, {}, {}
        self.dropped = 0

    # One method per tag

    def read_meta(self, body, count):
        need(count == 1 and self.meta is None)
        self.meta = json.loads(body.take(len(body.data)).decode())

    def read_node(self, body, count):
        need(1 <= count <= 65536, "a NODE block of %d" % count)
        for name, code in COLUMNS:
            getattr(self, name).extend(body.column(code, count))
        if self.file_flags & SITES:
            self.site.extend(body.column("I", count))
        self.flags.extend(body.column("B", count))

    def read_edge(self, body, count):
        self.targets.extend(body.refs(count).tolist())

    def read_bigs(self, body, count):
        for _ in range(count):
            ref = body.ref()
            self.bigs[ref] = body.unpack("Q")[0]

    def read_type(self, body, count):
        for _ in range(count):
            ref = body.ref()
            flags, base = body.unpack("II")
            self.types.append(Type(ref, flags, base, body.text(500), body.text(500)))

    def read_cens(self, body, count):
        need(self.file_flags & CENSUS, "a census among nodes")
        for _ in range(count):
            index, objects, size = body.unpack("IQQ")
            self.census.append((index, objects, size))

    def read_labl(self, body, count):
        for _ in range(count):
            kind, = body.unpack("B")
            self.labels.append(Label(kind, body.text(200)))

    def read_shap(self, body, count):
        for _ in range(count):
            rest, zero, size = body.unpack("BBH")
            need(rest <= VALUES and zero == 0)
            self.shapes.append(Shape(rest, body.column("I", size)))

    def read_strs(self, body, count):
        self.texts.update(body.texts(count, 200))

    def read_prev(self, body, count):
        self.previews.update(body.texts(count, 120))

    def read_hash(self, body, count):
        refs = body.refs(count)
        self.hashes.update(zip(refs, body.column("Q", count)))

    def read_file(self, body, count):
        self.files.extend([body.text(1000) for _ in range(count)])

    def read_site(self, body, count):
        for _ in range(count):
            self.sites.append([body.unpack("II") for _ in range(body.unpack("H")[0])])

    def read_arry(self, body, count):
        for _ in range(count):
            ref = body.ref()
            size, owns = body.unpack("QB")
            self.arrays.append(Array(ref, size, owns, body.text(65535), body.text(65535)))

    def read_root(self, body, count):
        for _ in range(count):
            kind, zero, extra, parent, ident, line = body.unpack("BBHIQI")
            need(zero == 0 and extra == 0)
            name, file = body.text(65535), body.text(65535)
            refs = []
            for _ in range(body.unpack("I")[0]):
                label, = body.unpack("I")
                refs.append((label, body.ref()))
            self.roots.append(Root(kind, parent, ident, line, name, file, refs))

    # The whole

    def parse(self, data):
        if len(data) < 32 + 48:
            raise Cut
        magic, version, width, self.file_flags, self.pid, zero = struct.unpack_from("<8sHHIQI", data)
        need(magic == MAGIC and version == VERSION and width == 8 and zero == 0, "no dump")
        need(struct.unpack_from("<I", data, 28)[0] == zlib.crc32(data[:28]), "header's checksum")
        wide = bool(self.file_flags & ADDRESSES)
        at, crcs, blocks = 32, b"", 0
        while True:
            if at + 16 > len(data):
                raise Cut
            tag, count, length, crc = struct.unpack_from("<4sIII", data, at)
            need(length <= MAX_BODY, "a block of %d bytes" % length)
            if at + 16 + length > len(data):
                raise Cut
            body = data[at + 16:at + 16 + length]
            need(zlib.crc32(body, zlib.crc32(data[at:at + 12])) == crc, "checksum of", tag)
            at += 16 + length
            if tag == b"END!":
                break
            crcs += struct.pack("<I", crc)
            blocks += 1
            reader = getattr(self, "read_" + tag.decode().lower(), None)
            need(reader, "unknown block", tag)
            part = Body(body, wide)
            reader(part, count)
            part.end()
        need(at == len(data), "bytes after the footer")
        self._finish(struct.unpack("<QQIIII", body), blocks, crcs, wide)

    def _finish(self, footer, blocks, crcs, wide):
        nodes, edges, said, status, crc, zero = footer
        need((nodes, edges, said, zero) == (len(self.address), len(self.targets), blocks, 0), "totals", footer)
        need(crc == zlib.crc32(crcs), "checksum of checksums")
        if status:
            raise Stopped(status)
        need(sum(self.degree) == edges, "degrees and edges disagree")
        self.by_address = {}
        for number, address in enumerate(self.address):
            self.by_address.setdefault(address, number)
        if wide:
            self._number()
        self.array_by_number = {entry.ref: entry[1:] for entry in self.arrays}
        self.first = array("Q", [0])
        for degree in self.degree:
            self.first.append(self.first[-1] + degree)
        self._check()

    def _number(self):
        """Addresses become node numbers; a target without a node becomes NONE."""
        known = self.by_address.get
        self.targets = array("Q", [known(target, NONE) for target in self.targets])
        self.dropped = self.targets.count(NONE)
        for name in ("bigs", "texts", "previews", "hashes"):
            setattr(self, name, {known(ref): value for ref, value in getattr(self, name).items() if ref in self.by_address})
        self.types = [entry._replace(ref=known(entry.ref, NONE)) for entry in self.types]
        self.arrays = [entry._replace(ref=known(entry.ref, NONE)) for entry in self.arrays]
        self.roots = [root._replace(refs=[(label, known(ref)) for label, ref in root.refs if ref in self.by_address])
                      for root in self.roots]

    def _check(self):
        count = len(self.address)
        need(self.labels[:1] == [Label(0, "")], "label 0")
        need(all(kind < len(self.types) for kind in self.type), "a node's type")
        need(all(target < count or target == NONE and self.dropped for target in self.targets), "an edge's target")
        need(all(entry.base == NONE or entry.base < len(self.types) for entry in self.types), "a type's base")
        need(all(label < len(self.labels) for shape in self.shapes for label in shape.labels), "a shape's label")
        for shape, degree in set(zip(self.shape, self.degree)):
            need(shape < len(self.shapes), "a node's shape")
            need(len(self.shapes[shape].labels) <= degree, "a shape longer than its node")
        need(all(site == NONE or site < len(self.sites) for site in self.site), "a node's site")
        need(all(file < len(self.files) for site in self.sites for file, _ in site), "a site's file")
        told = [self.type_name(ref) for ref in self.previews] if not self.file_flags & PREVIEWS else []
        need(all(name in PLACED for name in told), "values without leave", told)
        for refs in (self.bigs, self.texts, self.previews, self.hashes):
            need(all(ref < count for ref in refs), "a ref")
        for root in self.roots:
            need(root.parent == NONE or root.parent < len(self.roots), "a root's parent")
            need(all(label < len(self.labels) and ref < count for label, ref in root.refs), "a root's ref")

    # Questions

    def counted(self):
        """Of a census: ``{type's name: (objects, bytes)}``, types of one name together."""
        found = {}
        for index, objects, size in self.census:
            kind = self.types[index]
            name = kind.name if kind.module in ("builtins", "") else kind.module + "." + kind.name
            before = found.get(name, (0, 0))
            found[name] = before[0] + objects, before[1] + size
        return found

    def __len__(self):
        return len(self.address)

    def number_of(self, thing):
        """The number of a living object's node; None where the dump has none."""
        return self.by_address.get(id(thing))

    def bytes_of(self, number):
        return self.bigs.get(number, self.size[number])

    def array_of(self, number):
        """(bytes of its buffer, whether it owns it, dtype, shape) of an array, or of what has a length like one; else None."""
        return self.array_by_number.get(number)

    def length_of(self, number):
        """Of a text, of bytes and of an array of numbers: how many."""
        record = self.array_of(number)
        if record is not None:
            return int(record[3].strip("(,)"))
        empty = {"str": self.meta["str_empty"], "bytes": self.meta["bytes_empty"]}.get(self.type_name(number))
        return None if empty is None else self.bytes_of(number) - empty

    def type_of(self, thing):
        """The record of a living object's type."""
        return self.types[self.type[self.number_of(thing)]]

    def type_name(self, number):
        """``module.Name`` of a node's type; builtins without their module."""
        kind = self.types[self.type[number]]
        return kind.name if kind.module in ("builtins", "") else kind.module + "." + kind.name

    def count_by_type(self, flags=0):
        """Counter by type name, of nodes that have all of ``flags``."""
        seen = set(self.by_address.values())
        return Counter(self.type_name(number) for number in seen if self.flags[number] & flags == flags)

    def targets_of(self, number):
        return list(self.targets[self.first[number]:self.first[number + 1]])

    def edges(self, number):
        """Edges of a node with the names that its shape and the texts give."""
        targets = self.targets_of(number)
        shape = self.shapes[self.shape[number]]
        named = [Edge(*self.labels[label], target) for label, target in zip(shape.labels, targets)]
        rest = targets[len(named):]
        if shape.rest == PAIRS:
            need(len(rest) % 2 == 0, "a key without value")
            for key, value in zip(rest[::2], rest[1::2]):
                named += [Edge("key", None, key), Edge("value", self.texts.get(key), value)]
        elif shape.rest == ITEMS:
            named += [Edge("index", index, target) for index, target in enumerate(rest)]
        else:
            named += [Edge("member" if shape.rest == MEMBERS else "", None, target) for target in rest]
        return named

    def names(self, thing):
        """``{name: address of the target}`` of a living object's named edges."""
        number = self.number_of(thing)
        return {edge.name: self.address[edge.target] for edge in self.edges(number)
                if edge.name not in (None, "") and edge.target != NONE}

    def referrers(self, number):
        """Numbers of the nodes with an edge to ``number``; one entry an edge."""
        found = []
        for source in range(len(self)):
            found += [source] * self.targets_of(source).count(number)
        return found

    def locals(self, function):
        """``{name: address}`` of the first frame of that (qualified) name."""
        root = next(root for root in self.roots if root.kind == 3 and root.name == function)
        return {self.labels[label].name: self.address[ref] for label, ref in root.refs
                if self.labels[label].kind & 63 in (3, 4)}


def parse(data):
    """The dump in ``data``. Raises Cut, Damaged or Stopped."""
    dump = Dump()
    dump.parse(data)
    return dump


def read(path):
    with open(path, "rb") as file:
        return parse(file.read())
