"""Everything that a program can do to mislead code that inspects its objects. It prints "ready", waits for the end of its
input, and prints which of its own code ran in between: none should have.
"""
import functools
import gc
import os
import sys
import threading
import types

armed = []
SPECIAL = """__repr__ __str__ __bytes__ __format__ __hash__ __bool__ __eq__ __ne__ __lt__ __le__ __gt__ __ge__ __getattr__
__getattribute__ __dir__ __len__ __length_hint__ __iter__ __next__ __reversed__ __contains__ __getitem__ __missing__
__sizeof__ __index__ __int__ __float__ __call__ __reduce__ __reduce_ex__ __get__ __instancecheck__ __subclasscheck__
__enter__ __await__ __buffer__ __array__ __array_interface__ __fspath__ keys items values get copy""".split()


def trap(name, inherited=None):
    def method(*args, **kwargs):
        if armed:
            os.write(1, ("the program's code ran: %s\n" % name).encode())
            raise RuntimeError(name)
        return inherited(*args, **kwargs) if inherited else NotImplemented
    return method


def traps(base, leave=()):
    """Methods that record who calls them."""
    return {name: trap("%s.%s" % (base.__name__, name), getattr(base, name, None))
            for name in SPECIAL if name not in leave}


def lying(base, name="Lying", **more):
    namespace = traps(base, ("__getattribute__", "__getattr__") if base is type else ())
    namespace.update(__class__=property(trap("__class__")), __dict__=property(trap("__dict__")), **more)
    return type(name + base.__name__.title(), (base,), namespace)


class Meta(type):
    """``__eq__`` without ``__hash__``, and its classes are not what they seem."""

    def __eq__(cls, other):
        return trap("Meta.__eq__", type.__eq__)(cls, other)

    def __getattribute__(cls, name):
        return trap("Meta.__getattribute__", type.__getattribute__)(cls, name)

    __hash__ = None
    __name__ = property(trap("Meta.__name__"))
    __module__ = property(trap("Meta.__module__"))
    __mro__ = property(trap("Meta.__mro__"))
    __bases__ = property(trap("Meta.__bases__"))
    __flags__ = property(trap("Meta.__flags__"))
    __dict__ = property(trap("Meta.__dict__"))
    __sizeof__ = __repr__ = __instancecheck__ = __subclasscheck__ = trap("Meta's")


def strange_classes():
    yield Meta("Unhashable", (), {"x": 1})
    yield type("NoModule", (), {"__module__": 42})
    yield type("LyingModule", (), {"__module__": property(trap("__module__"))})
    yield type("N" * 10000, (), {"__module__": "m" * 10000})
    yield type("Surrogate", (), {"__qualname__": "Surrogate\ud800\udfff", "__module__": "mod\udcff"})
    yield type("Zero", (), {"__qualname__": "Zero\0byte\n\x1b[31m"})
    yield type("Wide", (), {"__qualname__": "Größe\U0001f40d" * 1000})
    yield type("Slots", (), {"__slots__": ("a", "b" * 500), "__module__": None})
    below = object
    for depth in range(300):
        below = type("Deep%d" % depth, (below,), {})
    yield below


class Name(str):
    """A key that is compared and hashed by the program's code."""

    def __hash__(self):
        return trap("Name.__hash__", str.__hash__)(self)

    def __eq__(self, other):
        return trap("Name.__eq__", str.__eq__)(self, other)


class Plain:
    pass


kinds = list(strange_classes())
lies = [lying(base) for base in (object, dict, list, tuple, set, frozenset, str, bytes, int, float, types.ModuleType,
                                  BaseException, threading.Thread)]
things = [kind() for kind in kinds]
for kind in lies:
    things.append(kind("lying") if issubclass(kind, types.ModuleType) else kind.__new__(kind))
things += [lying(type)("MadeByLyingType", (), {})]
things += [{Name("key"): 1, "\ud800": "\udfff", "text\udc80": 2}, {Name("member")}, functools.partial(trap("partial"))]
plain = Plain()
plain.__dict__.update({"\ud800attribute": 1, "a" * 10000: 2, Name("subclass"): 3})
things.append(plain)
globals()["global\ud800"] = things
sys.modules["odd\udcff"] = things[0]
sys.modules[42] = things[1]
sys.modules["lying"] = lies[0].__new__(lies[0])
gc.garbage.append(lies[0].__new__(lies[0]))


def function(parameter):
    local = [parameter]
    inside.set()
    ended.wait()
    return local


inside, ended = threading.Event(), threading.Event()
if hasattr(function.__code__, "replace"):
    function.__code__ = function.__code__.replace(co_name="named\ud800", co_filename="file\udcff.py")
function.__qualname__ = "qualified\ud800" * 1000
thread = threading.Thread(target=function, args=(things,), daemon=True)
thread._name = Name("thread\ud800")
thread.start()
inside.wait()

armed.append(True)
print("ready", flush=True)
sys.stdin.read()
armed.clear()
os._exit(0)
