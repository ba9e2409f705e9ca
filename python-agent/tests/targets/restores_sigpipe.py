"""Lets SIGPIPE kill it, as command-line tools do; the engine goes meanwhile."""
import signal
import sys
import time

import heapscope_agent

signal.signal(signal.SIGPIPE, signal.SIG_DFL)
print("ready", flush=True)
sys.stdin.readline()
for _ in range(30):
    heapscope_agent.mark("into the void")
    time.sleep(0.01)
print("alive")
