"""Forks 60 children in a row while threads allocate, print and collect."""
import gc
import os
import sys
import threading

stop = threading.Event()
out = open(os.devnull, "w")


def work():
    while not stop.is_set():
        print([{} for _ in range(50)], file=out)
        gc.collect(0)


threads = [threading.Thread(target=work) for _ in range(int(sys.argv[1]))]
for thread in threads:
    thread.start()
ended = []
for number in range(60):
    child = os.fork()
    if child == 0:
        os._exit(number)
    ended.append(os.waitpid(child, 0)[1] >> 8)
stop.set()
for thread in threads:
    thread.join()
print(ended == list(range(60)))
