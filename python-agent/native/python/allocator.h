/*
 * Memory for the few integers that `__sizeof__` makes in a forked child, in the place of the interpreter's own allocator.
 *
 * tracemalloc stands before that one: for each object it would take its lock, which a thread of the parent may have held, and
 * call malloc. In the child alone: nothing there is ever given back to the allocator that it came from.
 */
#ifndef HEAPSCOPE_PYTHON_ALLOCATOR_H
#define HEAPSCOPE_PYTHON_ALLOCATOR_H

#include "python/functions.h"

void allocator_take_over(const Functions *functions); /* nothing where the interpreter has no such function */

#endif
