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


for _ in range(30):  # the engine may be late: then it is taken only when it has answered
    if heapscope_agent.snapshot("loads what it needs"):
        break
sys.addaudithook(hook)
heapscope_agent.snapshot("first")
names = sorted(heard & {"time.sleep", "sys._getframe", "import", "open"})
print([name for name in names if not (name == "open" and sys.argv[1] == "python")])
