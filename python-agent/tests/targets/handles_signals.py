"""Signals from an interval timer cut every sleep short, in the main thread; a child has no signal blocked."""
import os
import signal
import subprocess
import threading
import time

seen = []
signal.signal(signal.SIGALRM, lambda number, frame: seen.append(threading.current_thread() is threading.main_thread()))
signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
read, write = os.pipe()
signal.set_wakeup_fd(write, warn_on_full_buffer=False) if os.set_blocking(write, False) is None else None
for _ in range(30):
    os.read(read, 1)
signal.setitimer(signal.ITIMER_REAL, 0)
signal.set_wakeup_fd(-1)
print(len(seen) >= 29, all(seen))
print(sorted(signal.pthread_sigmask(signal.SIG_BLOCK, [])))
print(subprocess.run(["grep", "SigBlk", "/proc/self/status"], stdout=subprocess.PIPE).stdout)
