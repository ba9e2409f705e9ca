"""The agent of one process: one thread that samples, reports and answers commands, and that nothing waits for.

The thread sleeps on a lock and not on the socket: it can be woken without a second descriptor, and a program that
closes our descriptor does not disturb the sleep. So a command waits for the next turn, at most a tenth of a second.
"""

import sys
import time
from _thread import allocate_lock, get_ident, start_new_thread
from os import getpid

from heapscope_agent import own_thread
from heapscope_agent.allocations.sampling import Sampling
from heapscope_agent.commands import Commands
from heapscope_agent.figures import collector, control
from heapscope_agent.figures.garbage import garbage_types
from heapscope_agent.figures.samples import garbage, sample
from heapscope_agent.heap.snapshots import COLD_TURNS, Snapshots
from heapscope_agent.link import channel, hello, wire
from heapscope_agent.link.settings import MAX_INTERVAL, MIN_INTERVAL, is_interval, is_mean

MAX_SHARE = 0.005
"""Fraction of one core that sampling may cost."""
LONGEST_SLEEP = 0.1
WELCOME_SLEEP = 0.01
SNAPSHOT_SLEEP = 0.02
"""While a snapshot is being taken."""
WELCOME_HASTE = 1.0
"""Seconds for which the agent polls for WELCOME each WELCOME_SLEEP, and then as rarely as for commands."""
SILENCE = 1.0
"""Seconds without a frame after which an empty GC frame is sent as a sign of life."""
MAX_RECONNECTS = 5
CALM = 0.05
"""Seconds between the loss of the descriptor and the next connection, whose socket has a low number for an instant: a
program that closes all its files is then about to open its own as 0, 1 and 2."""
MAX_FAULTS = 20
MAX_NAME = 200
LOCK_PATIENCE = 0.02
MARK_PATIENCE = 0.005
MAX_LAST_COST = 0.005
"""The last sample at the program's end is taken only if a sample cost at most this many seconds."""

_NEEDS_OS_SAMPLE = sys.platform in ("darwin", "win32")
if _NEEDS_OS_SAMPLE:
    from heapscope_agent.figures.system import os_sample

monotonic = time.monotonic
cpu_time = getattr(time, "thread_time", time.process_time)


class Run:
    """One run of the thread: it ends, and reports it, soon after ``halt``."""

    __slots__ = ("stopping", "wake", "done", "ident", "task")

    def __init__(self):
        self.stopping = False
        self.ident = self.task = None
        self.wake = allocate_lock()
        self.wake.acquire()
        self.done = allocate_lock()
        self.done.acquire()

    def halt(self, patience):
        """Asks the thread to end; returns whether it did within ``patience`` seconds."""
        self.stopping = True
        try:
            self.wake.release()
        except RuntimeError:
            pass  # asked before
        if not self.done.acquire(True, patience):
            return False
        self.done.release()
        return True


class Agent:
    """Call ``connect`` and ``start`` once; ``ended`` becomes true when the engine is gone, and stays true."""

    def __init__(self, settings, reason):
        self.pid = getpid()
        self.settings = settings
        self.interval = settings.interval / 1000
        self.paused = False
        self.ended = False
        self.run = self.waiting = None
        self.snapshots = Snapshots(self)
        self.sampling = Sampling(settings, self._post_allocations)
        self._commands = Commands()
        for functions in (self.commands(), control.COMMANDS, self.snapshots.commands(), self.sampling.commands()):
            self._commands.register(functions)
        self._channel = channel.Channel(settings.host, settings.port)
        self._flusher = None
        self._turning = allocate_lock()
        self._reason = reason
        self._reconnects = 0
        self._welcomed = False
        self._due = self._spent = self._cost = self._sent = 0.0
        self._stolen = None
        self._dropped = self._faults = self._garbage = 0

    def commands(self):
        """The engine's commands for the thread itself."""
        return {
            "interval": lambda arguments: self._ask_interval(arguments.get("ms")),
            "pause": lambda arguments: self.pause(True),
            "resume": lambda arguments: self.pause(False),
            "ping": lambda arguments: {"t": monotonic()},
        }

    def connect(self):
        """Opens the connection and sends HELLO. Raises OSError if nothing listens."""
        self._channel.open(wire.frame(wire.HELLO, hello.body(self.settings.token, self._reason)))
        self._sent = monotonic()
        self._channel.flush()

    def start(self):
        """Starts the thread. Raises RuntimeError if the system has no more threads."""
        run = Run()
        start_new_thread(self.live, (run,))
        self.run = run

    def rouse(self):
        """Starts a thread that is ``waiting`` for something to happen (see ``forks``)."""
        start, self.waiting = self.waiting, None
        if start is not None:
            start()

    # In any thread of the program

    def mark(self, name):
        """Queues a MARK and sends it at once unless another thread is sending."""
        try:
            self.rouse()
            text = name if type(name) is str else str(name)
            self._post(wire.MARK, {"t": monotonic(), "name": text[:MAX_NAME]})
            self._flush(MARK_PATIENCE)
        except Exception:
            pass

    def farewell(self, reason, code, last_sample):
        """Sends the rest of the queue and BYE, as far as possible without waiting for the engine."""
        if self.ended or getpid() != self.pid:
            return
        if self._turning.acquire(True, self.sampling.patience or LOCK_PATIENCE):
            try:
                self._post_last(last_sample)
            finally:
                self._turning.release()
        self._post(wire.BYE, {"t": monotonic(), "reason": reason, "code": code})
        self._flush(LOCK_PATIENCE)

    def _post_last(self, last_sample):
        if not self._welcomed or self.paused:
            return
        self._post_collections()
        self.sampling.last()
        if last_sample and self._cost < MAX_LAST_COST:
            self._post_sample(monotonic(), 0.0)

    def shelve(self):
        """Leaves the connection open until the process ends; returns a number for ``revive``."""
        return self._channel.shelve()

    def revive(self, number):
        """Reopens a shelved connection for one more frame."""
        self._channel.unshelve(number)

    def abandon(self):
        """In a forked child: the connection belongs to the parent."""
        self.ended = True
        self.snapshots.forget()
        self._channel.drop()

    # In the agent's thread

    def live(self, run):
        """The thread, from its first line to its last."""
        try:
            run.ident = get_ident()
            own_thread.block_signals()
            self._spent = cpu_time()
            while not run.stopping and not self.ended:
                if self._turning.acquire(False):
                    try:
                        self._turn()
                    except Exception as error:
                        self.fault("turn", error)
                    finally:
                        self._turning.release()
                self._wait(run)
        except BaseException:
            pass  # the interpreter is ending under us
        finally:
            run.task = own_thread.task()
            run.done.release()

    def _wait(self, run):
        # What a local variable holds is known to be ours in a snapshot; what the call itself makes, C alone holds.
        acquire, waiting = run.wake.acquire, (True, collector.window())
        if waiting[1] is not None:
            if acquire(*waiting):
                return
            collector.rest()
        waiting = True, self._sleep()
        acquire(*waiting)

    def _sleep(self):
        if not self._welcomed and monotonic() - self._sent < WELCOME_HASTE:
            return WELCOME_SLEEP
        if self.snapshots.is_working():
            return SNAPSHOT_SLEEP
        if self.paused or not self._welcomed:
            return LONGEST_SLEEP
        return min(max(self._due - monotonic(), 0.001), LONGEST_SLEEP)

    def _turn(self):
        self.listen()
        now = monotonic()
        if self._welcomed and not self.ended:
            if self._channel.state is channel.OPEN and (self.snapshots.is_working() or self.snapshots.cold_turns):
                before = cpu_time()
                self.snapshots.turn()
                self._spent += cpu_time() - before  # nor is this
            if not self.paused:
                self._turn_of_sampling()
                self._post_collections()
                if now >= self._due:
                    self._post_sample(now, max(0.0, cpu_time() - self._spent))
                    self._schedule(now)
            if now - self._sent >= SILENCE:
                self._post(wire.GC, {"c": []})
        own_thread.hide_from_threading()
        self._flush(LOCK_PATIENCE)
        if self._channel.state is channel.STOLEN and not self.ended:
            self._stolen = self._stolen or now
            if now - self._stolen >= CALM:
                self._stolen = None
                self._reconnect()
        elif self._channel.state is channel.GONE:
            self.end()

    def _turn_of_sampling(self):
        before = cpu_time()
        try:
            self.sampling.turn()
        finally:
            self._spent += cpu_time() - before  # it has a share of its own

    def listen(self):
        try:
            frames = self._channel.receive()
        except wire.WireError as error:
            self.fault("engine", error)
            self._flush(LOCK_PATIENCE)
            self.end()
            return
        for kind, body in frames:
            if kind == wire.WELCOME:
                self._welcome(body)
            elif kind == wire.REFUSE:
                self.end()
            elif self._welcomed and not self.ended:
                self._post(wire.REPLY, self._commands.reply(body))
                self.sampling.look()
                self._spent = cpu_time()  # executing commands does not count as a cost of sampling

    def _welcome(self, body):
        self._welcomed = True
        interval = body.get("interval")
        if is_interval(interval):
            self.set_interval(interval)
        self.snapshots.cold_turns = COLD_TURNS if self.settings.tracemalloc else 0
        folder = body.get("dumps")
        self.snapshots.folder = folder if type(folder) is str and folder else None
        self.pause(body.get("paused") is True)
        if is_mean(body.get("sampling")):
            self.sampling.change(body["sampling"])

    def set_interval(self, milliseconds):
        """The next sample is due at once, the others at this interval."""
        self.interval = milliseconds / 1000
        self._due = 0.0

    def _ask_interval(self, milliseconds):
        if not is_interval(milliseconds):
            raise wire.Refused("arguments", "ms must be %d to %d" % (MIN_INTERVAL, MAX_INTERVAL))
        self.set_interval(milliseconds)

    def pause(self, paused):
        """Stops or resumes SAMPLE and GC."""
        self.paused = paused
        self._due = 0.0
        if paused:
            collector.unwatch()
        else:
            collector.watch()

    def _schedule(self, now):
        spent = cpu_time()
        self._cost, self._spent = spent - self._spent, spent
        pause = max(self.interval, self._cost / MAX_SHARE)
        on_beat = self._due + pause
        self._due = on_beat if on_beat > now else now + pause

    def _post_sample(self, now, cost):
        body = sample()
        body["t"] = now
        body["cost"] = cost
        body["dropped"] = self._dropped
        if _NEEDS_OS_SAMPLE:
            body["os"] = os_sample()
        self._keep(self._post(wire.SAMPLE, body), 1)
        if body["garbage"] != self._garbage:
            self._garbage = body["garbage"]
            self._post(wire.GARBAGE, {"t": now, "total": len(garbage), "types": garbage_types()})

    def _post_allocations(self, body):
        return self._post(wire.ALLOCATIONS, body)

    def _post_collections(self):
        rows = collector.drain()
        if rows:
            self._keep(self._post(wire.GC, {"c": rows}), sum([row[5] for row in rows]))

    def _keep(self, kept, count):
        if not kept:
            self._dropped += count

    def _reconnect(self):
        self._welcomed = False
        self._reconnects += 1
        self._reason = "reconnect"
        self.sampling.begin_again()
        with self._channel.lock:
            self._channel.drop()
            try:
                if self._reconnects <= MAX_RECONNECTS:
                    self.connect()
                    return
            except OSError:
                pass
        self.end()

    def end(self):
        """Permanently: from now on the agent does nothing in the program."""
        self.ended = True
        self.snapshots.abort()
        self.sampling.end()
        collector.unwatch()
        with self._channel.lock:
            self._channel.drop()

    def fault(self, where, error):
        """Reports an exception in the agent; after MAX_FAULTS it is silent."""
        self._faults += 1
        if self._faults > MAX_FAULTS or not self._welcomed:
            return
        try:
            message = "%s: %s" % (type(error).__name__, error)
            self._post(wire.FAULT, {"t": monotonic(), "where": where, "message": message[:1000]})
        except Exception:
            pass

    def send(self, kind, body):
        """Queues a frame, in any thread, and sends the queue as far as possible without waiting."""
        self._post(kind, body)
        self._flush(LOCK_PATIENCE)

    def _post(self, kind, body):
        reserve = 0 if kind in (wire.SAMPLE, wire.GC, wire.ALLOCATIONS) else channel.RESERVE
        self._sent = monotonic()
        return self._channel.post(wire.frame(kind, body), reserve)

    def _flush(self, patience):
        # The thread that holds the lock sends what others queued. A signal handler or a finalizer must not wait for the
        # code that it interrupts.
        me = get_ident()
        lock = self._channel.lock
        if self._flusher == me or getpid() != self.pid or not lock.acquire(True, patience):
            return
        try:
            self._flusher = me
            self._channel.flush()
        finally:
            self._flusher = None
            lock.release()
