"""Prints much: numbered lines, colours, a very long line, bytes that are not UTF-8.

usage: chatty.py [LINES]
"""
import sys

lines = int(sys.argv[1]) if len(sys.argv) > 1 else 500
for number in range(lines):
    print(f"\x1b[3{number % 7 + 1}mline {number:06d}\x1b[0m of {lines}")
print("long " + "0123456789" * 200)
sys.stdout.flush()
sys.stdout.buffer.write(b"broken \xff\xfe bytes\n")
sys.stdout.buffer.flush()
print("needle at the end", flush=True)
