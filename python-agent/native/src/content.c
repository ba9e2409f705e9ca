/* What containers hold: by index, by pair, as members; and the names of the cells in a closure. */
#include "edges.h"

static void pairs(Walk *w, char *o) {
    PyObject *key, *value;
    Py_ssize_t pos = 0;
    while (PyDict_Next((PyObject *)o, &pos, &key, &value)) {
        char *type = type_of((char *)key);
        u32 number = walk_edge(w, (char *)key), held = walk_edge(w, (char *)value);
        if (type == known.str_ || type == known.int_) text_key(w, (char *)key, number);
        if (unlikely(w->options.previews) && type == known.str_) {
            char text[64];
            if (text_matches_secret(w, text, text_utf8((char *)key, text, sizeof text))) mark_secret(w, held);
        }
        if (unlikely(stopped(w))) return;
    }
}

/* Items by index; REST_UNNAMED where one is missing, since the indexes would be wrong. */
static u8 items(Walk *w, char **at, u64 count) {
    u8 rest = REST_ITEMS;
    for (u64 i = 0; i < count; i++) {
        if (likely(at[i] != NULL)) walk_edge(w, at[i]);
        else rest = REST_UNNAMED;
        if (unlikely(stopped(w))) break;
    }
    return rest;
}

static int visit_member(PyObject *target, void *arg) {
    walk_edge(arg, (char *)target);
    return stopped(arg);
}

/* A deque shows its class before its items, from 3.12. */
typedef struct { Walk *w; char *type; } Skipping;

static int visit_item(PyObject *target, void *arg) {
    Skipping *s = arg;
    if ((char *)target != s->type) return visit_member(target, s->w);
    s->type = NULL;
    return 0;
}

static int is_first(PyObject *target, void *arg) { return *(char **)arg == (char *)target ? 1 : 2; }

static int shows_class(char *o, TypeInfo *t) {
    char *type = type_of(o);
    return t->content == CONTENT_DEQUE && t->base_traverse((PyObject *)o, is_first, &type) == 1;
}

static u8 deque_items(Walk *w, char *o, TypeInfo *t) {
    Skipping s = {w, shows_class(o, t) ? type_of(o) : NULL};
    t->base_traverse((PyObject *)o, visit_item, &s);
    return REST_ITEMS;
}

/* The content of a container, emitted; what the shape says of it. */
u8 content_edges(Walk *w, char *o, TypeInfo *t) {
    switch (t->content) {
    case CONTENT_LIST: return items(w, (char **)pointer_at(o, LIST_ITEMS), word_at(o, OB_SIZE));
    case CONTENT_TUPLE: return items(w, (char **)(o + layout.tuple_items), word_at(o, OB_SIZE));
    case CONTENT_DICT: pairs(w, o); return REST_PAIRS;
    case CONTENT_DEQUE: return deque_items(w, o, t);
    default: t->base_traverse((PyObject *)o, visit_member, w); return REST_MEMBERS;
    }
}

/* ---- Closures: the tuple of cells knows no names, the function's code does ---- */

static char **closure_slot(char **pairs, u32 size, char *tuple) {
    u32 at = (u32)((u64)tuple * 0x9E3779B97F4A7C15ull >> 32) & (size - 1);
    while (pairs[2 * at] && pairs[2 * at] != tuple) at = (at + 1) & (size - 1);
    return &pairs[2 * at];
}

void edges_note_closure(Walk *w, char *function) {
    char *tuple, *code, **slot;
    if (layout.function_closure < 0 || layout.function_code < 0) return;
    tuple = pointer_at(function, layout.function_closure);
    code = pointer_at(function, layout.function_code);
    if (!tuple || type_of(tuple) != known.tuple_ || type_of(code) != known.code_) return;
    if (w->closure_count * 2 >= w->closure_size) {
        u32 size = w->closure_size ? 2 * w->closure_size : 4096;
        char **wider = mem_grow(&w->memory, NULL, 0, size * 2ull * sizeof(char *));
        if (!wider) return;
        for (u32 i = 0; i < w->closure_size; i++)
            if (w->closures[2 * i]) memcpy(closure_slot(wider, size, w->closures[2 * i]), &w->closures[2 * i], 16);
        w->closures = wider;
        w->closure_size = size;
    }
    slot = closure_slot(w->closures, w->closure_size, tuple);
    w->closure_count += !slot[0];
    slot[0] = tuple;
    slot[1] = code;
}

static u32 closure_shape(Walk *w, char *tuple, u64 count) {
    static u32 labels[256];
    char **slot = closure_slot(w->closures, w->closure_size, tuple);
    if (!slot[0] || count > 256 || code_free_labels(w, slot[1], labels, 256) != count) return 0;
    for (u64 i = 0; w->options.previews && i < count; i++)
        if (label_is_secret(w, labels[i])) mark_secret(w, walk_number(w, pointer_at(tuple, layout.tuple_items + 8 * (long)i)));
    return shape_for(w, REST_UNNAMED, labels, (u32)count);
}

u32 content_exact(Walk *w, char *o, TypeInfo *t) {
    u64 count = word_at(o, OB_SIZE);
    u8 rest = content_edges(w, o, t);
    if (t->content == CONTENT_TUPLE && w->closure_count && count && rest == REST_ITEMS) {
        char *first = pointer_at(o, layout.tuple_items);
        u32 shape = type_of(first) == known.cell_ ? closure_shape(w, o, count) : 0;
        if (shape) return shape;
    }
    return w->shape_rest[rest];
}

/* In a subclass of a container, the base's part comes last: takes it off, and says whether it was there. */
typedef struct { Walk *w; u32 at; int equal; } Comparison;

static int count_one(PyObject *target, void *arg) {
    (void)target;
    ++*(u32 *)arg;
    return 0;
}

static int compare_one(PyObject *target, void *arg) {
    Comparison *c = arg;
    c->equal &= c->w->found[c->at++] == (char *)target;
    return 0;
}

int content_take_off(Walk *w, char *o, TypeInfo *t) {
    u32 count = 0;
    Comparison c;
    if (!t->base_traverse) return 0;
    t->base_traverse((PyObject *)o, count_one, &count);
    if (count > w->found_count) return 0;
    c = (Comparison){w, w->found_count - count, 1};
    t->base_traverse((PyObject *)o, compare_one, &c);
    if (c.equal) w->found_count -= count - (u32)shows_class(o, t);
    return c.equal;
}
