"""What can be seen of the interpreter and the process: values only, no I/O, no knowledge of the channel."""
