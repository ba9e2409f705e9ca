/* Short texts of values, if requested. */
#ifndef HEAPSCOPE_HEAP_PREVIEWS_H
#define HEAPSCOPE_HEAP_PREVIEWS_H

#include "heap/graph.h"

/* At the end, when every name under which an object is held is known; without redacted ones. */
void previews_write(Graph *g);

#endif
