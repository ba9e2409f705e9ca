"""The same as ``time.sleep`` and ``sys._getframe``, but without triggering the program's audit hooks."""

from _thread import allocate_lock

_never = allocate_lock()
_never.acquire()


def pause(seconds):
    """Lets other threads run for this long; a signal of the program may end it with an exception, as it may end a
    sleep.
    """
    _never.acquire(True, seconds)


def frame():
    """The frame of the caller."""
    try:
        raise ValueError
    except ValueError as error:
        return error.__traceback__.tb_frame.f_back
