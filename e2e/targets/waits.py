"""Coroutines that pile up at one line, classes of one name, texts and arrays. Takes a snapshot, makes more of each, takes another; ends at
any input.
"""

import array
import asyncio

import heapscope_agent

CLASSES = []
TEXTS = ["text " * 20, "überall " * 10, b"bytes" * 7, bytearray(60)]
ARRAYS = [array.array("d", range(50)), array.array("h", range(7))]


def make_class(number):
    class Schema:
        def load(self):
            return number

    return Schema


async def check(event):
    await event.wait()


def numbers():
    yield 1
    yield 2


async def main():
    event = asyncio.Event()
    tasks, generators = [], []
    for step in ("few", "many"):
        for number in range(40):
            CLASSES.append(make_class(number))
            CLASSES.append(CLASSES[-1]())
            tasks.append(asyncio.ensure_future(check(event)))
            generators.append(numbers())
            next(generators[-1])
        await asyncio.sleep(0)
        heapscope_agent.snapshot(step).wait(60)
    print("waiting", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, input)
    event.set()
    await asyncio.gather(*tasks)


asyncio.run(main())
