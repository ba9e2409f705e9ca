"""How the instances of a type are measured: by the C code behind its ``__sizeof__``, and where that leaves something out, or counts
what is not there, by what is known better. Nothing of the program runs: a ``__sizeof__`` written in Python is passed over.
"""

import sys
from sys import getsizeof

from heapscope_agent.heap.descriptors import (
    BYTES, C_METHODS, HAS_GC, HEAP, INT, IS_TYPE, MEMBER, TUPLE, flags_of, is_python, item_size_of, module_of, mro_of, name_of, namespace,
    text_of)
from heapscope_agent.layout import builtin_types, library

_version = sys.version_info
_MANAGED_DICT, _MANAGED_WEAKREF = 1 << 4, 1 << 3
_VALUE_OF_CDATA = 80
"""Where an object of ctypes has its value, if it is small enough to lie within it."""


class _Probe:
    pass


_basic_size_of = type.__dict__["__basicsize__"].__get__
GC_HEAD = getsizeof([]) - [].__sizeof__()
_STATIC_HEAD = getsizeof(int) - type.__sizeof__(int)
"""What ``getsizeof`` adds for a type that is not on the heap: nothing, or from 3.11 the head that it does not have."""
_MANAGED_HEAD = getsizeof(_Probe()) - object.__sizeof__(_Probe()) - GC_HEAD
_MANAGED = _MANAGED_DICT if _version < (3, 12) else _MANAGED_DICT | _MANAGED_WEAKREF


def lower_bounds():
    """``module.name`` of C types whose instances, and those of classes that derive from them, hold memory that nothing tells of."""
    names = ["_io.StringIO", "_io.TextIOWrapper", "zlib.Compress", "zlib.Decompress", "zlib._ZlibDecompressor", "_bz2.BZ2Compressor",
             "_bz2.BZ2Decompressor", "_lzma.LZMACompressor", "_lzma.LZMADecompressor", "sqlite3.Connection", "sqlite3.Cursor",
             "sqlite3.Statement", "pyexpat.xmlparser", "_ssl._SSLContext", "_ssl._SSLSocket", "_hashlib.HASH", "_hashlib.HMAC"]
    if _version < (3, 15):
        names += ["_io.BufferedReader", "_io.BufferedWriter", "_io.BufferedRandom"]  # their lock
    if _version < (3, 13):
        names.append("_thread._local")  # a dictionary for each thread
    if _version < (3, 10):
        names += ["re.Match", "re.Pattern", "_struct.Struct", "Struct", "_csv.reader"]  # what they hold is shown to nobody
    return names


def is_lower_bound(kind):
    """Whether instances of a type take more than they are said to."""
    return any([_full_name(base) in _lower_bounds for base in mro_of(kind) or ()])


def _full_name(kind):
    return "%s.%s" % (text_of(module_of, kind), text_of(name_of, kind))


_lower_bounds = dict.fromkeys(lower_bounds() + (["builtins.range"] if _version < (3, 15) else []))
"""The length of a range is not visible from Python either."""


class Measure:
    """Of one type; ``header``: what each instance has besides what ``_measure`` says."""

    __slots__ = ("_type", "_measure", "_header", "_constant")

    def __init__(self, kind):
        flags = flags_of(kind)
        self._type = kind
        self._header = (GC_HEAD if flags & HAS_GC else 0) + (_MANAGED_HEAD if flags & _MANAGED else 0) + _more(kind)
        self._measure = _special(kind, flags) or _c_sizeof(kind)
        self._constant = None

    def sizes(self, objects):
        """An iterable of the sizes of ``objects``, all of this exact type, including the collector's header."""
        if self._constant is None and self._measure is object.__sizeof__ and not item_size_of(self._type):
            self._constant = object.__sizeof__(objects[0]) + self._header
        if self._constant is not None:
            return [self._constant] * len(objects)
        if flags_of(self._type) & IS_TYPE:
            return [self._measure(o) + (self._header + _slots_size(o) if flags_of(o) & HEAP else _STATIC_HEAD) for o in objects]
        sizes = map(self._measure, objects)
        return map(self._header.__add__, sizes) if self._header else sizes


def _c_sizeof(kind):
    for base in mro_of(kind) or ():
        found = namespace(base).get("__sizeof__")
        if type(found) in C_METHODS:
            return found
    return object.__sizeof__


def _more(kind):
    """Bytes of each instance that the function which measures it leaves out."""
    for _, known, size in library.more():
        if kind is known:
            return size
    if kind is builtin_types.FrameType and _version < (3, 11):
        return 8  # it takes one of its values for a part of its structure
    mro = mro_of(kind) or ()
    if kind is not str and any([base is str for base in mro]):
        return _basic_size_of(kind) - _basic_size_of(str)
    return _basic_size_of(kind) - _basic_size_of(type) if flags_of(kind) & IS_TYPE else 0


def _slots_size(kind):
    """The descriptions of a class's slots, one of them always empty."""
    members = sum([type(value) is MEMBER for value in list(namespace(kind).values())]) if is_python(kind) else 0
    return item_size_of(type) * (members + 1)


def _special(kind, flags):
    """The function that measures a type's instances where its own does not tell all."""
    times, cdata = library.times(), library.cdata()
    if flags & (INT | TUPLE | BYTES) and not flags & IS_TYPE and item_size_of(kind) and is_python(kind) \
            and "n_sequence_fields" not in namespace(kind):  # C makes those of os.stat and the like
        return _allocated(kind, flags)
    if any([kind is known for known in times]):
        return _time(kind)
    if cdata is not None and type(sys.modules["_ctypes"].sizeof) is type(len) and any([base is cdata for base in mro_of(kind) or ()]):
        return _of_ctypes(cdata)
    return None


def _allocated(kind, flags):
    """Of classes whose instances vary in size: one item more than they say, rounded up."""
    basic, item = _basic_size_of(kind), item_size_of(kind)
    if flags & INT:
        base, digit = int.__sizeof__(0) - (4 if _version >= (3, 11) else 0), item

        def length(o):
            return (int.__sizeof__(o) - base) // digit
    else:
        length = tuple.__len__ if flags & TUPLE else bytes.__len__

    def size(o):
        return basic + item * (length(o) + 1) + 7 & ~7
    return size


def _time(kind):
    """One without ``tzinfo`` ends before it."""
    basic, zone = _basic_size_of(kind), namespace(kind)["tzinfo"].__get__

    def size(o):
        return basic if zone(o) is not None else basic - 8
    return size


def _of_ctypes(cdata):
    """With the memory that is the object's own, but for what lies within it."""
    sizeof = sys.modules["_ctypes"].sizeof
    owns = namespace(cdata)["_b_needsfree_"].__get__
    within = _basic_size_of(cdata) - _VALUE_OF_CDATA

    def size(o):
        buffer = sizeof(o)
        return object.__sizeof__(o) + (buffer if buffer > within and owns(o) else 0)
    return size
