"""Prints links whose text differs from their target, then waits to be stopped."""

import time


def link(address, text):
    """Text with an address as its link, as terminals expect it (OSC 8)."""
    return f"\033]8;;{address}\033\\{text}\033]8;;\033\\"


print(link("https://elsewhere.example/\u202egro.knab", "https://bank.example"))
print(link("file:///etc/passwd", "a file of this machine"))
print(link("https://user:secret@elsewhere.example/", "an address with a name in it"), flush=True)
time.sleep(600)
