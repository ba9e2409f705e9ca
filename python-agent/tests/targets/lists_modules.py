"""Prints the names in sys.modules."""
import sys

print("\n".join(sorted(sys.modules)))
