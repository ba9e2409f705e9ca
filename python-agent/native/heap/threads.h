/* The stacks of all threads as roots: which function, which line, which locals. */
#ifndef HEAPSCOPE_HEAP_THREADS_H
#define HEAPSCOPE_HEAP_THREADS_H

#include "heap/root_table.h"

void threads_write(RootTable *table);

#endif
