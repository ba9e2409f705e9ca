"""heapscope_agent.mark, with Heapscope and without."""

import os

from tests.support import ROOT, TARGETS, AgentTest, wire


class Marks(AgentTest):
    def test_without_heapscope_nothing_happens(self):
        program = ["-c", "import runpy; runpy.run_path(%r)" % os.path.join(TARGETS, "marks.py")]
        self.assertEqual(self.bare(program, {"PYTHONPATH": ROOT}), (0, "done\n", ""))

    def test_names_of_all_sorts(self):
        engine = self.engine()
        self.assertEqual(self.run_with(engine, "marks"), (0, "done\n", ""))
        connection, = engine.wait_closed()
        names = [mark["name"] for mark in connection.bodies(wire.MARK)]
        self.assertEqual([name for name in names if name != "t"],
                         ["plain", "x" * 200, "漢字 ?", "12", "text"])
        self.assertEqual(names.count("t"), 400)

    def test_an_installed_copy_gives_way_to_ours(self):
        os.makedirs(os.path.join(self.folder, "heapscope_agent"))
        with open(os.path.join(self.folder, "heapscope_agent", "__init__.py"), "w") as file:
            file.write("def mark(name): raise RuntimeError")
        engine = self.engine()
        self.run_with(engine, [os.path.join(TARGETS, "marks.py")], {"PYTHONPATH": self.folder})
        engine.wait_for(wire.MARK)
