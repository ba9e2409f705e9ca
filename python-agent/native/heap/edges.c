#include "heap/edges.h"
#include "heap/arrays.h"
#include "heap/greenlets.h"
#include "heap/holders.h"
#include "heap/variables.h"
#include "python/classes.h"

static int visit(PyObject *target, void *arg) {
    Found *found = arg;
    found_push(found, (char *)target, NOWHERE);
    return stopped(found->progress);
}

/* References that tp_traverse does not visit: weak ones, and those that can be in no cycle. */
static void push_explicit(const Python *py, Found *found, char *o, const TypeInfo *t) {
    u32 visited = found->count;
    for (u32 i = 0; i < t->field_count; i++) {
        const Field *f = &t->fields[i];
        char *target;
        if (!f->explicit_) continue;
        if (t->family == FAMILY_AWARE && !byte_at(o, py->layout.aware)) continue; /* a time without tzinfo ends before it */
        target = pointer_at(o, f->offset);
        if (!target || ((u64)target & 7)) continue;
        if (f->weak) {
            if (target == py->types.None_ || !half_at(target, OB_REFCNT)) continue; /* dead, or dying */
        } else {
            int visited_too = 0;
            for (u32 k = 0; k < visited && !visited_too; k++) visited_too = found->targets[k] == target;
            if (visited_too) continue;
        }
        found_push(found, target, f->offset * 4);
    }
}

static void push_field(Found *found, char *o, long offset, const char *type) {
    char *target = offset > 0 ? pointer_at(o, offset) : NULL;
    if (target && (u64)target > 65536 && type_of(target) == type) found_push(found, target, (int32_t)offset * 4);
}

/* Heap types do not visit their names and subclasses, static ones nothing at all. */
static void push_type(const Python *py, Found *found, char *o) {
    const Layout *layout = &py->layout;
    const KnownTypes *types = &py->types;
    u64 flags = word_at(o, TP_FLAGS);
    int release;
    PyObject *dict;
    if (flags & TPFLAGS_HEAPTYPE) {
        push_field(found, o, layout->type_name, types->str_);
        push_field(found, o, layout->type_qualname, types->str_);
        push_field(found, o, layout->type_slots, types->tuple_);
        push_field(found, o, TP_SUBCLASSES, types->dict_);
        return;
    }
    if ((dict = class_dict(py, o, &release))) found_push(found, (char *)dict, TP_DICT * 4);
    if (release) Py_DecRef(dict);
    if (pointer_at(o, TP_BASE)) found_push(found, pointer_at(o, TP_BASE), TP_BASE * 4);
    push_field(found, o, TP_BASES, types->tuple_);
    push_field(found, o, TP_MRO, types->tuple_);
    if (!(flags & TPFLAGS_STATIC_BUILTIN)) push_field(found, o, TP_SUBCLASSES, types->dict_);
}

/* Emits the found references; marks an instance's dictionary and what a redacted name holds. */
static void emit_found(const Edges *e, const TypeInfo *t, const u32 *labels) {
    Graph *g = e->graph;
    const Found *found = e->found;
    const Names *names = e->match.names;
    u32 count = found->count, labelled = count < MAX_LABELLED ? count : MAX_LABELLED;
    for (u32 k = 0; k < count && !stopped(g->progress); k++) {
        u32 number = graph_edge(g, found->targets[k]);
        if (k >= labelled) continue;
        if (labels[k] == names->dict && t->python) table_set(&g->table, number, dict);
        if (unlikely(g->options->previews) && label_is_secret(names, labels[k])) graph_secret(g, number);
    }
}

/* What is named by its place among the visited, not by where it is in the structure. */
static int by_place(Edges *e, char *o, const TypeInfo *t) {
    const Python *py = e->graph->py;
    if (t->content == CONTENT_VARIABLES) variables_label(py, e->match.names, e->found, e->labels);
    return t->content == CONTENT_VARIABLES || (t->content == CONTENT_CACHE && cache_label(py, e->match.names, e->found, o, e->labels));
}

/* Their names are not from where they lie: each object is looked at anew. */
static int is_each_anew(const TypeInfo *t) {
    return t->content == CONTENT_ARRAY || t->content == CONTENT_CONNECTION || t->family == FAMILY_GREENLET;
}

/* Adds what a greenlet keeps; its labels go where the others' are. */
static void push_greenlet(Edges *e, const char *o, u32 *labels) {
    Found *found = e->found;
    u32 from = found->count;
    greenlet_push(e->graph->py, e->match.names, found, o);
    for (u32 k = from; k < found->count && k < MAX_LABELLED; k++) labels[k] = (u32)found->where[k];
}

static u32 general(Edges *e, char *o, TypeInfo *t) {
    const Python *py = e->graph->py;
    Found *found = e->found;
    Match *match = &e->match;
    int in_gc = t->traverse && (!t->is_gc || t->is_gc((PyObject *)o)), split = 0;
    u32 visited, *labels = e->labels;
    Anatomy a;
    found->count = 0;
    if (in_gc) t->traverse((PyObject *)o, visit, found);
    if (t->content >= CONTENT_LIST && t->content <= CONTENT_DEQUE) split = content_take_off(t, o, found);
    visited = found->count;
    if (t->content >= CONTENT_VARIABLES && visited <= MAX_LABELLED && by_place(e, o, t)) {
        emit_found(e, t, labels);
        return match_shape(match, labels, REST_UNNAMED);
    }
    a = match_anatomy(match, o, t);
    if (t->has_explicit) push_explicit(py, found, o, t);
    if (t->content == CONTENT_TYPE) push_type(py, found, o);
    if (!split && !is_each_anew(t)) {
        if (found->count == 0) return match->names->rest_shapes[REST_UNNAMED];
        if (match_last(match, t, &a, visited)) {
            emit_found(e, t, t->last_labels);
            return t->last_shape;
        }
    }
    match_labels(match, t, &a, visited, labels);
    if (t->content == CONTENT_CONNECTION && found->count <= MAX_LABELLED) connection_label(py, match->names, found, labels);
    if (t->family == FAMILY_GREENLET) push_greenlet(e, o, labels);
    emit_found(e, t, labels);
    if (split) return match_shape(match, labels, content_edges(&e->content, o, t));
    if (t->content == CONTENT_ARRAY) return match_shape(match, labels, array_items(e->graph, o));
    if (is_each_anew(t)) return match_shape(match, labels, REST_UNNAMED);
    match_remember(match, t, &a, visited, labels, match_shape(match, labels, REST_UNNAMED));
    return t->last_shape;
}

u32 edges_of(Edges *e, char *o, TypeInfo *t) {
    if (t->exact) return content_exact(&e->content, o, t);
    if (!t->traverse && !t->has_explicit && t->content == CONTENT_NONE) return e->match.names->rest_shapes[REST_UNNAMED];
    return general(e, o, t);
}

int edges_open(Edges *e, Types *types, Texts *texts, Closures *closures, Found *found) {
    Graph *g = types->graph;
    e->graph = g;
    e->found = found;
    e->content = (Content){g, types->names, texts, closures};
    e->labels = mem_grow(g->memory, NULL, 0, MAX_USED * sizeof(u32));
    return e->labels && match_open(&e->match, types, found);
}
