"""Squares numbers in a process pool, by the start method of its argument, and sees a worker fail and one exit."""
import multiprocessing
import os
import sys


def square(number):
    return number * number


def fail():
    sys.stderr = open(os.devnull, "w")
    raise ValueError


if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    with context.Pool(2) as pool:
        print(pool.map(square, range(20)))
        pool.close()
        pool.join()
    for target, args in ((fail, ()), (os._exit, (7,)), (sys.exit, (3,)), (square, (2,))):
        process = context.Process(target=target, args=args)
        process.start()
        process.join()
        print(target.__name__, process.exitcode)
