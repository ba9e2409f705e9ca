"""Says ready, then runs each line of its input."""
import sys
import time

print("ready", flush=True)
for line in sys.stdin:
    exec(line)
    print("done", flush=True)
