"""The agent's own thread: kept from the program's signals, and out of its list of threads."""

import sys
from _thread import get_ident
from os import readlink

import _signal

try:
    from _signal import SIG_BLOCK, pthread_sigmask, valid_signals
except ImportError:  # Windows
    pthread_sigmask = None

_FAULT_SIGNALS = {"SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL", "SIGABRT", "SIGTRAP", "SIGSYS"}


def block_signals():
    # The system may deliver a signal of the process to any thread that does not block it, and then the main thread's
    # sleep would not be interrupted as it is without us. Synchronous faults belong to their own thread.
    if pthread_sigmask is not None:
        faults = {getattr(_signal, name, 0) for name in _FAULT_SIGNALS}
        pthread_sigmask(SIG_BLOCK, [number for number in valid_signals() if number not in faults])


def task():
    """Where the system keeps this thread; None where it does not say. By no number of ours: in a process that has left the
    namespace of what is mounted at /proc they differ."""
    try:
        return "/proc/" + readlink("/proc/thread-self")
    except Exception:
        return None


def hide_from_threading():
    # A finalizer of the program that ran here, because a collection started here, may have called current_thread().
    threading = sys.modules.get("threading")
    active = getattr(threading, "_active", None)
    if type(active) is dict:
        active.pop(get_ident(), None)
