/* What keeps objects alive from outside the graph: modules, threads and their frames, the interpreter, Heapscope itself. */
#ifndef HEAPSCOPE_HEAP_ROOTS_H
#define HEAPSCOPE_HEAP_ROOTS_H

#include "heap/root_table.h"
#include "heap/types.h"

void roots_write(RootTable *table);
void roots_of_static_types(RootTable *table, const Types *types); /* once all types are known */

#endif
