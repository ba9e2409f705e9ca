/*
 * The result of sys.getsizeof, without running any Python code: formulas for the most frequent types, else the C
 * function behind the nearest __sizeof__ that belongs to the interpreter or its standard library. A __sizeof__ written
 * in Python, or in a third-party extension (it may lock, or run Python in turn), is skipped: the next base's is used.
 */
#ifndef HEAPSCOPE_HEAP_SIZES_H
#define HEAPSCOPE_HEAP_SIZES_H

#include "heap/type_info.h"
#include "python/python.h"

void sizing_for(const Python *py, TypeInfo *t);
u64 size_of(const Python *py, char *o, const TypeInfo *t);

#endif
