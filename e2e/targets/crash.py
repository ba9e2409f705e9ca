"""Grows for a moment, then dies of a segmentation fault, as a broken C extension would."""
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
