/* What C code of the standard library holds for the program, named by its place among what the collector is shown. */
#ifndef HEAPSCOPE_HEAP_HOLDERS_H
#define HEAPSCOPE_HEAP_HOLDERS_H

#include "heap/found.h"
#include "heap/names.h"

/* A cached function: arguments and results, the function, the cache. 0: it is not laid out as the sample was. */
int cache_label(const Python *py, Names *names, const Found *found, const char *o, u32 *labels);

/* A connection to sqlite: each callback comes before the module. Those that have a label keep it. */
void connection_label(const Python *py, Names *names, const Found *found, u32 *labels);

#endif
