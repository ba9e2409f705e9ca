"""Runs the exit functions itself, as some frameworks do, and then calls os._exit."""
import atexit
import os

atexit.register(print, "exit function", flush=True)
atexit._run_exitfuncs()
os._exit(9)
