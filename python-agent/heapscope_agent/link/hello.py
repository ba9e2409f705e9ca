"""HELLO: the identity of this process."""

import os
import sys
import time

from heapscope_agent import __version__
from heapscope_agent.link import wire

MAX_ARGUMENTS = 200
MAX_ARGUMENT_BYTES = 32768

# Bound now, before the program may replace them.
_getpid, _getppid, _getcwd, _monotonic = os.getpid, os.getppid, os.getcwd, time.monotonic


def _command_line():
    known = getattr(sys, "orig_argv", None)  # from 3.10; whole, with the interpreter's own options
    if known is not None:
        return list(known)
    try:
        number = os.open("/proc/self/cmdline", os.O_RDONLY)
        try:
            return os.fsdecode(os.read(number, MAX_ARGUMENT_BYTES)).split("\0")[:-1]
        finally:
            os.close(number)
    except OSError:
        return [sys.executable or ""] + list(getattr(sys, "argv", ()))


def _cut(arguments):
    kept, room = [], MAX_ARGUMENT_BYTES
    for argument in arguments[:MAX_ARGUMENTS]:
        data = argument.encode("utf-8", "replace")[:room]
        kept.append(str(data, "utf-8", "ignore"))
        room -= len(data)
        if room <= 0:
            break
    return kept


_arguments = _cut(_command_line())
_executable = sys.executable or ""


def body(token, reason):
    """The body of HELLO for this process, now."""
    try:
        folder = _getcwd()
    except OSError:  # removed
        folder = ""
    return {
        "v": wire.VERSION,
        "agent": __version__,
        "token": token,
        "t": _monotonic(),
        "pid": _getpid(),
        "ppid": _getppid(),
        "python": "%d.%d.%d" % sys.version_info[:3],
        "implementation": sys.implementation.name,
        "executable": _executable,
        "argv": _arguments,
        "cwd": folder,
        "platform": sys.platform,
        "free_threaded": "t" in getattr(sys, "abiflags", ""),
        "reason": reason,
        "debug": hasattr(sys, "gettotalrefcount"),
    }
