"""The golden files are what the codec writes today, and it reads them back."""

import json
import os
import unittest

from tests import golden
from tests.support import AGENT_KINDS, wire

KINDS = {"agent": AGENT_KINDS, "engine": (wire.WELCOME, wire.REFUSE, wire.COMMAND)}


def stored(name):
    with open(os.path.join(golden.FOLDER, name), "rb") as file:
        return file.read()


class Golden(unittest.TestCase):
    def test_broken_frames_are_refused_for_the_named_reason(self):
        for entry in json.loads(stored("golden.json")):
            if "error" in entry:
                with self.subTest(entry["file"]), self.assertRaisesRegex(wire.WireError, entry["error"]):
                    wire.FrameReader(KINDS[entry["from"]]).feed(stored(entry["file"]))

    def test_good_frames_are_read_as_listed(self):
        for entry in json.loads(stored("golden.json")):
            if "error" not in entry:
                with self.subTest(entry["file"]):
                    frames = wire.FrameReader(KINDS[entry["from"]]).feed(stored(entry["file"]))
                    self.assertEqual(frames, [(entry["kind"], entry["body"])])

    def test_the_folder_holds_what_the_codec_writes(self):
        fresh = golden.files()
        self.assertEqual(sorted(os.listdir(golden.FOLDER)), sorted(fresh))
        for name, data in fresh.items():
            self.assertEqual(stored(name), data, name)
