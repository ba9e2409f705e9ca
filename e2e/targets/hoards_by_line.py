"""Holds more with each line of input, on one line of code, and lets as much go again on another; `quit` ends it."""

KEPT = []


def hold(count):
    for _ in range(count):
        KEPT.append(bytearray(4096))


def let_go(count):
    for _ in range(count):
        bytearray(4096)


def serve():
    for line in iter(input, "quit"):
        hold(4096)
        let_go(4096)
        print("holding %d MiB" % (len(KEPT) // 256))


serve()
