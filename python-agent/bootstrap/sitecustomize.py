"""Starts Heapscope's agent, then hands over to the ``sitecustomize`` that this file shadows.

Python's ``site`` imports this file because its folder is the first entry of PYTHONPATH. It must parse on every Python
that a program may start, including 2.7, and do nothing there but hand over.
"""
import os
import sys


def _join():
    """Imports and starts the agent; on any failure the program runs without it."""
    if not (3, 9) <= sys.version_info[:2] <= (3, 15) or "HEAPSCOPE_LINK" not in os.environ:
        return
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.path.insert(0, root)
    try:
        import heapscope_agent  # noqa: F401  (for the program, also where the agent does not run)
    finally:
        sys.path.remove(root)
        sys.path_importer_cache.pop(root, None)
    if _is_main_interpreter():
        from heapscope_agent import lifecycle
        lifecycle.boot_early(os.environ["HEAPSCOPE_LINK"])


def _is_main_interpreter():
    # ``site`` runs in every subinterpreter too; only the main interpreter reports the process.
    import _signal
    import _thread
    known = getattr(_thread, "_is_main_interpreter", None)  # from 3.12
    if known is not None:
        return known()
    try:
        _signal.signal(0, _signal.SIG_DFL)  # never a signal; but the interpreter is looked at first
    except ValueError as error:
        return "main thread" not in str(error)
    return True


def _stand_aside():
    """Leaves ``sys.path`` and ``sys.modules`` as they would be without this file."""
    folder = os.path.dirname(__file__)
    sys.path[:] = [entry for entry in sys.path if entry != folder]
    sys.path_importer_cache.pop(folder, None)
    return sys.modules.pop("sitecustomize", None)


# Kept in a variable until the chained import is done: Python 2 clears a module that has no references.
_shadow = _stand_aside()
try:
    _join()
except Exception:
    pass
# An exception from here, including the usual ModuleNotFoundError, is the one that ``site`` would have got without us,
# and it handles it in the same way.
try:
    import sitecustomize  # noqa: F401
finally:
    globals().clear()  # a module of functions is a ring, which would be garbage in the program
