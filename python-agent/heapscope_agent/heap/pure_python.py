"""A heap snapshot in pure Python: the program is paused while ``walk`` runs, and continues while its pieces are written."""

from _thread import get_ident
from os import getpid

from heapscope_agent.figures.samples import traced_frames
from heapscope_agent.heap import held, standstill
from heapscope_agent.heap.dump import Dump, Limit
from heapscope_agent.heap.labels import DUMP_FLAG_ADDRESSES, DUMP_FLAG_PREVIEWS, DUMP_FLAG_SITES
from heapscope_agent.heap.meta import meta
from heapscope_agent.heap.previews import Previews
from heapscope_agent.heap.roots import Roots, ours_by_frame
from heapscope_agent.heap.walk import Walk

MEMORY_PER_OBJECT = 200


def walk(request):
    """Walks the heap according to the ``Request``: (the finished dump, seconds that the program was paused). Raises
    ``Limit`` if it would use more memory than allowed.
    """
    return standstill.over_all(_describe, request)


def _describe(request, everything, alone, began):
    if request.limit is not None and len(everything) * MEMORY_PER_OBJECT > request.limit:
        raise Limit("about %d bytes would be needed" % (len(everything) * MEMORY_PER_OBJECT))
    is_ours = ours_by_frame()
    frames = traced_frames()
    roots = Roots(is_ours, get_ident())
    flags = DUMP_FLAG_ADDRESSES | (DUMP_FLAG_SITES if frames else 0) | (DUMP_FLAG_PREVIEWS if request.previews else 0)
    dump = Dump(flags, getpid(), request.limit)
    walk = Walk(dump, frames > 0, Previews(request.redact) if request.previews else None)
    walk.objects(everything, is_ours, alone)
    roots.write(walk)
    notes = roots.notes + held.notes() + (["changed"] if walk.changed or not alone else [])
    if walk.estimated:
        notes.append("inline-sizes-estimated")
    dump.finish(meta("python", request.collect, began, frames, notes))
    dump.tracked = walk.tracked
    return dump
