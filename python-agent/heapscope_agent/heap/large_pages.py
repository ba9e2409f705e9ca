"""Joins the small pages of the program's memory into large ones before a fork, which then has fewer of them to copy the table of.

The program's threads run meanwhile at half their speed: they wait for each region that is being joined, 1 to 20 ms. So this is
for who would rather have many short waits than one long one, and is done only where it was asked for. What was joined stays
so but for what the program writes while a forked copy is there: the next time it takes a fraction.
"""

from errno import ENOMEM
from time import monotonic

FULL = 486
"""Of a region's 512 pages, how many must be there: so memory grows by 5 % at most."""
REGION = 2 << 20
SLICE = 0.1
"""Seconds that one turn joins, at least: a fork of the program may have to wait for its end."""
PATIENCE = 60.0
"""Seconds for all of it."""


class Joining:
    """``go_on`` while it returns true. ``joined``: bytes that are in large pages now."""

    def __init__(self, core):
        self.joined = 0
        self._join = core.join
        self._end = monotonic() + PATIENCE
        self._ranges = _ranges(core.read("/proc/self/maps"))

    def go_on(self):
        """Whether there is more to do."""
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
    """(start, end) of the program's own memory: private, writable, of no file, large enough."""
    found = []
    for line in text.splitlines():
        fields = line.split(None, 5)
        name = fields[5] if len(fields) > 5 else b""
        if fields[1] == b"rw-p" and (not name or name == b"[heap]" or name.startswith(b"[anon")):
            start, end = [int(part, 16) for part in fields[0].split(b"-")]
            if end - start >= REGION:
                found.append((start, end))
    return found
