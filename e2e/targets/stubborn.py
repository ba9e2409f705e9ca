"""Refuses to end: ignores SIGINT, then SIGTERM; only SIGKILL helps."""
import signal
import time


def refuse(number, _frame):
    print(f"ignored {signal.Signals(number).name}", flush=True)


signal.signal(signal.SIGINT, refuse)
signal.signal(signal.SIGTERM, refuse)
print("here to stay", flush=True)
while True:
    time.sleep(0.1)
