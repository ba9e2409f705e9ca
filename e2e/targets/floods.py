"""Prints much at once, numbered, and then asks.

usage: floods.py MEGABYTES
"""
import sys

line = "line {:09d} of a burst, as long as a line of a log usually is, to its end\n"
count = int(float(sys.argv[1]) * 1e6) // len(line.format(0))
for first in range(0, count, 10_000):
    sys.stdout.write("".join(line.format(number) for number in range(first, min(count, first + 10_000))))
print(f"that were {count} lines", flush=True)
print("hello,", input("and now? "), flush=True)
