"""Dies by the signal of its argument, without a core file."""
import os
import resource
import sys

import heapscope_agent

resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
heapscope_agent.mark("just before")
print("going", flush=True)
os.kill(os.getpid(), int(sys.argv[1]))
