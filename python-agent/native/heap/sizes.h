/*
 * What sys.getsizeof says, without running a line of Python: formulas for the types of which there are many, else the C
 * function behind the nearest __sizeof__ that belongs to the interpreter or its standard library. A __sizeof__ written in
 * Python, or in somebody's extension (it may lock, or run Python in turn), is passed over: the next base answers.
 */
#ifndef HEAPSCOPE_HEAP_SIZES_H
#define HEAPSCOPE_HEAP_SIZES_H

#include "heap/type_info.h"
#include "python/python.h"

void sizing_for(const Python *py, TypeInfo *t);
u64 size_of(const Python *py, char *o, const TypeInfo *t);

#endif
