/*
 * What sys.getsizeof says, without running a line of Python: formulas for the types of which there are many, else the C
 * function behind the nearest __sizeof__ that belongs to the interpreter or its standard library. A __sizeof__ written in
 * Python, or in somebody's extension (it may lock, or run Python in turn), is passed over: the next base answers.
 */
#define _GNU_SOURCE
#include <stdio.h>
#ifdef __linux__
#include <link.h>
#endif
#include "core.h"

/* ---- Whose code is it? Asked of the loader beforehand: in a forked child its lock may be held ---- */

#define MAX_RANGES 256
static struct { u64 from, to; } trusted[MAX_RANGES];
static int trusted_count;

#ifdef __linux__
static int is_ours(const char *name) {
    return !*name || strstr(name, "/lib-dynload/") || strstr(name, "/libpython3") || strstr(name, "_heapscope_core");
}

static int on_library(struct dl_phdr_info *info, size_t size, void *arg) {
    (void)size, (void)arg;
    if (!info->dlpi_name || !is_ours(info->dlpi_name)) return 0;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_X) || trusted_count == MAX_RANGES) continue;
        trusted[trusted_count].from = info->dlpi_addr + segment->p_vaddr;
        trusted[trusted_count++].to = info->dlpi_addr + segment->p_vaddr + segment->p_memsz;
    }
    return 0;
}

void trust_setup(void) {
    trusted_count = 0;
    dl_iterate_phdr(on_library, NULL);
}
#else
void trust_setup(void) { trusted_count = 0; }
#endif

static int is_trusted(const void *function) {
    for (int i = 0; i < trusted_count; i++)
        if ((u64)function >= trusted[i].from && (u64)function < trusted[i].to) return 1;
    return 0;
}

/* ---- Which way, per type ---- */

static PyMethodDef *own_sizeof(char *type) {
    int release;
    PyObject *dict = type_dict(type, &release), *key, *value;
    PyMethodDef *method = NULL;
    Py_ssize_t pos = 0;
    while (dict && PyDict_Next(dict, &pos, &key, &value))
        if (type_of((char *)key) == known.str_ && text_is((char *)key, "__sizeof__", 10) &&
            type_of((char *)value) == known.method_descriptor_)
            method = (PyMethodDef *)pointer_at(value, DESCRIPTOR_METHOD);
    if (release) Py_DecRef(dict);
    return method;
}

static u8 way_of(TypeInfo *t, char *owner, PyMethodDef *method) {
    if (owner == known.object_) return SIZE_GENERIC;
    t->size_of = method->meth;
    if (owner == known.str_ && t->type == known.str_ && layout.str_ascii > 0) return SIZE_STR;
    if (owner == known.int_ && layout.int_bits > 0) return SIZE_INT;
    if (owner == known.list_) return SIZE_LIST;
    if (owner == known.dict_ && api.PyDict_SizeOf) return SIZE_DICT;
    return SIZE_CALL;
}

void sizing_for(Walk *w, TypeInfo *t) {
    char *mro = pointer_at(t->type, TP_MRO);
    Py_ssize_t count = mro && type_of(mro) == known.tuple_ ? (Py_ssize_t)word_at(mro, OB_SIZE) : 0;
    (void)w;
    t->sizing = SIZE_GENERIC;
    if (t->content == CONTENT_ARRAY) {
        t->sizing = SIZE_ARRAY;
        return;
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        char *owner = pointer_at(mro, layout.tuple_items + 8 * i);
        PyMethodDef *method = owner ? own_sizeof(owner) : NULL;
        if (!method || method->flags != METH_NOARGS || !is_trusted((void *)method->meth)) continue;
        t->sizing = way_of(t, owner, method);
        return;
    }
}

/* ---- And of one object ---- */

static u64 call(char *o, TypeInfo *t) {
    PyObject *result = t->size_of((PyObject *)o, NULL);
    Py_ssize_t size;
    if (!result) return (u64)t->basicsize;
    size = PyLong_AsSsize_t(result);
    Py_DecRef(result);
    return size < 0 ? (u64)t->basicsize : (u64)size;
}

static u64 size_of_int(char *o) {
    u64 digits;
    if (layout.int_tagged) digits = word_at(o, OB_SIZE) >> 3;
    else {
        int64_t size = (int64_t)word_at(o, OB_SIZE);
        digits = (u64)(size < 0 ? -size : size);
    }
    if (!digits && layout.version >= 0x030B) digits = 1; /* zero has one digit from 3.11 */
    return 24 + digits * (layout.int_bits > 16 ? 4 : 2);
}

static u64 size_of_items(char *o, TypeInfo *t) {
    int64_t size;
    if (!t->itemsize) return (u64)t->basicsize;
    size = (int64_t)word_at(o, OB_SIZE);
    return (u64)t->basicsize + (u64)t->itemsize * (u64)(size < 0 ? -size : size);
}

/* Values of instances that sys.getsizeof forgets. */
static u64 size_of_values(char *o, TypeInfo *t) {
    char *values;
    u64 size, prefix;
    if (layout.values == 3) { /* within the object, behind its structure: values, then their order in bytes */
        size = byte_at(o, t->basicsize);
        return 8 * (size + 1) + ((size + 7) & ~7ull);
    }
    values = pointer_at(o, layout.values_offset);
    if (layout.values == 2) values = (u64)values & 1 ? values + 1 : NULL;
    if (!values) return 0;
    prefix = byte_at(values, -1); /* order in bytes, before the values: their number + 2, rounded up to 8 */
    size = type_values_size(t);
    if (size > prefix - 2) size = prefix - 2;
    if (size + 9 < prefix) size = prefix - 9;
    return prefix + 8 * size;
}

u64 size_of(Walk *w, char *o, TypeInfo *t) {
    u64 size;
    (void)w;
    switch (t->sizing) {
    case SIZE_STR:
        if ((half_at(o, STR_STATE) & 0x60) == 0x60) size = (u64)layout.str_ascii + word_at(o, STR_LENGTH) + 1;
        else size = call(o, t); /* not compact ASCII: it may carry its UTF-8 besides */
        break;
    case SIZE_INT: size = size_of_int(o); break;
    case SIZE_LIST: size = (u64)t->basicsize + 8 * word_at(o, LIST_ALLOCATED); break;
    case SIZE_DICT: size = (u64)api.PyDict_SizeOf(o); break;
    case SIZE_CALL: size = call(o, t); break;
    case SIZE_ARRAY: size = array_size(o, t); break;
    default: size = size_of_items(o, t);
    }
    if (t->is_gc && !t->is_gc((PyObject *)o)) size += (u64)layout.static_pre; /* static types */
    else size += t->pre;
    if (t->inline_values && !layout.values_sized) size += size_of_values(o, t);
    return size;
}
