"""What a connection to sqlite holds; test_held_by_c.py runs this in a process of its own."""

import sqlite3
import sys

from tests.heap_support import both_or_why
from tests.support import AgentTest


class Called:
    def __call__(self, *arguments):
        pass


class HeldBySqlite(AgentTest):
    def test_what_a_connection_calls_is_named(self):
        row, tracer, progress = Called(), Called(), Called()
        connection = sqlite3.connect(":memory:")
        self.addCleanup(connection.close)
        connection.row_factory = row
        connection.set_trace_callback(tracer)
        connection.set_progress_handler(progress, 1000000)
        dumps, why = both_or_why(self.folder)
        for way, dump in (dumps or {}).items():
            named = {dump.address[edge.target]: edge.name for edge in dump.edges(dump.number_of(connection))}
            self.assertEqual(named.pop(id(row)), "row_factory", way)
            if sys.version_info >= (3, 11):
                self.assertEqual((named.pop(id(tracer)), named.pop(id(progress))), ("callback", "callback"), way)
            self.assertNotIn("callback", named.values(), way)
        self.assertTrue(dumps or why)
