#include "allocations/sites.h"
#include "allocations/region.h"

#define INDEX (1u << 18)
#define NEEDED_BY_THREADS (4 * (MOST_THREADS + 2)) /* kept free for their nodes, "…" and "(merged)" */

int sites_open(SiteTree *tree) {
    tree->sites = region_take(MOST_SITES * sizeof *tree->sites);
    tree->index = region_take(INDEX * sizeof *tree->index);
    tree->threads = region_take((MOST_THREADS + 1) * sizeof *tree->threads);
    tree->limit = MOST_SITES - NEEDED_BY_THREADS;
    return tree->sites && tree->index && tree->threads && texts_open(&tree->texts);
}

int sites_clear(SiteTree *tree) {
    tree->count = tree->thread_count = 0;
    tree->merged = 0;
    return region_clear(tree->index, INDEX * sizeof *tree->index) && texts_clear(&tree->texts);
}

static u32 child(SiteTree *tree, u32 parent, u32 name, u32 file, u32 line, u32 limit) {
    u64 hash = ((u64)parent << 32 | line) * 0x9E3779B97F4A7C15ull;
    u32 slot;
    hash = ((hash ^ hash >> 29) ^ ((u64)name << 32 | file)) * 0xBF58476D1CE4E5B9ull;
    slot = (u32)(hash >> 46);
    for (; tree->index[slot]; slot = (slot + 1) & (INDEX - 1)) {
        const Site *s = &tree->sites[tree->index[slot] - 1];
        if (s->parent == parent && s->line == line && s->name == name && s->file == file) return tree->index[slot] - 1;
    }
    if (tree->count >= limit) return NONE;
    tree->sites[tree->count] = (Site){parent, name, file, line};
    tree->index[slot] = ++tree->count;
    return tree->count - 1;
}

/* The nodes of threads have their names from the agent, later: so each is a new one, and none is found by its name. */
static u32 thread_site(SiteTree *tree, const Stack *stack) {
    SiteThread *last;
    if (!stack->serial) return child(tree, NONE, TEXT_UNKNOWN_THREAD, TEXT_NONE, 0, MOST_SITES);
    for (u32 i = tree->thread_count; i-- > 0;)
        if (tree->threads[i].serial == stack->serial && tree->threads[i].ident == stack->ident) return tree->threads[i].site;
    if (tree->thread_count == MOST_THREADS) return child(tree, NONE, TEXT_OTHER_THREADS, TEXT_NONE, 0, MOST_SITES);
    last = &tree->threads[tree->thread_count++];
    *last = (SiteThread){stack->ident, stack->serial, tree->count};
    tree->sites[tree->count] = (Site){NONE, TEXT_NONE, TEXT_NONE, 0};
    return tree->count++;
}

u32 sites_find(SiteTree *tree, const Python *py, const Stack *stack) {
    u32 thread, site;
    if (stack->count) {
        u32 file = texts_number_of(&tree->texts, py, pointer_at(stack->frames[0].code, py->layout.code_filename));
        if (file != NONE && tree->texts.entries[file].own) return OWN_SITE;
    }
    site = thread = thread_site(tree, stack);
    if (thread == NONE) return NONE;
    if (stack->cut) site = child(tree, thread, TEXT_CUT, TEXT_NONE, 0, MOST_SITES);
    for (u32 i = stack->count; i-- > 0 && site != NONE;) {
        char *code = stack->frames[i].code;
        u32 name = texts_number_of(&tree->texts, py, pointer_at(code, py->layout.code_name));
        u32 file = texts_number_of(&tree->texts, py, pointer_at(code, py->layout.code_filename));
        site = name == NONE || file == NONE ? NONE : child(tree, site, name, file, stack->frames[i].line, tree->limit);
    }
    if (site != NONE) return site;
    tree->merged++;
    return child(tree, thread, TEXT_MERGED, TEXT_NONE, 0, MOST_SITES);
}
