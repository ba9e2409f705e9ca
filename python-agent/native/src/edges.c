/*
 * The references of one object, in the order that its shape names.
 *
 * Exact containers are read by index or pair. All others are asked through tp_traverse, as the collector does, and each
 * pointer that comes is looked for in the object's structure, to find its name. Instances of one type look alike: where
 * the last one had its pointers, this one is asked first, so a million of them cost a comparison an edge.
 */
#include "edges.h"

#define FIRST_FOUND 65536

int edges_open(Walk *w) {
    w->found_size = FIRST_FOUND;
    w->found = mem_grow(&w->memory, NULL, 0, FIRST_FOUND * sizeof(char *));
    w->where = mem_grow(&w->memory, NULL, 0, FIRST_FOUND * sizeof(int32_t));
    w->used = mem_grow(&w->memory, NULL, 0, MAX_USED);
    return w->found && w->where && w->used;
}

static int grow_found(Walk *w) {
    u32 size = w->found_size * 2;
    if (size < w->found_size) return 0;
    w->found = mem_grow(&w->memory, w->found, w->found_size * sizeof(char *), size * sizeof(char *));
    w->where = mem_grow(&w->memory, w->where, w->found_size * sizeof(int32_t), size * sizeof(int32_t));
    if (!w->found || !w->where) return 0;
    w->found_size = size;
    return 1;
}

void found_push(Walk *w, char *target, int32_t where) {
    if (unlikely(w->found_count == w->found_size)) {
        if (stopped(w) || !grow_found(w)) return;
    }
    w->where[w->found_count] = where;
    w->found[w->found_count++] = target;
}

static int visit(PyObject *target, void *arg) {
    Walk *w = arg;
    found_push(w, (char *)target, NOWHERE);
    return stopped(w);
}

/* References that tp_traverse keeps to itself: weak ones, and those that can be in no cycle. */
static void push_explicit(Walk *w, char *o, TypeInfo *t) {
    u32 visited = w->found_count;
    for (u32 i = 0; i < t->field_count; i++) {
        const Field *f = &t->fields[i];
        char *target;
        if (!f->explicit_) continue;
        target = pointer_at(o, f->offset);
        if (!target || ((u64)target & 7)) continue;
        if (f->weak) {
            if (target == known.None_ || !half_at(target, OB_REFCNT)) continue; /* dead, or dying */
        } else {
            int visited_too = 0;
            for (u32 k = 0; k < visited && !visited_too; k++) visited_too = w->found[k] == target;
            if (visited_too) continue;
        }
        found_push(w, target, f->offset * 4);
    }
}

static void push_field(Walk *w, char *o, long offset, const char *type) {
    char *target = offset > 0 ? pointer_at(o, offset) : NULL;
    if (target && (u64)target > 65536 && type_of(target) == type) found_push(w, target, (int32_t)offset * 4);
}

/* Heap types hide their names and subclasses, static ones all that they have. */
static void push_type(Walk *w, char *o) {
    u64 flags = word_at(o, TP_FLAGS);
    int release;
    PyObject *dict;
    if (flags & TPFLAGS_HEAPTYPE) {
        push_field(w, o, layout.type_name, known.str_);
        push_field(w, o, layout.type_qualname, known.str_);
        push_field(w, o, layout.type_slots, known.tuple_);
        push_field(w, o, TP_SUBCLASSES, known.dict_);
        return;
    }
    if ((dict = type_dict(o, &release))) found_push(w, (char *)dict, TP_DICT * 4);
    if (release) Py_DecRef(dict);
    if (pointer_at(o, TP_BASE)) found_push(w, pointer_at(o, TP_BASE), TP_BASE * 4);
    push_field(w, o, TP_BASES, known.tuple_);
    push_field(w, o, TP_MRO, known.tuple_);
    if (!(flags & TPFLAGS_STATIC_BUILTIN)) push_field(w, o, TP_SUBCLASSES, known.dict_);
}
/* Emits what was found; an instance's dictionary and what a redacted name holds are marked. */
static void emit_found(Walk *w, const TypeInfo *t, const u32 *labels) {
    u32 labelled = w->found_count < 65535 ? w->found_count : 65535;
    for (u32 k = 0; k < w->found_count && !stopped(w); k++) {
        u32 number = walk_edge(w, w->found[k]);
        if (k >= labelled) continue;
        if (labels[k] == w->label_dict && t->python) table_set(&w->table, number, dict);
        if (unlikely(w->options.previews) && label_is_secret(w, labels[k])) mark_secret(w, number);
    }
}

static u32 general(Walk *w, char *o, TypeInfo *t) {
    static u32 labels[MAX_USED];
    int in_gc = t->traverse && (!t->is_gc || t->is_gc((PyObject *)o)), split = 0;
    u32 visited;
    Anatomy a;
    w->found_count = 0;
    if (in_gc) t->traverse((PyObject *)o, visit, w);
    if (t->content >= CONTENT_LIST && t->content <= CONTENT_DEQUE) split = content_take_off(w, o, t);
    visited = w->found_count;
    a = match_anatomy(w, o, t);
    if (t->has_explicit) push_explicit(w, o, t);
    if (t->content == CONTENT_TYPE) push_type(w, o);
    if (!split && t->content != CONTENT_ARRAY) {
        if (w->found_count == 0) return w->shape_rest[REST_UNNAMED];
        if (match_last(w, t, &a, visited, w->found_count)) {
            emit_found(w, t, t->last_labels);
            return t->last_shape;
        }
    }
    match_labels(w, t, &a, visited, labels);
    emit_found(w, t, labels);
    if (split) return match_shape(w, labels, content_edges(w, o, t));
    if (t->content == CONTENT_ARRAY) return match_shape(w, labels, array_items(w, o));
    match_remember(t, w, &a, visited, labels, match_shape(w, labels, REST_UNNAMED));
    return t->last_shape;
}

u32 edges_of(Walk *w, char *o, TypeInfo *t) {
    if (t->exact) return content_exact(w, o, t);
    if (!t->traverse && !t->has_explicit && t->content == CONTENT_NONE) return w->shape_rest[REST_UNNAMED];
    return general(w, o, t);
}

/* ---- Redaction: what a redacted name leads to, through containers, cells and instances of Python classes ---- */

static int hides(const TypeInfo *t) { return t->exact || t->python || t->type == known.cell_; }

static int visit_secret(PyObject *target, void *arg) {
    Walk *w = arg;
    TypeInfo *t = type_info(w, type_of((char *)target));
    u32 number;
    if (!t || !(t->is_str || t->is_bytes || t->is_int || t->type == known.float_ || t->exact || t->type == known.cell_))
        return stopped(w);
    number = walk_number(w, (char *)target);
    if (table_bit(&w->table, number, secret)) return stopped(w);
    mark_secret(w, number);
    found_push(w, (char *)target, NOWHERE);
    return stopped(w);
}

void edges_secret(Walk *w) {
    u64 count = w->table.count;
    for (u64 number = 0; number < count && !stopped(w); number++) {
        if (!table_bit(&w->table, number, secret)) continue;
        w->found_count = 0;
        found_push(w, table_address(&w->table, (u32)number), NOWHERE);
        while (w->found_count && !stopped(w)) {
            char *o = w->found[--w->found_count];
            TypeInfo *t = type_info(w, type_of(o));
            if (t && t->traverse && hides(t)) t->traverse((PyObject *)o, visit_secret, w);
        }
    }
}
