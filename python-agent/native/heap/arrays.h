/* numpy's arrays, read from their structure once the agent has found its layout; numpy is never imported. */
#ifndef HEAPSCOPE_HEAP_ARRAYS_H
#define HEAPSCOPE_HEAP_ARRAYS_H

#include "heap/graph.h"

typedef struct {
    Graph *graph;
    Block block;
} Arrays;

int arrays_open(Arrays *arrays, Graph *g);
void array_note(Arrays *arrays, char *o, u32 number);
void array_record(Arrays *arrays, u32 number, u64 bytes, int owns, const char *dtype, const char *shape);
u8 array_items(Graph *g, char *o);                             /* elements that are objects, emitted; the rest of the shape */
u64 array_size(const Python *py, const char *o, long basicsize);

#endif
