/*
 * What code is called and where it stands: texts of functions, bound methods, code objects, frames, generators and coroutines
 * ("load.<locals>.check app.py:41"). They are no values, and are written whether values may be shown or not.
 */
#ifndef HEAPSCOPE_HEAP_PLACES_H
#define HEAPSCOPE_HEAP_PLACES_H

#include "heap/graph.h"
#include "heap/type_info.h"

typedef struct { Graph *graph; Block block; } Places;

int places_open(Places *places, Graph *g);
int place_is_told(const Python *py, const TypeInfo *t); /* of instances of such a type */
void place_note(Places *places, char *o, const TypeInfo *t, u32 number);

#endif
