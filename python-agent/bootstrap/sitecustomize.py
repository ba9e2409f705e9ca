"""Starts Heapscope's agent, then hands over to the ``sitecustomize`` that this file shadows.

Python's ``site`` imports this file because its folder is the first entry of PYTHONPATH. It must parse and run on every
Python that a program may start, including 2.7; where there is no agent it tells the engine so, and hands over.
"""
import os
import sys


def _join():
    """Imports and starts the agent; on any failure the program runs without it."""
    if "HEAPSCOPE_LINK" not in os.environ:
        return
    if not (3, 9) <= sys.version_info[:2] <= (3, 15):
        return _decline(dict(pair.split("=", 1) for pair in os.environ["HEAPSCOPE_LINK"].split()))
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


def _decline(link):
    """Tells the engine that there is no agent for this interpreter: a HELLO of reason "unsupported", and the end."""
    import _socket
    version = ".".join(str(part) for part in sys.version_info[:3])
    name = getattr(getattr(sys, "implementation", None), "name", "cpython")
    body = {
        "v": int(link["v"]), "agent": "", "token": link["token"], "t": 0, "pid": os.getpid(), "ppid": os.getppid(),
        "python": version, "implementation": name, "executable": None, "argv": [], "cwd": None,
        "platform": sys.platform, "free_threaded": False, "reason": "unsupported", "debug": False,
    }
    packed = bytearray(b"\xde\x00") + bytearray([len(body)])
    for key, value in body.items():
        packed += _pack(key) + _pack(value)
    size = len(packed)
    frame = bytearray([size & 255, size >> 8 & 255, 0, 0, 1]) + packed
    host = link["host"]
    connection = _socket.socket(_socket.AF_INET6 if ":" in host else _socket.AF_INET)
    try:
        connection.settimeout(1)
        connection.connect((host, int(link["port"])))
        connection.sendall(bytes(frame))
        while connection.recv(4096):  # until the engine has looked who it is
            pass
    finally:
        connection.close()


def _pack(value):
    """MessagePack of the few kinds of values of a HELLO; texts shorter than 256 bytes."""
    if value is None:
        return bytearray(b"\xc0")
    if value is False:
        return bytearray(b"\xc2")
    if isinstance(value, list):
        return bytearray([0x90])
    if isinstance(value, int):
        return bytearray([0xCE, value >> 24 & 255, value >> 16 & 255, value >> 8 & 255, value & 255])
    text = value.encode("utf-8", "replace")[:255]
    return bytearray([0xD9, len(text)]) + text


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
