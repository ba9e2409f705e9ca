#include "heap/census.h"
#include "heap/sizes.h"

#define RECORD 20

static void report(const Census *census) {
    Progress *progress = census->types->graph->progress;
    progress->nodes = progress->tracked = census->counted;
    if (progress->cancel) stop_for(progress, STOP_CANCEL);
}

void census_one(Census *census, char *o) {
    TypeInfo *t = type_info(census->types, type_of(o));
    if (!t) return;
    t->counted++;
    t->counted_bytes += size_of(census->types->graph->py, o, t);
    if ((++census->counted & 1023) == 0) report(census);
}

void census_write(const Census *census) {
    const Types *types = census->types;
    const Graph *g = types->graph;
    Block block = {0};
    if (!block_open(&block, g->memory, g->out, "CENS", 1u << 20)) return;
    for (u32 i = 0; i < types->size; i++) {
        const TypeInfo *t = types->slots[i];
        if (!t || !t->counted || !block_room(&block, RECORD)) continue;
        put32(&block, t->index);
        put64(&block, t->counted);
        put64(&block, t->counted_bytes);
        block.count++;
    }
    block_flush(&block);
    g->progress->nodes = g->progress->tracked = census->counted;
}
