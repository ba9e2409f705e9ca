"""Keeps sessions in a dictionary that is never cleared; each line of input adds a hundred, `quit` ends it."""

SESSIONS = {}


class Session:
    def __init__(self, number):
        self.number = number
        self.user = "user %d" % number
        self.payload = bytearray(2000)


def add(count):
    for number in range(len(SESSIONS), len(SESSIONS) + count):
        SESSIONS["session-%d" % number] = Session(number)


add(300)
print("holding", len(SESSIONS), flush=True)
while input() != "quit":
    add(100)
    print("holding", len(SESSIONS), flush=True)
