"""Holds a million objects and 70 MB in one buffer, so that its figures are as wide as those of a real service; a snapshot, grows, a snapshot, ends.
"""

import sys

import heapscope_agent

SIZES = {"large": 25_000, "small": 2_500}
READINGS = []
BUFFERS = []


class ConnectionPoolEntryWithALongName:
    def __init__(self, number):
        self.label = "connection-%d" % number
        self.state = "the same words"[:8] + str(number % 3)
        self.pending = [number, str(number)]
        self.other = self


def add(count):
    READINGS.extend(float(number) for number in range(count * 40))
    READINGS.extend(ConnectionPoolEntryWithALongName(number) for number in range(count))
    BUFFERS.append(bytearray(b"x") * 70_000_000)


for name, count in (("loaded", SIZES[sys.argv[1]]), ("grown", SIZES[sys.argv[1]] // 4)):
    add(count)
    heapscope_agent.mark(name)
    print("holding", len(READINGS), flush=True)
    assert heapscope_agent.snapshot(name, 60).wait(), "no snapshot"
