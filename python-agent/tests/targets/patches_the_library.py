"""Replaces what gevent and its like replace, by things that fail, and goes on; ends as usual."""
import _socket
import _thread
import os
import select
import socket
import threading
import time

import heapscope_agent

sleep = time.sleep


def refuse(*args, **kwargs):
    raise RuntimeError("a patched function was called")


socket.setdefaulttimeout(30)
for module, name in ((time, "monotonic"), (time, "sleep"), (time, "thread_time"), (_thread, "start_new_thread"),
                     (_thread, "allocate_lock"), (_socket, "socket"), (socket, "socket"), (select, "poll"),
                     (threading, "current_thread"), (os, "getpid"), (os, "fstat"), (os, "close"), (os, "getcwd")):
    setattr(module, name, refuse)
heapscope_agent.mark("patched")
child = os.fork()
if child == 0:
    heapscope_agent.mark("child")
    sleep(0.1)
    os._exit(2)
print(os.waitpid(child, 0)[1] >> 8)
