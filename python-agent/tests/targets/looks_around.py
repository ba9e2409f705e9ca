"""Prints, as JSON, what a program can notice of whoever is in its process; with "snapshot", takes one and looks for
children; with "lines", looks at what tracemalloc has.
"""

import atexit
import gc
import json
import os
import signal
import sys
import threading
import time
import tracemalloc

if "lines" in sys.argv:
    tracemalloc.start()
seen = {
    "descriptors": sorted([int(name) for name in os.listdir("/proc/self/fd") if os.path.islink("/proc/self/fd/" + name)]),
    "tasks": len(os.listdir("/proc/self/task")),
    "environment": sorted(os.environ),
    "modules": sorted(sys.modules),
    "collector callbacks": len(gc.callbacks),
    "atexit": atexit._ncallbacks(),
    "objects": len(gc.get_objects()),
    "types": sorted({type(thing).__module__ + "." + type(thing).__name__ for thing in gc.get_objects()
                     if type(type(thing).__module__) is str}),
    "functions": sorted([name for name, value in vars(os).items() if type(value).__name__ == "function"]),
    "written in C": sorted([name for name, value in vars(os).items() if type(value).__name__ == "builtin_function_or_method"]),
    "path": sys.path, "finders": len(sys.meta_path), "hooks": len(sys.path_hooks),
    "threads": [thread.name for thread in threading.enumerate()],
    "signals": [str(number) for number in range(1, 65) if callable(signal.getsignal(number))],
    "traced": [str(sys.gettrace()), str(sys.getprofile()), sys.getswitchinterval(), sys.getrecursionlimit()],
    "own hooks": [sys.excepthook is sys.__excepthook__, sys.unraisablehook is sys.__unraisablehook__],
    "garbage": len(gc.garbage), "thresholds": gc.get_threshold(), "wakeup": signal.set_wakeup_fd(-1),
}
if "snapshot" in sys.argv:
    from heapscope_agent import snapshot
    many = [[number] for number in range(200000)]  # so that the copy is there for a while
    taken, seen["children"] = snapshot("seen"), []
    while taken.state == "taken":
        with open("/proc/self/task/%d/children" % os.getpid()) as file:
            children = file.read().split()
        for child in children:
            try:
                with open("/proc/%s/comm" % child) as file:
                    seen["children"].append(file.read().strip())
            except OSError:
                pass
        time.sleep(0.001)
    seen["state"] = taken.state
if "lines" in sys.argv:
    time.sleep(0.2)
    lines = tracemalloc.take_snapshot()
    seen["lines"] = len([entry for entry in lines.statistics("filename") if "heapscope_agent" in entry.traceback[0].filename])
    without = lines.filter_traces([tracemalloc.Filter(False, "*heapscope_agent*")])
    seen["lines left"] = len([entry for entry in without.statistics("filename") if "heapscope_agent" in entry.traceback[0].filename])
print(json.dumps(seen))
