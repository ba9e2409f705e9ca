"""Arrays of numpy, which hide their references from the collector: read by the descriptors of its C types, and only if
the program has imported it.
"""

import sys

from heapscope_agent.heap.labels import LABEL_FIELD, REST_ITEMS
from heapscope_agent.heap.descriptors import module_of, mro_of, namespace, text_of

MAX_DIMENSIONS = 64
_KINDS = {"i": "int", "u": "uint", "f": "float", "c": "complex"}
_PLAIN = {"b": "bool", "O": "object", "M": "datetime64", "m": "timedelta64"}


class Arrays:
    """The reader of ``numpy.ndarray`` itself; subclasses are not described."""

    def __init__(self, array_type, dtype_type):
        self.type = array_type
        own, dtypes = namespace(array_type), namespace(dtype_type)
        self._bytes, self._base, self._dtype, self._shape, self._flags, self._flat = [
            own[name].__get__ for name in ("nbytes", "base", "dtype", "shape", "flags", "flat")]
        self._kind, self._item_size = dtypes["kind"].__get__, dtypes["itemsize"].__get__

    def read(self, walk, facts, objects, flags, held):
        """Describes arrays: the owner of their buffer, and the elements of object arrays."""
        base_label, dtype_label = walk.dump.label(LABEL_FIELD, "base"), walk.dump.label(LABEL_FIELD, "dtype")
        refs = walk.refs(objects, held)
        edges = []
        for entry in objects:
            base, dtype = self._base(entry), self._dtype(entry)
            owned = bool(self._flags(entry).owndata)
            kind = self._kind(dtype)
            targets = [dtype] if base is None else [base, dtype]
            labels = [base_label, dtype_label][-len(targets):]
            if kind == "O" and owned:
                targets.extend(self._flat(entry))
            walk.dump.array(id(entry), self._bytes(entry), owned, self._name(kind, self._item_size(dtype)),
                            str(self._shape(entry)[:MAX_DIMENSIONS]))
            edges.append((labels, targets))
        walk.describe(facts, objects, flags, refs, edges, REST_ITEMS)

    @staticmethod
    def _name(kind, size):
        if kind in _KINDS:
            return "%s%d" % (_KINDS[kind], 8 * size)
        return _PLAIN.get(kind) or "%s%d" % (kind, size // 4 if kind == "U" else size)


def find_arrays():
    """``Arrays`` if the program has numpy, else None."""
    space = getattr(sys.modules.get("numpy"), "__dict__", None)
    found = [space.get(name) for name in ("ndarray", "dtype")] if type(space) is dict else [None]
    if any([not _is_type(kind) or text_of(module_of, kind) != "numpy" for kind in found]):
        return None
    try:
        return Arrays(*found)
    except KeyError:
        return None


def _is_type(kind):
    return any([base is type for base in mro_of(type(kind))])
