#include "python/fields.h"
#include <string.h>

int probed_fields_take(ProbedFields *fields, PyObject *list) {
    Py_ssize_t count = PyList_Size(list);
    fields->count = 0;
    for (Py_ssize_t i = 0; i < count && fields->count < MAX_PROBED; i++) {
        ProbedField *f = &fields->items[fields->count];
        PyObject *type;
        const char *name;
        int kind, explicit_;
        long offset;
        if (!PyArg_ParseTuple(PyList_GetItem(list, i), "Oisli", &type, &kind, &name, &offset, &explicit_)) return 0;
        f->type = (char *)type;
        f->kind = (u8)kind;
        f->offset = (int32_t)offset;
        f->explicit_ = (u8)explicit_;
        f->length = (u16)(strlen(name) < sizeof f->name ? strlen(name) : sizeof f->name);
        memcpy(f->name, name, f->length);
        fields->count++;
    }
    return 1;
}
