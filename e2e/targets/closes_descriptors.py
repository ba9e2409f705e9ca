"""Like many daemons: closes every descriptor above the standard three, including the agent's socket, and continues."""
import os
import sys
import time

held = []
os.closerange(3, 1024)
print("descriptors closed", flush=True)
for step in range(15):
    held.append(bytearray(b"x" * 500_000))
    time.sleep(0.1)
# A file that got the socket's old number must contain only what the program wrote.
path = sys.argv[1]
with open(path, "w") as out:
    out.write("mine\n")
    out.flush()
    time.sleep(0.5)
with open(path) as back:
    print("file is", repr(back.read()), flush=True)
sys.exit(4)
