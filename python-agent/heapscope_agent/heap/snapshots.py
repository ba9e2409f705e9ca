"""Heap snapshots of one process: when, in which way, where to, and what the engine is told of them.

Whoever asks (the engine in the agent's thread, the program in any of its own, the end of the process) chooses the instant:
a snapshot begins in the asking thread. What follows it (waiting for the forked child, writing what was walked in Python)
is done bit by bit in the agent's turns, so that only the walk itself, or the fork, stands in the program's way. Several copies
may be at work at a time, each with its own ``Job``.
"""

from _thread import allocate_lock, get_ident
from gc import collect
from os import getpid
from time import monotonic

from heapscope_agent import Snapshot
from heapscope_agent.heap.job import Job
from heapscope_agent.heap.request import Request
from heapscope_agent.layout.unheard import pause
from heapscope_agent.link import origin, wire
from heapscope_agent.link.descriptors import Taken
from heapscope_agent.link.wire import Refused

TURN = 0.05
"""Seconds that one of the agent's turns writes."""
PROGRESS = 0.2
EXIT_PATIENCE = 30.0
"""Seconds that the end of a process waits for its snapshots."""
MOST = 4
"""Snapshots that may be written at a time. Also in native/heap/module.c."""
INSTANT_PATIENCE = 10.0
"""Seconds that a call waits for the instants of others: each is a fork, or a walk that keeps the interpreter's lock anyway."""
WHAT_A_COPY_NEEDS = ("heap.meta", "heap.roots")
WHAT_OTHERS_NEED = ("heap.large_pages", "heap.pure_python", "heap.census", "layout.arrays")
COLD_TURNS = 2
"""After the first sample."""
WELCOME_PATIENCE = 2.0
"""Seconds that the program's first snapshot waits for the engine's word on how to take it."""


def _ways():
    # Not before the first snapshot: few programs get to one, and all would pay for the imports at their start.
    try:
        return origin.module("heapscope_agent.heap.ways")
    except (ImportError, OSError) as error:
        raise Refused("unavailable", "no-files: the agent's own files cannot be read any more: %s" % error)


class Snapshots:
    """``folder`` is where dumps go, as WELCOME says it; None: nowhere, and no snapshot can be taken. ``cold_turns``: after so
    many turns what the first needs is loaded; under tracemalloc, where that is slow, and the program would wait for it.
    """

    def __init__(self, agent):
        self.folder = None
        self.cold_turns = 0
        self.at_exit = self._options_known = False
        self.defaults = Request({})
        self._agent = agent
        self._instant = allocate_lock()
        self._owner = self._begun = None
        self._turning = allocate_lock()
        self._asked = None
        self._jobs = []
        self._next_number = iter(range(1, 1 << 62)).__next__  # one step in C: threads may ask at once

    # What the engine asks for, in the agent's thread

    def commands(self):
        """What the engine may ask of snapshots."""
        return {
            "snapshot": lambda arguments: {"number": self.ask(arguments)},
            "snapshot_cancel": lambda arguments: self.cancel(arguments.get("number")),
            "snapshot_forecast": self.forecast,
            "snapshot_options": self.set_options,
        }

    def ask(self, arguments):
        """Takes up a snapshot that the next turn begins; its number. Raises Refused, OSError."""
        request = Request(arguments)
        _ways().forecast(request)
        if self.is_working():
            raise Refused("busy", "another snapshot is being taken")
        number = arguments.get("number")
        number = number if type(number) is int and number >= 0 else None
        self._asked = job = self._open(number, arguments.get("name"), "command", request)
        return job.number

    def cancel(self, number):
        """Ends a snapshot that is being taken. Raises Refused where there is none of that number."""
        found = [job for job in self._all() if job.number == number]
        if not found:
            raise Refused("missing", "no such snapshot is being taken")
        found[0].cancelled = True

    def forecast(self, arguments):
        """What ``ask`` with the same arguments would do now. Raises Refused."""
        ways = _ways()
        method, why, expected = ways.forecast(Request(arguments))
        count, counted = ways.tracked()
        return {"method": method, "why": why, "expected_pause": expected, "tracked": count, "counted": counted,
                "busy": self.is_working()}

    def set_options(self, arguments):
        """How snapshots are taken that the program or its end asks for."""
        self.defaults = Request(arguments)
        self.defaults.join_pages = False  # whoever calls from the program is to wait no longer than needed
        self.at_exit = arguments.get("at_exit") is True
        self._options_known = True

    def is_working(self):
        """Whether the agent's turns have something to do here."""
        return self._asked is not None or bool(self._jobs)

    def _all(self):
        asked = self._asked
        return self._jobs + ([] if asked is None else [asked])

    def turn(self):
        """Begins what was asked for; goes on with what was begun."""
        if not self._turning.acquire(False):
            return
        try:
            if self.cold_turns:
                self.cold_turns -= 1
                if not self.cold_turns:
                    self.prepare(WHAT_A_COPY_NEEDS)
            begun, job = self._jobs.copy(), self._asked
            if job is not None and self._is_ready(job) and self._instant.acquire(False):
                try:
                    self._asked = None
                    self._begin(job)
                finally:
                    self._instant.release()
            for job in begun:  # one of this turn goes on in the next: what was sent meanwhile, such as its cancelling, is read first
                self._go_on(job)
        finally:
            self._turning.release()

    def _is_ready(self, job):
        job.ready = job.ready or not self._joins(job)
        return job.ready

    def _joins(self, job):
        """Whether pages are still being joined: a bit more of that each turn, before the instant of the snapshot. What goes wrong
        with it is no reason to take none."""
        if not job.request.join_pages:
            return False
        try:
            if job.joining is None:
                job.joining = _ways().joining(_ways().forecast(job.request)[0])
            if job.joining is None or job.cancelled:
                return False
            if monotonic() - job.told >= PROGRESS:
                self._tell(job, "preparing")
            if job.joining.go_on():
                return True
            job.request.join_pages = job.joining.joined > 0
            job.request.notes.append("pages-joined" if job.request.join_pages else "pages-not-joined")
        except Exception as error:
            self._agent.fault("joining pages", error)
        job.joining = None
        return False

    # What the program asks for, in any of its threads

    def take(self, name, timeout):
        """A snapshot of this instant: its ``Snapshot``. Whatever comes of it, the engine is told, if it is there."""
        asked, outcome = monotonic(), Snapshot(name)
        if getpid() != self._agent.pid:
            outcome.settle("failed", "this process was made without Python's knowledge")
            return outcome
        self._agent.rouse()
        if self._owner != get_ident():
            self.await_options()
        self._take(asked, name, "program", outcome, timeout)
        return outcome

    def await_options(self):
        """Waits for the engine's word where dumps go, and how. The program's first lines may run before it comes, or its last."""
        end = monotonic() + WELCOME_PATIENCE
        while not self._options_known and monotonic() < end and not self._agent.ended:
            pause(0.005)
        self._options_known = True  # or never will be: that much patience once

    def _take(self, asked, name, trigger, outcome, timeout):
        job = None
        try:
            self._check(timeout)
            job = self._open(None, name, trigger, self.defaults, outcome)
            job.asked = asked
            if not self._instant.acquire(True, INSTANT_PATIENCE):
                raise Refused("busy", "another thread is taking a snapshot")
            try:
                self._begin(job)
            finally:
                self._instant.release()
        except BaseException as error:
            self._fail(job or Job(self._next_number(), name, trigger, self.defaults, outcome), error)
            if not isinstance(error, Exception):
                raise

    def _check(self, timeout):
        """Raises Refused where none can be taken now."""
        if self._owner == get_ident():
            raise Refused("busy", "this thread is just taking another")
        if self._agent.ended:
            raise Refused("failed", "the recording has ended")
        self._write_rest()
        end = monotonic() + timeout
        while len(self._jobs) >= MOST:
            if monotonic() >= end:
                raise Refused("busy", "%d others are still being written" % MOST)
            pause(0.005)

    def _write_rest(self):
        """What was walked in Python lies in the program's memory: that of one snapshot, not of two."""
        end = monotonic() + INSTANT_PATIENCE
        while [job for job in self._jobs if job.way is not None and not job.way.continues()]:
            if monotonic() > end:
                raise Refused("busy", "another is still being written")
            if self._turning.acquire(True, TURN):
                try:
                    for job in self._jobs.copy():
                        self._go_on(job)
                finally:
                    self._turning.release()

    def prepare(self, names=WHAT_A_COPY_NEEDS + WHAT_OTHERS_NEED):
        """Loads what a snapshot needs, while it can be reached, or before the program waits for it."""
        core, _ = _ways().core_or_why()
        for name in names:
            origin.module("heapscope_agent." + name)
        if core is not None:
            core.prepare()

    # The end of the process

    def leave(self):
        """Waits for what is being taken, takes the last one if that is wished; the agent's thread has ended."""
        end = monotonic() + EXIT_PATIENCE
        try:
            self._wait(end)
            if self.at_exit and self.folder is not None and not self._agent.ended:
                self._take(monotonic(), "exit", "exit", None, 0.0)
                self._wait(end)
        except BaseException:  # a Ctrl-C, too, wants the end
            self.abort()

    def _wait(self, end):
        while self.is_working():
            if monotonic() > end:
                self.abort()
                return
            self.turn()
            pause(0.005)

    def abort(self):
        """Nobody wants a snapshot any more: ends what is running and removes its file, without a word."""
        for job in self._all():
            self._end(job)
            job.remove()
            job.settle("failed", "the recording has ended")

    def part(self):
        """The process ends at once: a forked copy finishes its dump by itself, and the engine takes it up; the rest as ``abort``."""
        self._jobs = [job for job in self._jobs if job.cancelled or not job.way.continues()]
        self.abort()

    def forget(self):
        """In a forked child: the parent's snapshots are the parent's."""
        for job in self._all():
            job.close()
            job.settle("failed", "this is a child of the process that it was taken in")
            if job.way is not None:
                job.way.forget()
        self._asked, self._jobs = None, []

    # From the beginning to the end of one

    def _open(self, number, name, trigger, request, outcome=None):
        if self.folder is None:
            raise Refused("no-folder", "no folder for dumps")
        core, _ = _ways().core_or_why()
        while True:
            job = Job(self._next_number() if number is None else number, name, trigger, request, outcome)
            try:
                job.open(self.folder, core)
                return job
            except FileExistsError:
                if number is not None or job.number > 1000000:
                    raise

    def _begin(self, job):
        """Whether the instant of the snapshot has passed and all went well so far."""
        self._owner = get_ident()
        self._begun = job  # held by us and not by a frame alone: so a walk sees whose it is
        try:
            method, job.why, expected = _ways().forecast(job.request)
            job.method = method
            self._tell(job, "started", expected=expected)
            if job.cancelled:
                raise Refused("cancelled", "cancelled")
            if job.request.collect:
                collect()
            self._capture(job, method)
            if job.trigger == "program":
                job.pause = monotonic() - job.asked  # what the program sees of it is the whole call
            if self._agent.ended:  # meanwhile
                raise Refused("failed", "nobody is there")
            self._tell(job, "progress")  # the instant has passed: a forked copy goes on even if the program ends now
        except BaseException as error:
            self._fail(job, error)
            if not isinstance(error, Exception):
                raise
            return False
        finally:
            self._owner = self._begun = None
        self._jobs.append(job)
        return True

    def _capture(self, job, method):
        """Tries the way of the forecast and, where the choice is ours, the next best ones."""
        # No `for`: its iterator would lie on the evaluation stack, where a snapshot cannot see whose it is.
        ways = _ways()
        left = ways.ways(method, job.request)
        while left:
            job.way = left.pop(0)
            try:
                job.method = job.way.method
                if job.method != method:
                    self._tell(job, "started", expected=ways.expected_pause(job.method))
                job.at = monotonic()
                job.pause = job.way.begin(job.file or self._stream(job), job.request)
                return
            except ways.Unavailable as error:
                job.why = str(error)
                if job.file is None:
                    break
                job.file.restart()
        raise Refused("unavailable", job.why or "no way to take it")

    def _stream(self, job):
        """Whom a copy connects to, and what it says first."""
        settings = self._agent.settings
        hello = {"v": wire.VERSION, "token": settings.token, "key": job.stream}
        return settings.host, settings.port, wire.frame(wire.DUMP, hello)

    def _go_on(self, job):
        try:
            if job.cancelled:
                raise Refused("cancelled", "cancelled")
            if job.request.timeout and monotonic() - job.began > job.request.timeout:
                raise Refused("timeout", "timeout")
            facts = job.way.go_on(monotonic() + TURN)
        except Exception as error:
            self._fail(job, error)
            return
        if facts.pop("done"):
            self._end(job)
            self._tell(job, "done", **facts)
            job.settle("done")
        elif monotonic() - job.told >= PROGRESS:
            self._tell(job, "progress", **facts)

    def _fail(self, job, error):
        if job.over:
            return
        job.over = True
        self._end(job)
        job.remove()
        if type(error) is Taken:
            error = Refused("closed", str(error))
        facts = wire.failure(error)
        self._tell(job, "failed", signal=getattr(error, "signal", None), **facts)
        job.settle("failed", "%s: %s" % (facts["code"], facts["error"]))

    def _end(self, job):
        if job is self._asked:
            self._asked = None
        self._jobs = [other for other in self._jobs if other is not job]
        way, job.way = job.way, None
        if way is not None:
            try:
                way.end()
            except Exception as error:
                self._agent.fault("snapshot", error)
        job.close()

    def _tell(self, job, state, **facts):
        job.told = now = monotonic()
        body = {
            "t": now, "number": job.number, "state": state, "name": job.name, "trigger": job.trigger, "path": job.path,
            "stream": job.stream,
            "method": job.method, "why": job.why, "collected": job.request.collect, "previews": job.request.previews,
            "at": job.at, "pause": job.pause, "expected": None, "duration": now - job.began, "nodes": None,
            "edges": None, "tracked": None, "bytes": None, "memory": None, "code": None, "error": None, "signal": None}
        body.update(facts)
        self._agent.send(wire.SNAPSHOT, body)
