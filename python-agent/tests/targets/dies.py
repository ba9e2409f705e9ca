"""Dies by the signal of its argument, without a core file."""
import os
import resource
import sys
import time

import heapscope_agent

resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
heapscope_agent.mark("just before")
print("going", flush=True)
os.kill(os.getpid(), int(sys.argv[1])), time.sleep(1)  # up to 3.10, at the very end, a signal may be seen by nobody
