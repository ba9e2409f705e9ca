"""What keys of dictionaries say, and the first items of those that are tuples or frozensets: names, written whether values are or not.
Only for built-in types, not for types derived from them: all of it is C code.
"""

from itertools import islice

MAX_BYTES = 56
"""Characters of a ``bytes`` between its quotes."""
MAX_BITS = 192
"""Of an int that is written in full; of others the first 64 bits are."""
MAX_ITEMS = 4
MAX_DEPTH = 2
MAX_SEEN = 1 << 18


def whole(value):
    """An int: in decimals, or how it begins."""
    bits = value.bit_length()
    if bits <= MAX_BITS:
        return "%d" % value
    return "%s0x%x\u2026" % ("-" if value < 0 else "", abs(value) >> ((bits - 1) // 4 * 4 - 60))


def escaped(value, most):
    """(quote, text, whether it is all) of bytes: at most so many characters, cut between escapes."""
    head = value[:most]
    text = repr(head)
    quote, text = text[1], text[2:-1]
    if len(text) <= most:
        return quote, text, len(head) == len(value)
    end = 0
    while True:
        after = end + (1 if text[end] != "\\" else 4 if text[end + 1] == "x" else 2)
        if after > most:
            return quote, text[:end], False
        end = after


def _bytes(value):
    quote, text, is_all = escaped(value, MAX_BYTES)
    return "b" + quote + text + ("" if is_all else "\u2026") + quote


_TEXTS = {id(str): str.__str__, id(int): whole, id(float): repr, id(complex): repr, id(bytes): _bytes}
_ITEMS = {id(tuple): lambda value: value[:MAX_ITEMS], id(frozenset): lambda value: islice(value, MAX_ITEMS)}


class Texts:
    """Those of one dump: that of an item once, however many keys have it."""

    def __init__(self):
        self._items = set()

    def write(self, dump, keys):
        """``keys``: (address, key) pairs."""
        texts, inside = [], []
        for address, key in keys:
            if type(key) is str:  # most are
                texts.append((address, key))
                continue
            kind = id(type(key))
            if kind in _TEXTS:
                texts.append((address, _TEXTS[kind](key)))
            elif kind in _ITEMS:
                inside.append(key)
        for _ in range(MAX_DEPTH):
            inside = self._inside(inside, texts)
        if texts:
            dump.texts(texts)
        if len(self._items) > MAX_SEEN:
            self._items.clear()

    def _inside(self, containers, texts):
        """Adds the texts of their items; the containers among these."""
        deeper = []
        for container in containers:
            for item in _ITEMS[id(type(container))](container):
                kind, address = id(type(item)), id(item)
                if kind in _ITEMS:
                    deeper.append(item)
                elif kind in _TEXTS and address not in self._items:
                    self._items.add(address)
                    texts.append((address, _TEXTS[kind](item)))
        return deeper
