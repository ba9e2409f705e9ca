"""The channel alone, where what happens between two of its lines matters."""
import os
import socket
import unittest

from heapscope_agent.link import channel, wire


class SurelyOurs(channel.Channel):
    """Has looked at its descriptor just before the program closed it."""

    __slots__ = ("looked",)

    def is_ours(self):
        return self.looked or super().is_ours()


class ClosedBetweenLookAndUse(unittest.TestCase):
    def setUp(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.listener.close)
        self.channel = SurelyOurs(*self.listener.getsockname())
        self.channel.looked = False
        self.channel.open(wire.frame(wire.MARK, {"t": 1.0, "name": "hello"}))
        self.peer, _ = self.listener.accept()
        self.addCleanup(self.peer.close)
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


if __name__ == "__main__":
    unittest.main()
