"""One snapshot from its request to its end, and where its dump goes: to a file that is made for it; or, where this process cannot
make one (another user, another root, a limit of files' sizes), to the engine, which a forked copy connects to.
"""

import os
from errno import EEXIST, ENOSPC
from os import getpid, unlink
from time import monotonic

from heapscope_agent.heap.request import STREAMING
from heapscope_agent.link.descriptors import NewFile, Taken
from heapscope_agent.link.wire import Refused


class Job:
    """``outcome``: what the program has of it; None where the engine asked."""

    def __init__(self, number, name, trigger, request, outcome=None):
        self.number, self.name, self.trigger, self.request = number, _name(name), trigger, request
        self.outcome = outcome
        self.path = self.file = self.stream = None
        self.method = self.pause = self.at = self.facts = None
        self.why = ""
        self.way = self.joining = None
        self.asked = self.began = self.told = monotonic()
        self.ready = self.cancelled = self.over = False

    def open(self, folder, core):
        """Makes the dump's file, or decides for the stream. Raises OSError, Refused."""
        can_stream = core is not None and core.forks and self.request.method in STREAMING
        if can_stream and core.bounds()[0]:
            self.stream = os.urandom(16).hex()
            return
        path = os.path.join(folder, "%d-%d.heapdump" % (getpid(), self.number))
        try:
            self.file = NewFile(path, core)
        except Taken as error:
            unlink(path)
            raise Refused("closed", str(error))
        except OSError as error:
            if not can_stream or error.errno in (EEXIST, ENOSPC):
                raise
            self.stream = os.urandom(16).hex()
            return
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

    def settle(self, state, reason=""):
        """Tells the program."""
        if self.outcome is not None:
            self.outcome.settle(state, reason)


def _name(name):
    return name[:200] if type(name) is str else ""
