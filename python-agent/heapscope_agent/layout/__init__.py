"""The probed layout of the interpreter's structures, found in samples. Imports nothing from other rooms."""
