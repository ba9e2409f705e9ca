"""Prints what a program can see of itself and its interpreter."""
import os
import sys
import threading
import warnings

print("path", sys.path)
print("argv", sys.argv)
print("flags", sys.flags)
print("main", sorted(vars(sys.modules["__main__"])))
print("file", __file__, __name__, __spec__, __package__)
print("threads", threading.active_count(), threading.enumerate())
print("hooks", sys.excepthook, sys.displayhook, sys.unraisablehook, sys.gettrace(), sys.getprofile())
print("filters", warnings.filters)
print("sitecustomize", "sitecustomize" in sys.modules)
print("meta", [getattr(finder, "__name__", finder) for finder in sys.meta_path], sys.path_hooks)
print("cached", sorted(p for p in sys.path_importer_cache if "heapscope_agent" not in p))
print("environ", sorted(set(os.environ) - {"HEAPSCOPE_LINK", "PYTHONPATH"}))
print("first file", os.open(os.devnull, os.O_RDONLY))
print("streams", sys.stdin.name, sys.stdout.name, sys.stderr.name)
print("limits", sys.getrecursionlimit(), sys.getswitchinterval())
