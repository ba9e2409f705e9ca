/* The objects found so far, numbered, and the references between them as they are written: every pass works on this. */
#ifndef HEAPSCOPE_HEAP_GRAPH_H
#define HEAPSCOPE_HEAP_GRAPH_H

#include "base/blocks.h"
#include "heap/limits.h"
#include "heap/options.h"
#include "heap/table.h"

typedef struct {
    const Python *py;
    const Options *options;
    Progress *progress;
    Memory *memory;
    Out *out;
    Table table;
    u64 edge_total;
    u32 *edges, edges_filled; /* the EDGE block that is being filled */
    u32 degree;               /* of the node that is being walked */
} Graph;

int graph_open(Graph *g, const Python *py, const Options *options, Progress *progress, Memory *memory, Out *out);
u32 graph_number_slow(Graph *g, char *object);
void graph_flush(Graph *g);

/* The number of an object's node, new or known; 0 when the walk has just stopped. */
static inline u32 graph_number(Graph *g, char *object) {
    u32 *slot = table_slot(&g->table, object);
    return likely(slot && *slot) ? *slot - 1 : graph_number_slow(g, object);
}

/* One more edge of the node that is being walked; the target's number. */
static inline u32 graph_edge(Graph *g, char *target) {
    u32 number = graph_number(g, target);
    g->edges[g->edges_filled++] = number;
    g->degree++;
    if (unlikely(g->edges_filled == EDGES_PER_BLOCK)) graph_flush(g);
    return number;
}

static inline void graph_secret(Graph *g, u32 number) { table_set(&g->table, number, secret); }

#endif
