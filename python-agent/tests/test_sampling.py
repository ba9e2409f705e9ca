"""The agent's part of allocation sampling: what a program's engine is told, and when."""

import os
import sys
import unittest

from tests.allocation_support import Told, library, why_not
from tests.support import TARGETS, AgentTest, wire

with open(os.path.join(TARGETS, "allocates.py")) as source:
    LINES = [line.strip() for line in source]
KEEP, KEEP_MORE, KEEP_IN_CHILD = [index + 1 for index, line in enumerate(LINES) if line.startswith("block = ")]
CALL = LINES.index("keep()") + 1
EVERY = 150
"""With this mean every block of the program's is sampled, and not all the small ones of its start."""
KEPT, MORE, IN_CHILD = (200 * sys.getsizeof(bytes(size)) for size in (3000, 4000, 5000))


@unittest.skipIf(library is None, why_not)
class SamplingTest(AgentTest):
    def told(self, connection):
        told = Told()
        for body in connection.bodies(wire.ALLOCATIONS):
            told.add(body)
        return told

    def wait_told(self, engine, condition, connection=0):
        """What was told up to the moment when ``condition`` of it is true."""
        def found():
            if len(engine.connections) <= connection:
                return None
            told = self.told(engine.connections[connection])
            return told if condition(told) else None
        return engine.wait(found)

    def begin(self, engine, env=None):
        process = self.start(engine, "allocates", env)
        self.assertEqual(process.stdout.readline(), "ready\n")
        return process

    def hurry(self, engine):
        """Has the epoch ended at once; under tracemalloc it would take long."""
        self.means = (self.means[1], self.means[0])
        engine.connections[0].command("sampling", mean=self.means[0])

    means = (EVERY, EVERY + 1)

    def say(self, process, word):
        process.stdin.write(word + "\n")
        process.stdin.flush()
        self.assertEqual(process.stdout.readline(), "done\n")


def states(connection):
    found = [(body["state"], body["why"], body["mean"]) for body in connection.bodies(wire.ALLOCATIONS)]
    return [state for index, state in enumerate(found) if index == 0 or found[index - 1] != state]


class Running(SamplingTest):
    def test_nothing_is_sent_where_it_was_not_requested(self):
        engine = self.engine()
        self.run_with(engine, "allocates")
        connection, = engine.wait_closed()
        self.assertEqual(connection.bodies(wire.ALLOCATIONS), [])

    def test_sites_of_a_program_from_its_first_line_to_its_last(self):
        engine = self.engine(sampling=EVERY)
        self.same("allocates", engine)
        connection, = engine.wait_closed()
        told = self.told(connection)
        self.assertEqual(told.epochs, list(range(len(told.epochs))))
        row = told.at("keep")
        self.assertEqual(round(told.at("keep", KEEP).made), KEPT)
        self.assertGreater(row.live, KEPT)
        path, = [path for path in told.paths() if path[0][0] == "keep" and path[0][2] == KEEP]
        self.assertEqual([(name, os.path.basename(file), line) for name, file, line in path],
                         [("keep", "allocates.py", KEEP), ("<module>", "allocates.py", CALL), ("MainThread", "", 0)])
        self.assertEqual(connection.bodies(wire.FAULT), [])

    def test_nothing_of_the_agents_own_is_among_the_sites(self):
        engine = self.engine(sampling=EVERY)
        process = self.begin(engine)
        told = self.wait_told(engine, lambda told: round(told.at("keep", KEEP).made) == KEPT)
        self.say(process, "more")
        told = self.wait_told(engine, lambda told: round(told.at("keep_more", KEEP_MORE).made) == MORE)
        own = [path[0] for path in told.paths() if "heapscope_agent" in path[0][1]]
        self.assertEqual(own, [])

    def test_what_is_freed(self):
        engine = self.engine(sampling=EVERY)
        process = self.begin(engine)
        self.wait_told(engine, lambda told: round(told.at("keep", KEEP).made) == KEPT)
        self.say(process, "drop")
        told = self.wait_told(engine, lambda told: told.at("keep", KEEP).live < KEPT / 100)
        self.assertEqual(round(told.at("keep", KEEP).made), KEPT)

    def test_begins_changes_and_ends_while_the_program_runs(self):
        engine = self.engine()
        process = self.begin(engine)
        connection = engine.connections[0]
        engine.wait_for(wire.SAMPLE)
        self.assertEqual(connection.command("sampling", mean=EVERY)["result"], {"mean": EVERY, "state": "on"})
        self.say(process, "more")
        told = self.wait_told(engine, lambda told: round(told.at("keep_more", KEEP_MORE).made) == MORE)
        self.assertEqual(round(told.at("keep", KEEP).made), 0)
        self.assertEqual(connection.command("sampling", mean=0)["result"], {"mean": 0, "state": "off"})
        self.say(process, "keep")
        self.assertEqual(connection.command("sampling", mean=200)["result"], {"mean": 200, "state": "on"})
        engine.wait(lambda: states(connection)[-1] == ("on", "", 200))
        self.assertEqual(round(self.told(connection).at("keep", KEEP).made), 0)
        self.assertEqual(states(connection), [("on", "", EVERY), ("off", "", 0), ("on", "", 200)])
        reply = connection.command("sampling", mean=-1)
        self.assertEqual((reply["ok"], reply["code"]), (False, "arguments"))
        self.assertEqual(connection.bodies(wire.FAULT), [])

    def test_the_welcome_decides(self):
        engine = self.engine()
        engine.sampling = EVERY
        self.start(engine, "allocates", {"HEAPSCOPE_LINK": engine.link(sampling=0)})
        self.wait_told(engine, lambda told: told.last is not None)
        self.assertEqual(states(engine.connections[0]), [("on", "", EVERY)])

    def test_without_the_core(self):
        engine = self.engine(sampling=EVERY)
        self.run_with(engine, "allocates", {"HEAPSCOPE_NO_CORE": "1"})
        connection, = engine.wait_closed()
        self.assertEqual(states(connection), [("unavailable", "no-core", 0)])
        self.assertEqual(len(connection.bodies(wire.ALLOCATIONS)), 1)

    def test_a_new_connection_begins_anew(self):
        engine = self.engine(sampling=EVERY)
        self.run_with(engine, "steals_a_socket")
        engine.wait(lambda: engine.by_reason("reconnect"))
        for connection in engine.wait_closed(2):
            told = self.told(connection)
            self.assertEqual(told.epochs, list(range(len(told.epochs))))
            self.assertEqual(connection.bodies(wire.FAULT), [])
        self.assertEqual(told.last["state"], "on")

    def test_other_interpreters_in_the_process(self):
        engine = self.engine(sampling=1000)
        status, out, err = self.run_with(engine, "has_subinterpreters")
        self.assertEqual((status, err, out.splitlines()[-1]), (0, "", "done"))
        connection, = engine.wait_closed()
        self.assertEqual(set(states(connection)), {("on", "", 1000)})

    def test_a_snapshot_meanwhile(self):
        engine = self.engine(sampling=EVERY, dumps=self.folder)
        self.begin(engine)
        self.wait_told(engine, lambda told: round(told.at("keep", KEEP).made) == KEPT)
        connection = engine.connections[0]
        for method in ("fork", "in-place", "python"):
            number = connection.command("snapshot", method=method)["result"]["number"]
            ended = engine.wait(lambda: next((body for body in connection.bodies(wire.SNAPSHOT)
                                              if body["number"] == number and body["state"] in ("done", "failed")), None))
            self.assertEqual((ended["state"], ended["method"]), ("done", method), ended)
        self.assertEqual(self.told(connection).last["state"], "on")


class Forks(SamplingTest):
    def test_a_child_begins_empty_and_the_parent_goes_on(self):
        engine = self.engine(sampling=EVERY)
        process = self.begin(engine)
        process.stdin.write("fork\n")
        process.stdin.flush()
        # Right after the fork the interpreter may need small blocks of its own in that line.
        child = self.wait_told(engine, lambda told: 0 <= told.at("keep_in_child", KEEP_IN_CHILD).made - IN_CHILD < IN_CHILD / 100, 1)
        self.assertEqual(child.epochs, list(range(len(child.epochs))))
        self.assertEqual(round(child.at("keep", KEEP).made), 0)
        process.stdin.write("end\n")
        process.stdin.flush()
        self.assertEqual([process.stdout.readline() for _ in range(2)], ["3\n", "done\n"])
        self.say(process, "more")
        parent = self.wait_told(engine, lambda told: round(told.at("keep_more", KEEP_MORE).made) == MORE)
        self.assertEqual((round(parent.at("keep_in_child").made), round(parent.at("keep", KEEP).made)), (0, KEPT))

    def test_many_children_of_a_busy_program(self):
        engine = self.engine(sampling=100)
        status, out, err = self.run_with(engine, "uses_a_pool fork")
        self.assertEqual((status, err), (0, ""), out)


class BesideTracemalloc(SamplingTest):
    def test_it_comes_after_us_and_goes(self):
        engine = self.engine(sampling=EVERY)
        process = self.begin(engine)
        self.say(process, "trace")
        self.say(process, "more")
        self.hurry(engine)
        # With the first word of the new mean all that was made before has come.
        told = self.wait_told(engine, lambda told: told.last and told.last["mean"] == self.means[0])
        # What tracemalloc keeps of each block is allocated there, too.
        before = told.at("keep_more", KEEP_MORE).made
        self.assertGreaterEqual(round(before), MORE)
        self.assertLess(before, 1.5 * MORE)
        self.say(process, "untrace")
        self.say(process, "more")
        self.wait_told(engine, lambda told: round(told.at("keep_more", KEEP_MORE).made - before) == MORE)
        self.assertEqual(states(engine.connections[0]), [("on", "", EVERY), ("on", "", EVERY + 1)])

    def test_it_was_there_before_us_and_goes(self):
        engine = self.engine(sampling=EVERY)
        process = self.begin(engine, {"PYTHONTRACEMALLOC": "3"})
        connection = engine.connections[0]
        engine.wait_for(wire.SAMPLE)
        self.hurry(engine)
        self.wait_told(engine, lambda told: round(told.at("keep", KEEP).made) == KEPT)
        self.say(process, "untrace")
        connection.command("ping")
        engine.wait(lambda: ("lost", "tracemalloc") in [state[:2] for state in states(connection)])
        self.say(process, "more")
        self.hurry(engine)
        told = self.wait_told(engine, lambda told: round(told.at("keep_more", KEEP_MORE).made) == MORE)
        self.say(process, "drop")
        self.hurry(engine)
        told = self.wait_told(engine, lambda told: told.at("keep", KEEP).live < KEPT / 100)
        self.assertEqual(states(connection)[-1][:2], ("on", ""))
        self.assertEqual(told.epochs, list(range(len(told.epochs))))

    def test_the_engine_stops_it(self):
        engine = self.engine(sampling=EVERY)
        process = self.begin(engine, {"PYTHONTRACEMALLOC": "3"})
        engine.wait_for(wire.SAMPLE)
        engine.connections[0].command("tracemalloc_stop")
        self.say(process, "more")
        self.hurry(engine)
        self.wait_told(engine, lambda told: round(told.at("keep_more", KEEP_MORE).made) == MORE)

    def test_the_engine_starts_both(self):
        engine = self.engine(sampling=EVERY, tracemalloc=5)
        self.same("allocates", engine)
        connection, = engine.wait_closed()
        made = round(self.told(connection).at("keep", KEEP).made)
        self.assertTrue(KEPT <= made < 1.5 * KEPT, made)  # what tracemalloc keeps of each block is allocated there, too


if __name__ == "__main__":
    unittest.main()
