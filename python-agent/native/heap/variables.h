/* Values in a part of a context (PEP 567), each named by its variable. */
#ifndef HEAPSCOPE_HEAP_VARIABLES_H
#define HEAPSCOPE_HEAP_VARIABLES_H

#include "heap/found.h"
#include "heap/names.h"

void variables_label(const Python *py, Names *names, const Found *found, u32 *labels);

#endif
