"""Becomes another Python program by exec."""
import os
import sys

print("first", flush=True)
os.execv(sys.executable, [sys.executable, "-c", "import sys; print('second', sys.argv); sys.exit(8)", "x"])
