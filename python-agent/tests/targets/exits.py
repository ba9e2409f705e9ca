"""Ends by sys.exit with the status (or the text) of its argument."""
import sys

word = sys.argv[1]
sys.exit(int(word) if word.isdigit() else word)
