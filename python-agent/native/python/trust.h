/*
 * Whose code is a C function: the interpreter's or its standard library's, or somebody else's? Asked of the loader
 * beforehand: in a forked child its lock may be held.
 */
#ifndef HEAPSCOPE_PYTHON_TRUST_H
#define HEAPSCOPE_PYTHON_TRUST_H

#include "base/words.h"

#define MAX_RANGES 256

typedef struct {
    int count;
    struct { u64 from, to; } ranges[MAX_RANGES];
} Trust;

void trust_update(Trust *trust); /* libraries come and go: again before each walk */
int is_trusted(const Trust *trust, const void *function);

#endif
