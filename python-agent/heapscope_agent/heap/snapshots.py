"""Heap snapshots of one process: when, in which way, where to, and what the engine is told of them.

Whoever asks (the engine in the agent's thread, the program in any of its own, the end of the process) chooses the instant:
a snapshot begins in the asking thread. What follows it (waiting for the forked child, writing what was walked in Python)
is done bit by bit in the agent's turns, so that only the walk itself, or the fork, stands in the program's way.
"""

import os
from _thread import allocate_lock, get_ident
from gc import collect
from os import getpid, unlink
from time import monotonic

from heapscope_agent.heap.request import Request
from heapscope_agent.layout.unheard import pause
from heapscope_agent.link import origin, wire
from heapscope_agent.link.descriptors import NewFile, Taken
from heapscope_agent.link.wire import Refused

TURN = 0.05
"""Seconds that one of the agent's turns writes."""
PROGRESS = 0.2
EXIT_PATIENCE = 30.0
"""Seconds that the end of a process waits for its snapshots."""
QUEUE_PATIENCE = 60.0
"""Seconds that a call from the program waits for the snapshot before it."""
WELCOME_PATIENCE = 2.0
"""Seconds that the program's first snapshot waits for the engine's word on how to take it."""


def _ways():
    # Not before the first snapshot: few programs get to one, and all would pay for the imports at their start.
    try:
        return origin.module("heapscope_agent.heap.ways")
    except (ImportError, OSError) as error:
        raise Refused("unavailable", "no-files: the agent's own files cannot be read any more: %s" % error)


class Job:
    """One snapshot from its request to its end."""

    def __init__(self, number, name, trigger, request):
        self.number, self.name, self.trigger, self.request = number, _name(name), trigger, request
        self.path = self.file = None
        self.method = self.pause = self.at = self.facts = None
        self.why = ""
        self.way = self.joining = None
        self.began = self.told = monotonic()
        self.cancelled = False

    def open(self, folder):
        """Makes the dump's file. Raises OSError, Refused."""
        path = os.path.join(folder, "%d-%d.heapdump" % (getpid(), self.number))
        try:
            self.file = NewFile(path, _ways().core_or_why()[0])
        except Taken as error:
            unlink(path)
            raise Refused("closed", str(error))
        self.path = path

    def close(self):
        """Closes the file, unless the program did and has another one there."""
        file, self.file = self.file, None
        if file is not None:
            try:
                file.close()
            except OSError:
                pass

    def remove(self):
        """A dump that is not whole is of no use to anybody."""
        path, self.path = self.path, None
        if path is not None:
            try:
                unlink(path)
            except OSError:
                pass


class Snapshots:
    """``folder`` is where dumps go, as WELCOME says it; None: nowhere, and no snapshot can be taken."""

    def __init__(self, agent):
        self.folder = None
        self.at_exit = self._options_known = False
        self.defaults = Request({})
        self._agent = agent
        self._busy = allocate_lock()
        self._owner = self._begun = None
        self._turning = allocate_lock()
        self._asked = self._job = None
        self._number = 0

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
        if not self._busy.acquire(False):
            raise Refused("busy", "another snapshot is being taken")
        try:
            job = self._open(arguments.get("number"), arguments.get("name"), "command", request)
        except BaseException:
            self._busy.release()
            raise
        self._asked = job
        return job.number

    def cancel(self, number):
        """Ends a snapshot that is being taken. Raises Refused where there is none of that number."""
        job = self._job or self._asked
        if job is None or job.number != number:
            raise Refused("missing", "no such snapshot is being taken")
        job.cancelled = True

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
        return self._asked is not None or self._job is not None

    def turn(self):
        """Begins what was asked for; goes on with what was begun."""
        if not self._turning.acquire(False):
            return
        try:
            job = self._asked
            if job is not None and not self._joins(job):
                self._asked = None
                self._begin(job)
            elif self._job is not None:
                self._go_on(self._job)
        finally:
            self._turning.release()

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

    def take(self, name):
        """A snapshot of this instant; whether it was taken. Waits while another is being taken."""
        if self._owner == get_ident() or getpid() != self._agent.pid:
            return False
        self._agent.rouse()
        self.await_options()
        if self.folder is None:
            return False
        try:
            return self._take(name, "program", QUEUE_PATIENCE)
        except Exception as error:
            self._agent.fault("snapshot", error)
            return False

    def await_options(self):
        """Waits for the engine's word where dumps go, and how. The program's first lines may run before it comes, or its last."""
        end = monotonic() + WELCOME_PATIENCE
        while not self._options_known and monotonic() < end and not self._agent.ended:
            pause(0.005)
        self._options_known = True  # or never will be: that much patience once

    def _take(self, name, trigger, patience):
        if not self._busy.acquire(True, patience):
            return False
        try:
            job = self._open(None, name, trigger, self.defaults)
        except BaseException as error:
            self._fail(Job(self._number, name, trigger, self.defaults), error)
            if not isinstance(error, Exception):
                raise
            return False
        return self._begin(job)

    # The end of the process

    def leave(self):
        """Waits for what is being taken, takes the last one if that is wished; the agent's thread has ended."""
        end = monotonic() + EXIT_PATIENCE
        try:
            self._wait(end)
            if self.at_exit and self.folder is not None and not self._agent.ended:
                self._take("exit", "exit", 0.0)
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
        for job in (self._asked, self._job):
            if job is not None:
                self._end(job)
                job.remove()

    def part(self):
        """The process ends at once: a forked copy finishes its dump by itself, and the engine takes it up; the rest as ``abort``."""
        job = self._job
        if job is not None and not job.cancelled and job.way is not None and job.way.continues():
            self._job = None
        self.abort()

    def forget(self):
        """In a forked child: the parent's snapshots are the parent's."""
        for job in (self._asked, self._job):
            if job is not None:
                job.close()
                if job.way is not None:
                    job.way.forget()
        self._asked = self._job = None

    # From the beginning to the end of one

    def _open(self, number, name, trigger, request):
        if self.folder is None:
            raise Refused("no-folder", "no folder for dumps")
        while True:
            self._number = number if type(number) is int and number >= 0 else self._number + 1
            job = Job(self._number, name, trigger, request)
            try:
                job.open(self.folder)
                return job
            except FileExistsError:
                if number is not None or self._number > 1000000:
                    raise

    def _begin(self, job):
        """Whether the instant of the snapshot has passed and all went well so far."""
        self._owner = get_ident()
        self._job = None
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
        self._job = job
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
                job.pause = job.way.begin(job.file, job.request)
                return
            except ways.Unavailable as error:
                job.why = str(error)
                job.file.restart()
        raise Refused("unavailable", job.why or "no way to take it")

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
        elif monotonic() - job.told >= PROGRESS:
            self._tell(job, "progress", **facts)

    def _fail(self, job, error):
        self._end(job)
        job.remove()
        if type(error) is Taken:
            error = Refused("closed", str(error))
        self._tell(job, "failed", signal=getattr(error, "signal", None), **wire.failure(error))

    def _end(self, job):
        self._asked = self._job = None
        way, job.way = job.way, None
        if way is not None:
            try:
                way.end()
            except Exception as error:
                self._agent.fault("snapshot", error)
        job.close()
        if self._busy.locked():
            self._busy.release()

    def _tell(self, job, state, **facts):
        job.told = now = monotonic()
        body = {
            "t": now, "number": job.number, "state": state, "name": job.name, "trigger": job.trigger, "path": job.path,
            "method": job.method, "why": job.why, "collected": job.request.collect, "previews": job.request.previews,
            "at": job.at, "pause": job.pause, "expected": None, "duration": now - job.began, "nodes": None,
            "edges": None, "tracked": None, "bytes": None, "memory": None, "code": None, "error": None, "signal": None}
        body.update(facts)
        self._agent.send(wire.SNAPSHOT, body)


def _name(name):
    return name[:200] if type(name) is str else ""
