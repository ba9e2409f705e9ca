"""Has files named as modules of the library in its folder, watches every import, and asks for a snapshot."""

import builtins
import os
import sys

NAMES = ("array", "binascii", "_contextvars", "fcntl", "errno", "_struct", "_weakref", "_tracemalloc", "gc", "resource", "ctypes")

for name in NAMES:
    with open(os.path.join(os.getcwd(), name + ".py"), "w") as file:
        file.write("print(%r, 'of the program is run')" % name)
sys.path.insert(0, os.getcwd())

try:
    from heapscope_agent import snapshot
except ImportError:
    def snapshot(name):
        return True


class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        print("looks for", name)


def hooked(folder):
    print("a folder is asked for", folder)
    raise ImportError


def imports(name, *rest, **named):
    print("imports", name)
    return real(name, *rest, **named)


real = builtins.__import__
sys.meta_path.insert(0, Finder)
sys.path_hooks.insert(0, hooked)
sys.path_importer_cache.clear()
builtins.__import__ = imports
before = set(sys.modules)
print(bool(snapshot("x")))
print(sorted(name for name in set(sys.modules) - before if not name.startswith("heapscope_agent.")))
builtins.__import__ = real
sys.meta_path.remove(Finder)
sys.path_hooks.remove(hooked)
import array  # noqa: E402

print(getattr(array, "__file__", ""))
