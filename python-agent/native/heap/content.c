#include "heap/content.h"
#include "python/text.h"

static int is_secret_key(const Options *options, const Python *py, const char *key, const char *type) {
    char text[256];
    u32 length = 0;
    if (type == py->types.str_) length = text_utf8(py, key, text, sizeof text);
    else if (type == py->types.bytes_) {
        length = word_at(key, OB_SIZE) < sizeof text ? (u32)word_at(key, OB_SIZE) : sizeof text;
        memcpy(text, key + BYTES_DATA, length);
    }
    return is_secret(&options->secrets, text, length);
}

static void pairs(Content *c, char *o) {
    Graph *g = c->graph;
    const Options *options = g->options;
    PyObject *key, *value;
    Py_ssize_t pos = 0;
    while (PyDict_Next((PyObject *)o, &pos, &key, &value)) {
        char *type = type_of((char *)key);
        u32 number = graph_edge(g, (char *)key), held = graph_edge(g, (char *)value);
        text_key(c->texts, (char *)key, number);
        if (unlikely(options->previews) && is_secret_key(options, g->py, (char *)key, type)) graph_secret(g, held);
        if (unlikely(stopped(g->progress))) return;
    }
}

/* Items by index; REST_UNNAMED if one is missing, since the indexes would be wrong. */
static u8 items(Graph *g, char **at, u64 count) {
    u8 rest = REST_ITEMS;
    for (u64 i = 0; i < count; i++) {
        if (likely(at[i] != NULL)) graph_edge(g, at[i]);
        else rest = REST_UNNAMED;
        if (unlikely(stopped(g->progress))) break;
    }
    return rest;
}

static int visit_member(PyObject *target, void *arg) {
    Graph *g = arg;
    graph_edge(g, (char *)target);
    return stopped(g->progress);
}

/* From 3.12 a deque visits its class before its items. */
typedef struct { Graph *graph; char *type; } Skipping;

static int visit_item(PyObject *target, void *arg) {
    Skipping *s = arg;
    if ((char *)target != s->type) return visit_member(target, s->graph);
    s->type = NULL;
    return 0;
}

static int is_first(PyObject *target, void *arg) { return *(char **)arg == (char *)target ? 1 : 2; }

static int shows_class(char *o, const TypeInfo *t) {
    char *type = type_of(o);
    return t->content == CONTENT_DEQUE && t->base_traverse((PyObject *)o, is_first, &type) == 1;
}

static u8 deque_items(Graph *g, char *o, const TypeInfo *t) {
    Skipping s = {g, shows_class(o, t) ? type_of(o) : NULL};
    t->base_traverse((PyObject *)o, visit_item, &s);
    return REST_ITEMS;
}

u8 content_edges(Content *c, char *o, const TypeInfo *t) {
    Graph *g = c->graph;
    switch (t->content) {
    case CONTENT_LIST: return items(g, (char **)pointer_at(o, LIST_ITEMS), word_at(o, OB_SIZE));
    case CONTENT_TUPLE: return items(g, (char **)(o + g->py->layout.tuple_items), word_at(o, OB_SIZE));
    case CONTENT_DICT: pairs(c, o); return REST_PAIRS;
    case CONTENT_DEQUE: return deque_items(g, o, t);
    default: t->base_traverse((PyObject *)o, visit_member, g); return REST_MEMBERS;
    }
}

u32 content_exact(Content *c, char *o, const TypeInfo *t) {
    const Python *py = c->graph->py;
    u64 count = word_at(o, OB_SIZE);
    u8 rest = content_edges(c, o, t);
    if (t->content == CONTENT_TUPLE && c->closures->count && count && rest == REST_ITEMS) {
        char *first = pointer_at(o, py->layout.tuple_items);
        u32 shape = type_of(first) == py->types.cell_ ? closure_shape(c->closures, o, count) : 0;
        if (shape) return shape;
    }
    return c->names->rest_shapes[rest];
}

/* In a subclass of a container, the base's part comes last. */
typedef struct { const Found *found; u32 at; int equal; } Comparison;

static int count_one(PyObject *target, void *arg) {
    (void)target;
    ++*(u32 *)arg;
    return 0;
}

static int compare_one(PyObject *target, void *arg) {
    Comparison *c = arg;
    c->equal &= c->found->targets[c->at++] == (char *)target;
    return 0;
}

int content_take_off(const TypeInfo *t, char *o, Found *found) {
    u32 count = 0;
    Comparison c;
    if (!t->base_traverse) return 0;
    t->base_traverse((PyObject *)o, count_one, &count);
    if (count > found->count) return 0;
    c = (Comparison){found, found->count - count, 1};
    t->base_traverse((PyObject *)o, compare_one, &c);
    if (c.equal) found->count -= count - (u32)shows_class(o, t);
    return c.equal;
}
