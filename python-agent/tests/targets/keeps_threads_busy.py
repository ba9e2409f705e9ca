"""Sixteen threads compute and allocate for half a second; daemon threads are still at it at the end."""
import threading
import time

end = time.monotonic() + 0.5


def work(forever):
    while forever or time.monotonic() < end:
        sum([len({i: [i]}) for i in range(200)])


threads = [threading.Thread(target=work, args=(False,)) for _ in range(16)]
threads += [threading.Thread(target=work, args=(True,), daemon=True) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads[:16]:
    thread.join()
print("done", threading.active_count())
