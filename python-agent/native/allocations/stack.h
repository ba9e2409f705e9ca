/*
 * The calling thread's own frames, while it is in the allocator. They do not move until it returns, whether or not it holds the
 * GIL: so they are read where they are, and nothing is called but what finds a line in a code object's table.
 */
#ifndef HEAPSCOPE_ALLOCATIONS_STACK_H
#define HEAPSCOPE_ALLOCATIONS_STACK_H

#include "python/python.h"

#define MOST_FRAMES 128

typedef struct {
    u64 ident, serial; /* of the thread; the second one is never given again. Both 0: Python does not know the thread */
    u32 count, cut;    /* cut: there were more frames further out */
    struct { char *code; u32 line; } frames[MOST_FRAMES]; /* innermost first */
} Stack;

void stack_read(const Python *py, char *thread, u32 limit, Stack *into); /* a thread's state, or NULL */
u64 stack_serial(const Python *py, char *thread);

#endif
