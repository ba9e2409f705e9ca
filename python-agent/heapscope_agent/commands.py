"""The engine's commands, run in the agent's thread. Each part of the agent registers its own; this file knows none."""

from heapscope_agent.link.wire import Refused, failure


class Commands:
    """Name → function from a map of arguments to a map, or to None if there is nothing to return."""

    def __init__(self):
        self._functions = {}

    def register(self, functions):
        """Registers the commands of one part."""
        self._functions.update(functions)

    def reply(self, command):
        """The REPLY's body for a COMMAND's body."""
        number = command.get("id")
        number = number if type(number) is int else None
        arguments = command.get("args")
        try:
            run = self._functions.get(command.get("name"))
            if run is None:
                raise Refused("unknown-command", "unknown command")
            result = run(arguments if type(arguments) is dict else {})
            return {"id": number, "ok": True, "result": {} if result is None else result}
        except Exception as error:
            return dict({"id": number, "ok": False}, **failure(error))
