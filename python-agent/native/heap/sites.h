/*
 * Where an object was allocated, according to tracemalloc, through its own C function. It creates a small tuple and
 * takes tracemalloc's lock: a thread without the GIL may hold that at the moment of a fork, and then the watchdog
 * ends us.
 */
#ifndef HEAPSCOPE_HEAP_SITES_H
#define HEAPSCOPE_HEAP_SITES_H

#include "heap/names.h"
#include "heap/type_info.h"

typedef struct {
    Names *names;
    Block block;
    Intern table;
} Sites;

int sites_open(Sites *sites, Names *names);
u32 site_of(Sites *sites, char *o, const TypeInfo *t); /* NONE where nothing was traced */

#endif
