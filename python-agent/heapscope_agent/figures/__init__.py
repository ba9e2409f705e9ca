"""Figures of the interpreter and the process, as values: this room sends nothing."""
