#include "heap/graph.h"

int graph_open(Graph *g, const Python *py, const Options *options, Progress *progress, Memory *memory, Out *out) {
    *g = (Graph){.py = py, .options = options, .progress = progress, .memory = memory, .out = out};
    g->edges = mem_take(memory, 4 * EDGES_PER_BLOCK);
    return table_open(&g->table, memory) && g->edges != NULL;
}

u32 graph_number_slow(Graph *g, char *object) {
    Table *t = &g->table;
    u32 *slot = table_slot(t, object);
    if (!slot) return 0;
    if (*slot) return *slot - 1;
    if (t->count >= g->options->max_nodes) {
        stop_for(g->progress, STOP_NODES);
        return 0;
    }
    if ((t->count & (CHUNK - 1)) == 0 && !table_add_chunk(t)) return 0;
    t->chunks[t->count >> CHUNK_BITS]->address[t->count & (CHUNK - 1)] = object;
    *slot = (u32)++t->count;
    return *slot - 1;
}

void graph_flush(Graph *g) {
    Piece piece = {g->edges, 4ull * g->edges_filled};
    if (!g->edges_filled) return;
    g->edge_total += g->edges_filled;
    out_block(g->out, "EDGE", g->edges_filled, &piece, 1);
    g->edges_filled = 0;
    if (g->edge_total > g->options->max_edges) stop_for(g->progress, STOP_EDGES);
}
