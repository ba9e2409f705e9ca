/* Whether a coroutine or a generator runs, is suspended, was not started or is closed, and the line where it is. */
#ifndef HEAPSCOPE_HEAP_STATES_H
#define HEAPSCOPE_HEAP_STATES_H

#include "python/python.h"

/* `line`: 0 where it is unknown or there is none. */
typedef struct { const char *name; u32 line; } State;

/* `frame`: its frame object up to 3.10, NULL if it has none. */
State state_of(const Python *py, char *o, char *frame);

#endif
