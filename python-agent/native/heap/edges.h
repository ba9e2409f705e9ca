/*
 * The references of one object, in the order that its shape names.
 *
 * Exact containers are read by index or pair. All others are asked through tp_traverse, as the collector does, and each
 * pointer that comes is looked for in the object's structure, to find its name. Instances of one type look alike: where
 * the last one had its pointers, this one is asked first, so a million of them cost a comparison an edge.
 */
#ifndef HEAPSCOPE_HEAP_EDGES_H
#define HEAPSCOPE_HEAP_EDGES_H

#include "heap/content.h"
#include "heap/match.h"

typedef struct {
    Graph *graph;
    Found *found;
    Content content;
    Match match;
    u32 *labels; /* of what was found */
} Edges;

int edges_open(Edges *e, Types *types, Texts *texts, Closures *closures, Found *found);
u32 edges_of(Edges *e, char *o, TypeInfo *t); /* emits them; returns the shape */

#endif
