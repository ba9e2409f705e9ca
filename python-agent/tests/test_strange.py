"""Snapshots of a program that misleads code that inspects its objects: none of its code runs, and its types are
reported.
"""

import os

from tests.support import wire
from tests.test_snapshot import SnapshotTest, available


class Strange(SnapshotTest):
    def living(self):
        self.dumps = os.path.join(self.folder, "dumps")
        os.makedirs(self.dumps)
        self.link = engine = self.engine(dumps=self.dumps)
        self.process = self.start(engine, "is_strange")
        self.assertEqual(self.process.stdout.readline(), "ready\n")
        engine.wait_for(wire.SAMPLE)
        return engine.connections[0]

    def test_none_of_its_code_runs(self):
        agent = self.living()
        names = {}
        for method in available() + ("census",):
            with self.subTest(method):
                body = self.ended(agent, self.take(agent, method=method, previews=True))
                heap = self.dump(body)
                counts = heap.counted() if method == "census" else heap.count_by_type()
                names[method] = {name for name in counts if name.startswith(("__main__.", "mod?", "m" * 400, "?."))}
        self.assertEqual(agent.bodies(wire.FAULT), [])
        self.assertEqual(self.finish(self.process), (0, "", ""))
        for found in names.values():
            self.assertIn("__main__.Unhashable", found)
            self.assertIn("m" * 500 + "." + "N" * 500, found)
            self.assertTrue([name for name in found if "Surrogate??" in name], found)
            self.assertTrue([name for name in found if "LyingDict" in name], found)
        walked = [found for method, found in names.items() if method != "census"]
        for found in walked[1:]:
            self.assertEqual(found ^ walked[0], set())
