/*
 * Where tracemalloc keeps the tracebacks of what is allocated, read without asking it.
 *
 * Its own function makes a new tuple for each frame of each object, which is traced like everything else: 12 frames cost a
 * copy 40 us an object, and dirtied its pages; and it takes a lock that a thread without the GIL may hold at the moment of a
 * fork. So its table is read: chained buckets by the address of a block, in each entry {size, traceback}. Where the table is,
 * and that it is laid out so, layout/traces.py finds out with a living sample.
 *
 * A thread without the GIL may free what is traced. In a copy nothing changes any more; in place each word is peeked at.
 */
#ifndef HEAPSCOPE_PYTHON_TRACES_H
#define HEAPSCOPE_PYTHON_TRACES_H

#include "python/peek.h"

#define TRACE_FRAMES 12 /* in a traceback: packed frames, each {pointer to the file's name, line} */
#define TRACE_FRAME 12
#define TRACE_COUNT 8 /* u16 */

typedef struct {
    const Peek *peek;
    u64 slot; /* address of the pointer to the table; 0: not known */
    int careful;
} Traces;

u64 traces_of(const Traces *traces, u64 block); /* address of the traceback; 0: not traced */

/* Which word between two addresses points to a table that has this block; 0: none. */
u64 traces_find(const Peek *peek, u64 from, u64 to, u64 block);
int traces_read(const Traces *traces, u64 at, void *into, size_t size);

#endif
