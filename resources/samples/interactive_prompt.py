"""A little shell to grow and shrink memory by hand: type in the console below. `help` says what it knows."""

import gc
import shlex

try:
    import heapscope_agent
except ImportError:  # not run by Heapscope
    heapscope_agent = None

HELD = {}


def grow(name, megabytes="10"):
    """grow NAME [MB]: hold so many megabytes of small objects under a name"""
    count = int(float(megabytes) * 1_000_000) // 100
    HELD[name] = [{"n": n} for n in range(count // 3)] + ["text %d" % n for n in range(count // 2)]
    print(f"{name}: {len(HELD[name])} objects")


def drop(name):
    """drop NAME: let go of them"""
    print(f"{name}: {len(HELD.pop(name, ()))} objects let go")


def collect():
    """collect: run the garbage collector"""
    print(f"{gc.collect()} objects collected")


def mark(name):
    """mark NAME: a mark on the timeline"""
    if heapscope_agent:
        heapscope_agent.mark(name)
    print(f"marked {name}")


def debug():
    """debug: stop in the debugger (c goes on)"""
    breakpoint()


COMMANDS = {command.__name__: command for command in (grow, drop, collect, mark, debug)}


def run(line):
    words = shlex.split(line)
    if not words:
        return
    command = COMMANDS.get(words[0])
    if command is None:
        print("\n".join(known.__doc__ for known in COMMANDS.values()), "\nquit: end")
        return
    command(*words[1:])


def main():
    print("Try: grow cache 50, then drop cache, then collect. help lists the rest.")
    while True:
        try:
            line = input("\x1b[1;35mmemory>\x1b[0m ")
        except EOFError:
            return
        if line.strip() in ("quit", "exit"):
            return
        try:
            run(line)
        except (TypeError, ValueError) as error:
            print(f"that did not work: {error}")


if __name__ == "__main__":
    main()
