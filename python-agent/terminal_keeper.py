"""Keeps a program's terminal open when the engine is gone: else the program would get SIGHUP, and an error where it prints.

The engine starts it beside each program in a terminal. The end of its standard input says that the engine is gone; descriptor
3 is the terminal's other side. From then on it reads what the program prints, and throws it away, until nobody has the terminal
open any more. An engine that lives ends it with the program.
"""

import os

ENGINE, TERMINAL = 0, 3
PIECE = 65536


def main():
    os.closerange(TERMINAL + 1, 1024)  # terminals of other programs
    while os.read(ENGINE, PIECE):
        pass
    os.set_blocking(TERMINAL, True)
    try:
        while os.read(TERMINAL, PIECE):
            pass
    except OSError:  # how a terminal says that it was closed
        pass


if __name__ == "__main__":
    main()
