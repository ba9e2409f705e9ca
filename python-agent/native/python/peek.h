/*
 * Reads memory that may not be mapped: the kernel copies, and refuses where we would crash. Used while offsets are
 * still guesses, and on the stacks of threads that may be at any point.
 */
#ifndef HEAPSCOPE_PYTHON_PEEK_H
#define HEAPSCOPE_PYTHON_PEEK_H

#include "base/words.h"

typedef struct { int by_pipe; } Peek; /* where the kernel's own call is forbidden or missing */

void peek_open(Peek *p);
int peek(const Peek *p, const void *at, void *into, size_t size); /* 0: it is not there */

#endif
