"""Forks once; parent and child both print and end with their own status."""
import os
import sys

child = os.fork()
if child == 0:
    print("child", flush=True)
    sys.exit(4)
print("child ended with", os.waitpid(child, 0)[1] >> 8)
sys.exit(6)
