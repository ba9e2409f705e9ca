"""Starts other interpreters in this process, each with work of its own, while the first waits."""
import time

try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
for number in range(8):
    second = interpreters.create()
    interpreters.run_string(second, "import sys, heapscope_agent; heapscope_agent.mark('within')\n"
                                    "keep = [{} for _ in range(30000)]\n"
                                    "print('within', sorted(sys.modules), flush=True)")
    interpreters.destroy(second)
time.sleep(0.1)
print("done")
