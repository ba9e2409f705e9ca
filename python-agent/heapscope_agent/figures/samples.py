"""One sample of the interpreter: allocated blocks, collector counts, ``gc.garbage``, traced memory."""

import gc
import sys

from heapscope_agent.link.wire import Refused

try:
    import _tracemalloc as tracemalloc
except ImportError:  # other interpreters
    tracemalloc = None

_COUNTS_ALL_INTERPRETERS = sys.version_info >= (3, 12)
_SUBINTERPRETERS = ("_interpreters", "_xxsubinterpreters")

_free_threaded = "t" in getattr(sys, "abiflags", "")
_blocks = getattr(sys, "getallocatedblocks", None) if not _free_threaded else None
_counts = gc.get_count if hasattr(gc, "get_count") else None
garbage = gc.garbage


def sample():
    """The keys of PROTOCOL.md's SAMPLE that the interpreter knows."""
    frames = traced_frames()
    current, peak = tracemalloc.get_traced_memory() if frames else (None, None)
    return {
        "blocks": _blocks() if _blocks and not _may_race() else None,
        "gc": list(_counts()) if _counts else [0, 0, 0],
        "garbage": len(garbage),
        "traced": current,
        "traced_peak": peak,
        "frames": frames,
    }


def _may_race():
    # From 3.12 the count walks the arenas of every interpreter of the process, including one that runs beside us with
    # its own lock and frees its arenas: CPython 3.13 to 3.15 crash (tests/test_boot.py has such a program). Threads
    # without a common lock are walked in the same way.
    return _COUNTS_ALL_INTERPRETERS and any([name in sys.modules for name in _SUBINTERPRETERS])


def traced_frames():
    """Frames that tracemalloc keeps of each traceback; 0 while it is off."""
    if tracemalloc is None or not tracemalloc.is_tracing():
        return 0
    return tracemalloc.get_traceback_limit()


def start_tracing(frames):
    """Turns tracemalloc on; restarts it if it runs with another number of frames."""
    if tracemalloc is None:
        raise Refused("unavailable", "this interpreter has no tracemalloc")
    if traced_frames() not in (0, frames):
        tracemalloc.stop()
    tracemalloc.start(frames)


def stop_tracing():
    """Turns tracemalloc off; returns the peak in bytes, or None if it was off."""
    if not traced_frames():
        return None
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak
