"""The connection to the engine: its address, our identity, frames, one connection, and the descriptors that we keep
open.
"""
