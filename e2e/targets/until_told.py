"""Serves one request after the other until a file exists, however long that takes; then writes a confirmation beside
the file.

usage: until_told.py FILE
"""

import os
import sys
import time

told = sys.argv[1]
served = 0
held = []
while not os.path.exists(told):
    served += 1
    held.append(bytearray(20_000))
    print(f"request {served} served", flush=True)
    time.sleep(0.02)
with open(told + ".ended", "w") as file:
    file.write(f"{served} served")
