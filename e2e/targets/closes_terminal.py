"""Runs a command line in its own terminal and closes that terminal as soon as a file exists, then reports its status.

usage: closes_terminal.py FILE COMMAND...
"""

import os
import pty
import select
import sys

until, command = sys.argv[1], sys.argv[2:]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(command[0], command)
while not os.path.exists(until):
    if select.select([terminal], [], [], 0.02)[0]:
        os.read(terminal, 65536)
os.close(terminal)
print("ended with", os.waitpid(pid, 0)[1])
