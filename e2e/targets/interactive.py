"""Talks with its user: asks for a name (again after Ctrl-C), follows the size of the terminal, stops in the debugger."""
import os
import signal
import sys


def show_size(*_):
    size = os.get_terminal_size()
    os.write(1, b"terminal is %d by %d\n" % tuple(size))  # print may be what the signal interrupts


def ask_name():
    while True:
        try:
            return input("name? ")
        except KeyboardInterrupt:
            print("Ctrl-C, asking again", flush=True)


def secret_total(parts):
    total = sum(parts)
    breakpoint()
    return total


print("tty" if sys.stdin.isatty() and sys.stdout.isatty() else "no tty", flush=True)
if hasattr(signal, "SIGWINCH"):
    signal.signal(signal.SIGWINCH, show_size)
print(f"hello, {ask_name()}", flush=True)
print("total is", secret_total([20, 21, 1]), flush=True)
sys.exit(5)
