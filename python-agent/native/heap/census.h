/*
 * Counts the objects that the collector tracks, by type, and numbers nothing: a few megabytes and a tenth of the walk's
 * time, for heaps that are too large for a walk. Only objects of the collector's lists: their references are not
 * followed.
 */
#ifndef HEAPSCOPE_HEAP_CENSUS_H
#define HEAPSCOPE_HEAP_CENSUS_H

#include "heap/types.h"

typedef struct {
    Types *types;
    u64 counted;
} Census;

void census_one(Census *census, char *o);
void census_write(const Census *census);

#endif
