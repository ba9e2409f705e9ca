"""The engine's commands, run in the agent's thread: name and arguments in, a map out."""

from gc import collect
from time import monotonic

from heapscope_agent.capture import samples

MIN_INTERVAL, MAX_INTERVAL = 10, 60000
MAX_FRAMES = 100


class BadCommand(Exception):
    """The command cannot be done as asked; the message goes to the engine."""


def is_interval(value):
    """Whether ``value`` is a sampling interval in milliseconds that we take."""
    return type(value) is int and MIN_INTERVAL <= value <= MAX_INTERVAL


def reply(agent, command):
    """The body of the REPLY to a COMMAND's body."""
    number = command.get("id")
    number = number if type(number) is int else None
    try:
        arguments = command.get("args")
        run = _COMMANDS.get(command.get("name"))
        if run is None:
            raise BadCommand("unknown command")
        return {"id": number, "ok": True, "result": run(agent, arguments if type(arguments) is dict else {})}
    except Exception as error:
        return {"id": number, "ok": False, "error": ("%s: %s" % (type(error).__name__, error))[:1000]}


def _collect(agent, arguments):
    before = len(samples.garbage)
    began = monotonic()
    collected = collect()
    duration = monotonic() - began
    return {"collected": collected, "uncollectable": max(0, len(samples.garbage) - before), "duration": duration}


def _tracemalloc_start(agent, arguments):
    frames = arguments.get("frames")
    if type(frames) is not int or not 1 <= frames <= MAX_FRAMES:
        raise BadCommand("frames must be 1 to %d" % MAX_FRAMES)
    samples.start_tracing(frames)
    return {"frames": samples.traced_frames()}


def _tracemalloc_stop(agent, arguments):
    return {"peak": samples.stop_tracing()}


def _pause(agent, arguments):
    agent.pause(True)
    return {}


def _resume(agent, arguments):
    agent.pause(False)
    return {}


def _interval(agent, arguments):
    milliseconds = arguments.get("ms")
    if not is_interval(milliseconds):
        raise BadCommand("ms must be %d to %d" % (MIN_INTERVAL, MAX_INTERVAL))
    agent.set_interval(milliseconds)
    return {}


def _snapshot(agent, arguments):
    return {"number": agent.snapshots.ask(arguments)}


def _snapshot_cancel(agent, arguments):
    agent.snapshots.cancel(arguments.get("number"))
    return {}


def _snapshot_plan(agent, arguments):
    return agent.snapshots.forecast(arguments)


def _snapshot_options(agent, arguments):
    agent.snapshots.set_options(arguments)
    return {}


def _ping(agent, arguments):
    return {"t": monotonic()}


_COMMANDS = {
    "collect": _collect,
    "tracemalloc_start": _tracemalloc_start,
    "tracemalloc_stop": _tracemalloc_stop,
    "pause": _pause,
    "resume": _resume,
    "interval": _interval,
    "ping": _ping,
    "snapshot": _snapshot,
    "snapshot_cancel": _snapshot_cancel,
    "snapshot_plan": _snapshot_plan,
    "snapshot_options": _snapshot_options,
}
