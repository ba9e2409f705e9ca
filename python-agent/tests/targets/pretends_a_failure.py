"""Sets sys.last_exc and its like as a test runner does, then ends well."""
import sys


def run():
    try:
        raise KeyError("within a test")
    except KeyError as error:
        sys.last_exc = sys.last_value = error
        sys.last_type = KeyError
        sys.last_traceback = error.__traceback__


run()
