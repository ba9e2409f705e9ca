"""Marks with names of all sorts, from threads too."""
import threading

from heapscope_agent import mark


class Rude:
    def __str__(self):
        raise RuntimeError


class Text(str):
    def __getitem__(self, key):
        raise RuntimeError


mark("plain")
mark("x" * 500)
mark("漢字 \udcff")
mark(12)
mark(Rude())
mark(Text("text"))
threads = [threading.Thread(target=lambda: [mark("t") for _ in range(50)]) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("done")
