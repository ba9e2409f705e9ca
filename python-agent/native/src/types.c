/* What the walk needs to know of a type, found out once, when its first instance is met, without running its code. */
#include "core.h"

#define FIRST_SIZE 8192
#define MAX_OWN_FIELDS 4096
#define MAX_TEXT 500

int types_open(Walk *w) {
    w->type_size = FIRST_SIZE;
    w->type_slots = mem_grow(&w->memory, NULL, 0, FIRST_SIZE * sizeof(TypeInfo *));
    return w->type_slots != NULL;
}

static u32 hash_of(const char *type) { return (u32)((u64)type * 0x9E3779B97F4A7C15ull >> 32); }

static TypeInfo **slot_of(TypeInfo **slots, u32 size, char *type) {
    u32 at = hash_of(type) & (size - 1);
    while (slots[at] && slots[at]->type != type) at = (at + 1) & (size - 1);
    return &slots[at];
}

static int grow(Walk *w) {
    TypeInfo **wider = mem_grow(&w->memory, NULL, 0, 2ull * w->type_size * sizeof(TypeInfo *));
    if (!wider) return 0;
    for (u32 i = 0; i < w->type_size; i++)
        if (w->type_slots[i]) *slot_of(wider, 2 * w->type_size, w->type_slots[i]->type) = w->type_slots[i];
    w->type_slots = wider;
    w->type_size *= 2;
    return 1;
}

/* ---- Names ---- */

PyObject *type_dict(char *type, int *release) {
    PyObject *dict = (PyObject *)pointer_at(type, TP_DICT);
    *release = 0;
    if (!dict && api.PyType_GetDict && (word_at(type, TP_FLAGS) & TPFLAGS_STATIC_BUILTIN)) {
        dict = api.PyType_GetDict(type); /* kept per interpreter from 3.12 */
        *release = dict != NULL;
    }
    /* ctypes' types had dictionaries of a kind of their own. */
    return dict && (word_at(type_of((char *)dict), TP_FLAGS) & TPFLAGS_DICT_SUBCLASS) ? dict : NULL;
}

/* A class's dictionary searched by content: a look-up could call a key's __eq__. */
static char *dict_find(PyObject *dict, const char *name, u32 length) {
    Py_ssize_t pos = 0;
    PyObject *key, *value;
    while (PyDict_Next(dict, &pos, &key, &value))
        if (type_of((char *)key) == known.str_ && text_is((char *)key, name, length)) return (char *)value;
    return NULL;
}

static u32 module_of(char *type, char *into) {
    int release;
    PyObject *dict = type_dict(type, &release);
    char *module = dict ? dict_find(dict, "__module__", 10) : NULL;
    u32 length = 0;
    const char *name = pointer_at(type, TP_NAME), *dot = strrchr(name, '.');
    if (module && type_of(module) == known.str_) length = text_utf8(module, into, MAX_TEXT);
    else if (word_at(type, TP_FLAGS) & TPFLAGS_HEAPTYPE) into[length++] = '?';
    else if (dot) memcpy(into, name, length = dot - name < MAX_TEXT ? (u32)(dot - name) : MAX_TEXT);
    else memcpy(into, "builtins", length = 8);
    if (release) Py_DecRef(dict);
    return length;
}

static u32 name_of(char *type, char *into) {
    const char *name = pointer_at(type, TP_NAME), *dot;
    size_t length;
    if ((word_at(type, TP_FLAGS) & TPFLAGS_HEAPTYPE) && layout.type_qualname > 0) {
        char *qualname = pointer_at(type, layout.type_qualname);
        if (qualname && type_of(qualname) == known.str_) return text_utf8(qualname, into, MAX_TEXT);
    }
    dot = strrchr(name, '.');
    if (dot) name = dot + 1;
    length = strnlen(name, MAX_TEXT);
    memcpy(into, name, length);
    return (u32)length;
}

static void write_type(Walk *w, TypeInfo *t) {
    char module[MAX_TEXT], name[MAX_TEXT];
    u32 module_length = module_of(t->type, module), name_length = name_of(t->type, name);
    if (!block_room(&w->types, 16 + module_length + name_length)) return;
    put32(&w->types, t->node);
    put32(&w->types, t->flags);
    put32(&w->types, t->base);
    put16(&w->types, (u16)module_length);
    put(&w->types, module, module_length);
    put16(&w->types, (u16)name_length);
    put(&w->types, name, name_length);
    w->types.count++;
}

/* ---- Properties ---- */

/* A class statement takes its C name from its Python name; a type made by C code has its own, usually with a module. */
static int is_python_class(char *type) {
    const char *name = pointer_at(type, TP_NAME), *str;
    if (!(word_at(type, TP_FLAGS) & TPFLAGS_HEAPTYPE) || layout.type_name < 0) return 0;
    if (layout.subtype_dealloc > 0 && word_at(type, TP_DEALLOC) != (u64)layout.subtype_dealloc) return 0;
    str = pointer_at(type, layout.type_name);
    if (name >= str && name < str + 100 + (str ? word_at(str, STR_LENGTH) : 0)) return 1;
    return str && strchr(name, '.') == NULL && !(byte_at(str, STR_STATE) >> 6 & 1); /* ASCII is shared, above */
}

static u32 flags_of(TypeInfo *t) {
    char *type = t->type;
    u32 flags = t->python ? TYPE_PYTHON : 0;
    PyMemberDef *members = (PyMemberDef *)pointer_at(type, TP_MEMBERS);
    if (t->tp_flags & TPFLAGS_HEAPTYPE) flags |= TYPE_HEAP;
    if (layout.slot_finalize > 0 && word_at(type, TP_FINALIZE) == (u64)layout.slot_finalize) flags |= TYPE_DEL;
    if (word_at(type, TP_WEAKLIST) || (t->tp_flags & layout.pre_flags & ~TPFLAGS_MANAGED_DICT)) flags |= TYPE_WEAKLIST;
    if (t->tp_flags & TPFLAGS_TYPE_SUBCLASS) flags |= TYPE_META;
    if (t->python && members && members->name) flags |= TYPE_SLOTS;
    return flags;
}

static int add_field(Field *fields, u32 *count, u32 label, long offset, int explicit_, int weak) {
    for (u32 i = 0; i < *count; i++)
        if (fields[i].offset == offset) return 0;
    if (*count >= MAX_OWN_FIELDS) return 0;
    fields[*count] = (Field){label, (int32_t)offset, (u8)explicit_, (u8)weak};
    ++*count;
    return 1;
}

static void fields_of_members(Walk *w, TypeInfo *t, Field *fields, u32 *count) {
    PyMemberDef *m = (PyMemberDef *)pointer_at(t->type, TP_MEMBERS);
    for (; m && m->name; m++) {
        if (m->type != T_OBJECT && m->type != T_OBJECT_EX) continue;
        if (m->offset < OB_SIZE || m->offset > (1 << 20)) continue;
        add_field(fields, count,
                  label_for(w, t->python ? KIND_ATTRIBUTE : KIND_FIELD, m->name, (u32)strnlen(m->name, 200)),
                  m->offset, 0, 0);
    }
}

/* Where instances hold references by name: what the base has, what was probed, members, the dictionary, the class. */
static void collect_fields(Walk *w, TypeInfo *t, TypeInfo *base) {
    static Field fields[MAX_OWN_FIELDS];
    u32 count = 0;
    for (int i = 0; i < probed_count; i++)
        if (probed[i].type == t->type)
            add_field(fields, &count, probed[i].label, probed[i].offset, probed[i].explicit_, probed[i].kind & KIND_WEAK);
    if (base)
        for (u32 i = 0; i < base->field_count; i++) {
            Field *f = &base->fields[i];
            add_field(fields, &count, f->label, f->offset, f->explicit_, f->weak);
        }
    fields_of_members(w, t, fields, &count);
    add_field(fields, &count, w->label_class, OB_TYPE, 0, 0);
    if (t->dictoffset > 0) add_field(fields, &count, w->label_dict, t->dictoffset, 0, 0);
    if (layout.managed_dict != -1 && (t->tp_flags & TPFLAGS_MANAGED_DICT))
        add_field(fields, &count, w->label_dict, layout.managed_dict, layout.values == 3, 0);
    t->fields = mem_take(&w->memory, count * sizeof(Field));
    if (!t->fields) return;
    memcpy(t->fields, fields, count * sizeof(Field));
    t->field_count = count;
    for (u32 i = 0; i < count; i++) t->has_explicit |= fields[i].explicit_;
}

static u8 content_of(char *type) {
    if (type == known.list_) return CONTENT_LIST;
    if (type == known.tuple_) return CONTENT_TUPLE;
    if (type == known.dict_ || type == known.frozendict_) return CONTENT_DICT;
    if (type == known.set_ || type == known.frozenset_) return CONTENT_SET;
    if (type == known.deque_) return CONTENT_DEQUE;
    if (type == known.frame_ && layout.frame_locals > 0) return CONTENT_FRAME;
    if (type == known.generator_ || type == known.coroutine_ || type == known.async_generator_)
        return layout.generator_frame > 0 ? CONTENT_FRAME : CONTENT_NONE;
    if (type == known.type_) return CONTENT_TYPE;
    if (type == known.ndarray_ && layout.array_data > 0) return CONTENT_ARRAY;
    return CONTENT_NONE;
}

static void collect(Walk *w, TypeInfo *t, TypeInfo *base) {
    char *type = t->type;
    t->tp_flags = word_at(type, TP_FLAGS);
    t->basicsize = (long)word_at(type, TP_BASICSIZE);
    t->itemsize = (long)word_at(type, TP_ITEMSIZE);
    t->dictoffset = (long)word_at(type, TP_DICTOFFSET);
    t->traverse = t->tp_flags & TPFLAGS_HAVE_GC ? (traverseproc)(void *)pointer_at(type, TP_TRAVERSE) : NULL;
    t->is_gc = (inquiry)(void *)pointer_at(type, TP_IS_GC);
    t->pre = (t->tp_flags & TPFLAGS_HAVE_GC ? 16 : 0) + (t->tp_flags & (u64)layout.pre_flags ? 16 : 0);
    t->content = content_of(type);
    t->exact = t->content >= CONTENT_LIST && t->content <= CONTENT_SET;
    t->base_traverse = t->content ? t->traverse : NULL;
    if (!t->content && base) {
        t->content = base->content;
        t->base_traverse = base->base_traverse;
    }
    t->is_str = type == known.str_;
    t->is_bytes = type == known.bytes_;
    t->is_int = type == known.int_;
    t->is_function = type == known.function_;
    t->inline_values = layout.values > 0 && (t->tp_flags & (u64)layout.values_flag) != 0;
    t->python = (u8)is_python_class(type);
    t->flags = flags_of(t);
    t->last_count = NONE;
    sizing_for(w, t);
    collect_fields(w, t, base);
}

static TypeInfo *create(Walk *w, char *type) {
    char *base_type = pointer_at(type, TP_BASE);
    TypeInfo *base = base_type ? *slot_of(w->type_slots, w->type_size, base_type) : NULL, *t;
    if (w->type_count * 2 >= w->type_size && !grow(w)) return NULL;
    t = mem_take(&w->memory, sizeof *t);
    if (!t) return NULL;
    t->type = type;
    t->index = w->type_count++;
    t->base = base ? base->index : NONE;
    *slot_of(w->type_slots, w->type_size, type) = t;
    t->node = walk_number(w, type);
    collect(w, t, base);
    write_type(w, t);
    return t;
}

TypeInfo *type_info_slow(Walk *w, char *type) {
    TypeInfo *t = *slot_of(w->type_slots, w->type_size, type);
    while (!t) { /* the farthest unknown base first: no recursion, a chain of classes may be long */
        char *unknown = type, *base;
        while ((base = pointer_at(unknown, TP_BASE)) && !*slot_of(w->type_slots, w->type_size, base)) unknown = base;
        t = create(w, unknown);
        if (!t) return NULL;
        if (unknown != type) t = NULL;
    }
    w->last_type = t;
    return t;
}

/* ---- Names of inline values: the type's shared keys ---- */

enum { KEYS_LOG2_INDEX = 9, KEYS_USABLE = 16, KEYS_COUNT = 24, KEYS_INDICES = 32 };

u32 type_label_of_value(Walk *w, TypeInfo *t, u32 position) {
    char *keys = layout.type_keys > 0 ? pointer_at(t->type, layout.type_keys) : NULL, *name;
    if (!keys || position >= word_at(keys, KEYS_COUNT)) return 0;
    if (position >= t->value_count) {
        u32 size = position + 32;
        u32 *labels = mem_take(&w->memory, size * sizeof(u32));
        if (!labels) return 0;
        memset(labels, 0xFF, size * sizeof(u32));
        if (t->value_count) memcpy(labels, t->value_labels, t->value_count * sizeof(u32));
        t->value_labels = labels;
        t->value_count = size;
    }
    if (t->value_labels[position] == NONE) {
        name = pointer_at(keys, KEYS_INDICES + (1l << byte_at(keys, KEYS_LOG2_INDEX)) + 16l * position);
        t->value_labels[position] =
            name && type_of(name) == known.str_ ? label_for_str(w, KIND_ATTRIBUTE, name) : 0;
    }
    return t->value_labels[position];
}

u32 type_values_size(TypeInfo *t) {
    char *keys = layout.type_keys > 0 ? pointer_at(t->type, layout.type_keys) : NULL;
    return keys ? (u32)(word_at(keys, KEYS_USABLE) + word_at(keys, KEYS_COUNT)) : 0;
}
