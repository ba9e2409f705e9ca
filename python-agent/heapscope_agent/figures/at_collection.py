"""One call as the next collection begins, in whichever thread that is; C alone, as in ``collector_ring``, and for its reasons."""

import gc
from _functools import partial
from _operator import is_

_list = getattr(gc, "callbacks", [])
_waiting = {}
_take = partial(_waiting.pop, "call", int)


class _Caller:
    __slots__ = ()
    __hash__ = map(partial.__call__, iter(_take, None)).__next__
    start = property(None, {}.get)
    stop = property(None, is_)


_callback = partial(setattr, _Caller())


def once(function):
    """``function``: one in C that takes nothing, gives an integer and raises nothing."""
    _waiting["call"] = partial(function)
    _list.append(_callback)


def forget():
    """Whether the call was still to come; it will not come now."""
    for place in range(len(_list) - 1, -1, -1):
        if _list[place] is _callback:
            del _list[place]
    return _waiting.pop("call", None) is not None
