/* Functions of the module for the probes of layout/: they look at living samples before anything is known. */
#ifndef HEAPSCOPE_HEAP_PROBES_H
#define HEAPSCOPE_HEAP_PROBES_H

#include "python/abi.h"

extern PyMethodDef probe_methods[];

#endif
