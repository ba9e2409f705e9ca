"""Clears gc.callbacks, and waits for each line of input between its collections."""
import gc
import sys

gc.callbacks.clear()
print("cleared", flush=True)
for line in sys.stdin:
    gc.collect()
