"""Who refers to one object, as ``gc.get_referrers`` sees it."""

import gc
import weakref

from truth import snapshot, tell


class Wanted:
    pass


class Holder:
    def __init__(self, wanted):
        self.wanted = wanted


class Slotted:
    __slots__ = ("wanted",)


def closing(wanted):
    return lambda: wanted


def hold():
    wanted = Wanted()
    slotted = Slotted()
    slotted.wanted = wanted
    return {
        "itself": wanted, "list": [wanted], "twice": [wanted, wanted], "dict": {"it": wanted}, "key": {wanted: 1}, "tuple": (wanted, []),
        "set": {wanted}, "instance": Holder(wanted), "slotted": slotted, "closure": closing(wanted), "weak": weakref.ref(wanted), "bound": wanted.__init__,
    }


held = hold()
gc.collect()
gc.disable()
tell("referrers", {"target": id(held["itself"]), "referrers": sorted({id(one) for one in gc.get_referrers(held["itself"]) if type(one).__name__ != "frame"})})
snapshot("referrers")
