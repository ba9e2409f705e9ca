/* What a redacted name leads to is redacted too: through containers, cells and instances of Python classes. */
#ifndef HEAPSCOPE_HEAP_REDACT_H
#define HEAPSCOPE_HEAP_REDACT_H

#include "heap/found.h"
#include "heap/types.h"

/* Propagates the marks that the walk set, once all objects are known. */
void redact_spread(Types *types, Found *found);

#endif
