"""The three ways to take a snapshot, the best first: the C core in a forked child, the C core in place, pure Python in
place. Each begins in the thread that asks and goes on in the agent's turns. A census, which only counts types, is taken in
the first of them that can be gone.
"""

import os
import sys
from errno import ENOSPC
from gc import get_objects
from time import monotonic

from heapscope_agent.figures.samples import garbage, traced_frames
from heapscope_agent.heap.request import CENSUS, METHODS
from heapscope_agent.layout.unheard import pause
from heapscope_agent.link.wire import Refused

FORK_SECONDS_PER_BYTE, JOINED_FORK_SECONDS_PER_BYTE = 35e-12, 5e-12
CORE_SECONDS_PER_OBJECT = 0.6e-6
PYTHON_SECONDS_PER_OBJECT = 4.0e-6
CORE_CENSUS_SECONDS_PER_OBJECT, PYTHON_CENSUS_SECONDS_PER_OBJECT = 0.06e-6, 0.35e-6
FEW_BLOCKS = 2000000
"""Allocated blocks up to which the collector's objects are counted one by one, which takes some milliseconds."""
OBJECTS_PER_BLOCK = 0.3
COPY_BYTES, COPY_BYTES_PER_BLOCK = 24 << 20, 70
"""What a forked copy takes for its own tables, roughly; measured in "memory" of SNAPSHOT."""
PAGE = os.sysconf("SC_PAGESIZE") if hasattr(os, "sysconf") else 4096
BUSY_TRIES, BUSY_SLEEP = 50, 0.002
REAP_PATIENCE = 1.0
WRITTEN_AT_ONCE = 4 << 20
"""Bytes: each write gives the interpreter's lock away, and among busy threads it takes a while to come back."""

LIMITS = ("memory", "file size", "nodes", "edges")
"""What the C core calls the limits that a walk may come to."""

_core = None
"""What ``core_or_why`` found."""


class Unavailable(Refused):
    """This way cannot be gone; the text says why, in one word where the engine knows it."""

    def __init__(self, why):
        Refused.__init__(self, "unavailable", why)


class Core:
    """The C core in a forked child, or in place."""

    def __init__(self, core, way, method):
        self.method, self._way = method, way
        self._core, self._handle, self._last = core, None, None

    def begin(self, file, request):
        """Seconds that the program stood still. ``file``: a NewFile, or whom a copy connects to instead. Raises Unavailable
        where the core cannot do it, Refused where it cannot be done at all."""
        if self._way == "fork":
            _check_memory(self._core)
        options = self._options(request)
        for _ in range(BUSY_TRIES):
            try:
                found = self._run(file, options)
                break
            except ValueError as error:
                if type(file) is tuple or file.is_ours():
                    raise
                raise Refused("closed", "closed by the program: %s" % error)
            except RuntimeError:  # a collection is under way; its finalizers let others run
                pause(BUSY_SLEEP)
        else:
            raise Unavailable("collector-busy")
        if "error" in found:
            raise Unavailable("no-fork: %s" % os.strerror(found["errno"]))
        self._handle = found.get("handle")
        if self._handle is None:
            self._last = found
            if found["state"] != "done":
                raise _failure(found)
        return found["pause"]

    def _run(self, file, options):
        if type(file) is tuple:
            if self._way != "fork":
                raise Unavailable("no-file: only a forked copy can write to the engine")
            return self._core.start_stream(file, options)
        if self._way == "fork":
            return self._core.start(file.path, file.identity, options)
        file.open()
        options["identity"] = file.identity
        return self._core.run(file.number, options)

    def _options(self, request):
        from heapscope_agent.heap import meta, roots
        available = self._core.available()
        frames = traced_frames()
        notes = request.notes + [name + "-unnamed" for name in ("frames", "values") if not available[name]]
        options = {
            "previews": int(request.previews), "redact": list(request.redact), "max_bytes": 0 if self.method == CENSUS else int(request.limit or 0),
            "timeout": float(request.timeout), "sites": int(frames > 0), "modules": sys.modules,
            "census": int(self.method == CENSUS),
            "own": roots.own_objects(), "threads": roots.thread_names(),
            "interpreter": roots.interpreter_objects(), "garbage": garbage,
            "meta": meta.meta(self.method, request.collect, monotonic(), frames, notes).encode()}
        if not available["lists"]:
            options["listed"] = get_objects()
        return options

    def go_on(self, until):
        """What is known, with ``done``. Raises Refused."""
        if self._handle is not None:
            self._last = self._core.poll(self._handle)
            if self._last["state"] != "running":
                self._handle = None
        last = self._last
        if last["state"] not in ("running", "done"):
            raise _failure(last)
        return {"done": last["state"] == "done", "nodes": last["nodes"], "edges": last["edges"],
                "tracked": last["tracked"], "bytes": last["bytes"], "memory": last["memory"]}

    def continues(self):
        """Whether a child writes the dump, and needs nobody for it."""
        return self._handle is not None

    def end(self):
        """Ends the child, if there is one, and waits for its end."""
        end = monotonic() + REAP_PATIENCE
        if self._handle is not None:
            self._core.kill(self._handle)
        while self._handle is not None:
            if self._core.poll(self._handle)["state"] != "running" or monotonic() > end:
                self._handle = None
            else:
                pause(0.001)

    def forget(self):
        """In a forked child of the program."""
        if self._handle is not None:
            self._handle = None
            self._core.forget()


def _check_memory(core):
    """Raises Refused where the process's hard limits leave a copy too little: it would fail a moment later."""
    used = core.read("/proc/self/statm").split()
    blocks = sys.getallocatedblocks() if hasattr(sys, "getallocatedblocks") else 0
    needed = COPY_BYTES + COPY_BYTES_PER_BLOCK * blocks
    for limit, at, name in zip(core.bounds()[1:], (0, 5), ("RLIMIT_AS", "RLIMIT_DATA")):
        left = limit - int(used[at]) * PAGE if limit and len(used) > at else needed
        if left < needed:
            raise Refused("limit", "memory: %s leaves the copy %d MB of about %d" % (name, max(left, 0) >> 20, needed >> 20))


def _failure(last):
    """What became of a snapshot that the C core did not finish."""
    state, reason = last["state"], last["reason"] or last["state"]
    if reason == "cancel":
        return Refused("cancelled", "cancelled")
    if state == "timeout":
        return Refused("timeout", "timeout")
    if last["errno"]:
        code = "limit" if reason in LIMITS else "no-space" if last["errno"] == ENOSPC else "failed"
        return Refused(code, "%s: %s" % (reason, os.strerror(last["errno"])))
    if state == "killed":
        return Refused("killed", "killed by signal %d" % last["signal"], last["signal"])
    return Refused("limit" if reason in LIMITS else "failed", reason)


class Python:
    """Walked by Python in place, written in the turns that follow."""

    method = "python"

    def __init__(self):
        self._dump = self._pieces = self._rest = self._file = None
        self._written = 0

    def begin(self, file, request):
        """Seconds that the program stood still. Raises Refused where it would take more memory than it may."""
        from heapscope_agent.heap import pure_python
        file.open()
        self._file = file
        try:
            self._dump, pause = pure_python.walk(request)
        except pure_python.Limit as error:
            raise Refused("limit", "memory: %s" % error)
        self._pieces = self._dump.pieces()
        return pause

    def go_on(self, until):
        """Writes until then: what is known, with ``done``. Raises OSError."""
        done = False
        while not done and monotonic() < until:
            if not self._rest:
                self._rest = memoryview(self._some())
                done = not self._rest
            else:
                count = self._file.write(self._rest)
                self._written += count
                self._rest = self._rest[count:]
        dump = self._dump
        return {"done": done, "nodes": dump.nodes, "edges": dump.edges, "tracked": dump.tracked,
                "bytes": self._written, "memory": dump.bytes}

    def _some(self):
        pieces, size = [], 0
        for piece in self._pieces:
            pieces.append(piece)
            size += memoryview(piece).nbytes
            if size >= WRITTEN_AT_ONCE:
                break
        return b"".join(pieces)

    def continues(self):
        """Never: what was walked is in this process."""
        return False

    def end(self):
        """Lets go of the dump."""
        self._dump = self._pieces = self._rest = self._file = None

    forget = end


class Census(Python):
    """Counted by Python in place."""

    method = CENSUS

    def begin(self, file, request):
        """Seconds that the program stood still."""
        from heapscope_agent.heap import census
        file.open()
        self._file = file
        self._dump, pause = census.census(request)
        self._pieces = self._dump.pieces()
        return pause

    def go_on(self, until):
        """As its base. Nodes are what was counted: none is described."""
        facts = Python.go_on(self, until)
        facts["nodes"] = facts["tracked"]
        return facts


def core_or_why():
    """(the C core or None, why there is none)."""
    global _core
    if _core is None:
        try:
            from heapscope_agent.heap import core
            _core = core.load(), ""
        except Exception as error:
            _core = None, "no-core: %s" % error
    return _core


def forecast(request):
    """(the method that the first try takes, why no better one, seconds that the program is expected to stand still).
    Raises Unavailable where what is asked for cannot be had."""
    core, why = core_or_why()
    method = request.method
    if method == CENSUS:
        why = why if core is None else "" if core.forks else "no-fork"
    elif method == "auto":
        method = "python" if core is None else "fork" if core.forks else "in-place"
        why = "no-fork" if method == "in-place" else why
    elif method != "python" and core is None:
        raise Unavailable(why)
    elif method == "fork" and not core.forks:
        raise Unavailable("no-fork")
    else:
        why = "asked" if method != "fork" else ""
    return method, why, expected_pause(method, request.join_pages)


def joining(method):
    """The ``Joining`` to go through before a snapshot by this method; None where it would be of no use."""
    core, _ = core_or_why()
    if core is None or not core.forks or method not in ("fork", CENSUS):
        return None
    from heapscope_agent.heap.large_pages import Joining
    return Joining(core)


def ways(method, request):
    """What to try, in this order."""
    core, _ = core_or_why()
    if method == CENSUS:
        among = () if core is None else ("fork", "in-place") if core.forks else ("in-place",)
        return [Core(core, way, CENSUS) for way in among] + [Census()]
    found = [method] if request.method != "auto" else METHODS[METHODS.index(method):]
    return [Python() if name == "python" else Core(core, name, name) for name in found]


def expected_pause(method, joined=False):
    """Seconds, roughly."""
    core, _ = core_or_why()
    if method == "fork" or method == CENSUS and core is not None and core.forks:
        return 0.001 + core.resident() * (JOINED_FORK_SECONDS_PER_BYTE if joined else FORK_SECONDS_PER_BYTE)
    if method == CENSUS:
        return tracked()[0] * (PYTHON_CENSUS_SECONDS_PER_OBJECT if core is None else CORE_CENSUS_SECONDS_PER_OBJECT)
    return tracked()[0] * (CORE_SECONDS_PER_OBJECT if method == "in-place" else PYTHON_SECONDS_PER_OBJECT)


def tracked():
    """(objects that the collector tracks, whether they were counted and not guessed)."""
    blocks = sys.getallocatedblocks() if hasattr(sys, "getallocatedblocks") else 0
    if blocks > FEW_BLOCKS:
        return int(blocks * OBJECTS_PER_BLOCK), False
    return len(get_objects()), True

