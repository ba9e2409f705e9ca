"""Works for a second, marks, and says when it is done."""
import gc
import time

import heapscope_agent

print("ready", flush=True)
end = time.monotonic() + 1
while time.monotonic() < end:
    heapscope_agent.mark("x" * 150)
    gc.collect(0)
print("done")
print(len([callback for callback in gc.callbacks]))
