/*
 * The tree of sites: a node's path from the root is a traceback, and the number of its last node is where a block was allocated.
 *
 *   0 MainThread            parent NONE
 *   1   <module> app.py:9   parent 0
 *   2     load app.py:4     parent 1     a block of `load`, called in line 9
 *   3     load app.py:5     parent 1
 *
 * Nodes are only added. A full tree leads the sites of a thread to one node, "(merged)".
 */
#ifndef HEAPSCOPE_ALLOCATIONS_SITES_H
#define HEAPSCOPE_ALLOCATIONS_SITES_H

#include "allocations/stack.h"
#include "allocations/texts.h"

#define MOST_SITES (1u << 17)
#define MOST_THREADS 1000 /* the others are one: programs with a thread for each request would fill the tree */
#define OWN_SITE (NONE - 1)

typedef struct { u32 parent, name, file, line; } Site;
typedef struct { u64 ident, serial; u32 site; } SiteThread;

typedef struct {
    u32 count, thread_count, limit; /* limit: what a test makes smaller */
    Site *sites;
    u32 *index; /* open addressing; number + 1 */
    SiteThread *threads;
    u64 merged; /* tracebacks */
    TextTable texts;
} SiteTree;

int sites_open(SiteTree *tree);
int sites_clear(SiteTree *tree);
u32 sites_find(SiteTree *tree, const Python *py, const Stack *stack); /* OWN_SITE: of the agent; NONE: there is no room at all */

#endif
