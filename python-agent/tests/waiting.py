"""Coroutines and generators in each state, with the lines where they begin and where they wait."""


def counts():  # generator
    yield 1
    yield 2  # its second value


def passes_on():  # delegating
    yield from counts()  # in another


class Later:
    def __await__(self):  # awaited
        yield


async def waits():  # coroutine
    value = 1
    await Later()  # its await
    return value




def each():
    """``[(state, the line where it begins, the line where it is, the thing)]``, lines by their remarks."""
    created, suspended, held, closed = counts(), counts(), passes_on(), counts()
    next(suspended), next(suspended), next(held)
    list(closed)
    first, second, done = waits(), waits(), waits()
    second.send(None)
    done.send(None)
    try:
        done.send(None)
    except StopIteration:
        pass
    found = [("created", "generator", "generator", created), ("suspended", "generator", "its second value", suspended),
             ("suspended", "delegating", "in another", held), ("closed", "", "", closed),
             ("created", "coroutine", "coroutine", first), ("suspended", "coroutine", "its await", second), ("closed", "", "", done)]
    return found


def end(things):
    """No coroutine is left that nobody waited for."""
    for _, _, _, thing in things:
        thing.close()


def lines():
    """Numbers of lines by their remarks."""
    with open(__file__, encoding="utf-8") as file:
        remarks = [(line.rpartition("  # ")[2].strip(), number) for number, line in enumerate(file, 1) if "  # " in line]
    return dict(remarks, **{"": 0})
