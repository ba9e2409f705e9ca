#include "heap/redact.h"

static int hides(const Python *py, const TypeInfo *t) { return t->exact || t->python || t->type == py->types.cell_; }

static int is_value(const Python *py, const TypeInfo *t) {
    return t->is_str || t->is_bytes || t->is_int || t->type == py->types.float_ || t->exact || t->type == py->types.cell_;
}

typedef struct { Types *types; Found *found; } Spreading;

static int visit_secret(PyObject *target, void *arg) {
    Spreading *s = arg;
    Graph *g = s->types->graph;
    TypeInfo *t = type_info(s->types, type_of((char *)target));
    u32 number;
    if (!t || !is_value(g->py, t)) return stopped(g->progress);
    number = graph_number(g, (char *)target);
    if (table_bit(&g->table, number, secret)) return stopped(g->progress);
    graph_secret(g, number);
    found_push(s->found, (char *)target, NOWHERE);
    return stopped(g->progress);
}

void redact_spread(Types *types, Found *found) {
    Graph *g = types->graph;
    Spreading spreading = {types, found};
    u64 count = g->table.count;
    for (u64 number = 0; number < count && !stopped(g->progress); number++) {
        if (!table_bit(&g->table, number, secret)) continue;
        found->count = 0;
        found_push(found, table_address(&g->table, (u32)number), NOWHERE);
        while (found->count && !stopped(g->progress)) {
            char *o = found->targets[--found->count];
            TypeInfo *t = type_info(types, type_of(o));
            if (t && t->traverse && hides(g->py, t)) t->traverse((PyObject *)o, visit_secret, &spreading);
        }
    }
}
