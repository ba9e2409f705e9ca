"""The codec: what breaks the contract first, then what it carries."""

import random
import struct
import unittest

from tests.support import wire


def body_of(frame):
    return frame[5:]


class Malformed(unittest.TestCase):
    def refuse(self, data):
        with self.assertRaises(wire.WireError):
            wire.decode(data)

    def test_anything_but_one_map(self):
        for data in (b"", b"\xc0", b"\x01", b"\x90", b"\xa1a", b"\x80\x80", b"\x80\xc0"):
            self.refuse(data)

    def test_types_outside_the_subset(self):
        for code in (0xC1, 0xC7, 0xC8, 0xC9, 0xCA, 0xD4, 0xD5, 0xD6, 0xD7, 0xD8):
            self.refuse(b"\x81\xa1a" + bytes([code]) + b"\0" * 20)

    def test_keys_that_are_no_strings(self):
        self.refuse(b"\x81\x01\x02")
        self.refuse(b"\x81\x90\x02")

    def test_strings_that_are_not_utf8(self):
        self.refuse(b"\x81\xa1a\xa2\xff\xfe")

    def test_depth_beyond_the_limit(self):
        self.refuse(b"\x81\xa1a" + b"\x91" * 5000 + b"\xc0")

    def test_every_cut_of_a_good_body(self):
        data = body_of(wire.frame(wire.HELLO, SAMPLE_BODY))
        for size in range(len(data)):
            self.refuse(data[:size])

    def test_lengths_that_promise_more_than_is_there(self):
        for head in (b"\xdf\xff\xff\xff\xff", b"\x81\xa1a\xdd\xff\xff\xff\xff", b"\x81\xa1a\xdb\xff\xff\xff\xff",
                     b"\x81\xa1a\xc6\xff\xff\xff\xff"):
            self.refuse(head)

    def test_random_bytes_raise_wire_errors_alone(self):
        noise = random.Random(1)
        for _ in range(20000):
            data = bytes(noise.choices(range(256), k=noise.randrange(1, 40)))
            try:
                wire.decode(data)
            except wire.WireError:
                pass

    def test_random_damage_to_a_good_body_raises_wire_errors_alone(self):
        noise = random.Random(2)
        good = body_of(wire.frame(wire.HELLO, SAMPLE_BODY))
        for _ in range(5000):
            data = bytearray(good)
            for _ in range(noise.randrange(1, 4)):
                data[noise.randrange(len(data))] = noise.randrange(256)
            try:
                wire.decode(bytes(data))
            except wire.WireError:
                pass

    def test_what_cannot_be_written(self):
        loop = []
        loop.append(loop)
        for value in (object(), {1, 2}, 1 << 64, -(1 << 63) - 1, loop, {1: 2}, type("Text", (str,), {})("x")):
            with self.assertRaises(ValueError):
                wire.frame(wire.MARK, {"a": value})
        with self.assertRaises(ValueError):
            wire.frame(wire.MARK, {"a": "x" * wire.MAX_BODY})


class Stream(unittest.TestCase):
    def reader(self):
        return wire.FrameReader((wire.WELCOME, wire.COMMAND))

    def test_a_frame_that_is_too_long(self):
        with self.assertRaisesRegex(wire.WireError, "too-long"):
            self.reader().feed(struct.pack("<IB", wire.MAX_BODY + 1, wire.WELCOME))

    def test_a_kind_from_the_wrong_side(self):
        with self.assertRaisesRegex(wire.WireError, "unknown-kind"):
            self.reader().feed(wire.frame(wire.HELLO, {}))

    def test_frames_in_pieces_of_any_size(self):
        frames = [(wire.WELCOME, {"v": 2}), (wire.COMMAND, {"id": 7, "name": "ping", "args": {}}), (wire.WELCOME, {})]
        data = b"".join(wire.frame(*frame) for frame in frames)
        for size in range(1, len(data) + 1):
            reader = self.reader()
            seen = []
            for at in range(0, len(data), size):
                seen += reader.feed(data[at:at + size])
            self.assertEqual(seen, frames)


class Values(unittest.TestCase):
    def carry(self, value):
        return wire.decode(body_of(wire.frame(wire.MARK, {"x": value})))["x"]

    def test_borders_of_every_width(self):
        borders = [sign * ((1 << bits) + step) for bits in (5, 7, 8, 15, 16, 31, 32, 62, 63)
                   for step in (-1, 0, 1) for sign in (1, -1)]
        borders += [0, (1 << 64) - 1]
        for value in borders:
            if -(1 << 63) <= value < 1 << 64:
                self.assertEqual(self.carry(value), value)
        for size in (0, 31, 32, 255, 256, 65535, 65536):
            self.assertEqual(self.carry("x" * size), "x" * size)
            self.assertEqual(self.carry(b"x" * size), b"x" * size)
        for size in (0, 15, 16, 65535, 65536):
            self.assertEqual(self.carry([None] * size), [None] * size)
            self.assertEqual(self.carry(dict.fromkeys(map(str, range(size)), True)),
                             dict.fromkeys(map(str, range(size)), True))

    def test_surrogates_become_question_marks(self):
        self.assertEqual(self.carry("a\udcffb"), "a?b")

    def test_random_values_come_back(self):
        noise = random.Random(3)
        for _ in range(2000):
            value = random_value(noise, 4)
            self.assertEqual(self.carry(value), value)


def random_value(noise, depth):
    choices = [None, True, False, noise.randrange(-(1 << 63), 1 << 64), noise.randrange(-200, 200), noise.random(),
               "".join(noise.choices("aß漢🙂", k=noise.randrange(40))), noise.randbytes(noise.randrange(40))]
    if depth:
        choices.append([random_value(noise, depth - 1) for _ in range(noise.randrange(5))])
        choices.append({str(key): random_value(noise, depth - 1) for key in range(noise.randrange(5))})
    return noise.choice(choices)


SAMPLE_BODY = {"t": 12.5, "pid": 70000, "argv": ["python", "-c", "print('ß' * 40)  # longer than a short string"],
               "cwd": "/srv", "debug": False, "nothing": None, "negative": -70000, "raw": b"\0\xff"}
