/*
 * The references of one object, in the order that its shape names.
 *
 * Exact containers are read by index or pair. All others are visited through tp_traverse, as the collector does, and
 * each visited pointer is looked for in the object's structure, to find its name. Instances of one type are similar:
 * the positions of the previous one are tried first, so a million of them cost one comparison per edge.
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
