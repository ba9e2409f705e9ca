"""Figures of the process that the engine cannot read from outside: only for macOS and Windows, and only imported there.

Written for both from the systems' documentation; not yet run on either.
"""

import ctypes
import os
import sys
import time


def os_sample():
    """PROTOCOL.md's ``os`` of SAMPLE: bytes, seconds of CPU time, counts; None for an unavailable one."""
    read = _windows if sys.platform == "win32" else _macos
    rss, peak, threads, files = read()
    return {"rss": rss, "peak_rss": peak, "threads": threads, "cpu": time.process_time(), "files": files}


class _TaskInfo(ctypes.Structure):
    # struct proc_taskinfo of <sys/proc_info.h>, read with PROC_PIDTASKINFO
    _fields_ = [(name, ctypes.c_uint64) for name in
                ("virtual_size", "resident_size", "total_user", "total_system", "threads_user", "threads_system")]
    _fields_ += [(name, ctypes.c_int32) for name in
                 ("policy", "faults", "pageins", "cow_faults", "messages_sent", "messages_received", "syscalls_mach",
                  "syscalls_unix", "csw", "threadnum", "numrunning", "priority")]


_PROC_PIDTASKINFO = 4


def _macos():
    import resource
    info = _TaskInfo()
    read = ctypes.CDLL("/usr/lib/libproc.dylib").proc_pidinfo
    read.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_uint64, ctypes.c_void_p, ctypes.c_int]
    size = ctypes.sizeof(info)
    known = read(os.getpid(), _PROC_PIDTASKINFO, 0, ctypes.byref(info), size) == size
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # bytes on macOS
    files = len(os.listdir("/dev/fd")) - 1  # one is the listing's own
    return (info.resident_size, peak, info.threadnum, files) if known else (None, peak, None, files)


class _MemoryCounters(ctypes.Structure):
    # PROCESS_MEMORY_COUNTERS of <psapi.h>
    _fields_ = [("cb", ctypes.c_uint32), ("page_faults", ctypes.c_uint32)]
    _fields_ += [(name, ctypes.c_size_t) for name in
                 ("peak_working_set", "working_set", "quota_peak_paged", "quota_paged", "quota_peak_nonpaged",
                  "quota_nonpaged", "pagefile", "peak_pagefile")]


def _windows():
    kernel = ctypes.windll.kernel32
    kernel.GetCurrentProcess.restype = ctypes.c_void_p
    process = ctypes.c_void_p(kernel.GetCurrentProcess())
    counters = _MemoryCounters(cb=ctypes.sizeof(_MemoryCounters))
    handles = ctypes.c_uint32()
    known = kernel.K32GetProcessMemoryInfo(process, ctypes.byref(counters), counters.cb)
    counted = kernel.GetProcessHandleCount(process, ctypes.byref(handles))
    rss, peak = (counters.working_set, counters.peak_working_set) if known else (None, None)
    return rss, peak, None, handles.value if counted else None
