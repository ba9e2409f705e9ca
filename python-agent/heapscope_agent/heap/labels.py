"""Words of DUMP.md that others need without the rest of it, since ``array`` imports much of ``collections``."""

FIELD, LOCAL, CLOSURE, ATTRIBUTE, WEAK = 2, 3, 4, 1, 64
"""Kinds of labels."""
UNNAMED, PAIRS, ITEMS, MEMBERS, VALUES = range(5)
"""What follows the labelled edges of a shape."""
