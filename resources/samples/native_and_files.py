"""Memory that Python's own counters do not show: large buffers, files left open, threads that stay."""

import os
import tempfile
import threading
import time

OPEN_FILES = []
BUFFERS = []
DONE = threading.Event()


def leave_files_open(folder, count):
    for number in range(count):
        path = os.path.join(folder, f"report-{len(OPEN_FILES)}-{number}.txt")
        file = open(path, "w")
        file.write("never closed\n")
        OPEN_FILES.append(file)


def hold_buffer(megabytes):
    """One object for Python, many pages for the system: touched, so that they count."""
    buffer = bytearray(megabytes * 1024 * 1024)
    buffer[::4096] = b"\x01" * len(buffer[::4096])
    BUFFERS.append(buffer)


def main():
    with tempfile.TemporaryDirectory(prefix="heapscope-sample-") as folder:
        try:
            for step in range(1, 31):
                leave_files_open(folder, 5)
                hold_buffer(8)
                threading.Thread(target=DONE.wait, daemon=True).start()
                print(f"step {step}: {len(OPEN_FILES)} files open, {len(BUFFERS) * 8} MB in buffers, {threading.active_count()} threads", flush=True)
                if step % 10 == 0:
                    released = len(BUFFERS) // 2
                    del BUFFERS[:released]
                    print(f"let go of {released} buffers", flush=True)
                time.sleep(0.5)
        except KeyboardInterrupt:
            print("stopped")
        finally:
            for file in OPEN_FILES:
                file.close()
            DONE.set()


if __name__ == "__main__":
    main()
