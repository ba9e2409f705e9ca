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
    t->size_of = method->meth;
    if (owner == py->types.str_ && t->type == py->types.str_ && py->layout.str_ascii > 0) return SIZE_STR;
    if (owner == py->types.int_ && py->layout.int_bits > 0) return SIZE_INT;
    if (owner == py->types.list_) return SIZE_LIST;
    if (owner == py->types.dict_ && py->functions.PyDict_SizeOf) return SIZE_DICT;
    return SIZE_CALL;
}

void sizing_for(const Python *py, TypeInfo *t) {
    char *mro = pointer_at(t->type, TP_MRO);
    Py_ssize_t count = mro && type_of(mro) == py->types.tuple_ ? (Py_ssize_t)word_at(mro, OB_SIZE) : 0;
    t->sizing = SIZE_GENERIC;
    if (t->content == CONTENT_ARRAY) {
        t->sizing = SIZE_ARRAY;
        return;
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        char *owner = pointer_at(mro, py->layout.tuple_items + 8 * i);
        PyMethodDef *method = owner ? own_sizeof(py, owner) : NULL;
        if (!method || method->flags != METH_NOARGS || !is_trusted(&py->trust, (void *)method->meth)) continue;
        t->sizing = way_of(py, t, owner, method);
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

static u64 size_of_int(const Python *py, const char *o) {
    u64 digits;
    if (py->layout.int_tagged) digits = word_at(o, OB_SIZE) >> 3;
    else {
        int64_t size = (int64_t)word_at(o, OB_SIZE);
        digits = (u64)(size < 0 ? -size : size);
    }
    if (!digits && py->layout.version >= 0x030B) digits = 1; /* zero has one digit from 3.11 */
    return 24 + digits * (py->layout.int_bits > 16 ? 4 : 2);
}

static u64 size_of_items(const char *o, const TypeInfo *t) {
    int64_t size;
    if (!t->itemsize) return (u64)t->basicsize;
    size = (int64_t)word_at(o, OB_SIZE);
    return (u64)t->basicsize + (u64)t->itemsize * (u64)(size < 0 ? -size : size);
}

/* Values of instances that sys.getsizeof forgets. */
static u64 size_of_values(const Python *py, const char *o, const TypeInfo *t) {
    const char *values;
    u64 size, prefix;
    if (py->layout.values == 3) { /* within the object, behind its structure: values, then their order in bytes */
        size = byte_at(o, t->basicsize);
        return 8 * (size + 1) + ((size + 7) & ~7ull);
    }
    values = pointer_at(o, py->layout.values_offset);
    if (py->layout.values == 2) values = (u64)values & 1 ? values + 1 : NULL;
    if (!values) return 0;
    prefix = byte_at(values, -1); /* order in bytes, before the values: their number + 2, rounded up to 8 */
    size = class_values_size(py, t->type);
    if (size > prefix - 2) size = prefix - 2;
    if (size + 9 < prefix) size = prefix - 9;
    return prefix + 8 * size;
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
    case SIZE_DICT: size = (u64)py->functions.PyDict_SizeOf(o); break;
    case SIZE_CALL: size = call(o, t); break;
    case SIZE_ARRAY: size = array_size(py, o, t->basicsize); break;
    default: size = size_of_items(o, t);
    }
    if (t->is_gc && !t->is_gc((PyObject *)o)) size += (u64)py->layout.static_pre; /* static types */
    else size += t->pre;
    if (t->inline_values && !py->layout.values_sized) size += size_of_values(py, o, t);
    return size;
}
