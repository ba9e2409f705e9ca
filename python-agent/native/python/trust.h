/*
 * Whether a C function belongs to the interpreter, to its standard library, or to other code. Determined from the
 * dynamic loader before a fork: in a forked child its lock may be held.
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
