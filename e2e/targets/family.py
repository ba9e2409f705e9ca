"""A job with children that end differently: normally, with status 3, killed, and one that outlives the others.

usage: family.py [fork|spawn|forkserver]
"""
import multiprocessing
import os
import signal
import subprocess
import sys
import time


def good_child():
    time.sleep(0.7)


def failing_child():
    time.sleep(0.7)
    sys.exit(3)


def killed_child():
    time.sleep(0.7)
    os.kill(os.getpid(), signal.SIGKILL)


def main(method):
    context = multiprocessing.get_context(method)
    children = [context.Process(target=each) for each in (good_child, failing_child, killed_child)]
    for child in children:
        child.start()
    for child in children:
        child.join()
        print(f"child {child.pid} ended with {child.exitcode}", flush=True)
    helper = subprocess.run([sys.executable, "-c", "import time; time.sleep(0.7); print('helper done', flush=True)"])
    print(f"helper ended with {helper.returncode}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "fork")
