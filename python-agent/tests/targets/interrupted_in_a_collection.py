"""A Ctrl-C comes while the collector works: it must reach the program."""
import gc
import os
import time

junk = [[number] for number in range(400000)]
began = time.monotonic()
gc.collect()
took = time.monotonic() - began
parent = os.getpid()
child = os.fork()
if child == 0:
    time.sleep(took * 3)
    os.kill(parent, 2)
    os._exit(0)
try:
    for _ in range(200):
        gc.collect()
    print("lost")
except KeyboardInterrupt:
    print("arrived")
os.waitpid(child, 0)
