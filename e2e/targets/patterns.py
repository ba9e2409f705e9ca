"""One of each kind of leak. Each line of input adds to all of them and marks it; `big` allocates 60 MB, `quit` ends it.
"""

import gc

import heapscope_agent

gc.disable()  # so that unreachable rings are still there for the snapshot

SESSIONS = {}
CALLBACKS = []
WORDS = []
BUFFERS = []


class Session:
    def __init__(self, number):
        self.number = number
        self.user = "visible-%d" % number
        self.password = "hidden-%d" % number
        self.payload = bytearray(2000)
        self.empty = {}


class Ring:
    def __init__(self):
        self.other = None

    def __del__(self):
        pass


def callback(size):
    captured = bytearray(size)
    return lambda: len(captured)


def add(count):
    for number in range(len(SESSIONS), len(SESSIONS) + count):
        SESSIONS["session-%d" % number] = Session(number)
        WORDS.append("-".join(["the", "same", "words"]))
    CALLBACKS.append(callback(300_000))
    one, other = Ring(), Ring()
    one.other, other.other = other, one


add(100)
print("holding", len(SESSIONS), flush=True)
while True:
    line = input()
    if line == "quit":
        break
    if line == "big":
        BUFFERS.append(bytearray(b"x") * 60_000_000)
    add(100)
    heapscope_agent.mark("grown")
    print("holding", len(SESSIONS), flush=True)
