"""Runs without Heapscope at first; then it is told where the engine is, as a process that is joined in the middle of its life."""
import atexit
import os
import sys

link, root = sys.argv[1:3]
keep = [[] for _ in range(1000)]
atexit.register(print, "atexit")
sys.path.insert(0, root)
import heapscope_agent  # noqa: E402
from heapscope_agent import lifecycle  # noqa: E402

heapscope_agent.mark("too early")
print(lifecycle.boot_late("nonsense"), lifecycle.boot_late(link), lifecycle.boot_late(link), flush=True)
heapscope_agent.mark("joined")
sys.stdin.readline()
child = os.fork()
if child == 0:
    heapscope_agent.mark("child")
    os._exit(3)
print(os.waitpid(child, 0)[1] >> 8)
