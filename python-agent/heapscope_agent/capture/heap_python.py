"""A heap snapshot in pure Python: the program stands still while ``walk`` runs, and goes on while its pieces are written."""

import gc
import sys
from _thread import get_ident
from os import getpid
from time import monotonic

from heapscope_agent.capture.heap_dump import ADDRESSES, SITES, Dump, Limit
from heapscope_agent.capture.heap_roots import Roots, ours_by_frame
from heapscope_agent.capture.heap_walk import Walk
from heapscope_agent.capture.samples import traced_frames

STANDSTILL = 3600.0
"""Seconds for which no other thread may ask for the interpreter's lock."""
MEMORY_PER_OBJECT = 130

_free_threaded = "t" in getattr(sys, "abiflags", "")


def walk(request):
    """Walks the heap as the ``Request`` says: (the finished dump, seconds that the program stood still). Raises ``Limit``
    where it would take more memory than it may."""
    me = get_ident()
    began = monotonic()
    interval = sys.getswitchinterval()
    collecting = gc.isenabled()
    sys.setswitchinterval(STANDSTILL)
    gc.disable()
    try:
        everything = gc.get_objects()
        if request.limit is not None and len(everything) * MEMORY_PER_OBJECT > request.limit:
            raise Limit("about %d bytes would be needed" % (len(everything) * MEMORY_PER_OBJECT))
        dump = _described(everything, me, request, began)
    finally:
        if collecting:
            gc.enable()
        sys.setswitchinterval(interval)
    return dump, monotonic() - began


def _described(everything, me, request, began):
    is_ours = ours_by_frame()
    frames = traced_frames()
    roots = Roots(is_ours, me)
    dump = Dump(ADDRESSES | (SITES if frames else 0), getpid(), request.limit)
    walk = Walk(dump)
    walk.objects(everything, is_ours)
    roots.write(walk)
    notes = roots.notes + (["changed"] if walk.changed or _free_threaded else [])
    dump.finish(_json({
        "method": "python", "python": "%d.%d.%d" % sys.version_info[:3], "platform": sys.platform, "t": began,
        "collected": request.collect, "frames": frames, "free_threaded": _free_threaded, "notes": notes,
        "tracked": walk.tracked}))
    dump.tracked = walk.tracked
    return dump


def _json(values):
    """JSON of a map of plain values: the program may have no need of the module that does it."""
    return "{%s}" % ", ".join(['"%s": %s' % (key, _json_value(value)) for key, value in values.items()])


def _json_value(value):
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) is list:
        return "[%s]" % ", ".join(map(_json_value, value))
    if type(value) is str:
        return '"%s"' % value.replace("\\", "\\\\").replace('"', '\\"')
    return repr(value)
