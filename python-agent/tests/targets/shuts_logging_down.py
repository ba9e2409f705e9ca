"""Logs, shuts logging down, and goes on."""
import logging
import time

logging.basicConfig(format="%(threadName)s %(message)s")
logging.warning("one")
logging.shutdown()
time.sleep(0.2)
logging.warning("two")
