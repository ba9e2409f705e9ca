"""Short texts of values, if the user allowed them, without the redacted ones: whatever is held under a name that a rule
matches. An object may be found under such a name after it was found elsewhere, so previews are written at the very end.
"""

from itertools import compress

from heapscope_agent.heap.labels import DUMP_LIMIT_PREVIEW
from heapscope_agent.heap.texts import escaped, whole


def _bytes(value):
    return escaped(value, DUMP_LIMIT_PREVIEW)[1]


def _items(length):
    def text(value):
        count = length(value)
        return "1 item" if count == 1 else "%d items" % count
    return text


_TEXTS = {
    id(str): lambda value: value[:DUMP_LIMIT_PREVIEW], id(bytes): _bytes, id(int): whole, id(bool): repr, id(float): repr,
    id(complex): repr, id(type(None)): repr, id(list): _items(list.__len__), id(tuple): _items(tuple.__len__),
    id(dict): _items(dict.__len__), id(set): _items(set.__len__), id(frozenset): _items(frozenset.__len__),
}
"""Only for built-in types, not for types derived from them: these functions run only C code."""


class Previews:
    """Collects texts and secrets; ``write`` at the end."""

    def __init__(self, rules):
        self._rules = rules
        self._texts = []
        self._secrets = set()
        self._secret_keys = set()
        self._labels = {}

    def note(self, facts, objects):
        """Records described objects of one type."""
        text = _TEXTS.get(id(facts.type))
        if text is not None:
            self._texts.extend(zip(map(id, objects), map(text, objects)))

    def matches(self, name):
        """Whether a rule redacts values with this name."""
        name = name.lower()
        return any([rule in name for rule in self._rules])

    def keys(self, found):
        """Keys of dictionaries by their address."""
        for address, key in found:
            if type(key) is str and self.matches(key):
                self._secret_keys.add(address)
            elif type(key) is bytes and self.matches(key.decode("latin-1")):
                self._secret_keys.add(address)

    def pairs(self, piece):
        """Keys and values in turn."""
        if self._secret_keys:
            secret = map(self._secret_keys.__contains__, map(id, piece[0::2]))
            self._secrets.update(map(id, compress(piece[1::2], secret)))

    def labelled(self, names, targets):
        """Edges with the names of their labels."""
        for name, target in zip(names, targets):
            if name:
                known = self._labels.get(name)
                if known is None:
                    known = self._labels[name] = self.matches(name)
                if known:
                    self._secrets.add(id(target))

    def write(self, dump):
        """Writes the previews that may be shown."""
        secrets = self._secrets
        for address, text in self._texts:
            if text is not None and address not in secrets:
                dump.preview(address, text)
        self._texts = []
