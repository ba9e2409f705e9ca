"""The golden frames, which the tests of both sides read: run this file to write ``golden/`` again.

``golden.json`` lists each file with its kind and its body, or with the way in which it breaks the contract.
"""

import json
import os
import struct
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from heapscope_agent.link import wire  # noqa: E402

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "golden")

GOOD = [
    ("hello", "agent", wire.HELLO, {
        "v": 2, "agent": "0.1.0", "token": "ab" * 32, "t": 12.5, "pid": 70001, "ppid": 70000, "python": "3.12.1",
        "implementation": "cpython", "executable": "/usr/bin/python3.12",
        "argv": ["python3.12", "-X", "dev", "service.py", "--name", "größe 漢字"], "cwd": "/srv/app",
        "platform": "linux", "free_threaded": False, "reason": "start", "debug": False}),
    ("hello-reconnect", "agent", wire.HELLO, {
        "v": 2, "agent": "0.1.0", "token": "ab" * 32, "t": 99.25, "pid": 200, "ppid": 1, "python": "3.14.0",
        "implementation": "cpython", "executable": "", "argv": [], "cwd": "", "platform": "darwin",
        "free_threaded": True, "reason": "reconnect", "debug": True}),
    ("hello-attach", "agent", wire.HELLO, {
        "v": 2, "agent": "0.1.0", "token": "ab" * 32, "t": 3600.5, "pid": 300, "ppid": 1, "python": "3.9.18",
        "implementation": "cpython", "executable": "/usr/bin/python3.9", "argv": ["python3.9", "worker.py"], "cwd": "/",
        "platform": "linux", "free_threaded": False, "reason": "attach", "debug": False}),
    ("sample", "agent", wire.SAMPLE, {
        "blocks": 123456, "gc": [688, 3, 1], "garbage": 0, "traced": None, "traced_peak": None, "frames": 0,
        "t": 12.625, "cost": 0.000125, "dropped": 0}),
    ("sample-traced", "agent", wire.SAMPLE, {
        "blocks": 5000000000, "gc": [0, 0, 0], "garbage": 2, "traced": 5368709120, "traced_peak": 6442450944,
        "frames": 25, "t": 13.125, "cost": 0.0, "dropped": 300}),
    ("sample-os", "agent", wire.SAMPLE, {
        "blocks": None, "gc": [1, 2, 3], "garbage": 0, "traced": None, "traced_peak": None, "frames": 0, "t": 13.25,
        "cost": 0.25, "dropped": 0,
        "os": {"rss": 104857600, "peak_rss": 209715200, "threads": None, "cpu": 1.5, "files": 12}}),
    ("gc", "agent", wire.GC, {"c": [[12.5, 0, 0.000125, 10, 0, 1], [12.75, 2, 0.5, 70000, 3, 1],
                                    [12.875, 0, 0.25, 1234, 0, 300], [12.875, 1, None, 56, 0, 30]]}),
    ("gc-heartbeat", "agent", wire.GC, {"c": []}),
    ("mark", "agent", wire.MARK, {"t": 14.5, "name": "loaded – 已加载"}),
    ("reply", "agent", wire.REPLY, {"id": 7, "ok": True,
                                    "result": {"collected": 129, "uncollectable": 0, "duration": 0.0625}}),
    ("reply-failed", "agent", wire.REPLY, {"id": 4294967296, "ok": False, "code": "unknown-command",
                                           "error": "unknown command"}),
    ("fault", "agent", wire.FAULT, {"t": 15.5, "where": "turn", "message": "MemoryError: "}),
    ("bye", "agent", wire.BYE, {"t": 16.5, "reason": "exit", "code": None}),
    ("bye-code", "agent", wire.BYE, {"t": 16.5, "reason": "_exit", "code": 3}),
    ("garbage", "agent", wire.GARBAGE, {"t": 17.5, "total": 3, "types": [["app.Node", 2], ["list", 1]]}),
    ("snapshot-started", "agent", wire.SNAPSHOT, {
        "t": 18.5, "number": 1, "state": "started", "name": "before – 之前", "trigger": "command",
        "path": "/tmp/heapscope-1/dumps/70001-1.heapdump", "stream": None, "method": "python", "why": "no-core", "collected": True,
        "previews": False, "at": None, "pause": None, "expected": 2.25, "duration": 0.0, "nodes": None, "edges": None,
        "tracked": None, "bytes": None, "memory": None, "code": None, "error": None, "signal": None}),
    ("snapshot-progress", "agent", wire.SNAPSHOT, {
        "t": 19.5, "number": 1, "state": "progress", "name": "", "trigger": "program",
        "path": None, "stream": "0123456789abcdef" * 2, "method": "fork", "why": "", "collected": False,
        "previews": True, "at": 18.5, "pause": 0.0078125, "expected": None, "duration": 1.0, "nodes": 100000,
        "edges": None, "tracked": None, "bytes": 4194304, "memory": None, "code": None, "error": None, "signal": None}),
    ("snapshot-done", "agent", wire.SNAPSHOT, {
        "t": 20.5, "number": 4294967296, "state": "done", "name": "exit", "trigger": "exit",
        "path": "/tmp/heapscope-1/dumps/70001-4294967296.heapdump", "method": "in-place", "why": "no-fork",
        "collected": False, "previews": False, "at": 18.5, "pause": 0.5, "expected": None, "duration": 2.0,
        "nodes": 3550000, "edges": 5500000, "tracked": 1000000, "bytes": 125829120, "memory": 67108864, "code": None,
        "error": None, "signal": None}),
    ("snapshot-failed", "agent", wire.SNAPSHOT, {
        "t": 20.5, "number": 2, "state": "failed", "name": "", "trigger": "command", "path": None, "method": "fork",
        "why": "", "collected": False, "previews": False, "at": None, "pause": None, "expected": None, "duration": 2.0,
        "nodes": None, "edges": None, "tracked": None, "bytes": None, "memory": None, "code": "killed",
        "error": "killed by signal 9", "signal": 9}),
    ("dump", "agent", wire.DUMP, {"v": 2, "token": "ab" * 32, "key": "0123456789abcdef" * 2}),
    ("allocations", "agent", wire.ALLOCATIONS, {
        "t": 21.5, "epoch": 0, "mean": 524288, "state": "on", "why": "", "live": 2, "merged": 0,
        "strings": ["", "MainThread", "<module>", "/srv/app/service.py", "Cache.load – 加载", "…"],
        "nodes": [[-1, 1, 0, 0], [0, 2, 3, 12], [1, 4, 3, 40], [0, 5, 0, 0]],
        "made": [[2, 1048576.5, 2.25, 1099511627776.0], [1, 524800.0, 1025.0, 274877906944.0]],
        "freed": [[2, 0, 524288.25, 1.125, 549755813888.0]]}),
    ("allocations-more", "agent", wire.ALLOCATIONS, {
        "t": 22.5, "epoch": 4294967296, "mean": 65536, "state": "lost", "why": "tracemalloc", "live": 1000000, "merged": 12,
        "strings": ["(merged)"], "nodes": [[0, 6, 0, 0]], "made": [], "freed": [], "more": True}),
    ("allocations-unavailable", "agent", wire.ALLOCATIONS, {
        "t": 23.5, "epoch": 0, "mean": 0, "state": "unavailable", "why": "free-threaded", "live": 0, "merged": 0,
        "strings": [], "nodes": [], "made": [], "freed": []}),
    ("welcome-sampling", "engine", wire.WELCOME, {"v": 2, "interval": 100, "paused": False, "sampling": 524288,
                                                  "dumps": None}),
    ("command-sampling", "engine", wire.COMMAND, {"id": 10, "name": "sampling", "args": {"mean": 65536}}),
    ("reply-sampling", "agent", wire.REPLY, {"id": 10, "ok": True, "result": {"mean": 65536, "state": "on"}}),
    ("welcome-dumps", "engine", wire.WELCOME, {"v": 2, "interval": 100, "paused": False,
                                               "dumps": "/tmp/heapscope-1/dumps"}),
    ("command-snapshot", "engine", wire.COMMAND, {"id": 8, "name": "snapshot", "args": {
        "number": 3, "name": "before – 之前", "method": "auto", "collect": True, "previews": False,
        "redact": ["password", "token"], "limit_bytes": None, "timeout": 60.0}}),
    ("command-forecast", "engine", wire.COMMAND, {"id": 9, "name": "snapshot_forecast", "args": {"method": "fork"}}),
    ("welcome", "engine", wire.WELCOME, {"v": 2, "interval": 100, "paused": False}),
    ("refuse", "engine", wire.REFUSE, {"code": "token", "message": "not of this session"}),
    ("command", "engine", wire.COMMAND, {"id": 1, "name": "collect", "args": {}}),
    ("command-args", "engine", wire.COMMAND, {"id": 300, "name": "tracemalloc_start", "args": {"frames": 25}}),
    ("command-interval", "engine", wire.COMMAND, {"id": 70000, "name": "interval", "args": {"ms": 60000}}),
]


def raw(kind, body):
    return struct.pack("<IB", len(body), kind) + body


BAD = [
    ("bad-too-long", "too-long", struct.pack("<IB", wire.MAX_BODY + 1, wire.MARK)),
    ("bad-unknown-kind", "unknown-kind", raw(63, b"\x80")),
    ("bad-not-a-map", "malformed", raw(wire.MARK, b"\x90")),
    ("bad-empty-body", "malformed", raw(wire.MARK, b"")),
    ("bad-trailing-byte", "malformed", raw(wire.MARK, b"\x80\xc0")),
    ("bad-cut-value", "malformed", raw(wire.MARK, b"\x81\xa1t\xcb\x40")),
    ("bad-utf8", "malformed", raw(wire.MARK, b"\x81\xa4name\xa2\xff\xfe")),
    ("bad-integer-key", "malformed", raw(wire.MARK, b"\x81\x01\x02")),
    ("bad-extension-type", "malformed", raw(wire.MARK, b"\x81\xa1t\xd6\xff\x00\x00\x00\x00")),
    ("bad-float32", "malformed", raw(wire.MARK, b"\x81\xa1t\xca\x00\x00\x00\x00")),
]


def files():
    """Name → bytes of everything in ``golden/``."""
    names = {value: name for name, value in vars(wire).items() if name.isupper() and isinstance(value, int)
             and name not in ("VERSION", "MAX_BODY", "MAX_DEPTH", "MAX_ERROR")}
    listing, found = [], {}
    for name, sender, kind, body in GOOD:
        found[name + ".bin"] = wire.frame(kind, body)
        listing.append({"file": name + ".bin", "from": sender, "kind": kind, "name": names[kind], "body": body})
    for name, error, data in BAD:
        found[name + ".bin"] = data
        listing.append({"file": name + ".bin", "from": "agent", "error": error})
    found["golden.json"] = (json.dumps(listing, indent=1, ensure_ascii=False) + "\n").encode()
    return found


if __name__ == "__main__":
    os.makedirs(FOLDER, exist_ok=True)
    for file_name, content in files().items():
        with open(os.path.join(FOLDER, file_name), "wb") as file:
            file.write(content)
