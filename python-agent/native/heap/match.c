#include "heap/match.h"
#include "python/classes.h"
#include "python/code.h"

static void anatomy_of_values(const Python *py, char *o, const TypeInfo *t, Anatomy *a) {
    char *values;
    u32 size;
    if (py->layout.values == 3) {
        values = o + t->basicsize;
        if (!byte_at(values, 3)) return; /* no longer valid: the dictionary has them */
        a->base[BASE_INNER] = values;
        a->inner_first = 8;
        a->inner_count = byte_at(values, 0);
        return;
    }
    values = pointer_at(o, py->layout.values_offset);
    if (py->layout.values == 2) values = (u64)values & 1 ? values + 1 : NULL;
    if (!values) return;
    a->base[BASE_INNER] = values;
    a->inner_count = byte_at(values, -1) - 2u;
    size = class_values_size(py, t->type);
    if (a->inner_count > size) a->inner_count = size;
}

static int was_found(const Found *found, const char *target) {
    for (u32 i = 0; i < found->count; i++)
        if (found->targets[i] == target) return 1;
    return 0;
}

static void anatomy_of_frame(const Match *m, char *o, Anatomy *a) {
    const Python *py = m->py;
    char *frame = o, *code;
    if (o && type_of(o) != py->types.frame_) frame = o + py->layout.generator_frame;
    else if (py->layout.frames == 2) frame = pointer_at(o, py->layout.frame_data);
    if (!frame || m->found->count == 0) return;
    code = (char *)(word_at(frame, py->layout.frame_code) & ~7ull);
    /* A finished frame has nothing left. */
    if (!code || !was_found(m->found, code) || type_of(code) != py->types.code_) return;
    a->base[BASE_INNER] = frame;
    a->inner_first = py->layout.frame_locals;
    a->code = code;
    a->tagged = 1;
    a->inner_count = code_variables(py, code);
}

Anatomy match_anatomy(const Match *m, char *o, const TypeInfo *t) {
    Anatomy a = {{o, NULL, NULL}, 0, 0, NULL, 0};
    if (t->inline_values) anatomy_of_values(m->py, o, t, &a);
    else if (t->content == CONTENT_FRAME) anatomy_of_frame(m, o, &a);
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

static u32 label_of_inner(Match *m, TypeInfo *t, const Anatomy *a, u32 position) {
    return a->code ? label_for_variable(m->names, a->code, position) : type_label_of_value(m->types, t, position);
}

/* The fields of an interpreter frame that are not locals. */
static u32 label_of_special(const Match *m, const Anatomy *a, const char *target, int32_t *where) {
    const Layout *layout = &m->py->layout;
    const struct { long offset; u32 label; } specials[] = {
        {layout->frame_code, m->names->code}, {layout->frame_func, m->names->func},
        {layout->frame_globals, m->names->globals}, {layout->frame_namespace, m->names->locals}};
    for (int i = 0; i < 4; i++) {
        if (specials[i].offset < 0) continue;
        *where = (int32_t)specials[i].offset * 4 + BASE_INNER;
        if (value_at(a, *where) == target) return specials[i].label;
    }
    *where = NOWHERE;
    return 0;
}

/* Looks for a pointer in the structure; each position is used once. */
static u32 label_search(Match *m, TypeInfo *t, const Anatomy *a, const char *target, u32 *next, int32_t *where) {
    u32 fields = t->field_count, inner = a->base[BASE_INNER] ? a->inner_count : 0;
    if (fields + inner > MAX_USED) inner = MAX_USED - fields;
    for (u32 i = 0; i < fields; i++) {
        if (m->used[i] || t->fields[i].weak || word_at(a->base[0], t->fields[i].offset) != (u64)target) continue;
        if (t->fields[i].label == m->names->dict && !(word_at(type_of(target), TP_FLAGS) & TPFLAGS_DICT_SUBCLASS)) continue;
        m->used[i] = 1;
        *where = t->fields[i].offset * 4;
        return t->fields[i].label;
    }
    for (u32 n = 0; n < inner; n++) { /* from where the last was found: the order is mostly theirs */
        u32 i = *next + n < inner ? *next + n : *next + n - inner;
        int32_t here = (int32_t)((a->inner_first + 8l * i) * 4 + BASE_INNER);
        if (m->used[fields + i] || value_at(a, here) != target) continue;
        m->used[fields + i] = 1;
        *next = i + 1 < inner ? i + 1 : 0;
        *where = here;
        return label_of_inner(m, t, a, i);
    }
    if (a->code) return label_of_special(m, a, target, where);
    if (a->base[BASE_END] && pointer_at(a->base[BASE_END], t->dictoffset) == target) {
        *where = (int32_t)t->dictoffset * 4 + BASE_END;
        return m->names->dict;
    }
    return 0;
}

static u32 label_at(const TypeInfo *t, int32_t where) {
    for (u32 i = 0; i < t->field_count; i++)
        if (t->fields[i].offset * 4 == where) return t->fields[i].label;
    return 0;
}

static u32 labelled(const Match *m) { return m->found->count < MAX_LABELLED ? m->found->count : MAX_LABELLED; }

void match_remember(const Match *m, TypeInfo *t, const Anatomy *a, u32 visited, const u32 *labels, u32 shape) {
    const Found *found = m->found;
    u32 count = found->count;
    t->last_shape = shape;
    t->last_count = NONE;
    if (count > MAX_CACHED) return;
    t->last_reach = 0;
    for (u32 k = 0; k < count; k++) {
        int32_t where = found->where[k];
        long offset = where >> 2;
        t->last_where[k] = where;
        t->last_labels[k] = labels[k];
        if (where == NOWHERE || (where & 3) != BASE_INNER || offset < a->inner_first) continue;
        if ((offset - a->inner_first) / 8 + 1 > t->last_reach) t->last_reach = (u32)((offset - a->inner_first) / 8 + 1);
    }
    t->last_visited = visited;
    t->last_code = a->code;
    t->last_count = count;
}

int match_last(const Match *m, const TypeInfo *t, const Anatomy *a, u32 visited) {
    const Found *found = m->found;
    if (found->count != t->last_count || visited != t->last_visited || a->code != t->last_code) return 0;
    if (t->last_reach > (a->base[BASE_INNER] ? a->inner_count : 0)) return 0;
    for (u32 k = 0; k < found->count; k++) {
        int32_t where = t->last_where[k];
        if (k >= visited) {
            if (found->where[k] != where) return 0;
        } else if (where != NOWHERE && (!a->base[where & 3] || value_at(a, where) != found->targets[k])) return 0;
    }
    return 1;
}

void match_labels(Match *m, TypeInfo *t, const Anatomy *a, u32 visited, u32 *labels) {
    Found *found = m->found;
    u32 count = labelled(m), next = 0, inner = a->base[BASE_INNER] ? a->inner_count : 0;
    memset(m->used, 0, t->field_count + inner < MAX_USED ? t->field_count + inner : MAX_USED);
    for (u32 k = 0; k < count; k++)
        labels[k] = k < visited ? label_search(m, t, a, found->targets[k], &next, &found->where[k]) : label_at(t, found->where[k]);
}

/* If the rest is unnamed too, trailing empty labels are dropped. */
u32 match_shape(const Match *m, const u32 *labels, u8 rest) {
    u32 count = labelled(m);
    if (rest == REST_UNNAMED)
        while (count && !labels[count - 1]) count--;
    return shape_for(m->names, rest, labels, count);
}

int match_open(Match *m, Types *types, Found *found) {
    Graph *g = types->graph;
    *m = (Match){g->py, types->names, types, found, mem_grow(g->memory, NULL, 0, MAX_USED)};
    return m->used != NULL;
}
