"""Stands for an installed copy, so that targets that mark run without Heapscope too."""


def mark(name):
    pass
