"""Replaces what gevent and its like replace, and is joined only then."""
import _thread
import gc
import sys

link, root = sys.argv[1:3]
real = _thread.start_new_thread


def start_new_thread(*args):
    print("a patched function was called")
    return real(*args)


_thread.start_new_thread = start_new_thread
sys.path.insert(0, root)
from heapscope_agent import lifecycle  # noqa: E402

print(lifecycle.boot_late(link), gc.callbacks)
