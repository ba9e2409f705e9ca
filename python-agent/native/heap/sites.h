/*
 * Where an object was allocated, according to tracemalloc: each traceback is converted once, however many objects share it.
 *
 * Where tracemalloc's table is not known, its own C function is asked for each object. That makes tuples and takes
 * tracemalloc's lock: a thread without the GIL may hold that at the moment of a fork, and then the watchdog ends us.
 */
#ifndef HEAPSCOPE_HEAP_SITES_H
#define HEAPSCOPE_HEAP_SITES_H

#include "heap/names.h"
#include "heap/type_info.h"
#include "python/traces.h"

typedef struct {
    Names *names;
    Block block;
    Intern table;
    Traces traces;
    Intern known;  /* tracebacks that are converted, by their address */
    u32 *converted; /* their sites */
    u64 room;
} Sites;

int sites_open(Sites *sites, Names *names, int in_place);
u32 site_of(Sites *sites, char *o, const TypeInfo *t); /* NONE where nothing was traced */

#endif
