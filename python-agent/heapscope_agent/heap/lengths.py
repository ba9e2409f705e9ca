"""Lengths that are no number of references: of texts, bytes, and arrays of numbers. ``META`` has the sizes of an empty str and of empty
bytes, whose size says how long they are; the others have a record here, without a dtype where they are no array.
"""

import sys
from itertools import compress
from _operator import ne
from sys import getsizeof

from heapscope_agent.heap.descriptors import module_of, mro_of, text_of

STR_EMPTY, BYTES_EMPTY = getsizeof(""), getsizeof(b"")
_NAMES = {code: name for name, codes in (("int%d", "bhilq"), ("uint%d", "BHILQ"), ("float%d", "fd"), ("U%d", "uw")) for code in codes}


def of_type(kind):
    """What of ``str``, ``bytes``, ``bytearray`` and ``array.array`` a type is derived from; None: of none."""
    bases = {id(base) for base in (str, bytes, bytearray, array_type())}
    return next((base for base in mro_of(kind) or () if id(base) in bases), None)


def array_type():
    """``array.array`` if the program has it, else None."""
    found = getattr(sys.modules.get("array"), "array", None)
    return found if type(found) is type and text_of(module_of, found) == "array" else None


def note(dump, facts, objects, sizes):
    """Objects of one type that were described, and their sizes."""
    base = facts.measured
    if base is None or facts.type is bytes:
        return
    lengths = list(map(base.__len__, objects))
    if facts.type is str:
        odd = list(map(ne, sizes, map(STR_EMPTY.__add__, lengths)))
        objects, lengths = list(compress(objects, odd)), list(compress(lengths, odd))
    for entry, length in zip(objects, lengths):
        dtype, each = dtype_of(base, entry) if base is not str else ("", 0)
        dump.array(id(entry), length * each, True, dtype, "(%d,)" % length)


def dtype_of(base, entry):
    """(its name as numpy would have it, bytes of an item)."""
    if base is bytes or base is bytearray:
        return "", 1
    code, size = base.typecode.__get__(entry), base.itemsize.__get__(entry)
    name = _NAMES.get(code, "")
    return (name % (1 if name[:1] == "U" else 8 * size) if name else code), size
