"""A service that never frees anything: grows with each request, logs it, marks the milestones. Ends cleanly on Ctrl-C.

usage: leaky_service.py [--requests N] [--kilobytes K] [--pause S] [--mark-every N]
"""
import argparse
import sys
import time

try:
    from heapscope_agent import mark
except ImportError:  # outside Heapscope it is the same program
    def mark(name):
        pass

sessions = []


def serve(number, kilobytes):
    sessions.append(bytearray(b"x" * (kilobytes * 1024)))
    print(f"request {number} served, {len(sessions)} sessions held", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--kilobytes", type=int, default=256)
    parser.add_argument("--pause", type=float, default=0.05)
    parser.add_argument("--mark-every", type=int, default=0)
    options = parser.parse_args()
    print("\x1b[32mservice ready\x1b[0m", flush=True)
    mark("ready")
    for number in range(1, options.requests + 1):
        serve(number, options.kilobytes)
        if options.mark_every and number % options.mark_every == 0:
            mark(f"request {number}")
        time.sleep(options.pause)
    print("all served", flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        print(f"interrupted with {len(sessions)} sessions", flush=True)
        sys.exit(3)
