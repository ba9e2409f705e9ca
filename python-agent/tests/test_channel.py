"""The channel alone, where what happens between two of its lines matters."""
import fcntl
import os
import socket
import unittest

from heapscope_agent.link import channel, native, wire


class SurelyOurs(channel.Channel):
    """Has looked at its descriptor just before the program closed it."""

    __slots__ = ("looked",)

    def is_ours(self):
        return self.looked or super().is_ours()


def _connected(test, core):
    listener = socket.create_server(("127.0.0.1", 0))
    test.addCleanup(listener.close)
    link = SurelyOurs(*listener.getsockname())
    link.looked = False
    link.open(wire.frame(wire.MARK, {"t": 1.0, "name": "hello"}))
    if not core:
        link._core = None
    peer, _ = listener.accept()
    test.addCleanup(peer.close)
    return link, peer


class ClosedBetweenLookAndUse(unittest.TestCase):
    core = False

    def setUp(self):
        self.channel, _ = _connected(self, self.core)
        self.addCleanup(self.channel.drop)
        os.close(self.channel._socket.fileno())
        self.channel.looked = True

    def tearDown(self):
        self.channel.looked = False

    def test_reading_finds_it_stolen_and_not_gone(self):
        self.assertEqual(self.channel.receive(), [])
        self.assertIs(self.channel.state, channel.STOLEN)

    def test_writing_finds_it_stolen_and_not_gone(self):
        self.channel.post(wire.frame(wire.MARK, {"t": 2.0, "name": "more"}))
        self.channel.flush()
        self.assertIs(self.channel.state, channel.STOLEN)


@unittest.skipIf(native.module()[0] is None, native.module()[1])
class ClosedBetweenLookAndUseWithTheCore(ClosedBetweenLookAndUse):
    core = True


@unittest.skipIf(native.module()[0] is None, native.module()[1])
class TheProgramsOwnSocketAtOurNumber(unittest.TestCase):
    """With the C core it is met by no frame, however late it comes: looking and using are one call."""

    def setUp(self):
        self.channel, self.engine = _connected(self, True)
        self.number = self.channel._socket.fileno()
        self.program, self.its_peer = socket.socketpair()
        for end in (self.program, self.its_peer):
            self.addCleanup(end.close)
            end.setblocking(False)
        os.dup2(self.program.fileno(), self.number)
        self.addCleanup(os.close, self.number)
        self.addCleanup(self.channel.shelve)
        self.channel.looked = True

    def test_nothing_is_written_into_it(self):
        self.channel.post(wire.frame(wire.MARK, {"t": 2.0, "name": "a secret"}))
        self.channel.flush()
        self.assertIs(self.channel.state, channel.STOLEN)
        with self.assertRaises(BlockingIOError):
            self.its_peer.recv(1)

    def test_nothing_is_read_from_it(self):
        self.its_peer.send(b"for the program")
        self.assertEqual(self.channel.receive(), [])
        self.assertIs(self.channel.state, channel.STOLEN)
        self.assertEqual(self.program.recv(100), b"for the program")

    def test_it_is_not_closed(self):
        self.channel.drop()
        os.fstat(self.number)


@unittest.skipIf(native.module()[0] is None, native.module()[1])
class TheCoresOwnSocket(unittest.TestCase):
    def test_never_has_a_number_that_a_file_of_the_program_would_get(self):
        core, _ = native.module()
        lowest = os.open(os.devnull, os.O_RDONLY)
        os.close(lowest)
        number = core.open_socket(socket.AF_INET)
        self.addCleanup(os.close, number)
        self.assertGreaterEqual(number, 200)
        self.assertFalse(os.get_inheritable(number))
        self.assertFalse(os.get_blocking(number))
        again = os.open(os.devnull, os.O_RDONLY)
        os.close(again)
        self.assertEqual(again, lowest)

    def test_is_moved_once(self):
        free = fcntl.fcntl(0, fcntl.F_DUPFD_CLOEXEC, 900)
        os.close(free)
        link, _ = _connected(self, True)
        self.addCleanup(link.drop)
        self.assertEqual(link._socket.fileno(), free)

    def test_what_arrives_is_read_and_the_end_is_told_from_nothing_yet(self):
        link, engine = _connected(self, True)
        self.addCleanup(link.drop)
        self.assertIsNone(link._read())
        self.assertIs(link.state, channel.OPEN)
        engine.send(b"abc")
        self.assertEqual(link._read(), b"abc")
        engine.close()
        self.assertEqual(link._read(), b"")

    def test_a_peer_that_takes_nothing_is_not_waited_for(self):
        link, _ = _connected(self, True)
        self.addCleanup(link.drop)
        sent = [link._send(b"x" * 65536) for _ in range(1000)]
        self.assertEqual(sent[-1], 0)
        self.assertIs(link.state, channel.OPEN)

    def test_a_peer_that_has_gone_ends_the_connection_without_a_signal(self):
        link, engine = _connected(self, True)
        self.addCleanup(link.drop)
        engine.close()
        for _ in range(100):
            link._send(b"x" * 65536)
        self.assertIs(link.state, channel.GONE)


if __name__ == "__main__":
    unittest.main()
