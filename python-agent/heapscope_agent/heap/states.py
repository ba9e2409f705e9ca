"""Whether a coroutine or a generator runs, is suspended, was not started or is closed, in the words of ``inspect``, and the line where it is,
as far as that can be seen without asking for its frame: that would create it, and tell audit hooks.
"""

import sys
from gc import get_referents

from heapscope_agent.layout import builtin_types as types

_FRAMES = sys.version_info < (3, 11)
"""Each has a frame object, which is among its referents as long as it is not closed."""
_line_of = types.FrameType.__dict__["f_lineno"].__get__
_last_of = types.FrameType.__dict__["f_lasti"].__get__


def _readers(kind, prefix):
    """(is it suspended, is it running): readers of that type; None where the interpreter does not say."""
    found = [kind.__dict__.get(prefix + name) for name in ("suspended", "running")]
    return [None if entry is None else entry.__get__ for entry in found]


_READERS = {id(kind): _readers(kind, prefix) for kind, prefix in (
    (types.GeneratorType, "gi_"), (types.CoroutineType, "cr_"), (types.AsyncGeneratorType, "ag_"))}
if sys.version_info < (3, 12):  # until then an asynchronous generator is said to run as long as something waits for it
    del _READERS[id(types.AsyncGeneratorType)]


def state_of(entry):
    """(state, line): "" and 0 where they are unknown or there is none."""
    held = get_referents(entry)
    frame = next((target for target in held if type(target) is types.FrameType), None) if _FRAMES else None
    line = 0 if frame is None or _last_of(frame) < 0 else _line_of(frame) or 0
    suspended, running = _READERS.get(id(type(entry)), (None, None))
    if running is None:
        return "", line
    if _FRAMES:
        if frame is None:
            return "closed", 0
        return "created" if _last_of(frame) < 0 else "running" if running(entry) else "suspended", line
    if suspended(entry):
        return "suspended", 0
    if running(entry):
        return "running", 0
    # Its function and its locals go with the frame, its code does not. What was closed before it began keeps them on 3.12 and 3.13.
    return "created" if any([type(target) is types.FunctionType for target in held]) else "closed", 0
