"""Starts a second interpreter in this process, where this version can."""
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
second = interpreters.create()
print(interpreters.run_string(second, "print('within', flush=True)") is None)
interpreters.destroy(second)
