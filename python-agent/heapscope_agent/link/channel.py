"""One connection to the engine: a queue of whole frames and a socket that never blocks.

Any thread may ``post``; ``flush`` is for the holder of the lock. The system functions are bound now, before gevent and
similar libraries replace them.
"""

import sys
from _collections import deque
from _socket import SOCK_STREAM
from _socket import socket as socket_type
from _thread import allocate_lock
from errno import EAGAIN, EBADF, EINPROGRESS, EINTR, ENOTCONN, ENOTSOCK
from os import close as close_descriptor
from os import fstat

import _socket

from heapscope_agent.link import native, wire
from heapscope_agent.link.descriptors import lift

MAX_QUEUED = 1048576
RESERVE = 65536
"""Bytes that marks, replies and faults may take beyond MAX_QUEUED."""
MAX_READ = 65536
MAX_BATCH = 16
"""Frames that are sent as one piece."""

_SO_COOKIE = 57
"""Linux 4.12: a number that no other socket has. ``fstat`` tells as much, but gives the interpreter's lock away: to win it
back from a busy program takes 5 ms, and costs the program 15 to 30 us."""
_SO_NOSIGPIPE = 0x1022  # <sys/socket.h> of macOS, which has no MSG_NOSIGNAL
_NO_SIGNAL = getattr(_socket, "MSG_NOSIGNAL", 0)
_WINDOWS = sys.platform == "win32"
_NOT_YET = (EAGAIN, EINTR, EINPROGRESS, ENOTCONN, 10035, 10057)  # the last two: WSAEWOULDBLOCK, WSAENOTCONN

GONE, OPEN, STOLEN = "gone", "open", "stolen"
"""States of a connection: ended by the engine; good; the program closed our descriptor."""


class Channel:
    """``state`` is OPEN until a read or a write fails; then only ``open`` repairs it.

    With the C core, checking whether the descriptor still is ours and using it is one call that keeps the interpreter's lock.
    Without it the program may run between the two: if it closes our descriptor *and* opens its own socket with that number at
    that moment, a frame of ours ends up in it.
    """

    __slots__ = ("lock", "state", "_address", "_family", "_socket", "_identity", "_has_cookie", "_core", "_cookie", "_frames",
                 "_offset", "_queued", "_torn", "_reader")

    def __init__(self, host, port):
        self.lock = allocate_lock()
        self.state = GONE
        self._address = (host, port)
        self._family = _socket.AF_INET6 if ":" in host else _socket.AF_INET
        self._socket = None
        self._frames = deque()

    def open(self, hello):
        """Connects without waiting and puts ``hello`` before the marks that are still queued."""
        marks = [frame for frame in self._frames if frame[4] == wire.MARK]
        self._frames.clear()
        self._frames.append(hello)
        self._frames.extend(marks)
        self._queued = sum(map(len, self._frames))
        self._offset = 0
        self._torn = False
        self._reader = wire.FrameReader((wire.WELCOME, wire.REFUSE, wire.COMMAND))
        core, _ = native.module()
        self._socket = self._connect(core)
        self._has_cookie = self._can_tell_cookie()
        self._identity = self._identify()
        self._core = core if self._has_cookie else None
        self._cookie = int.from_bytes(self._identity, sys.byteorder) if self._has_cookie else None
        self.state = OPEN

    def _connect(self, core):
        number = core.open_socket(self._family) if core is not None else -1
        sock = socket_type(self._family, SOCK_STREAM, 0, number if number >= 0 else None)
        try:
            if number < 0:
                sock = _lift(sock, self._family)
            sock.setblocking(False)
            sock.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)
            if sys.platform == "darwin":
                sock.setsockopt(_socket.SOL_SOCKET, _SO_NOSIGPIPE, 1)
            error = sock.connect_ex(self._address)
            if error not in (0,) + _NOT_YET:
                raise OSError(error, "connect")
        except BaseException:
            sock.close()
            raise
        return sock

    def _identify(self):
        if _WINDOWS:  # a socket is no descriptor there, os.close does not reach it
            return None
        if self._has_cookie:
            return self._socket.getsockopt(_socket.SOL_SOCKET, _SO_COOKIE, 8)
        return _file_at(self._socket.fileno())

    def _can_tell_cookie(self):
        try:
            return sys.platform == "linux" and len(self._socket.getsockopt(_socket.SOL_SOCKET, _SO_COOKIE, 8)) == 8
        except OSError:
            return False

    def is_ours(self):
        """Whether our descriptor number still is our socket; checked before each use."""
        try:
            return self._identify() == self._identity
        except OSError:
            return False

    def post(self, frame, reserve=0):
        """Queues a frame; False if the queue is full. Safe in any thread, and in a signal handler."""
        # Threads may miscount each other by a frame; an empty queue corrects the count.
        if self._queued + len(frame) > MAX_QUEUED + reserve:
            return False
        self._queued += len(frame)
        self._frames.append(frame)
        return True

    def flush(self):
        """Writes what the system accepts without waiting. The caller holds the lock."""
        frames = self._frames
        while frames and self.state is OPEN:
            if self._torn or self._core is None and not self.is_ours():
                self.state = STOLEN
                return
            # If a signal handler raises within these lines, it is unknown what was sent: an incomplete stream is never
            # written to again.
            self._torn = True
            sent = self._send(self._batch())
            self._offset += sent
            while frames and self._offset >= len(frames[0]):
                self._offset -= len(frames.popleft())
            self._torn = False
            if not sent:
                return
        if not frames:
            self._queued = 0

    def _batch(self):
        """The head of the queue, as one piece: each send releases the interpreter's lock and has to acquire it again."""
        first = self._frames[0][self._offset:] if self._offset else self._frames[0]
        if len(self._frames) == 1:
            return first
        return first + b"".join([self._frames[index] for index in range(1, min(len(self._frames), MAX_BATCH))])

    def _send(self, data):
        if self._core is not None:
            sent = self._core.send(self._socket.fileno(), self._cookie, data)
            if sent < 0:
                self._failed(-sent)
            return max(sent, 0)
        try:
            return self._socket.send(data, _NO_SIGNAL)
        except OSError as error:
            self._failed(error.errno)
            return 0

    def _read(self):
        """The received bytes, empty at the end of the stream; None if there is nothing yet, or ``state`` has the reason."""
        if self._core is not None:
            data = self._core.receive(self._socket.fileno(), self._cookie)
            if type(data) is bytes:
                return data
            self._failed(-data)
            return None
        if not self.is_ours():
            self.state = STOLEN
            return None
        try:
            return self._socket.recv(MAX_READ)
        except OSError as error:
            self._failed(error.errno)
            return None

    def _failed(self, error):
        if error in (EBADF, ENOTSOCK):  # closed by the program
            self.state = STOLEN
        elif error not in _NOT_YET:
            self.state = GONE

    def receive(self):
        """The received (kind, map) frames; only called in the agent's thread. Raises WireError."""
        frames = []
        while self.state is OPEN:
            data = self._read()
            if data is None:
                break
            if not data:
                self.state = GONE
            frames += self._reader.feed(data)
            if len(data) < MAX_READ:
                break
        return frames

    def drop(self):
        """Drops the descriptor without sending anything: closes it if it still is ours. Nothing is sent after."""
        ours = self._socket is not None and self.is_ours()
        number = self.shelve()
        if not ours:
            return
        if self._core is not None:
            self._core.close_socket(number, self._cookie)
        elif _WINDOWS:
            _socket.close(number)
        else:
            close_descriptor(number)

    def shelve(self):
        """Detaches the descriptor, still open, from its object, which would close that number when the interpreter ends, even
        if it belongs to another file by then, and warn about it. Returns the number, or None if there is no connection.
        """
        self.state = GONE
        sock, self._socket = self._socket, None
        return None if sock is None else sock.detach()

    def unshelve(self, number):
        """Takes back what ``shelve`` gave."""
        self._socket = socket_type(self._family, SOCK_STREAM, 0, number)
        self._socket.setblocking(False)
        self.state = OPEN


def _lift(sock, family):
    """Moves a socket to a high number, so that the program's own files get the numbers they would get without us."""
    number = lift(sock.fileno())
    if number is None:
        return sock
    low = sock.detach()  # its object would close the number whosever it is by now
    try:
        if _file_at(low) == _file_at(number):
            close_descriptor(low)
    except OSError:
        pass
    return socket_type(family, SOCK_STREAM, 0, number)


def _file_at(number):
    found = fstat(number)
    return found.st_dev, found.st_ino
