"""What is probed of the interpreter: where it keeps what it keeps, found in samples. Imports nothing of the other rooms."""
