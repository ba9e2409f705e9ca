"""Where the interpreter keeps the callbacks of ``atexit``, from 3.10 on: found by one that the agent has registered in any case, so
that nothing is left in the program.
"""

import sys
from _struct import unpack_from

_PAGE, _PAGES = 4096, 4
"""The first 16 KB of the interpreter's state; its place was 3.5 to 10.8 KB in what was seen."""
_ROOM = 1 << 20


def probe(memory, core, own):
    """Numbers for ``core.setup``: ``exits``, the address of a pointer to the callbacks, ``exits_list``, whether it is a list's
    (from 3.14), and ``exits_own``, the agent's callback. Nothing where it is not found.
    """
    if own is None or sys.version_info < (3, 10):  # 3.9 has them in a module that shows them
        return {}
    is_list = sys.version_info >= (3, 14)
    interpreter = memory.word(core.thread_state() + 16)
    for page in range(_PAGES):
        at = interpreter + page * _PAGE
        data = memory.peek(at, _PAGE)
        words = unpack_from("<512Q", data) if data else ()
        for place, word in enumerate(words[:-1]):
            if word < 1 << 16 or word & 7:
                continue
            if _has(memory, word, id(own)) if is_list else _keeps(memory, word, words[place + 1], id(own)):
                return {"exits": at + 8 * place, "exits_list": int(is_list), "exits_own": id(own)}
    return {}


def _keeps(memory, slots, counts, own):
    """An array of pointers to (function, arguments, keywords), followed by how many there are, and room for how many."""
    count, room = counts & 0xFFFFFFFF, counts >> 32
    if not 1 <= count <= room < _ROOM:
        return False
    return any([slot and not slot & 7 and memory.word(slot) == own for slot in memory.words(slots, min(count, 500))])


def _has(memory, thing, own):
    """A list of tuples (function, arguments, keywords)."""
    _, kind, count, items = memory.words(thing, 4)
    if kind != id(list) or not 1 <= count < _ROOM:
        return False
    return any([own == memory.word(item + tuple.__basicsize__) for item in memory.words(items, min(count, 500))
                if item and not item & 7 and memory.word(item + 8) == id(tuple)])
