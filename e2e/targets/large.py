"""Holds 700,000 lists and waits: each line of input is answered, `quit` ends it."""

HELD = [[number, str(number)] for number in range(700_000)]
print("holding", len(HELD), flush=True)
while True:
    line = input()
    if line == "quit":
        break
    print("sum", sum(pair[0] for pair in HELD), flush=True)
