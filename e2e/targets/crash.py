"""Grows for a moment, then crashes with a segmentation fault, like a broken C extension."""
import os
import signal
import time

held = []
for step in range(8):
    held.append(bytearray(b"x" * 1_000_000))
    print(f"step {step}", flush=True)
    time.sleep(0.1)
print("about to crash", flush=True)
os.kill(os.getpid(), signal.SIGSEGV)
time.sleep(10)
