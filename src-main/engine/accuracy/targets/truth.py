"""The figures of the other tools, for the tests: one JSON value per name, written beside the program's output."""

import json
import os

import heapscope_agent


def tell(name, value):
    """Writes ``value`` to the file ``name.json`` in the folder given by the test."""
    with open(os.path.join(os.environ["TRUTH"], name + ".json"), "w") as file:
        file.write(json.dumps(value))


def snapshot(name):
    """A heap snapshot of this moment; an unrecorded program would measure nothing."""
    if not heapscope_agent.snapshot(name):
        raise SystemExit("no snapshot was taken")


def name_of(kind):
    """A type's name as the window shows it."""
    module = type.__dict__["__module__"].__get__(kind)
    name = type.__dict__["__qualname__"].__get__(kind)
    return name if module == "builtins" else "%s.%s" % (module, name)
