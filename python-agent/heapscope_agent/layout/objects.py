"""Where this interpreter keeps what the C core reads: found in living samples, and verified, before it is used."""

import gc
import sys
from _struct import unpack_from

GC_FLAGS = 3
MANAGED_DICT, INLINE_VALUES = 1 << 4, 1 << 2


class NativeUnavailable(Exception):
    """The C core cannot be used here; the argument gives the reason."""


def need(condition, what):
    if not condition:
        raise NativeUnavailable("this interpreter keeps %s in an unknown way" % what)


class Memory:
    """Reads words of this process; ``peek`` is the core's, and refuses unmapped memory."""

    def __init__(self, peek):
        self.peek = peek

    def words(self, address, count):
        data = self.peek(address, 8 * count)
        return unpack_from("<%dQ" % count, data) if data else (0,) * count

    def word(self, address):
        return self.words(address, 1)[0]

    def offsets(self, thing, value, size=0, mask=0):
        """Where the structure of ``thing`` has a pointer to ``value``."""
        size = (size or type(thing).__basicsize__) // 8
        wanted = id(value)
        return [8 * at for at, word in enumerate(self.words(id(thing), size)) if at >= 2 and word & ~mask == wanted]

    def offset(self, thing, value, size=0):
        """The only place that has it; -1 if there is none or several."""
        found = self.offsets(thing, value, size)
        return found[0] if len(found) == 1 else -1


_made = []


def made_class(name, content=None):
    """A sample class, created once and kept: a class is a ring of references, and no garbage must be left in the program."""
    _made.append(type(name, (), content or {}))
    return _made[-1]


class Plain(object):
    pass


class Finalized(object):
    def __del__(self):
        pass


class Slotted(object):
    __slots__ = ("hs_one", "hs_two")


def probe(memory, core):
    """The numbers that everything needs, for ``core.setup``. Raises NativeUnavailable."""
    numbers = {"version": sys.hexversion >> 16}
    _check_objects(memory)
    _check_types(memory)
    numbers.update(_containers(memory))
    numbers.update(strings(memory))
    numbers.update(_integers(memory))
    numbers.update(_class_fields(memory))
    numbers.update(_headers(numbers["version"]))
    numbers.update(_values(memory))
    numbers.update(_lists(memory, core))
    return numbers


def _check_objects(memory):
    sample = [None] * 3
    words, held = memory.words(id(sample), 5), [sample] * 1000
    need(memory.word(id(sample)) - words[0] == len(held) and words[1] == id(list), "objects")
    need(words[2] == 3 and words[4] >= 3 and memory.words(words[3], 3) == (id(None),) * 3, "lists")
    used = {object(), object()}
    need(memory.words(id(used), 4)[3] == 2, "sets")
    data = b"heapscope sample"
    need(memory.words(id(data), 3)[2] == 16 and memory.peek(id(data) + 32, 16) == data, "bytes")
    need(memory.word(id(data) + 24) in (hash(data) % 2 ** 64, 2 ** 64 - 1), "hashes of bytes")
    method = memory.word(id(list.__sizeof__) + 40)
    need(memory.peek(memory.word(method), 11) == b"__sizeof__\0", "methods")
    need(dict.__basicsize__ == 48, "dictionaries")


def _check_types(memory):
    for kind in (int, dict, Exception, Plain, Slotted):
        words = memory.words(id(kind), 50)
        need(words[4] == kind.__basicsize__ and words[5] == kind.__itemsize__ % 2 ** 64, "types' sizes")
        need(words[21] == kind.__flags__ % 2 ** 64 and words[36] == kind.__dictoffset__ % 2 ** 64, "types' flags")
        need(words[32] == id(kind.__base__) and words[42] == id(kind.__bases__) and words[43] == id(kind.__mro__),
             "types' bases")
    need(memory.word(memory.word(id(Plain) + 264) + 8) == id(dict), "types' dictionaries")
    members = memory.words(memory.word(id(Slotted) + 240), 3)
    need(memory.peek(members[0], 7) == b"hs_one\0" and members[2] == 16, "types' members")


def _containers(memory):
    sample = (object(), object())
    items = tuple.__basicsize__
    need(memory.words(id(sample) + items, 2) == tuple(map(id, sample)), "tuples")
    return {"tuple_items": items}


def strings(memory):
    """Where strings have their characters. Raises NativeUnavailable."""
    numbers = {"str_empty": sys.getsizeof(""), "str_ascii": -1, "str_wide": -1, "str_ready": 0x80 if sys.version_info < (3, 12) else 0}
    plain, wide = "".join(["heapscope", " sample"]), "".join(["heapscope ", "\u0101"])
    for offset in (40, 48):
        if memory.peek(id(plain) + offset, 16) == plain.encode():
            numbers["str_ascii"] = offset
    for offset in (56, 72):
        # Not `encode("utf-16-le")`: the codec is a module, whose import the program's hooks would hear of.
        if memory.peek(id(wide) + offset, 22) == b"".join([ord(letter).to_bytes(2, "little") for letter in wide]):
            numbers["str_wide"] = offset
    need(numbers["str_ascii"] > 0 and numbers["str_wide"] > 0, "strings")
    states = [memory.words(id(text), 5)[4] & 0x7C for text in (plain, wide, "\U0001F600 x", "\xe9\xe8")]
    need(states == [0x64, 0x28, 0x30, 0x24], "strings' kinds")
    need(memory.word(id(sys.intern("hs_interned")) + 32) & 3 and not memory.word(id(plain) + 32) & 3, "interned strings")
    hash(plain)
    need(memory.word(id(plain) + 24) == hash(plain) % 2 ** 64, "strings' hashes")
    return numbers


def _integers(memory):
    tagged = sys.version_info >= (3, 12)
    if sys.int_info.bits_per_digit != 30:
        return {"int_bits": -1, "int_tagged": int(tagged)}
    for value in (2 ** 40 + 12345, -(2 ** 40 + 12345)):
        size, digits = memory.words(id(value) + 16, 2)
        expected = 2 << 3 | (2 if value < 0 else 0) if tagged else (2 if value > 0 else 2 ** 64 - 2)
        need(size == expected and digits & 0x3FFFFFFF == abs(value) & 0x3FFFFFFF, "integers")
    return {"int_bits": 30, "int_tagged": int(tagged)}


def _class_fields(memory):
    """``ht_name`` and its neighbours: what the classes of Python programs have in common."""
    size = type.__basicsize__
    name, qualname = "hs_name_%d" % id(memory), "hs_qualname_%d" % id(memory)
    sample = made_class(name, {"__slots__": ("hs_slot",), "__qualname__": qualname})
    numbers = {
        "type_name": memory.offset(sample, type.__dict__["__name__"].__get__(sample), size),
        "type_qualname": memory.offset(sample, type.__dict__["__qualname__"].__get__(sample), size),
        "subtype_dealloc": memory.word(id(Plain) + 48),
        "slot_finalize": memory.word(id(Finalized) + 392),
    }
    need(numbers["type_name"] > 0 and numbers["type_qualname"] > 0, "types' names")
    need(memory.word(id(Plain) + 392) == 0, "types' finalizers")
    between = numbers["type_name"] + 8
    slots = memory.word(id(sample) + between)
    numbers["type_slots"] = between if slots and memory.word(slots + 8) == id(tuple) else -1
    return numbers


def _headers(version):
    """What ``sys.getsizeof`` adds to ``__sizeof__``."""
    flags = 0 if version < 0x030B else MANAGED_DICT if version < 0x030C else MANAGED_DICT | 1 << 3
    for sample in (Plain(), Slotted(), [], Exception()):
        kind = type(sample)
        base = kind.__sizeof__(sample) if kind in (list,) else object.__sizeof__(sample)
        need(sys.getsizeof(sample) - base == (32 if kind.__flags__ & flags else 16), "objects' headers")
    return {"pre_flags": flags, "static_pre": sys.getsizeof(int) - type.__sizeof__(int)}


# Inline values

def _values(memory):
    """Where instances keep attributes, and where the class keeps their names; all -1 up to 3.10."""
    numbers = {"values": -1, "values_offset": -1, "values_flag": -1, "type_keys": -1, "managed_dict": -1, "values_sized": 0}
    kind = made_class("Sample")
    values = [object() for _ in range(3)]
    sample = kind()
    sample.hs_a, sample.hs_b, sample.hs_c = values
    keys = _keys_offset(memory, kind)
    ids = tuple(map(id, values))
    for way, offset, flag, start in (
            (1, -32, MANAGED_DICT, memory.word(id(sample) - 32)),
            (2, -24, MANAGED_DICT, memory.word(id(sample) - 24) + 1),
            (3, 0, INLINE_VALUES, id(sample) + kind.__basicsize__ + 8)):
        if keys > 0 and kind.__flags__ & flag and memory.words(start, 3) == ids:
            del sample.hs_b
            if memory.words(start, 3) == (ids[0], 0, ids[2]) and _counts(memory, way, start):
                numbers.update({"values": way, "values_offset": offset, "values_flag": flag, "type_keys": keys})
                base = kind.__basicsize__ + 32
                numbers["values_sized"] = int(sys.getsizeof(sample) > base)
                break
    numbers["managed_dict"] = _managed_dict(memory)
    return numbers


def _counts(memory, way, start):
    """Whether the bytes with the number of values are where we expect them."""
    if way == 3:
        capacity, _, embedded, valid = memory.peek(start - 8, 4)
        return capacity >= 3 and embedded == valid == 1
    prefix = memory.peek(start - 1, 1)[0]
    return prefix >= 8 and prefix % 8 == 0


def _keys_offset(memory, kind):
    names = tuple(id(sys.intern(name)) for name in ("hs_a", "hs_b", "hs_c"))
    for offset in range(400, type.__basicsize__, 8):
        keys = memory.word(id(kind) + offset)
        if not keys or keys & 7 or not memory.peek(keys, 32):
            continue
        log2_index = memory.peek(keys, 16)[9]
        if log2_index > 16 or memory.word(keys + 24) != 3:
            continue
        entries = memory.words(keys + 32 + (1 << log2_index), 6)
        if entries[::2] == names:
            return offset
    return -1


def _managed_dict(memory):
    if sys.version_info < (3, 11):
        return -1
    sample = Plain()
    sample.hs_a = 1
    own = sample.__dict__
    return -24 if memory.word(id(sample) - 24) == id(own) else -1


# The collector's lists

def _is_head(memory, head):
    following, before = memory.words(head, 2)
    return (bool(following) and memory.words(following & ~GC_FLAGS, 2)[1] & ~GC_FLAGS == head
            and memory.words(before & ~GC_FLAGS, 2)[0] & ~GC_FLAGS == head)


def _lists(memory, core):
    """Addresses of the generations' heads; without them a capture must be given a list of objects."""
    unknown = {"generation0": -1, "generation1": -1, "generation2": -1, "permanent": -1}
    young = core.youngest()
    if not young:
        return unknown
    heads = [young, young + 24, young + 48]
    # The permanent one follows, in most versions with a pointer to the first in between; some builds align to 4 only.
    permanent = next((head for head in range(young + 72, young + 104, 4) if _is_head(memory, head)), 0)
    if not permanent or not all(_is_head(memory, head) for head in heads):
        return unknown
    empty = memory.word(permanent) & ~GC_FLAGS == permanent
    if empty != (gc.get_freeze_count() == 0):
        return unknown
    return dict(zip(("generation0", "generation1", "generation2", "permanent"), heads + [permanent]))
