"""Marks as fast as it can: far more than an engine that does not read can hold."""
import gc

import heapscope_agent

for _ in range(60000):
    heapscope_agent.mark("m" * 200)
    gc.collect(0)
print("done")
