"""Makes reference cycles with the collector switched off, so that only a collection from outside frees them."""
import gc
import time

class Node:
    def __init__(self):
        self.me = self
        self.load = bytearray(10_000)

gc.disable()
for _ in range(500):
    Node()
print("500 cycles made", flush=True)
while True:
    time.sleep(0.05)

