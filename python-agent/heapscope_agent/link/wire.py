"""Frames and bodies as specified in PROTOCOL.md: a small subset of MessagePack, no import beyond ``_struct`` and ``errno``."""

from _struct import Struct
from errno import ENOSPC

VERSION = 2
MAX_BODY = 1048576
MAX_DEPTH = 16
MAX_ERROR = 1000
"""Maximum characters of an error's text."""

HELLO, SAMPLE, GC, MARK, REPLY, FAULT, BYE, GARBAGE, SNAPSHOT, DUMP, ALLOCATIONS = range(1, 12)
WELCOME, REFUSE, COMMAND = range(64, 67)

_HEADER = Struct("<IB")
_FLOAT = Struct(">Bd")
_UNSIGNED = ((0xFF, Struct(">BB"), 0xCC), (0xFFFF, Struct(">BH"), 0xCD), (0xFFFFFFFF, Struct(">BI"), 0xCE),
             (0xFFFFFFFFFFFFFFFF, Struct(">BQ"), 0xCF))
_SIGNED = ((-0x80, Struct(">Bb"), 0xD0), (-0x8000, Struct(">Bh"), 0xD1), (-0x80000000, Struct(">Bi"), 0xD2),
           (-0x8000000000000000, Struct(">Bq"), 0xD3))
_INT_WIDTH = {0xCC: (1, False), 0xCD: (2, False), 0xCE: (4, False), 0xCF: (8, False),
              0xD0: (1, True), 0xD1: (2, True), 0xD2: (4, True), 0xD3: (8, True)}
_STR_WIDTH = {0xD9: 1, 0xDA: 2, 0xDB: 4}
_BIN_WIDTH = {0xC4: 1, 0xC5: 2, 0xC6: 4}
_ARRAY_WIDTH = {0xDC: 2, 0xDD: 4}
_MAP_WIDTH = {0xDE: 2, 0xDF: 4}
_CONSTANT = {0xC0: None, 0xC2: False, 0xC3: True}


class WireError(Exception):
    """The other side broke the contract; the connection cannot continue. ``args[0]`` is the reason, in one word."""


class Refused(Exception):
    """A request is refused. ``code``: a word of PROTOCOL.md's "Errors"; ``signal``: the signal that ended the process; the text is
    for people.
    """

    def __init__(self, code, text, signal=None):
        Exception.__init__(self, text)
        self.code, self.signal = code, signal


def failure(error):
    """``code`` and ``error`` of a REPLY or a SNAPSHOT for an exception."""
    if isinstance(error, Refused):
        return {"code": error.code, "error": str(error)[:MAX_ERROR]}
    code = "no-space" if isinstance(error, OSError) and error.errno == ENOSPC else "failed"
    return {"code": code, "error": ("%s: %s" % (type(error).__name__, error))[:MAX_ERROR]}


def frame(kind, body):
    """The bytes of one frame. Raises ValueError if ``body`` cannot be encoded or is longer than a frame may be."""
    out = bytearray(5)
    _pack(body, out, 0)
    if len(out) - 5 > MAX_BODY:
        raise ValueError("body of %d bytes" % (len(out) - 5))
    _HEADER.pack_into(out, 0, len(out) - 5, kind)
    return bytes(out)


def _pack(value, out, depth):
    kind = type(value)
    if depth > MAX_DEPTH:
        raise ValueError("too deep")
    if kind is str:
        _pack_text(value, out)
    elif kind is int:
        _pack_int(value, out)
    elif kind is float:
        out += _FLOAT.pack(0xCB, value)
    elif value is None:
        out.append(0xC0)
    elif kind is bool:
        out.append(0xC3 if value else 0xC2)
    elif kind is dict:
        _pack_head(len(value), 0x80, 15, 0xDE, out)
        for key, item in value.items():
            if type(key) is not str:
                raise ValueError("map key is no str")
            _pack_text(key, out)
            _pack(item, out, depth + 1)
    elif kind is list or kind is tuple:
        _pack_head(len(value), 0x90, 15, 0xDC, out)
        for item in value:
            _pack(item, out, depth + 1)
    elif kind is bytes:
        _pack_sized(len(value), 0xC4, out)
        out += value
    else:
        raise ValueError("cannot write a %s" % kind.__name__)


def _pack_text(value, out):
    data = value.encode("utf-8", "replace")
    size = len(data)
    if size < 32:
        out.append(0xA0 | size)
    else:
        _pack_sized(size, 0xD9, out)
    out += data


def _pack_sized(size, code, out):
    for step, width in enumerate((1, 2, 4)):
        if size < 1 << 8 * width:
            out.append(code + step)
            out += size.to_bytes(width, "big")
            return
    raise ValueError("too long")


def _pack_head(size, short, most, code, out):
    if size <= most:
        out.append(short | size)
    elif size <= 0xFFFF:
        out.append(code)
        out += size.to_bytes(2, "big")
    else:
        out.append(code + 1)
        out += size.to_bytes(4, "big")


def _pack_int(value, out):
    if 0 <= value < 128 or -32 <= value < 0:
        out.append(value & 0xFF)
        return
    if value > 0:
        for most, layout, code in _UNSIGNED:
            if value <= most:
                out += layout.pack(code, value)
                return
    else:
        for least, layout, code in _SIGNED:
            if value >= least:
                out += layout.pack(code, value)
                return
    raise ValueError("int of more than 64 bits")


def decode(body):
    """The map in ``body`` (bytes). Raises WireError for anything but exactly one well-formed map."""
    try:
        value, end = _unpack(body, 0, 0)
    except (IndexError, UnicodeDecodeError):
        raise WireError("malformed") from None
    if end != len(body) or type(value) is not dict:
        raise WireError("malformed")
    return value


def _unpack(data, at, depth):
    code = data[at]
    at += 1
    if code < 0x80:
        return code, at
    if code >= 0xE0:
        return code - 256, at
    if code in _CONSTANT:
        return _CONSTANT[code], at
    if code == 0xCB:
        return _FLOAT.unpack(b"\0" + _take(data, at, 8))[1], at + 8
    if code in _INT_WIDTH:
        width, signed = _INT_WIDTH[code]
        return int.from_bytes(_take(data, at, width), "big", signed=signed), at + width
    if 0xA0 <= code < 0xC0:
        return str(_take(data, at, code & 31), "utf-8"), at + (code & 31)
    if code in _STR_WIDTH:
        size, at = _size(data, at, _STR_WIDTH[code])
        return str(_take(data, at, size), "utf-8"), at + size
    if code in _BIN_WIDTH:
        size, at = _size(data, at, _BIN_WIDTH[code])
        return _take(data, at, size), at + size
    return _unpack_many(data, code, at, depth)


def _unpack_many(data, code, at, depth):
    if depth >= MAX_DEPTH:
        raise WireError("malformed")
    if code < 0x90:
        return _unpack_map(data, at, code & 15, depth)
    if code in _MAP_WIDTH:
        size, at = _size(data, at, _MAP_WIDTH[code])
        return _unpack_map(data, at, size, depth)
    if code < 0xA0:
        size = code & 15
    elif code in _ARRAY_WIDTH:
        size, at = _size(data, at, _ARRAY_WIDTH[code])
    else:
        raise WireError("malformed")
    items = []
    for _ in range(size):
        item, at = _unpack(data, at, depth + 1)
        items.append(item)
    return items, at


def _unpack_map(data, at, size, depth):
    result = {}
    for _ in range(size):
        key, at = _unpack(data, at, depth + 1)
        if type(key) is not str:
            raise WireError("malformed")
        result[key], at = _unpack(data, at, depth + 1)
    return result, at


def _size(data, at, width):
    return int.from_bytes(_take(data, at, width), "big"), at + width


def _take(data, at, size):
    piece = data[at:at + size]
    if len(piece) != size:
        raise WireError("malformed")
    return piece


class FrameReader:
    """Splits a stream of bytes into frames; holds at most one incomplete frame."""

    __slots__ = ("_kinds", "_pending")

    def __init__(self, kinds):
        self._kinds = kinds
        self._pending = b""

    def feed(self, data):
        """Takes ``data``, returns the list of (kind, map) that are now complete. Raises WireError."""
        data = self._pending + data
        at = 0
        frames = []
        while len(data) - at >= 5:
            size, kind = _HEADER.unpack_from(data, at)
            if size > MAX_BODY:
                raise WireError("too-long")
            if kind not in self._kinds:
                raise WireError("unknown-kind")
            if len(data) - at - 5 < size:
                break
            frames.append((kind, decode(data[at + 5:at + 5 + size])))
            at += 5 + size
        self._pending = data[at:]
        return frames
