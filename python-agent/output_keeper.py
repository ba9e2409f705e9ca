"""Passes on what a program prints, to the user and to the engine, and goes on when the engine is gone.

The engine starts it beside each program that is recorded without a terminal of its own. Descriptors 1 and 2 are the user's, 3 is
the engine's; the one argument says how many pipes there are: 1 where the user's output and errors are one file. It makes the
pipes, and the engine opens their other ends, for the program, through /proc. The user comes first: what the user's side takes
slowly holds the program up, as in any pipe; an engine that does not listen is left out after a second.

Frames to the engine: kind, stream, length (4 bytes, little-endian), bytes.
  R  ready: the numbers of the writing ends    O  output    D  so many bytes of output were left out before here
  E  error (errno): that stream cannot be passed on any more    I  the program has ended and nothing more has come for a while
  X  nothing more will come: the engine closes the connection, since one that we closed would lose what it has not read yet
Frames from the engine: kind, 0, length, bytes.
  G  the ends are open    S  text of the status line below the output; empty: none    Q  the program has ended
The end of the connection stands for G and Q: what is still printed goes to the user.
"""

import errno
import os
import select
import signal
import struct
import sys
import threading
from collections import deque

OUTPUT, ERRORS, ENGINE = 1, 2, 3
PIECE = 65536
QUEUE_BYTES = 4 << 20
# An engine that reads nothing for this long is skipped until it reads again.
PATIENCE_S = 1.0
# Processes that a program leaves running may hold the pipes for ever: after the program's end, this long without output counts as
# the end.
QUIET_MS = 250
HEAD = struct.Struct("<ccI")


class Engine:
    """Output for the engine, sent by a separate thread; `put` waits for it only as long as the engine reads."""

    def __init__(self):
        self._changed = threading.Condition()
        self._queue = deque()
        self._bytes = 0
        self._taken = 0
        self._deaf = False
        self._left_out = 0
        self.gone = False

    def start(self):
        threading.Thread(target=self._send, daemon=True).start()

    def put(self, kind, stream=0, data=b""):
        with self._changed:
            if self._bytes > QUEUE_BYTES and not self._deaf and not self.gone:
                self._wait_until(lambda: self._bytes <= QUEUE_BYTES)
            if self.gone:
                return
            if self._deaf and kind == b"O":
                self._left_out += len(data)
                return
            self._append(kind, stream, data)

    def leave(self):
        with self._changed:
            self.gone = True
            self._queue.clear()
            self._changed.notify_all()

    def _append(self, kind, stream, data):
        self._queue.append(HEAD.pack(kind, bytes((stream,)), len(data)) + data)
        self._bytes += HEAD.size + len(data)
        self._changed.notify_all()

    def _wait_until(self, reached):
        while not reached() and not self.gone:
            taken = self._taken
            self._changed.wait(PATIENCE_S)
            if not reached() and self._taken == taken:
                self._deaf = True
                return

    def _send(self):
        while True:
            with self._changed:
                while not self._queue and not self.gone:
                    self._changed.wait()
                if self.gone:
                    return
                frame = memoryview(self._queue.popleft())
            try:
                while frame:
                    sent = os.write(ENGINE, frame)
                    frame = frame[sent:]
                    self._sent(sent)
            except OSError:
                return self.leave()

    def _sent(self, count):
        with self._changed:
            self._taken += count
            self._bytes -= count
            if self._deaf and self._bytes <= QUEUE_BYTES // 2:
                self._deaf = False
                if self._left_out:
                    self._append(b"D", 0, str(self._left_out).encode())
                    self._left_out = 0
            self._changed.notify_all()


class StatusLine:
    """The engine's line below the output, on a terminal: removed before the program writes, drawn again once the program has ended
    a line.
    """

    ERASE = b"\r\x1b[2K"

    def __init__(self):
        self.lock = threading.Lock()
        self._shown = False
        self._at_line_start = True

    def show(self, text):
        with self.lock:
            if not text:
                self._erase()
            elif self._at_line_start:
                self._shown = True
                self._write(self.ERASE + text)

    def passing(self, data):
        """The caller holds the lock until the data is written."""
        self._erase()
        self._at_line_start = data.endswith(b"\n")

    def _erase(self):
        if self._shown:
            self._shown = False
            self._write(self.ERASE)

    def _write(self, data):
        try:
            os.write(ERRORS, data)
        except OSError:
            pass


class Stream:
    """One pipe of the program, read by a separate thread: a slow reader of one stream does not delay the other."""

    def __init__(self, number, engine, line, ended):
        self.reader, self.writer = os.pipe()
        self.quiet = threading.Event()
        self._number = number
        self._target = number
        self._terminal = os.isatty(number)
        self._engine = engine
        self._line = line
        self._ended = ended
        self._poll = select.poll()

    def run(self):
        poll = self._poll
        poll.register(self.reader, select.POLLIN)
        poll.register(self._ended, 0)
        poll.register(self._target, 0)
        timeout = None
        while True:
            ready = dict(poll.poll(timeout))
            if self.reader in ready:
                data = os.read(self.reader, PIECE)
                if not data:
                    break
                self._engine.put(b"O", self._number, data)
                self._pass_on(data)
            elif self._target in ready:
                # Reported before the program writes again, as the user's own pipe would report it.
                self._target_failed(errno.EIO if self._terminal else errno.EPIPE)
            elif self._ended in ready:
                poll.unregister(self._ended)
                timeout = QUIET_MS
            elif not ready:
                self.quiet.set()
                timeout = None
            if self.reader is None:
                break
        self.quiet.set()

    def _pass_on(self, data):
        if self._target is None:
            return
        try:
            if self._terminal:
                with self._line.lock:
                    self._line.passing(data)
                    self._write(data)
            else:
                self._write(data)
        except OSError as error:
            self._target_failed(error.errno)

    def _write(self, data):
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[os.write(self._target, rest):]
            except BlockingIOError:  # other processes have this file open too, and may have set that
                waiting = select.poll()
                waiting.register(self._target, select.POLLOUT)
                waiting.poll()

    def _target_failed(self, code):
        self._poll.unregister(self._target)
        self._target = None
        if code == errno.EIO:  # a terminal that was closed: the program continues
            return
        os.close(self.reader)  # the program gets the error at its next write
        self.reader = None
        if code != errno.EPIPE:
            self._engine.put(b"E", self._number, str(code).encode())


def listen(on_frame, on_end):
    """Reads what the engine sends, until it is gone."""
    held = b""
    try:
        while True:
            piece = os.read(ENGINE, PIECE)
            if not piece:
                break
            held += piece
            while len(held) >= HEAD.size:
                kind, _, length = HEAD.unpack_from(held)
                if len(held) < HEAD.size + length:
                    break
                on_frame(kind, held[HEAD.size:HEAD.size + length])
                held = held[HEAD.size + length:]
    except OSError:
        pass
    on_end()


def once(action):
    left = [action]

    def act():
        if left:
            left.pop()()

    return act


def main(pipes):
    os.closerange(ENGINE + 1, 1024)
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGTSTP):  # it ends with the program
        signal.signal(number, signal.SIG_IGN)
    os.set_blocking(ENGINE, True)
    engine, line = Engine(), StatusLine()
    ended, end = os.pipe()
    streams = [Stream(number, engine, line, ended) for number in (OUTPUT, ERRORS)[:pipes]]
    opened = once(lambda: [os.close(stream.writer) for stream in streams])
    program_ended = once(lambda: os.close(end))

    def on_frame(kind, data):
        if kind == b"G":
            opened()
        elif kind == b"S":
            line.show(data)
        elif kind == b"Q":
            program_ended()

    def on_end():
        engine.leave()
        line.show(b"")
        opened()
        program_ended()

    engine.start()
    engine.put(b"R", 0, " ".join(str(stream.writer) for stream in streams).encode())
    listener = threading.Thread(target=listen, args=(on_frame, on_end), daemon=True)
    listener.start()
    threads = [threading.Thread(target=stream.run) for stream in streams]
    for thread in threads:
        thread.start()
    for stream in streams:
        stream.quiet.wait()
    engine.put(b"I")
    for thread in threads:
        thread.join()
    line.show(b"")
    engine.put(b"X")
    listener.join()


if __name__ == "__main__":
    main(int(sys.argv[1]))
