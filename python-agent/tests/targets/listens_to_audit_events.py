"""Prints which audit events its main thread caused while it took a snapshot."""

import _thread
import sys
import time

import heapscope_agent

heard = set()
main = _thread.get_ident()


def hook(event, _args):
    if _thread.get_ident() == main:
        heard.add(event)


heapscope_agent.snapshot("loads what it needs")
sys.addaudithook(hook)
heapscope_agent.snapshot("first")
names = sorted(heard & {"time.sleep", "sys._getframe", "import", "open"})
print([name for name in names if not (name == "open" and sys.argv[1] == "python")])
