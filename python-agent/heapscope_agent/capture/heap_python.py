"""A heap snapshot in pure Python: the program stands still while ``walk`` runs, and goes on while its pieces are written."""

import gc
import sys
from _thread import get_ident
from os import getpid
from time import monotonic

from heapscope_agent.capture.heap_dump import ADDRESSES, PREVIEWS, SITES, Dump, Limit
from heapscope_agent.capture.heap_meta import FREE_THREADED, meta
from heapscope_agent.capture.heap_previews import Previews
from heapscope_agent.capture.heap_roots import Roots, ours_by_frame
from heapscope_agent.capture.heap_walk import Walk
from heapscope_agent.capture.samples import traced_frames

STANDSTILL, STANDSTILL_PER_OBJECT = 10.0, 20e-6
"""Seconds for which no other thread may ask for the interpreter's lock: several times what the walk takes. Not for ever: a
thread that began to wait meanwhile may go on waiting as long, where another one never lets go by itself."""
MEMORY_PER_OBJECT = 200


def walk(request):
    """Walks the heap as the ``Request`` says: (the finished dump, seconds that the program stood still). Raises ``Limit``
    where it would take more memory than it may."""
    me = get_ident()
    began = monotonic()
    interval = sys.getswitchinterval()
    collecting = gc.isenabled()
    gc.disable()
    try:
        everything = gc.get_objects()
        sys.setswitchinterval(STANDSTILL + STANDSTILL_PER_OBJECT * len(everything))
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
    flags = ADDRESSES | (SITES if frames else 0) | (PREVIEWS if request.previews else 0)
    dump = Dump(flags, getpid(), request.limit)
    walk = Walk(dump, frames > 0, Previews(request.redact) if request.previews else None)
    walk.objects(everything, is_ours)
    roots.write(walk)
    notes = roots.notes + (["changed"] if walk.changed or FREE_THREADED else [])
    if walk.estimated:
        notes.append("inline-sizes-estimated")
    dump.finish(meta("python", request.collect, began, frames, notes))
    dump.tracked = walk.tracked
    return dump
