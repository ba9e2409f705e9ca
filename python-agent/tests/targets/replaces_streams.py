"""Replaces and closes stdout and stderr."""
import io
import sys
import time

sys.stdout.write("first\n")
sys.stdout.flush()
real = sys.stdout
sys.stdout = io.StringIO()
sys.stderr = None
time.sleep(0.2)
print("into the buffer")
real.write(sys.stdout.getvalue())
real.close()
time.sleep(0.1)
