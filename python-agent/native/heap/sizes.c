#include "heap/sizes.h"
#include "heap/arrays.h"
#include "python/classes.h"
#include "python/text.h"

/* ---- Which way, per type ---- */

static PyMethodDef *own_sizeof(const Python *py, char *type) {
    int release;
    PyObject *dict = class_dict(py, type, &release), *key, *value;
    PyMethodDef *method = NULL;
    Py_ssize_t pos = 0;
    while (dict && PyDict_Next(dict, &pos, &key, &value))
        if (type_of((char *)key) == py->types.str_ && text_is(py, (char *)key, "__sizeof__", 10) &&
            type_of((char *)value) == py->types.method_descriptor_)
            method = (PyMethodDef *)pointer_at(value, DESCRIPTOR_METHOD);
    if (release) Py_DecRef(dict);
    return method;
}

static u8 way_of(const Python *py, TypeInfo *t, char *owner, PyMethodDef *method) {
    if (owner == py->types.object_) return SIZE_GENERIC;
    if (owner == py->types.BytesIO_ && py->layout.bytesio_visited == 1) return SIZE_GENERIC; /* its buffer is a node */
    if (owner == py->types.frame_ && py->layout.version < 0x030B) return SIZE_GENERIC; /* it may have more room than its code needs */
    t->size_of = method->meth;
    if (owner == py->types.str_ && t->type == py->types.str_ && py->layout.str_ascii > 0) return SIZE_STR;
    if (owner == py->types.int_ && py->layout.int_bits > 0) return SIZE_INT;
    if (owner == py->types.type_) return SIZE_TYPE;
    if (owner == py->types.list_) return SIZE_LIST;
    if (owner == py->types.dict_ && py->functions.PyDict_SizeOf) return SIZE_DICT;
    return SIZE_CALL;
}

static u32 more_of(const Python *py, const TypeInfo *t) {
    const Layout *layout = &py->layout;
    const struct { const char *type; long more; } all[] = {
        {py->types.lock_, layout->lock_more}, {py->types.RLock_, layout->rlock_more}, {py->types.SimpleQueue_, layout->queue_more}};
    for (int i = 0; i < 3; i++)
        if (t->type == all[i].type && all[i].more > 0) return (u32)all[i].more;
    return 0;
}

/* Classes written in Python whose instances vary in size: their C base answers as if they were its own. */
static int is_allocated(const TypeInfo *t) {
    return t->python && t->itemsize && t->tp_flags & (TPFLAGS_LONG_SUBCLASS | TPFLAGS_TUPLE_SUBCLASS | TPFLAGS_BYTES_SUBCLASS);
}

void sizing_for(const Python *py, TypeInfo *t) {
    char *mro = pointer_at(t->type, TP_MRO);
    Py_ssize_t count = mro && type_of(mro) == py->types.tuple_ ? (Py_ssize_t)word_at(mro, OB_SIZE) : 0;
    t->more = more_of(py, t);
    t->sizing = SIZE_GENERIC;
    if (t->content == CONTENT_ARRAY) {
        t->sizing = SIZE_ARRAY;
        return;
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        char *owner = pointer_at(mro, py->layout.tuple_items + 8 * i);
        PyMethodDef *method = owner ? own_sizeof(py, owner) : NULL;
        if (!method) continue;
        if (method->flags != METH_NOARGS || !is_trusted(&py->trust, (void *)method->meth)) {
            t->unsure = 1;
            continue;
        }
        t->sizing = is_allocated(t) ? SIZE_ALLOCATED : way_of(py, t, owner, method);
        if (owner == py->types.str_ && t->type != owner) t->more = (u32)(t->basicsize - (long)word_at(owner, TP_BASICSIZE));
        return;
    }
}

/* ---- And of one object ---- */

static u64 call(char *o, const TypeInfo *t) {
    PyObject *result = t->size_of((PyObject *)o, NULL);
    Py_ssize_t size;
    if (!result) return (u64)t->basicsize;
    size = PyLong_AsSsize_t(result);
    Py_DecRef(result);
    return size < 0 ? (u64)t->basicsize : (u64)size;
}

static u64 digits_of(const Python *py, const char *o) {
    u64 digits;
    if (py->layout.int_tagged) digits = word_at(o, OB_SIZE) >> 3;
    else {
        int64_t size = (int64_t)word_at(o, OB_SIZE);
        digits = (u64)(size < 0 ? -size : size);
    }
    if (!digits && py->layout.version >= 0x030B) digits = 1; /* zero has one digit from 3.11 */
    return digits;
}

static u64 size_of_int(const Python *py, const char *o) { return 24 + digits_of(py, o) * (py->layout.int_bits > 16 ? 4 : 2); }

/* As the interpreter makes instances of a class: with one item more, and rounded up. */
static u64 size_allocated(const Python *py, const char *o, const TypeInfo *t) {
    u64 count = t->tp_flags & TPFLAGS_LONG_SUBCLASS ? digits_of(py, o) : word_at(o, OB_SIZE);
    return ((u64)t->basicsize + (u64)t->itemsize * (count + 1) + 7) & ~7ull;
}

/* Of a type, __sizeof__ leaves out the descriptions of its slots, and what its metaclass adds. */
static u64 size_of_type(const Python *py, char *o, const TypeInfo *t) {
    u64 size = call(o, t);
    if (!(word_at(o, TP_FLAGS) & TPFLAGS_HEAPTYPE)) return size;
    return size + (u64)(t->basicsize - (long)word_at(py->types.type_, TP_BASICSIZE)) + (u64)t->itemsize * (word_at(o, OB_SIZE) + 1);
}

static u64 size_of_items(const char *o, const TypeInfo *t) {
    int64_t size;
    if (!t->itemsize) return (u64)t->basicsize;
    size = (int64_t)word_at(o, OB_SIZE);
    return (u64)t->basicsize + (u64)t->itemsize * (u64)(size < 0 ? -size : size);
}

/* Of values in a block of their own (3.11, 3.12): the order of their making, in bytes before them, and as many as fit. */
static u64 size_of_block(const char *values, u64 most) {
    u64 prefix = byte_at(values, -1); /* their number + 2, rounded up to 8 */
    if (most > prefix - 2) most = prefix - 2;
    if (most + 9 < prefix) most = prefix - 9;
    return prefix + 8 * most;
}

/* From 3.13: a head of 8 bytes, the values, then their order. */
static u64 size_of_embedded(const char *values) {
    u64 size = byte_at(values, 0);
    return 8 * (size + 1) + ((size + 7) & ~7ull);
}

/* Values of instances that sys.getsizeof forgets. */
static u64 size_of_values(const Python *py, const char *o, const TypeInfo *t) {
    const char *values;
    if (py->layout.values == 3) return size_of_embedded(o + t->basicsize);
    values = pointer_at(o, py->layout.values_offset);
    if (py->layout.values == 2) values = (u64)values & 1 ? values + 1 : NULL;
    return values ? size_of_block(values, class_values_size(py, t->type)) : 0;
}

/*
 * Of a dictionary with values apart from its keys, __sizeof__ counts room for as many as the keys have now, and nothing
 * else of their block. Values that lie within an instance are counted there.
 */
static u64 size_of_dict(const Python *py, char *o, const TypeInfo *t) {
    u64 size = (u64)py->functions.PyDict_SizeOf(o), most;
    const char *values = t->type == py->types.frozendict_ ? NULL : pointer_at(o, DICT_VALUES);
    if (!values || py->layout.values < 1) return size;
    most = class_keys_size(pointer_at(o, DICT_KEYS));
    if (size < 8 * most) return size;
    size -= 8 * most;
    if (py->layout.values < 3) return size + size_of_block(values, most);
    return byte_at(values, 2) ? size : size + size_of_embedded(values);
}

/* Structures and arrays of ctypes have a buffer where they are larger than a few bytes. */
static u64 size_of_buffer(const Python *py, const char *o, const TypeInfo *t) {
    const char *data = pointer_at(o, py->layout.cdata_data);
    if (!(half_at(o, py->layout.cdata_owns) & 1) || (data >= o && data < o + t->basicsize)) return 0;
    return word_at(o, py->layout.cdata_size);
}

u64 size_of(const Python *py, char *o, const TypeInfo *t) {
    u64 size;
    switch (t->sizing) {
    case SIZE_STR:
        if ((half_at(o, STR_STATE) & 0x60) == 0x60) size = (u64)py->layout.str_ascii + word_at(o, STR_LENGTH) + 1;
        else size = call(o, t); /* not compact ASCII: it may carry its UTF-8 besides */
        break;
    case SIZE_INT: size = size_of_int(py, o); break;
    case SIZE_LIST: size = (u64)t->basicsize + 8 * word_at(o, LIST_ALLOCATED); break;
    case SIZE_DICT: size = size_of_dict(py, o, t); break;
    case SIZE_TYPE: size = size_of_type(py, o, t); break;
    case SIZE_ALLOCATED: size = size_allocated(py, o, t); break;
    case SIZE_CALL: size = call(o, t); break;
    case SIZE_ARRAY: size = array_size(py, o, t->basicsize); break;
    default: size = size_of_items(o, t);
    }
    size += t->more;
    if (t->family == FAMILY_CDATA) size += size_of_buffer(py, o, t);
    if (t->family == FAMILY_AWARE && !t->python && !byte_at(o, py->layout.aware)) size -= 8;
    if (t->is_gc && !t->is_gc((PyObject *)o)) size += (u64)py->layout.static_pre; /* static types */
    else size += t->pre;
    if (t->inline_values && !py->layout.values_sized) size += size_of_values(py, o, t);
    return size;
}
