"""Talks with its user: asks for a name, follows the size of the terminal, stops in the debugger."""
import os
import signal
import sys
import time


def show_size(*_):
    size = os.get_terminal_size()
    print(f"terminal is {size.columns} by {size.lines}", flush=True)


def secret_total(parts):
    total = sum(parts)
    breakpoint()
    return total


def main():
    print("tty" if sys.stdin.isatty() and sys.stdout.isatty() else "no tty", flush=True)
    if hasattr(signal, "SIGWINCH"):
        signal.signal(signal.SIGWINCH, show_size)
    name = input("name? ")
    print(f"hello, {name}", flush=True)
    print("total is", secret_total([20, 21, 1]), flush=True)
    try:
        while True:
            time.sleep(0.1)
    except KeyboardInterrupt:
        print("stopped by Ctrl-C", flush=True)
        sys.exit(5)


main()
