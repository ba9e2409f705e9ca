"""Descriptors of ours in a process whose descriptors are the program's: a high number, and an identity that is asked for
before each use. A program may close every descriptor that it did not open, and opens its own as the lowest that is free.

With the C core a snapshot in a forked child needs none: the file is made apart (native/base/apart.h), and the child opens it.
For the other ways its descriptor is held and not opened anew for each write: a new one has the lowest free number for an
instant, which is where a program that has just closed everything opens its own. Held high, it is in the way once, at the
beginning, and goes on working where the path cannot be reached any more (``chroot``, another user). The C core lifts it within
one call that keeps the interpreter's lock. In Python each call of the system gives the lock away, so that other threads may run
between two of them: a program's file of just then may get the next number, and who closes *and* opens hundreds of files
between our look and our write is not seen.
"""

import os
import sys
from os import close, fstat, stat, write

from heapscope_agent.link import origin

HIGH = (900, 200)
"""Where ours begin; the second where the first is beyond the process's limit. Also in native/base/files.c."""

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL
for _name in ("O_CLOEXEC", "O_NOFOLLOW", "O_BINARY"):
    _FLAGS |= getattr(os, _name, 0)


class Taken(OSError):
    """The program has closed our descriptor."""


def lift(number):
    """A copy of a descriptor with a high number, not inherited; None where there is none to be had."""
    if sys.platform == "win32":
        return None
    fcntl = origin.module("fcntl")
    for least in HIGH:
        try:
            return fcntl.fcntl(number, fcntl.F_DUPFD_CLOEXEC, least)
        except OSError:  # beyond the process's limit
            pass
    return None


class NewFile:
    """A file that was not there, for this user alone, to be written from first to last. ``core``: the C core, if there is
    one; then ``number`` is None until ``open``. Raises OSError."""

    __slots__ = ("path", "number", "identity", "_core")

    def __init__(self, path, core=None):
        self.path, self._core = path, core
        if core is not None:
            self.number, self.identity = None, core.create(path)
            return
        self.number = os.open(path, _FLAGS, 0o600)
        # Not what the number is by now, but what the path is: the first may be the program's already.
        found = stat(path, follow_symlinks=False) if sys.platform != "win32" else fstat(self.number)
        self.identity = found.st_dev, found.st_ino
        low = self.number
        if not self.is_ours():
            raise Taken("closed by the program")
        high = lift(low)
        if high is None:
            return
        self.close()
        self.number = high
        if not self.is_ours():  # the program's own was there when it was copied
            close(high)
            raise Taken("closed by the program")

    def open(self):
        """Before the first ``write``. Raises OSError."""
        if self.number is None:
            self.number = self._core.open_file(self.path, self.identity)

    def is_ours(self):
        """Whether the number, if there is one, still is this file."""
        if self.number is None:
            return True
        try:
            found = fstat(self.number)
        except OSError:
            return False
        return (found.st_dev, found.st_ino) == self.identity

    def write(self, data):
        """How many bytes were written. Raises OSError, ``Taken`` where the number is no longer ours."""
        if not self.is_ours():
            raise Taken("closed by the program")
        return write(self.number, data)

    def restart(self):
        """Empties it."""
        if self.number is None:
            return
        if not self.is_ours():
            raise Taken("closed by the program")
        os.ftruncate(self.number, 0)
        os.lseek(self.number, 0, 0)

    def close(self):
        """Once: closes it if it still is ours."""
        if self.number is None:
            return
        if self._core is not None:
            self._core.close_file(self.number, self.identity)
        elif self.is_ours():
            close(self.number)
