#define _GNU_SOURCE
#include "heap/types.h"
#include "heap/lengths.h"
#include "heap/places.h"
#include "heap/sizes.h"
#include "python/classes.h"

#define FIRST_SIZE 8192
#define MAX_OWN_FIELDS 4096

int types_open(Types *types, Names *names) {
    Memory *memory = names->graph->memory;
    *types = (Types){.graph = names->graph, .names = names, .size = FIRST_SIZE};
    types->slots = mem_grow(memory, NULL, 0, FIRST_SIZE * sizeof(TypeInfo *));
    types->fields = mem_grow(memory, NULL, 0, MAX_OWN_FIELDS * sizeof(Field));
    return types->slots && types->fields && block_open(&types->block, memory, names->graph->out, "TYPE", 1u << 20);
}

static u32 hash_of(const char *type) { return (u32)((u64)type * 0x9E3779B97F4A7C15ull >> 32); }

static TypeInfo **slot_of(TypeInfo **slots, u32 size, char *type) {
    u32 at = hash_of(type) & (size - 1);
    while (slots[at] && slots[at]->type != type) at = (at + 1) & (size - 1);
    return &slots[at];
}

static int grow(Types *types) {
    TypeInfo **wider = mem_grow(types->graph->memory, NULL, 0, 2ull * types->size * sizeof(TypeInfo *));
    if (!wider) return 0;
    for (u32 i = 0; i < types->size; i++)
        if (types->slots[i]) *slot_of(wider, 2 * types->size, types->slots[i]->type) = types->slots[i];
    types->slots = wider;
    types->size *= 2;
    return 1;
}

/* Whether a type is named among those whose instances take more than they say. */
static int is_named(const Options *options, const char *module, u32 module_length, const char *name, u32 name_length) {
    char whole[2 * DUMP_LIMIT_TYPE_NAME + 3];
    u32 length = 0;
    if (!options->lower_bounds) return 0;
    whole[length++] = '\n';
    memcpy(whole + length, module, module_length);
    length += module_length;
    whole[length++] = '.';
    memcpy(whole + length, name, name_length);
    length += name_length;
    whole[length++] = '\n';
    return memmem(options->lower_bounds, (size_t)options->lower_bounds_size, whole, length) != NULL;
}

static void write_type(Types *types, TypeInfo *t, const TypeInfo *base) {
    const Python *py = types->graph->py;
    Block *block = &types->block;
    char module[DUMP_LIMIT_TYPE_NAME], name[DUMP_LIMIT_TYPE_NAME];
    u32 module_length = class_module(py, t->type, module, sizeof module), name_length = class_name(py, t->type, name, sizeof name);
    if (t->unsure || (base && base->flags & TYPE_FLAG_LOWER_BOUND) ||
        is_named(types->graph->options, module, module_length, name, name_length))
        t->flags |= TYPE_FLAG_LOWER_BOUND;
    if (!block_room(block, 16 + module_length + name_length)) return;
    put32(block, t->node);
    put32(block, t->flags);
    put32(block, t->base);
    put_text(block, module, module_length);
    put_text(block, name, name_length);
    block->count++;
}

/* ---- Properties ---- */

static u32 flags_of(const Python *py, const TypeInfo *t) {
    char *type = t->type;
    u32 flags = t->python ? TYPE_FLAG_PYTHON : 0;
    PyMemberDef *members = (PyMemberDef *)pointer_at(type, TP_MEMBERS);
    if (t->tp_flags & TPFLAGS_HEAPTYPE) flags |= TYPE_FLAG_HEAP;
    if (py->layout.slot_finalize > 0 && word_at(type, TP_FINALIZE) == (u64)py->layout.slot_finalize) flags |= TYPE_FLAG_FINALIZER;
    if (word_at(type, TP_WEAKLIST) || (t->tp_flags & py->layout.pre_flags & ~TPFLAGS_MANAGED_DICT)) flags |= TYPE_FLAG_WEAK_REFERENCED;
    if (t->tp_flags & TPFLAGS_TYPE_SUBCLASS) flags |= TYPE_FLAG_METACLASS;
    if (t->python && members && members->name) flags |= TYPE_FLAG_SLOTS;
    if (!(t->tp_flags & TPFLAGS_HAVE_GC)) flags |= TYPE_FLAG_UNCOLLECTED;
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

static void fields_of_members(Names *names, const TypeInfo *t, Field *fields, u32 *count) {
    PyMemberDef *m = (PyMemberDef *)pointer_at(t->type, TP_MEMBERS);
    for (; m && m->name; m++) {
        if (m->type != T_OBJECT && m->type != T_OBJECT_EX) continue;
        if (m->offset < OB_SIZE || m->offset > (1 << 20)) continue;
        add_field(fields, count,
                  label_for(names, t->python ? LABEL_ATTRIBUTE : LABEL_FIELD, m->name, (u32)strnlen(m->name, DUMP_LIMIT_LABEL)),
                  m->offset, 0, 0);
    }
}

/* Where instances hold references by name: from the base, from probes, members, the dictionary, the class. */
static void collect_fields(Types *types, TypeInfo *t, const TypeInfo *base) {
    const Python *py = types->graph->py;
    const ProbedFields *probed = &py->fields;
    Field *fields = types->fields;
    u32 count = 0;
    for (int i = 0; i < probed->count; i++) {
        const ProbedField *f = &probed->items[i];
        if (f->type == t->type) add_field(fields, &count, types->names->probed[i], f->offset, f->explicit_, f->kind & LABEL_WEAK);
    }
    for (u32 i = 0; base && i < base->field_count; i++) {
        const Field *f = &base->fields[i];
        if (f->label == types->names->dict && f->offset == base->dictoffset && t->dictoffset != base->dictoffset) continue;
        add_field(fields, &count, f->label, f->offset, f->explicit_, f->weak);
    }
    fields_of_members(types->names, t, fields, &count);
    add_field(fields, &count, types->names->class_, OB_TYPE, 0, 0);
    if (t->dictoffset > 0) add_field(fields, &count, types->names->dict, t->dictoffset, 0, 0);
    if (py->layout.managed_dict != -1 && (t->tp_flags & TPFLAGS_MANAGED_DICT))
        add_field(fields, &count, types->names->dict, py->layout.managed_dict, py->layout.values == 3, 0);
    t->fields = mem_take(types->graph->memory, count * sizeof(Field));
    if (!t->fields) return;
    memcpy(t->fields, fields, count * sizeof(Field));
    t->field_count = count;
    for (u32 i = 0; i < count; i++) t->has_explicit |= fields[i].explicit_;
}

static u8 content_of(const Python *py, const char *type) {
    if (type == py->types.list_) return CONTENT_LIST;
    if (type == py->types.tuple_) return CONTENT_TUPLE;
    if (type == py->types.dict_ || type == py->types.frozendict_) return CONTENT_DICT;
    if (type == py->types.set_ || type == py->types.frozenset_) return CONTENT_SET;
    if (type == py->types.deque_) return CONTENT_DEQUE;
    if (type == py->types.frame_ && py->layout.frame_locals > 0) return CONTENT_FRAME;
    if (type == py->types.generator_ || type == py->types.coroutine_ || type == py->types.async_generator_)
        return py->layout.generator_frame > 0 ? CONTENT_FRAME : CONTENT_NONE;
    if (type == py->types.type_) return CONTENT_TYPE;
    if (type == py->types.ndarray_ && py->layout.array_data > 0) return CONTENT_ARRAY;
    if (type == py->types.hamt_bitmap_node_ && py->layout.variable_name > 0) return CONTENT_VARIABLES;
    if (type == py->types.lru_cache_wrapper_ && py->layout.cache_function > 0) return CONTENT_CACHE;
    if (type == py->types.Connection_) return CONTENT_CONNECTION;
    return CONTENT_NONE;
}

static u8 family_of(const Python *py, const char *type, const TypeInfo *base) {
    if (type == py->types.CData_ && py->layout.cdata_data > 0) return FAMILY_CDATA;
    if ((type == py->types.datetime_ || type == py->types.time_) && py->layout.aware > 0) return FAMILY_AWARE;
    if (type == py->types.greenlet_ && py->layout.greenlet_inner > 0) return FAMILY_GREENLET;
    return base ? base->family : FAMILY_NONE;
}

static void collect(Types *types, TypeInfo *t, const TypeInfo *base) {
    const Python *py = types->graph->py;
    char *type = t->type;
    t->tp_flags = word_at(type, TP_FLAGS);
    t->basicsize = (long)word_at(type, TP_BASICSIZE);
    t->itemsize = (long)word_at(type, TP_ITEMSIZE);
    t->dictoffset = (long)word_at(type, TP_DICTOFFSET);
    t->traverse = t->tp_flags & TPFLAGS_HAVE_GC ? (traverseproc)(void *)pointer_at(type, TP_TRAVERSE) : NULL;
    t->is_gc = (inquiry)(void *)pointer_at(type, TP_IS_GC);
    t->pre = (t->tp_flags & TPFLAGS_HAVE_GC ? 16 : 0) + (t->tp_flags & (u64)py->layout.pre_flags ? 16 : 0);
    t->content = content_of(py, type);
    t->exact = t->content >= CONTENT_LIST && t->content <= CONTENT_SET;
    t->base_traverse = t->content ? t->traverse : NULL;
    if (!t->content && base) {
        t->content = base->content;
        t->base_traverse = base->base_traverse;
    }
    t->is_str = type == py->types.str_;
    t->is_bytes = type == py->types.bytes_;
    t->is_int = type == py->types.int_;
    t->is_function = type == py->types.function_;
    t->inline_values = py->layout.values > 0 && (t->tp_flags & (u64)py->layout.values_flag) != 0;
    t->placed = (u8)place_is_told(py, t);
    t->measured = measured_of(py, type, base);
    t->python = (u8)class_is_python(py, type);
    t->family = family_of(py, type, base);
    t->flags = flags_of(py, t);
    t->last_count = NONE;
    sizing_for(py, t);
    collect_fields(types, t, base);
}

static TypeInfo *create(Types *types, char *type) {
    char *base_type = pointer_at(type, TP_BASE);
    TypeInfo *base = base_type ? *slot_of(types->slots, types->size, base_type) : NULL, *t;
    if (types->count * 2 >= types->size && !grow(types)) return NULL;
    t = mem_take(types->graph->memory, sizeof *t);
    if (!t) return NULL;
    t->type = type;
    t->index = types->count++;
    t->base = base ? base->index : NONE;
    *slot_of(types->slots, types->size, type) = t;
    t->node = graph_number(types->graph, type);
    collect(types, t, base);
    write_type(types, t, base);
    return t;
}

TypeInfo *type_info_slow(Types *types, char *type) {
    TypeInfo *t = *slot_of(types->slots, types->size, type);
    while (!t) { /* the farthest unknown base first: no recursion, a chain of classes may be long */
        char *unknown = type, *base;
        while ((base = pointer_at(unknown, TP_BASE)) && !*slot_of(types->slots, types->size, base)) unknown = base;
        t = create(types, unknown);
        if (!t) return NULL;
        if (unknown != type) t = NULL;
    }
    types->last = t;
    return t;
}

u32 type_label_of_value(Types *types, TypeInfo *t, u32 position) {
    const Python *py = types->graph->py;
    if (!class_has_value(py, t->type, position)) return 0;
    if (position >= t->value_count) {
        u32 size = position + 32;
        u32 *labels = mem_take(types->graph->memory, size * sizeof(u32));
        if (!labels) return 0;
        memset(labels, 0xFF, size * sizeof(u32));
        if (t->value_count) memcpy(labels, t->value_labels, t->value_count * sizeof(u32));
        t->value_labels = labels;
        t->value_count = size;
    }
    if (t->value_labels[position] == NONE) {
        char *name = class_value_name(py, t->type, position);
        t->value_labels[position] = name ? label_for_str(types->names, LABEL_ATTRIBUTE, name) : 0;
    }
    return t->value_labels[position];
}
