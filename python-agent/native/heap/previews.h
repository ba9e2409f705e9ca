/* Short texts of values, where they are wanted. */
#ifndef HEAPSCOPE_HEAP_PREVIEWS_H
#define HEAPSCOPE_HEAP_PREVIEWS_H

#include "heap/graph.h"

/* At the end, when every name under which an object is held is known; of what is not secret. */
void previews_write(Graph *g);

#endif
