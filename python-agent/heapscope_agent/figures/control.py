"""The engine's commands for the collector and tracemalloc."""

from gc import collect
from time import monotonic

from heapscope_agent.figures import samples
from heapscope_agent.link.settings import MAX_FRAMES
from heapscope_agent.link.wire import Refused


def _collect(arguments):
    before = len(samples.garbage)
    began = monotonic()
    collected = collect()
    duration = monotonic() - began
    return {"collected": collected, "uncollectable": max(0, len(samples.garbage) - before), "duration": duration}


def _start_tracing(arguments):
    frames = arguments.get("frames")
    if type(frames) is not int or not 1 <= frames <= MAX_FRAMES:
        raise Refused("arguments", "frames must be 1 to %d" % MAX_FRAMES)
    samples.start_tracing(frames)
    return {"frames": samples.traced_frames()}


def _stop_tracing(arguments):
    return {"peak": samples.stop_tracing()}


COMMANDS = {"collect": _collect, "tracemalloc_start": _start_tracing, "tracemalloc_stop": _stop_tracing}
