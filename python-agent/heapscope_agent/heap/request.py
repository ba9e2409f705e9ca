"""How a snapshot is to be taken, as the engine requests it."""

from heapscope_agent.link.wire import Refused

METHODS = ("fork", "in-place", "python")
CENSUS = "census"
STREAMING = ("auto", "fork", CENSUS)
"""Methods by which a forked copy may write, and so to anywhere."""
TIMEOUT = 600.0
MAX_RULES, MAX_RULE = 64, 60
"""Maximum number of rules, and bytes of one, in the C core."""


class Request:
    """How a snapshot is to be taken. Raises Refused for an invalid request. ``notes``: for META, about preceding steps."""

    __slots__ = ("method", "collect", "previews", "redact", "limit", "timeout", "join_pages", "notes")

    def __init__(self, arguments):
        self.method = arguments.get("method", "auto")
        self.collect = arguments.get("collect") is True
        self.previews = arguments.get("previews") is True
        self.redact = _rules(arguments.get("redact"))
        self.limit = _amount(arguments.get("limit_bytes"), "limit_bytes")
        self.timeout = _amount(arguments.get("timeout"), "timeout") or TIMEOUT
        self.join_pages = arguments.get("join_pages") is True
        self.notes = []
        if self.method not in ("auto", CENSUS) + METHODS:
            raise Refused("arguments", "method must be auto, %s or %s" % (", ".join(METHODS), CENSUS))


def _amount(value, name):
    if value is not None and (type(value) not in (int, float) or not 0 < value < 1 << 62):
        raise Refused("arguments", "%s must be above 0" % name)
    return value


def _rules(value):
    if value is None:
        return ()
    if type(value) is not list or len(value) > MAX_RULES or not all(
            [type(rule) is str and 0 < len(rule.encode("utf-8", "replace")) <= MAX_RULE for rule in value]):
        raise Refused("arguments", "redact must be a list of at most %d short strings" % MAX_RULES)
    return tuple([rule.lower() for rule in value])
