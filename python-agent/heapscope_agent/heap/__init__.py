"""Heap snapshots, from a request to the file of a dump."""
