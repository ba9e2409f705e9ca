"""Reads address 0."""
import ctypes
import resource

import heapscope_agent

resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
heapscope_agent.mark("just before")
print("going", flush=True)
ctypes.string_at(0)
