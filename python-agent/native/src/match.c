/*
 * Which field of an object holds which of its references: each pointer that tp_traverse gave is looked for in the object's
 * structure. Where the last object of its type had its pointers, this one is asked first.
 */
#include "edges.h"

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

Anatomy match_anatomy(Walk *w, char *o, TypeInfo *t) {
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

void match_remember(TypeInfo *t, const Walk *w, const Anatomy *a, u32 visited, const u32 *labels, u32 shape) {
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

int match_last(const Walk *w, const TypeInfo *t, const Anatomy *a, u32 visited, u32 count) {
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

void match_labels(Walk *w, TypeInfo *t, const Anatomy *a, u32 visited, u32 *labels) {
    u32 count = w->found_count < 65535 ? w->found_count : 65535, next = 0;
    u32 inner = a->base[BASE_INNER] ? a->inner_count : 0;
    memset(w->used, 0, t->field_count + inner < MAX_USED ? t->field_count + inner : MAX_USED);
    for (u32 k = 0; k < count; k++)
        labels[k] = k < visited ? label_search(w, t, a, w->found[k], &next, &w->where[k]) : label_at(t, w->where[k]);
}

/* With a rest that is unnamed too, labels end at the last that says something. */
u32 match_shape(Walk *w, const u32 *labels, u8 rest) {
    u32 count = w->found_count < 65535 ? w->found_count : 65535;
    if (rest == REST_UNNAMED)
        while (count && !labels[count - 1]) count--;
    return shape_for(w, rest, labels, count);
}
