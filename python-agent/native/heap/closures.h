/* The names of the cells in a closure: its tuple does not have them, the function's code does. */
#ifndef HEAPSCOPE_HEAP_CLOSURES_H
#define HEAPSCOPE_HEAP_CLOSURES_H

#include "heap/names.h"

#define MAX_CELLS 256

typedef struct {
    Names *names;
    char **pairs; /* closure tuple, code; open addressing */
    u32 size, count;
    char *variables[MAX_CELLS]; /* of the closure that is being looked at */
    u32 labels[MAX_CELLS];
} Closures;

void closures_open(Closures *closures, Names *names);
void closure_note(Closures *closures, char *function);
u32 closure_shape(Closures *closures, char *tuple, u64 count); /* 0: it is no closure that was noted */

#endif
