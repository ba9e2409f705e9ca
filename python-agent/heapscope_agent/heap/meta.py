"""META of a dump: how, when and on what it was made."""

import sys

from heapscope_agent.heap.lengths import BYTES_EMPTY, STR_EMPTY

FREE_THREADED = "t" in getattr(sys, "abiflags", "")
_UNTRACKED = ["untracked-unseen"] if sys.version_info < (3, 10) else []
"""Up to then types such as ``re.Match`` show the collector nothing of what they hold."""


def meta(method, collected, began, frames, notes):
    """The JSON of META, built by hand: the program may not have imported the json module."""
    return _json({
        "method": method, "python": "%d.%d.%d" % sys.version_info[:3], "platform": sys.platform, "t": began,
        "collected": collected, "frames": frames, "free_threaded": FREE_THREADED,
        "str_empty": STR_EMPTY, "bytes_empty": BYTES_EMPTY, "notes": notes + ([] if method == "census" else _UNTRACKED)})


def _json(values):
    """JSON of a map of plain values, built by hand: the program may not have imported the json module."""
    return "{%s}" % ", ".join(['"%s": %s' % (key, _json_value(value)) for key, value in values.items()])


def _json_value(value):
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) is list:
        return "[%s]" % ", ".join(map(_json_value, value))
    if type(value) is str:
        return '"%s"' % value.replace("\\", "\\\\").replace('"', '\\"')
    return repr(value)
