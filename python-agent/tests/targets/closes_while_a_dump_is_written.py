"""Closes every descriptor while a dump is being written, as a daemon does, and opens a file of its own."""

import os
import time

import heapscope_agent

keep = [[number] for number in range(400000)]
free = os.open(os.devnull, os.O_RDONLY)
os.close(free)
taken = bool(heapscope_agent.snapshot("now"))
most = 4096
os.closerange(3, most)
# Its own on each number that ours may have.
first = os.open("own.bin", os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
for number in range(first + 1, min(most, os.sysconf("SC_OPEN_MAX"))):
    os.dup2(first, number)
for _ in range(30):
    os.write(first, b"mine\n")
    time.sleep(0.02)
with open("own.bin", "rb") as file:
    data = file.read()
print(taken, first == free, len(data), data.count(b"mine\n"), flush=True)
