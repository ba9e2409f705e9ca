"""A thread opens files all the time while snapshots are taken; prints which numbers they got but for the expected one."""

import os
import threading

import heapscope_agent


def watch():
    while not over:
        number = os.open(os.devnull, os.O_RDONLY)
        if number != free:
            strange.append(number)
        os.close(number)


heapscope_agent.snapshot("loads what it needs")
over, strange = [], []
free = os.open(os.devnull, os.O_RDONLY)
os.close(free)
watcher = threading.Thread(target=watch)
watcher.start()
taken = [heapscope_agent.snapshot("meanwhile", timeout=60) for _ in range(40)]
over.append(1)
watcher.join()
print(all(taken), strange)
