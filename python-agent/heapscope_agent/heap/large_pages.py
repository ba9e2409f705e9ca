"""Joins the small pages of the program's memory into large ones before a fork, which then has fewer page table entries to copy.

The program's threads run at half their speed during this: they wait for each region that is being joined, 1 to 20 ms. So this is
for users who prefer many short waits to one long one, and is done only on request. Joined pages stay joined except for those that
the program writes while a forked copy exists: the next time it takes a fraction.
"""

from errno import ENOMEM
from time import monotonic

FULL = 486
"""How many of a region's 512 pages must be present: so memory grows by at most 5 %."""
REGION = 2 << 20
SLICE = 0.1
"""Seconds that one turn joins, at least: a fork of the program may have to wait until it ends."""
PATIENCE = 60.0
"""Seconds for all of it."""


class Joining:
    """Call ``go_on`` while it returns true. ``joined``: bytes that are in large pages now."""

    def __init__(self, core):
        self.joined = 0
        self._join = core.join
        self._end = monotonic() + PATIENCE
        self._ranges = _ranges(core.read("/proc/self/maps"))

    def go_on(self):
        """Returns whether there is more to do."""
        if not self._ranges or monotonic() > self._end:
            return False
        start, end = self._ranges.pop()
        reached, joined, error = self._join(start, end, FULL, SLICE)
        self.joined += joined
        if error == ENOMEM:
            return False
        if reached < end:
            self._ranges.append((reached, end))
        return True


def _ranges(text):
    """(start, end) of the program's own memory: private, writable, not a file mapping, large enough."""
    found = []
    for line in text.splitlines():
        fields = line.split(None, 5)
        name = fields[5] if len(fields) > 5 else b""
        if fields[1] == b"rw-p" and (not name or name == b"[heap]" or name.startswith(b"[anon")):
            start, end = [int(part, 16) for part in fields[0].split(b"-")]
            if end - start >= REGION:
                found.append((start, end))
    return found
