"""Finds the C core, tells it how this interpreter is laid out, and offers it: ``load()``.

Nothing about the interpreter's insides is taken on trust: each offset is found in, or checked against, living samples.
What cannot be found costs a name, not a snapshot; where the ground itself is unknown ``load`` says so and why.
"""

import gc
import sys
from os import fsencode, strerror

import heapscope_agent
from heapscope_agent.heap.labels import LABEL_FIELD
from heapscope_agent.heap.sizes import lower_bounds
from heapscope_agent.layout import exits, fields, frames, holders, library, objects, traces
from heapscope_agent.layout.objects import NativeUnavailable
from heapscope_agent.layout.unheard import frame
from heapscope_agent.link import native

_loaded = None
_LOWER_BOUNDS = "\n".join([""] + lower_bounds() + [""]).encode()


def load():
    """The core, as ``Native``; the same each time. Raises NativeUnavailable with the reason."""
    global _loaded
    if _loaded is None:
        core, why = native.module()
        if core is None:
            raise NativeUnavailable(why)
        _loaded = Native(core)
    return _loaded


class Native(object):
    """``start``, ``poll``, ``cancel``, ``kill`` for a forked child; ``run`` in place. native/README.md has the options."""

    def __init__(self, core):
        self.core = core
        self._memory = objects.Memory(core.peek)
        self._numbers = objects.probe(self._memory, core)
        self._numbers.update(frames.probe(self._memory, core))
        self._fields = fields.probe(self._memory)
        self._fields += [(type, LABEL_FIELD, name, self._numbers[number], 0) for name, number in
                         (("__name__", "type_name"), ("__qualname__", "type_qualname"), ("__slots__", "type_slots"))
                         if self._numbers[number] > 0]
        self._types = _types(core)
        self._functions = {"gc_disable": gc.disable, "gc_enable": gc.enable, "gc_isenabled": gc.isenabled}
        self._arrays = False
        self._seen = None
        self._from_library = []
        self._look_at_library()
        self.forks = bool(self._setup())

    def _setup(self):
        return self.core.setup(self._numbers, self._types, self._fields + self._from_library, self._functions)

    def _look_at_library(self):
        """Whether modules of the standard library have come that something is to be known of."""
        seen = library.seen()
        if seen == self._seen:
            return False
        self._seen = seen
        self._from_library = []
        for place in (library, holders):
            numbers, types, found = place.probe(self._memory)
            self._numbers.update(numbers)
            self._types.update(types)
            self._from_library += found
        return True

    def available(self):
        """What works here: ``fork``; ``lists`` (else pass ``listed``); ``frames``, ``values``, ``arrays``: named or not;
        ``traces``: tracemalloc's table, which is looked for where something is traced."""
        numbers = self._numbers
        return {"fork": self.forks, "lists": numbers["generation0"] > 0, "frames": numbers["frames"] > 0,
                "values": numbers["values"] > 0 or sys.version_info < (3, 11), "arrays": self._arrays,
                "traces": numbers.get("traces", 0) > 0}

    def prepare(self):
        """Looks whether numpy, or modules that we know something of, have come since; called by ``start`` and ``run``."""
        numpy, changed = sys.modules.get("numpy"), self._look_at_library()
        if numpy is not None and not self._arrays:
            changed = self._arrays = self._probe_arrays(numpy)
        if "traces" not in self._numbers:
            found = traces.probe(self._memory, self.core)
            changed = changed or bool(found)
            self._numbers.update(found)
        if "exits" not in self._numbers:
            found = exits.probe(self._memory, self.core, heapscope_agent._at_exit)
            changed = changed or bool(found)
            self._numbers.update(found)
        if changed:
            self._setup()

    def _probe_arrays(self, numpy):
        from heapscope_agent.layout import arrays
        numbers, found = arrays.probe(self._memory, numpy)
        if not numbers:
            return False
        self._numbers.update(numbers)
        self._fields += found
        self._types["ndarray"] = found[0][0]
        return True

    def start(self, path, identity, options):
        """Forks a child that writes the dump to the file of this path, if that still is the one that ``create`` made:
        ``{handle, pid, pause}``, or ``{error, errno}``."""
        self.prepare()
        options.update(path=fsencode(path), identity=identity, lower_bounds=_LOWER_BOUNDS)
        return self.core.start(options)

    def start_stream(self, stream, options):
        """As ``start``; the child connects to ``stream``, (host, port, first bytes), and writes the dump there."""
        self.prepare()
        options.update(stream=stream, lower_bounds=_LOWER_BOUNDS)
        return self.core.start(options)

    def run(self, fd, options):
        """Writes the dump to ``fd``, if that is the option ``identity``, while the program stands still; what ``poll`` says at the
        end."""
        self.prepare()
        options.update(fd=fd, lower_bounds=_LOWER_BOUNDS)
        return self.core.run(options)

    def create(self, path):
        """A new, empty file: (device, inode). No thread of the program meets its descriptor. Raises OSError."""
        error, device, inode = self.core.create(fsencode(path))
        if error:
            raise OSError(-error, strerror(-error), path)
        return device, inode

    def open_file(self, path, identity):
        """A high descriptor to write a file that ``create`` made. Raises OSError: EBADF where the path is another file now."""
        number = self.core.open_file(fsencode(path), *identity)
        if number < 0:
            raise OSError(-number, strerror(-number), path)
        return number

    def close_file(self, number, identity):
        """Closes a file of ours, if the number still is it."""
        self.core.close_file(number, *identity)

    def read(self, path):
        """What is in a file, as bytes; nothing where it cannot be read."""
        return self.core.read(fsencode(path))

    def join(self, start, end, pages, seconds):
        """Joins small pages of full regions into large ones, without the GIL: (where it came to, bytes, errno)."""
        return self.core.join(start, end, pages, seconds)

    def bounds(self):
        """Hard limits of a file, of address space and of data, in bytes; 0: none."""
        return self.core.bounds()

    def resident(self):
        """Bytes of this process in memory now; 0 where that is not told."""
        return self.core.resident()

    def poll(self, handle):
        return self.core.poll(handle)

    def cancel(self, handle):
        return self.core.cancel(handle)

    def kill(self, handle):
        return self.core.kill(handle)

    def forget(self):
        return self.core.forget()


def _types(core):
    from _collections import deque
    function = objects.probe
    code = function.__code__
    types = {kind.__name__: kind for kind in
             (object, type, str, bytes, bytearray, int, bool, float, complex, list, tuple, dict, set, frozenset, deque)}
    types.update({"code": type(code), "function": type(function), "cell": type(_closure()), "None": None,
                  "NoneType": type(None), "frame": type(frame()), "method": type(function.__get__(1)), "method_descriptor": type(list.__sizeof__)})
    types.update(fields.generators())
    import builtins
    frozen = getattr(builtins, "frozendict", None)
    if type(frozen) is type and core.pair_count(frozen({"a": 1, "b": 2})) == 2:
        types["frozendict"] = frozen
    return types


def _closure():
    captured = object()
    return (lambda: captured).__closure__[0]
