"""Heap snapshots, from a request to the dump file."""
