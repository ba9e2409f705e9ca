"""Keeps a program's terminal open when the engine is gone: otherwise the program would get SIGHUP, and an error when it prints.

The engine starts it beside each program in a terminal. The end of its standard input means that the engine is gone; descriptor
3 is the terminal's other side. From then on it reads and discards the program's output, until no process has the terminal open
any more. A living engine ends it together with the program.
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
    except OSError:  # how a terminal reports that it was closed
        pass


if __name__ == "__main__":
    main()
