"""Marks and prints while the interpreter is going down."""
import atexit

import heapscope_agent


class Late:
    def __del__(self):
        heapscope_agent.mark("too late")
        print("finalizer", flush=True)


keep = Late()
keep.me = keep
atexit.register(lambda: (heapscope_agent.mark("in atexit"), print("atexit", flush=True)))
atexit.register(lambda: 1 / 0)
