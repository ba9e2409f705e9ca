/*
 * The references of one object, in the order that its shape names.
 *
 * Exact containers are read by index or pair. All others are asked through tp_traverse, as the collector does, and each
 * pointer that comes is looked for in the object's structure, to find its name. Instances of one type look alike: where
 * the last one had its pointers, this one is asked first, so a million of them cost a comparison an edge.
 */
#include "core.h"

#define FIRST_FOUND 65536
#define MAX_USED 65536

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

/* ---- Exact containers ---- */

static void mark_secret(Walk *w, u32 number) { table_set(&w->table, number, secret); }

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
static u8 content(Walk *w, char *o, TypeInfo *t) {
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
    return shape_for(w, REST_UNNAMED, labels, (u32)count);
}

static u32 exact(Walk *w, char *o, TypeInfo *t) {
    u64 count = word_at(o, OB_SIZE);
    u8 rest = content(w, o, t);
    if (t->content == CONTENT_TUPLE && w->closure_count && count && rest == REST_ITEMS) {
        char *first = pointer_at(o, layout.tuple_items);
        u32 shape = type_of(first) == known.cell_ ? closure_shape(w, o, count) : 0;
        if (shape) return shape;
    }
    return w->shape_rest[rest];
}

/* ---- Everything else ---- */

/* What one object's offsets count from, and how far its inner part reaches. */
typedef struct {
    char *base[BASES];
    u32 inner_count; /* values or locals */
    long inner_first;
    char *code;
    int tagged;
} Anatomy;

static void anatomy_of_values(char *o, TypeInfo *t, Anatomy *a) {
    char *values;
    if (layout.values == 3) {
        values = o + t->basicsize;
        if (!byte_at(values, 3)) return; /* no longer valid: the dictionary has them */
        a->base[BASE_INNER] = values;
        a->inner_first = 8;
        a->inner_count = byte_at(values, 0);
        return;
    }
    values = pointer_at(o, layout.values_offset);
    if (layout.values == 2) values = (u64)values & 1 ? values + 1 : NULL;
    if (!values) return;
    a->base[BASE_INNER] = values;
    a->inner_count = byte_at(values, -1) - 2u;
    if (a->inner_count > type_values_size(t)) a->inner_count = type_values_size(t);
}

static int was_found(const Walk *w, const char *target) {
    for (u32 i = 0; i < w->found_count; i++)
        if (w->found[i] == target) return 1;
    return 0;
}

static void anatomy_of_frame(Walk *w, char *o, TypeInfo *t, Anatomy *a) {
    char *frame = o, *code;
    if (o && type_of(o) != known.frame_) frame = o + layout.generator_frame;
    else if (layout.frames == 2) frame = pointer_at(o, layout.frame_data);
    (void)t;
    if (!frame || w->found_count == 0) return;
    code = (char *)(word_at(frame, layout.frame_code) & ~7ull);
    if (!code || !was_found(w, code) || type_of(code) != known.code_) return; /* finished: nothing is there any more */
    a->base[BASE_INNER] = frame;
    a->inner_first = layout.frame_locals;
    a->code = code;
    a->tagged = 1;
    code_label(w, code, 0, &a->inner_count);
}

static Anatomy anatomy_of(Walk *w, char *o, TypeInfo *t) {
    Anatomy a = {{o, NULL, NULL}, 0, 0, NULL, 0};
    if (t->inline_values) anatomy_of_values(o, t, &a);
    else if (t->content == CONTENT_FRAME) anatomy_of_frame(w, o, t, &a);
    if (t->dictoffset < 0 && t->itemsize) {
        int64_t n = (int64_t)word_at(o, OB_SIZE);
        a.base[BASE_END] = o + ((t->basicsize + t->itemsize * (n < 0 ? -n : n) + 7) & ~7l);
    }
    return a;
}

static inline char *value_at(const Anatomy *a, int32_t where) {
    int base = where & 3;
    u64 value = word_at(a->base[base], where >> 2);
    return (char *)(base == BASE_INNER && a->tagged ? value & ~7ull : value);
}

static u32 label_of_inner(Walk *w, TypeInfo *t, const Anatomy *a, u32 position) {
    u32 count;
    return a->code ? code_label(w, a->code, position, &count) : type_label_of_value(w, t, position);
}

/* The fields of an interpreter frame that are no locals. */
static u32 label_of_special(Walk *w, const Anatomy *a, char *target, int32_t *where) {
    const struct { long offset; u32 label; } specials[] = {
        {layout.frame_code, w->label_code}, {layout.frame_func, w->label_func},
        {layout.frame_globals, w->label_globals}, {layout.frame_namespace, w->label_locals}};
    for (int i = 0; i < 4; i++) {
        if (specials[i].offset < 0) continue;
        *where = (int32_t)specials[i].offset * 4 + BASE_INNER;
        if (value_at(a, *where) == target) return specials[i].label;
    }
    *where = NOWHERE;
    return 0;
}

/* Looks for a pointer in the structure; each place is taken once. */
static u32 label_search(Walk *w, TypeInfo *t, const Anatomy *a, char *target, u32 *next, int32_t *where) {
    u32 fields = t->field_count, inner = a->base[BASE_INNER] ? a->inner_count : 0;
    if (fields + inner > MAX_USED) inner = MAX_USED - fields;
    for (u32 i = 0; i < fields; i++) {
        if (w->used[i] || t->fields[i].weak || word_at(a->base[0], t->fields[i].offset) != (u64)target) continue;
        w->used[i] = 1;
        *where = t->fields[i].offset * 4;
        return t->fields[i].label;
    }
    for (u32 n = 0; n < inner; n++) { /* from where the last was found: the order is mostly theirs */
        u32 i = *next + n < inner ? *next + n : *next + n - inner;
        int32_t here = (int32_t)((a->inner_first + 8l * i) * 4 + BASE_INNER);
        if (w->used[fields + i] || value_at(a, here) != target) continue;
        w->used[fields + i] = 1;
        *next = i + 1 < inner ? i + 1 : 0;
        *where = here;
        return label_of_inner(w, t, a, i);
    }
    if (a->code) return label_of_special(w, a, target, where);
    if (a->base[BASE_END] && pointer_at(a->base[BASE_END], t->dictoffset) == target) {
        *where = (int32_t)t->dictoffset * 4 + BASE_END;
        return w->label_dict;
    }
    return 0;
}

static u32 label_at(TypeInfo *t, int32_t where) {
    for (u32 i = 0; i < t->field_count; i++)
        if (t->fields[i].offset * 4 == where) return t->fields[i].label;
    return 0;
}

static void remember(TypeInfo *t, const Walk *w, const Anatomy *a, u32 visited, const u32 *labels, u32 shape) {
    u32 count = w->found_count;
    t->last_shape = shape;
    t->last_count = NONE;
    if (count > MAX_CACHED) return;
    t->last_reach = 0;
    for (u32 k = 0; k < count; k++) {
        long offset = w->where[k] >> 2;
        t->last_where[k] = w->where[k];
        t->last_labels[k] = labels[k];
        if (w->where[k] == NOWHERE || (w->where[k] & 3) != BASE_INNER || offset < a->inner_first) continue;
        if ((offset - a->inner_first) / 8 + 1 > t->last_reach) t->last_reach = (u32)((offset - a->inner_first) / 8 + 1);
    }
    t->last_visited = visited;
    t->last_code = a->code;
    t->last_count = count;
}

static int looks_like_last(const Walk *w, const TypeInfo *t, const Anatomy *a, u32 visited, u32 count) {
    if (count != t->last_count || visited != t->last_visited || a->code != t->last_code) return 0;
    if (t->last_reach > (a->base[BASE_INNER] ? a->inner_count : 0)) return 0;
    for (u32 k = 0; k < count; k++) {
        int32_t where = t->last_where[k];
        if (k >= visited) {
            if (w->where[k] != where) return 0;
        } else if (where != NOWHERE && (!a->base[where & 3] || value_at(a, where) != w->found[k])) return 0;
    }
    return 1;
}

static void labels_of(Walk *w, TypeInfo *t, const Anatomy *a, u32 visited, u32 *labels) {
    u32 count = w->found_count < 65535 ? w->found_count : 65535, next = 0;
    u32 inner = a->base[BASE_INNER] ? a->inner_count : 0;
    memset(w->used, 0, t->field_count + inner < MAX_USED ? t->field_count + inner : MAX_USED);
    for (u32 k = 0; k < count; k++)
        labels[k] = k < visited ? label_search(w, t, a, w->found[k], &next, &w->where[k]) : label_at(t, w->where[k]);
}

/* With a rest that is unnamed too, labels end at the last that says something. */
static u32 shape_of(Walk *w, const u32 *labels, u8 rest) {
    u32 count = w->found_count < 65535 ? w->found_count : 65535;
    if (rest == REST_UNNAMED)
        while (count && !labels[count - 1]) count--;
    return shape_for(w, rest, labels, count);
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

static int take_off_content(Walk *w, char *o, TypeInfo *t) {
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
    if (t->content >= CONTENT_LIST && t->content <= CONTENT_DEQUE) split = take_off_content(w, o, t);
    visited = w->found_count;
    a = anatomy_of(w, o, t);
    if (t->has_explicit) push_explicit(w, o, t);
    if (t->content == CONTENT_TYPE) push_type(w, o);
    if (!split && t->content != CONTENT_ARRAY) {
        if (w->found_count == 0) return w->shape_rest[REST_UNNAMED];
        if (looks_like_last(w, t, &a, visited, w->found_count)) {
            emit_found(w, t, t->last_labels);
            return t->last_shape;
        }
    }
    labels_of(w, t, &a, visited, labels);
    emit_found(w, t, labels);
    if (split) return shape_of(w, labels, content(w, o, t));
    if (t->content == CONTENT_ARRAY) return shape_of(w, labels, array_items(w, o));
    remember(t, w, &a, visited, labels, shape_of(w, labels, REST_UNNAMED));
    return t->last_shape;
}

u32 edges_of(Walk *w, char *o, TypeInfo *t) {
    if (t->exact) return exact(w, o, t);
    if (!t->traverse && !t->has_explicit && t->content == CONTENT_NONE) return w->shape_rest[REST_UNNAMED];
    return general(w, o, t);
}

/* ---- Redaction ---- */

static void secret_target(Walk *w, char *target) {
    u32 number = walk_number(w, target);
    if (table_bit(&w->table, number, secret)) return;
    mark_secret(w, number);
    found_push(w, target, NOWHERE);
}

static void secret_content(Walk *w, char *o) {
    TypeInfo *t = type_info(w, type_of(o));
    if (!t || !t->exact || t->content == CONTENT_SET) return;
    if (t->content == CONTENT_DICT) {
        PyObject *key, *value;
        Py_ssize_t pos = 0;
        while (PyDict_Next((PyObject *)o, &pos, &key, &value)) secret_target(w, (char *)value);
        return;
    }
    for (u64 i = 0, n = word_at(o, OB_SIZE); i < n; i++) {
        char **at = t->content == CONTENT_LIST ? (char **)pointer_at(o, LIST_ITEMS) : (char **)(o + layout.tuple_items);
        if (at[i]) secret_target(w, at[i]);
    }
}

void edges_secret(Walk *w) {
    u64 count = w->table.count;
    for (u64 number = 0; number < count && !stopped(w); number++) {
        if (!table_bit(&w->table, number, secret)) continue;
        w->found_count = 0;
        found_push(w, table_address(&w->table, (u32)number), NOWHERE);
        while (w->found_count && !stopped(w)) secret_content(w, w->found[--w->found_count]);
    }
}
