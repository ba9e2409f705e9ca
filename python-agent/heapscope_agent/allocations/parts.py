"""What was collected, as bodies of ALLOCATIONS: several where it is much, so that none fills the queue of the connection."""

MAX_BYTES = 262144
"""Of a body, by an estimate that is rather too high."""

_SIZES = (("strings", lambda text: 4 * len(text) + 5), ("nodes", lambda row: 21), ("made", lambda row: 34), ("freed", lambda row: 39))


def bodies(head, collected):
    """The bodies of one epoch: all but the last one with ``more``."""
    found = []
    body, room = _empty(head), MAX_BYTES
    for name, size_of in _SIZES:
        for item in collected[name]:
            size = size_of(item)
            if size > room:
                body["more"] = True
                found.append(body)
                body, room = _empty(head), MAX_BYTES
            body[name].append(item)
            room -= size
    found.append(body)
    return found


def _empty(head):
    return dict(head, strings=[], nodes=[], made=[], freed=[])
