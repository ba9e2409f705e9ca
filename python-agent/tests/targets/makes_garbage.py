"""Fills gc.garbage with objects of types that lie, then waits for its input to end."""
import gc
import sys


class Liar(type):
    __module__ = __name__ = property(lambda cls: 1 / 0)

    def __eq__(cls, other):
        raise RuntimeError


class Node(metaclass=Liar):
    __slots__ = ("other", "__weakref__")

    @property
    def __class__(self):
        raise RuntimeError


gc.collect()
gc.set_debug(gc.DEBUG_SAVEALL)
for _ in range(3):
    one, two = Node(), Node()
    one.other, two.other = two, one
del one, two
gc.collect()
gc.set_debug(0)
print("ready", flush=True)
sys.stdin.read()
