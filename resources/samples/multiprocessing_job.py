"""A job over several processes: each worker builds an index, one of them needs far more memory than the others."""

import multiprocessing
import os
import random
import time


def build_index(task):
    """Words and where they stand; the last task is the large one."""
    number, words = task
    index = {}
    for position in range(words):
        word = f"word-{random.randrange(words // 4)}"
        index.setdefault(word, []).append(position)
        if position % 50_000 == 0:
            time.sleep(0.2)
    time.sleep(1)
    return number, os.getpid(), len(index)


def main():
    tasks = [(number, 200_000) for number in range(6)] + [(6, 1_500_000)]
    print(f"{len(tasks)} tasks for 3 workers, started by {multiprocessing.get_start_method()}", flush=True)
    with multiprocessing.Pool(3, maxtasksperchild=2) as pool:
        for number, pid, words in pool.imap_unordered(build_index, tasks):
            print(f"task {number}: {words} different words, by process {pid}", flush=True)
    print("done", flush=True)


if __name__ == "__main__":
    main()
