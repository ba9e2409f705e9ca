"""Ends by an exception that nobody catches, three calls deep."""


def inner():
    raise ValueError("deep")


def outer():
    inner()


print("before", flush=True)
outer()
