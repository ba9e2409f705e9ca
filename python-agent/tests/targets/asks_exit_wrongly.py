"""Looks at os._exit and calls it wrongly."""
import inspect
import os
import pickle

print(os._exit.__name__, os._exit.__qualname__, os._exit.__module__, os._exit.__doc__)
print(inspect.signature(os._exit))
print(pickle.loads(pickle.dumps(os._exit)) is os._exit)
for args, kwargs in (((), {}), ((1, 2), {}), (("x",), {}), ((None,), {}), ((), {"code": 1}), ((1 << 70,), {})):
    try:
        os._exit(*args, **kwargs)
    except Exception as error:
        print(type(error).__name__, error)
print("alive")
os._exit(status=5)
