"""From the process's first line to its last: start, fork, exit. The only place that hooks into the interpreter.

Functions here run in the program's threads: no exception may escape them, and nothing may wait for the engine.
"""

import atexit
import os
import sys
from _thread import allocate_lock, get_ident, interrupt_main, start_new_thread

import heapscope_agent
from heapscope_agent import forks
from heapscope_agent.agent import Agent
from heapscope_agent.figures import collector, samples
from heapscope_agent.link.settings import Settings

HALT_PATIENCE = 0.05
"""Seconds that an exit waits for our thread."""

_getpid = os.getpid

_hooked = False
"""Whether this process has our hooks: installed only once, even if several agents follow each other."""
_shelved = None
"""(agent, descriptor) after atexit: ``os._exit`` may still come, with a code."""


def boot_early(link):
    """Starts the agent before the program's first line; returns whether it runs. Raises nothing: on failure the program runs
    without it.
    """
    return _boot(link, "start")


def boot_late(link):
    """Starts the agent in a running program, in any of its threads; returns whether it was started. It is not if one already
    runs. At exit it ends before the program's own ``atexit`` functions and not after them, so that marks made there are lost.
    Raises nothing.
    """
    running = heapscope_agent._agent
    if running is not None and not running.ended or _shelved is not None or sys.is_finalizing() or not _has_real_threads():
        return False
    return _boot(link, "attach")


def _has_real_threads():
    # gevent and similar libraries install replacements: the agent's thread would run only when theirs wait.
    return all([type(function) is type(len) for function in (allocate_lock, get_ident, start_new_thread)])


def _boot(link, reason):
    try:
        settings = Settings(link)
        if not _begin(settings, reason):
            return False
    except Exception:
        return False
    _hook()
    try:
        if settings.tracemalloc and not samples.traced_frames():
            samples.start_tracing(settings.tracemalloc)
    except Exception:
        pass  # where there is no tracemalloc
    return True


def _hook():
    global _hooked
    if _hooked:
        return
    _hooked = True
    atexit.register(_at_exit)
    heapscope_agent._at_exit = _at_exit
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(before=_before_fork, after_in_parent=_after_in_parent, after_in_child=_after_in_child)
        try:
            forks.watch()
        except Exception:
            pass
    _wrap("_exit", _say_goodbye)
    _wrap("chroot", _get_ready)


def _begin(settings, reason, paused=False):
    agent = Agent(settings, reason)
    agent.paused = paused
    try:
        agent.connect()
        if not paused:
            collector.watch()
        agent.sampling.begin()
        agent.start()
    except (OSError, RuntimeError):
        agent.end()
        return False
    heapscope_agent._agent = agent
    return True


# fork

def _before_fork():
    try:
        forks.rest(heapscope_agent._agent)
    except KeyboardInterrupt:
        interrupt_main()
    except Exception:
        pass


def _after_in_parent():
    try:
        forks.go_on()
    except KeyboardInterrupt:
        interrupt_main()


def _after_in_child():
    try:
        agent = heapscope_agent._agent
        heapscope_agent._agent = None
        if agent is not None and not agent.ended:
            agent.abandon()
            collector.forget()
            if not _begin(agent.settings, "fork", agent.paused):
                collector.unwatch()
    except KeyboardInterrupt:
        interrupt_main()
    except Exception:
        pass


# exit

def _at_exit():
    # Registered before the program's own functions and so run after them.
    global _shelved
    try:
        agent = heapscope_agent._agent
        heapscope_agent._agent = None
        if agent is None or agent.pid != _getpid():
            return
        if agent.settings.at_exit:
            agent.snapshots.await_options()
        if forks.halt(agent, HALT_PATIENCE):
            agent.listen()  # what was asked for just before the end counts, too
        agent.snapshots.leave()
        agent.farewell("exit", _exit_status(), last_sample=True)
        agent.sampling.end()
        collector.unwatch()
        _shelved = agent, agent.shelve()
    except BaseException:
        pass


def _exit_status():
    """1 after an uncaught exception; None if the status cannot be known here."""
    if sys.flags.inspect or sys.flags.interactive or "last_traceback" not in sys.__dict__:
        return None
    error = sys.__dict__.get("last_exc", sys.__dict__.get("last_value"))
    if not isinstance_exactly(error, Exception):
        return None  # a KeyboardInterrupt ends the process by its signal
    trace = sys.last_traceback
    if trace is None:  # a script that cannot be compiled
        return 1 if isinstance_exactly(error, SyntaxError) else None
    # Test runners and consoles set these names too: only an exception that passed the program's outermost frame ended it.
    frame = trace.tb_frame
    # Looked up and not kept: a reference to the main module's names would keep its objects from being finalized.
    main = getattr(sys.modules.get("__main__"), "__dict__", None)
    of_main = frame.f_globals is main and frame.f_code.co_name == "<module>"
    of_runpy = frame.f_code.co_name == "_run_module_as_main" and frame.f_globals.get("__name__") == "runpy"
    return 1 if of_main or of_runpy else None


def isinstance_exactly(value, kind):
    """``isinstance`` by the type alone: it does not look at ``__class__``, which may be the program's code."""
    return kind in type.__dict__["__mro__"].__get__(type(value))


def _wrap(name, before):
    """Calls ``before`` with the arguments of each call of a function of ``os``."""
    real = getattr(os, name, None)
    if real is None or real.__module__ not in ("posix", "nt"):
        return

    def wrapped(*args, **kwargs):
        try:
            before(args, kwargs)
        except BaseException:
            pass
        return real(*args, **kwargs)

    for each in ("__module__", "__name__", "__qualname__", "__doc__"):
        setattr(wrapped, each, getattr(real, each))
    wrapped.__wrapped__ = real  # for inspect.signature
    for module in (os, sys.modules[real.__module__]):  # both: pickle finds it by its module
        setattr(module, name, wrapped)


def _get_ready(_args, _kwargs):
    # Behind another root the agent's own files cannot be read.
    agent = heapscope_agent._agent
    if agent is not None and not agent.ended and agent.pid == _getpid():
        agent.snapshots.prepare()


def _say_goodbye(args, kwargs):
    global _shelved
    status = _status(*args, **kwargs)  # raises where the call itself will
    agent = heapscope_agent._agent
    if agent is None and _shelved is not None:
        (agent, number), _shelved = _shelved, None
        agent.revive(number)
    if agent is not None and agent.pid == _getpid():
        agent.snapshots.part()
        agent.farewell("_exit", status, last_sample=False)


def _status(status):
    if type(status) not in (int, bool) or not -(1 << 31) <= status < 1 << 31:
        raise TypeError
    return status & 0xFF if os.name == "posix" else int(status)
