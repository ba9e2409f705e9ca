/* Callbacks of atexit, which the interpreter keeps from 3.10 on in an array that it shows to nobody, from 3.14 on in a list. */
#ifndef HEAPSCOPE_HEAP_EXITS_H
#define HEAPSCOPE_HEAP_EXITS_H

#include "heap/root_table.h"

void exits_refs(RootTable *table); /* within a root: each but the agent's */
char *exits_own(const Python *py); /* what the list has for the agent's; NULL */

#endif
