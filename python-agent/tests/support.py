"""An engine in miniature for the agent's tests, and programs run with and without the agent."""

import gc
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BOOTSTRAP = os.path.join(ROOT, "bootstrap")
TARGETS = os.path.join(ROOT, "tests", "targets")
TOKEN = "ab" * 32
PATIENCE = 20
"""Seconds after which something that has not happened is taken as never happening."""

sys.path.insert(0, ROOT)
from heapscope_agent.link import wire  # noqa: E402

AGENT_KINDS = tuple(range(wire.HELLO, wire.ALLOCATIONS + 1))


class Connection:
    """One accepted connection: ``frames`` as (kind, body), ``closed`` once the agent is gone."""

    def __init__(self, engine, sock):
        self.engine, self.sock = engine, sock
        self.frames = []
        self.closed = self.greeted = False
        self.error = None
        self._ids = 0

    def read(self):
        reader = wire.FrameReader(AGENT_KINDS)
        try:
            while True:
                data = self.sock.recv(65536)
                if not data:
                    break
                if not self.frames and data[4:5] == bytes((wire.DUMP,)):
                    return self._read_dump(data)
                for kind, body in reader.feed(data):
                    with self.engine.changed:
                        self.frames.append((kind, body))
                        self.engine.changed.notify_all()
                    if kind == wire.HELLO:
                        self.engine.greet(self, body)
                        with self.engine.changed:
                            self.greeted = True
                            self.engine.changed.notify_all()
        except wire.WireError as error:
            self.error = error
        except OSError:
            pass
        with self.engine.changed:
            self.closed = True
            self.engine.changed.notify_all()

    def _read_dump(self, data):
        """A forked copy's connection: no agent, and after its first frame a dump."""
        pieces = [data]
        while pieces[-1]:
            pieces.append(self.sock.recv(1 << 20))
        whole = b"".join(pieces)
        end = 5 + int.from_bytes(whole[:4], "little")
        (_, body), = wire.FrameReader(AGENT_KINDS).feed(whole[:end])
        with self.engine.changed:
            self.engine.connections.remove(self)
            self.engine.streams[body["key"]] = body["token"], whole[end:]
            self.engine.changed.notify_all()
        self.sock.close()

    def bodies(self, kind):
        return [body for found, body in list(self.frames) if found == kind]

    @property
    def hello(self):
        return self.frames[0][1]

    def send(self, kind, body):
        self.sock.sendall(wire.frame(kind, body))

    def command(self, name, /, **args):
        """The REPLY to a command."""
        self._ids += 1
        number = self._ids
        self.send(wire.COMMAND, {"id": number, "name": name, "args": args})
        return self.engine.wait(lambda: next((r for r in self.bodies(wire.REPLY) if r["id"] == number), None))


class Engine:
    """Listens on the loopback interface and welcomes any peer that sends HELLO; ``greet`` may be replaced."""

    def __init__(self, interval=20, tracemalloc=0, paused=False, reading=True, dumps=None, at_exit=False, sampling=0):
        self.dumps, self.at_exit, self.sampling = dumps, at_exit, sampling
        self.interval, self.tracemalloc, self.paused, self.reading = interval, tracemalloc, paused, reading
        self.connections = []
        self.streams = {}
        """Dumps that copies have sent, (token, bytes) by their keys."""
        self.changed = threading.Condition()

    def __enter__(self):
        self._threads = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        if not self.reading:  # else the system would hold many megabytes for us
            self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
        self.port = self._listener.getsockname()[1]
        self._start(self._accept)
        return self

    def __exit__(self, *error):
        self.stop_listening()
        for connection in self.connections:
            hang_up(connection.sock)
        for thread in self._threads:
            thread.join(PATIENCE)
        for connection in self.connections:
            connection.sock.close()

    def stop_listening(self):
        hang_up(self._listener)
        self._listener.close()

    def vanish(self):
        """As if the engine's process had died."""
        self.stop_listening()
        for connection in self.connections:
            hang_up(connection.sock)

    def _start(self, function, *args):
        thread = threading.Thread(target=function, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self):
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            connection = Connection(self, sock)
            with self.changed:
                self.connections.append(connection)
                self.changed.notify_all()
            if self.reading:
                self._start(connection.read)

    def greet(self, connection, hello):
        connection.send(wire.WELCOME, {"v": wire.VERSION, "interval": self.interval, "paused": self.paused,
                                       "dumps": self.dumps, "sampling": self.sampling})

    def link(self, **changes):
        pairs = {"v": wire.VERSION, "host": "127.0.0.1", "port": self.port, "token": TOKEN, "interval": self.interval,
                 "tracemalloc": self.tracemalloc, "exit": int(self.at_exit), "sampling": self.sampling}
        pairs.update(changes)
        return " ".join("%s=%s" % pair for pair in pairs.items())

    def wait(self, condition, patience=PATIENCE):
        """The first true value of ``condition()``."""
        deadline = time.monotonic() + patience
        with self.changed:
            while True:
                value = condition()
                if value:
                    return value
                if not self.changed.wait(deadline - time.monotonic()):
                    raise AssertionError("never happened; seen: %s" % self.seen())

    def wait_for(self, kind, connection=0, count=1):
        """The ``count``-th body of ``kind`` on a connection, counted from its start."""
        def found():
            if len(self.connections) <= connection:
                return None
            bodies = self.connections[connection].bodies(kind)
            return bodies[count - 1] if len(bodies) >= count else None
        return self.wait(found)

    def wait_closed(self, count=1):
        """Waits until ``count`` connections have come and all have gone."""
        self.wait(lambda: len(self.connections) >= count and all(c.closed for c in self.connections))
        return self.connections

    def seen(self):
        return [[(kind, body) for kind, body in c.frames if kind not in (wire.SAMPLE, wire.GC)][:20]
                for c in self.connections]

    def by_reason(self, reason):
        return [c for c in self.connections if c.frames and c.hello["reason"] == reason]


def hang_up(sock):
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass


def clean_environment(**extra):
    env = {key: value for key, value in os.environ.items()
           if key not in ("HEAPSCOPE_LINK", "PYTHONPATH", "PYTHONWARNINGS", "PYTHONDEVMODE")}
    env.update(extra)
    return env


def environment(engine, **extra):
    """The environment that the engine gives to a target."""
    env = clean_environment(**extra)
    env["PYTHONPATH"] = BOOTSTRAP + (os.pathsep + env["PYTHONPATH"] if env.get("PYTHONPATH") else "")
    env.setdefault("HEAPSCOPE_LINK", engine.link())
    return env


def command_line(target):
    """``"name"``, ``"name arg"`` or a list after the interpreter; a name is a file of ``targets``."""
    if isinstance(target, str):
        name, *args = target.split()
        target = [os.path.join(TARGETS, name + ".py")] + args
    return [sys.executable] + target


def without_addresses(text):
    return re.sub(r"\b0x[0-9a-f]+|(?<=started )\d+|(?<=pid=)\d+", "#", text)


class AgentTest(unittest.TestCase):
    """``bare`` and ``run_with`` run a target to its end; ``start`` keeps it running."""

    maxDiff = None

    def setUp(self):
        gc.collect()  # what the test before has left would be in every heap that is walked here
        self.folder = tempfile.mkdtemp(prefix="heapscope-test-")
        self.addCleanup(shutil.rmtree, self.folder, True)

    def engine(self, **options):
        engine = Engine(**options)
        engine.__enter__()
        self.addCleanup(engine.__exit__)
        return engine

    def engine_with_options(self, dumps, **options):
        """An engine whose word on how the program's snapshots are taken comes with its welcome."""
        os.makedirs(dumps, exist_ok=True)
        engine = self.engine(dumps=dumps)
        greet = engine.greet

        def greet_with_options(connection, hello):
            greet(connection, hello)
            connection.send(wire.COMMAND, {"id": 99, "name": "snapshot_options", "args": options})
        engine.greet = greet_with_options
        return engine

    def bare(self, target, env=None, stdin=""):
        return self._finish(target, clean_environment(**(env or {})), stdin)

    def run_with(self, engine, target, env=None, stdin=""):
        return self._finish(target, environment(engine, **(env or {})), stdin)

    def _finish(self, target, env, stdin):
        done = subprocess.run(command_line(target), env=env, cwd=self.folder, input=stdin, timeout=60,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
        return done.returncode, without_addresses(done.stdout), without_addresses(done.stderr)

    def start(self, engine, target, env=None):
        """A running target; ``say(process, line)`` and ``process.stdout`` talk to it."""
        process = subprocess.Popen(command_line(target), env=environment(engine, **(env or {})), cwd=self.folder,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   universal_newlines=True)
        self.addCleanup(self.finish, process)
        return process

    def finish(self, process):
        """Lets a living target read its end of input, and waits: (status, stdout, stderr)."""
        if process.stdout.closed:
            return None
        try:
            out, err = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
        return process.returncode, out, err

    def same(self, target, engine=None, env=None, stdin=""):
        """Given a target, when it runs with the agent, then it prints and ends as it does without. Returns the engine.
        """
        engine = engine or self.engine()
        expected = self.bare(target, env, stdin)
        self.assertEqual(self.run_with(engine, target, env, stdin), expected)
        return engine
