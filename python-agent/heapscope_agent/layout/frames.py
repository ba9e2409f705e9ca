"""Where threads keep their frames, and frames their locals: found on our own thread while it runs known code."""

import sys
from _thread import get_ident
from gc import get_referents

from heapscope_agent.layout import fields, unheard
from heapscope_agent.layout.builtin_types import FrameType

TAGS = 7
THREAD_SIZE = 1024
FRAME_WORDS = 60
FIRST = 3
"""Arguments of the sample function before the three that are looked for."""
UNKNOWN = ("frames", "frame_data", "frame_code", "frame_previous", "frame_locals", "frame_globals", "frame_func",
           "frame_namespace", "frame_instr", "generator_frame", "generator_state", "generator_states", "frame_last", "thread_frame", "thread_frame_via", "thread_id",
           "thread_dict", "thread_context", "thread_exception")


class Unlike(Exception):
    """Something is not where any version that we know has it."""


def probe(memory, core):
    """Numbers for ``core.setup``; those not found are -1, and without ``frames`` no frame is read."""
    numbers = dict.fromkeys(UNKNOWN, -1)
    numbers.update(_code(memory))
    numbers.update(_thread(memory, core))
    try:
        numbers.update(_frames(memory, core))
    except Unlike:
        numbers["frames"] = -1
    return numbers


def _first(found):
    if not found:
        raise Unlike
    return found[0]


def _line_offset(memory, codes):
    """Where code objects keep the number of their first line, 32 bits of it."""
    found = [offset for offset in range(16, type(codes[0]).__basicsize__ - 4, 4) if all([
        memory.peek(id(code) + offset, 4) == code.co_firstlineno.to_bytes(4, "little") for code in codes])]
    return found[0] if len(found) == 1 else -1


def _code(memory):
    code = fields.code_sample()
    numbers = fields.localsplus(memory, code)
    numbers["code_filename"] = memory.offset(code, code.co_filename)
    numbers["code_name"] = memory.offset(code, getattr(code, "co_qualname", code.co_name))
    numbers["code_line"] = _line_offset(memory, (code, _code.__code__, _first.__code__))
    numbers["code_bytes"] = type(code).__basicsize__
    function = fields.function_sample()
    numbers["function_code"] = memory.offset(function, function.__code__)
    numbers["function_closure"] = memory.offset(function, function.__closure__)
    old = sys.version_info < (3, 11)
    for name in ("varnames", "cellvars", "freevars"):
        numbers["code_" + name] = memory.offset(code, getattr(code, "co_" + name)) if old else -1
    return numbers


def _thread(memory, core):
    own = core.thread_dict()
    words = memory.words(core.thread_state(), THREAD_SIZE // 8)
    numbers = {"thread_id": 8 * words.index(get_ident()) if get_ident() in words else -1}
    numbers["thread_dict"] = 8 * words.index(own) if own in words else -1
    numbers["thread_context"] = _context(memory, core)
    try:
        raise KeyError
    except KeyError as error:
        words = memory.words(core.thread_state(), THREAD_SIZE // 8)
        if words.count(id(error)) == 1:
            numbers["thread_exception"] = 8 * words.index(id(error))
    return numbers


def _context(memory, core):
    try:
        from _contextvars import copy_context
    except ImportError:
        return -1
    context = copy_context()
    words = context.run(memory.words, core.thread_state(), THREAD_SIZE // 8)
    return 8 * words.index(id(context)) if words.count(id(context)) == 1 else -1


# Frames. Our own frame is the current one only while it calls C directly: each sample reads for itself.

def _outer(memory, core, see):
    return _inner(memory, core, see, object(), object(), object())


def _inner(memory, core, see, first, second, third):
    frame = unheard.frame()
    try:
        peek, state = memory.peek, core.thread_state()
        data = peek(state, THREAD_SIZE)
        words = [int.from_bytes(data[at:at + 8], "little") for at in range(0, THREAD_SIZE, 8)]
        seconds = {}
        for at, word in enumerate(words):
            if word > 65536 and not word & 7:
                seconds[8 * at] = peek(word, 24)
        return see(memory, frame, words, seconds, (first, second, third))
    finally:
        frame = None  # it holds itself, and all its callers, until a collection


def _frames(memory, core):
    old = sys.version_info < (3, 11)
    numbers = _outer(memory, core, _see_old if old else _see_new)
    again = _deeper(memory, core, _see_old if old else _see_new, 3)
    if numbers != again:
        raise Unlike
    if not old:
        numbers["generator_frame"] = _generator(memory, numbers)
    numbers.update(_last_instruction(memory) if old else _states(memory, numbers["generator_frame"]))
    return numbers


def _deeper(memory, core, see, levels):
    return _deeper(memory, core, see, levels - 1) if levels else _outer(memory, core, see)


def _locals_at(words, values):
    """Offset of the first of three neighbours: arguments of a function."""
    ids = tuple(map(id, values))
    masked = tuple(word & ~TAGS for word in words)
    return 8 * _first([at for at in range(len(masked) - 2) if masked[at:at + 3] == ids])


def _at(words, value, mask=TAGS):
    return 8 * _first([at for at, word in enumerate(words) if word & ~mask == value])


def _see_old(memory, frame, words, seconds, values):
    own = memory.words(id(frame), FRAME_WORDS)
    return {
        "frames": 1,
        "frame_code": _at(own, id(frame.f_code)),
        "frame_previous": _at(own, id(frame.f_back)),
        "frame_globals": _at(own, id(frame.f_globals)),
        "frame_namespace": _at(own, id(frame.f_globals)) + 8,
        "frame_locals": _locals_at(own, values) - 8 * FIRST,
        "thread_frame": _at(words, id(frame)),
        "thread_frame_via": -1,
    }


def _data_of(memory, frame):
    """(offset, address) of the interpreter's frame behind a frame object."""
    code = id(frame.f_code)
    for offset in (24, 16, 32, 40):
        at = memory.word(id(frame) + offset)
        if at and any(word & ~TAGS == code for word in memory.words(at, 8)):
            return offset, at
    raise Unlike


def _see_new(memory, frame, words, seconds, values):
    offset, at = _data_of(memory, frame)
    _, previous = _data_of(memory, frame.f_back)
    own = memory.words(at, FRAME_WORDS // 2)
    numbers = {
        "frames": 2,
        "frame_data": offset,
        "frame_code": _at(own, id(frame.f_code)),
        "frame_previous": _at(own, previous),
        "frame_globals": _at(own, id(frame.f_globals)),
        "frame_func": _at(own, id(_inner)),
        "frame_locals": _locals_at(own, values) - 8 * FIRST,
    }
    numbers["frame_namespace"] = numbers["frame_globals"] + 16  # globals, builtins, locals
    code = id(frame.f_code)
    inside = [8 * place for place, word in enumerate(own) if code < word < code + sys.getsizeof(frame.f_code)]
    numbers["frame_instr"] = inside[0] if inside else -1
    numbers.update(_current(words, seconds, at))
    return numbers


def _current(words, seconds, at):
    """Where the thread's state points to the running frame: directly, or (3.11, 3.12) through a structure on the C
    stack.
    """
    if at in words:
        return {"thread_frame": 8 * words.index(at), "thread_frame_via": -1}
    wanted = at.to_bytes(8, "little")
    for offset, data in seconds.items():
        for via in (0, 8, 16):
            if data and data[via:via + 8] == wanted:
                return {"thread_frame": offset, "thread_frame_via": via}
    raise Unlike


def _yielding(first, second, third):
    yield


def _generator(memory, numbers):
    values = object(), object(), object()
    sample = _yielding(*values)
    next(sample)
    words = memory.words(id(sample), FRAME_WORDS // 2)
    try:
        start = _locals_at(words, values) - numbers["frame_locals"]
    except Unlike:
        return -1
    code = memory.word(id(sample) + start + numbers["frame_code"]) & ~TAGS
    return start if code == id(sample.gi_code) else -1


def _held(sample):
    """Suspended in another one, as by ``await``."""
    yield from sample


def _seen(look, own):
    own.append(look(own[0]))
    yield


def _states(memory, size):
    """Where generators keep their state, a byte, and its values: not started, suspended, suspended in another, running; the
    same in two samples of each.
    """
    if size <= 0:
        return {}

    def look(sample):
        return memory.peek(id(sample), size)
    samples = []
    for _ in range(2):
        created, suspended, held, closed = _yielding(1, 2, 3), _yielding(1, 2, 3), _held(_yielding(1, 2, 3)), _yielding(1, 2, 3)
        next(suspended), next(held)
        closed.close()
        own = []
        own.append(_seen(look, own))
        next(own[0])
        samples.append((look(created), look(suspended), look(held), own[1], look(closed)))
        own.clear()  # it holds itself
    found = [at for at in range(16, size) if [all_of[at] for all_of in samples[0]] == [all_of[at] for all_of in samples[1]]
             and len({samples[0][state][at] for state in (0, 1, 3, 4)}) == 4 and samples[0][2][at] not in
             [samples[0][state][at] for state in (0, 3, 4)]]
    if len(found) != 1:
        return {}
    values = [samples[0][state][found[0]] for state in range(4)]
    return {"generator_state": found[0], "generator_states": int.from_bytes(bytes(values), "little")}


def _last_instruction(memory):
    """Where frame objects keep the last instruction, -1 before the first: 32 bits, in steps of one or two."""
    created, suspended = _yielding(1, 2, 3), _yielding(1, 2, 3)
    next(suspended)
    frames = [next(target for target in get_referents(sample) if type(target) is FrameType) for sample in (created, suspended)]
    wanted = [[-1], [frames[1].f_lasti, frames[1].f_lasti // 2]]
    size = FrameType.__basicsize__
    words = [[int.from_bytes(memory.peek(id(frame) + at, 4), "little", signed=True) for at in range(16, size - 3, 4)] for frame in frames]
    found = [16 + 4 * at for at in range(len(words[0])) if words[0][at] in wanted[0] and words[1][at] in wanted[1]]
    return {"frame_last": found[0]} if len(found) == 1 else {}
