/*
 * One walk: numbers every object that the collector tracks, then takes the numbers one after another and writes each
 * object's row and references; what a reference leads to gets the next number. No recursion, no visited set but the table.
 *
 * It runs in one of two places: in a forked child that has no other thread and no Python code, or in the calling process
 * with the GIL held throughout ("in place"). Nothing of it allocates from malloc, takes a lock, or writes to an object of
 * the program: in the child, each page that is written is copied, and malloc's lock may be held for ever by a thread that
 * exists in the parent only.
 */
#ifndef HEAPSCOPE_HEAP_WALK_H
#define HEAPSCOPE_HEAP_WALK_H

#include "heap/arrays.h"
#include "heap/census.h"
#include "heap/columns.h"
#include "heap/edges.h"
#include "heap/places.h"
#include "heap/roots.h"
#include "heap/sites.h"

typedef struct {
    const Python *py;
    const Checksum *checksum;
    Options options;
    int in_place;
    Memory memory;
    Out out;
    Graph graph;
    Names names;
    Types types;
    Texts texts;
    Closures closures;
    Found found;
    Edges edges;
    Sites sites;
    Arrays arrays;
    Places places;
    Columns columns;
    Block bigs; /* sizes that have no room in their column */
    RootTable roots;
    Census census;
    u32 tracked_end, permanent_first, permanent_end, own_references;
} Walk;

/* Whether the collector's lists are where we think: checked again before each walk, since the collector may be running. */
int walk_lists_are_closed(const Python *py);
/* With `py`, `checksum`, `options` and `in_place` set. 0 whole, 1 stopped, -1 could not be written; `progress` says more. */
int walk_run(Walk *w, int fd, Progress *progress);

#endif
