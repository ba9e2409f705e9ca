#include "heap/closures.h"
#include "python/code.h"

#define FIRST_SIZE 4096

void closures_open(Closures *c, Names *names) {
    c->names = names;
    c->pairs = NULL;
    c->size = c->count = 0;
}

static char **slot_of(char **pairs, u32 size, char *tuple) {
    u32 at = (u32)((u64)tuple * 0x9E3779B97F4A7C15ull >> 32) & (size - 1);
    while (pairs[2 * at] && pairs[2 * at] != tuple) at = (at + 1) & (size - 1);
    return &pairs[2 * at];
}

static int grow(Closures *c) {
    u32 size = c->size ? 2 * c->size : FIRST_SIZE;
    char **wider = mem_grow(c->names->graph->memory, NULL, 0, size * 2ull * sizeof(char *));
    if (!wider) return 0;
    for (u32 i = 0; i < c->size; i++)
        if (c->pairs[2 * i]) memcpy(slot_of(wider, size, c->pairs[2 * i]), &c->pairs[2 * i], 16);
    c->pairs = wider;
    c->size = size;
    return 1;
}

void closure_note(Closures *c, char *function) {
    const Python *py = c->names->graph->py;
    char *tuple, *code, **slot;
    if (py->layout.function_closure < 0 || py->layout.function_code < 0) return;
    tuple = pointer_at(function, py->layout.function_closure);
    code = pointer_at(function, py->layout.function_code);
    if (!tuple || type_of(tuple) != py->types.tuple_ || type_of(code) != py->types.code_) return;
    if (c->count * 2 >= c->size && !grow(c)) return;
    slot = slot_of(c->pairs, c->size, tuple);
    c->count += !slot[0];
    slot[0] = tuple;
    slot[1] = code;
}

u32 closure_shape(Closures *c, char *tuple, u64 count) {
    Graph *g = c->names->graph;
    char **slot;
    if (!c->count || count > MAX_CELLS) return 0;
    slot = slot_of(c->pairs, c->size, tuple);
    if (!slot[0] || code_free_variables(g->py, slot[1], c->variables, MAX_CELLS) != count) return 0;
    for (u64 i = 0; i < count; i++) {
        c->labels[i] = c->variables[i] ? label_for_str(c->names, LABEL_CLOSURE, c->variables[i]) : 0;
        if (label_is_secret(c->names, c->labels[i]))
            graph_secret(g, graph_number(g, pointer_at(tuple, g->py->layout.tuple_items + 8 * (long)i)));
    }
    return shape_for(c->names, REST_UNNAMED, c->labels, (u32)count);
}
