#include "heap/sites.h"
#include "python/text.h"

#define MAX_FRAMES 256

int sites_open(Sites *sites, Names *names) {
    Graph *g = names->graph;
    *sites = (Sites){.names = names};
    return intern_open(&sites->table, g->memory) && block_open(&sites->block, g->memory, g->out, "SITE", 1u << 20);
}

static char *item(const Python *py, char *tuple, u64 at) { return pointer_at(tuple, py->layout.tuple_items + 8 * (long)at); }

static u32 write_site(Sites *sites, const u32 *pairs, u32 count) {
    int is_new;
    u32 id = intern_find(&sites->table, pairs, 8 * count, &is_new);
    if (is_new && block_room(&sites->block, 2 + 8 * count)) {
        put16(&sites->block, (u16)count);
        put(&sites->block, pairs, 8 * count);
        sites->block.count++;
    }
    return id;
}

/* By the block's address: in 3.11 tracemalloc's own look-up of objects forgets that instances have a longer header. */
u32 site_of(Sites *sites, char *o, const TypeInfo *t) {
    const Python *py = sites->names->graph->py;
    u32 pairs[2 * MAX_FRAMES], count, site = NONE;
    int fits;
    char *trace = (char *)py->functions.TraceMalloc_GetTraceback(0, (uintptr_t)o - t->pre);
    if (!trace) {
        PyErr_Clear();
        return NONE;
    }
    if (type_of(trace) == py->types.tuple_ && word_at(trace, OB_SIZE)) {
        count = word_at(trace, OB_SIZE) < MAX_FRAMES ? (u32)word_at(trace, OB_SIZE) : MAX_FRAMES;
        for (u32 i = 0; i < count; i++) {
            char *frame = item(py, trace, i);
            pairs[2 * i] = file_for(sites->names, item(py, frame, 0));
            pairs[2 * i + 1] = (u32)int_of(py, item(py, frame, 1), &fits);
        }
        site = write_site(sites, pairs, count);
    }
    Py_DecRef((PyObject *)trace);
    return site;
}
