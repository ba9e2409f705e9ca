"""HEAPSCOPE_LINK: where the engine listens and the initial settings."""

_LOOPBACK = ("127.0.0.1", "::1")

MIN_INTERVAL, MAX_INTERVAL = 10, 60000
MAX_FRAMES = 100
MAX_MEAN = 1 << 40


def is_interval(value):
    """Whether ``value`` is an accepted sampling interval in milliseconds."""
    return type(value) is int and MIN_INTERVAL <= value <= MAX_INTERVAL


def is_mean(value):
    """Whether ``value`` is an accepted mean of bytes between two samples of allocations; 0: none are taken."""
    return type(value) is int and 0 <= value <= MAX_MEAN


class Settings:
    """Parses HEAPSCOPE_LINK. Raises ValueError or KeyError if it cannot be read or is not for us."""

    __slots__ = ("host", "port", "token", "interval", "tracemalloc", "at_exit", "sampling")

    def __init__(self, text):
        pairs = dict([pair.split("=", 1) for pair in text.split()])
        int(pairs["v"])  # for another version the engine itself reports it, in answer to our HELLO
        self.host = pairs["host"]
        self.port = int(pairs["port"])
        self.token = pairs["token"]
        self.interval = int(pairs["interval"])
        self.tracemalloc = int(pairs["tracemalloc"])
        self.at_exit = pairs.get("exit") == "1"
        self.sampling = int(pairs.get("sampling", 0))
        known = (self.host in _LOOPBACK and 0 < self.port < 65536 and len(self.token) == 64
                 and is_interval(self.interval) and 0 <= self.tracemalloc <= MAX_FRAMES and is_mean(self.sampling))
        if not known:
            raise ValueError(text)
