/* Takes what native_probe.py found out about this interpreter, and finds functions by name. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include "setup.h"

Layout layout;
Known known;
Api api;
ProbedField probed[MAX_PROBED];
int probed_count;

static void *symbol(const char *name) { return dlsym(RTLD_DEFAULT, name); }

static void find_functions(void) {
    *(void **)&api.PyInterpreterState_Get = symbol("PyInterpreterState_Get");
    *(void **)&api.PyInterpreterState_ThreadHead = symbol("PyInterpreterState_ThreadHead");
    *(void **)&api.PyThreadState_Next = symbol("PyThreadState_Next");
    *(void **)&api.PyThreadState_Get = symbol("PyThreadState_Get");
    *(void **)&api.PyCode_Addr2Line = symbol("PyCode_Addr2Line");
    *(void **)&api.PyUnstable_InterpreterFrame_GetLine = symbol("PyUnstable_InterpreterFrame_GetLine");
    *(void **)&api.PyFrame_GetLineNumber = symbol("PyFrame_GetLineNumber");
    *(void **)&api.PyDict_SizeOf = symbol("_PyDict_SizeOf");
    *(void **)&api.HashBuffer = symbol("Py_HashBuffer");
    if (!api.HashBuffer) *(void **)&api.HashBuffer = symbol("_Py_HashBytes");
    *(void **)&api.TraceMalloc_GetTraceback = symbol("_PyTraceMalloc_GetTraceback");
    *(void **)&api.PyType_GetDict = symbol("PyType_GetDict");
}

static int take_numbers(PyObject *numbers) {
#define X(name) { "" #name, &layout.name },
    static const struct { const char *name; long *into; } all[] = { LAYOUT_NUMBERS(X) };
#undef X
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        PyObject *value = PyDict_GetItemString(numbers, all[i].name);
        *all[i].into = value ? (long)PyLong_AsSsize_t(value) : -1;
        if (PyErr_Occurred()) return 0;
    }
    return 1;
}

static void take_types(PyObject *types) {
#define X(name) { "" #name, &known.name##_ },
    static const struct { const char *name; char **into; } all[] = { KNOWN_TYPES(X) };
#undef X
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        *all[i].into = (char *)PyDict_GetItemString(types, all[i].name); /* kept alive by who calls setup */
}

/* (type, kind, name, offset, explicit) each. */
static int take_fields(PyObject *fields) {
    Py_ssize_t count = PyList_Size(fields);
    probed_count = 0;
    for (Py_ssize_t i = 0; i < count && probed_count < MAX_PROBED; i++) {
        ProbedField *f = &probed[probed_count];
        PyObject *type;
        const char *name;
        int kind, explicit_;
        long offset;
        if (!PyArg_ParseTuple(PyList_GetItem(fields, i), "Oisli", &type, &kind, &name, &offset, &explicit_)) return 0;
        f->type = (char *)type;
        f->kind = (u8)kind;
        f->offset = (int32_t)offset;
        f->explicit_ = (u8)explicit_;
        f->length = (u16)(strlen(name) < sizeof f->name ? strlen(name) : sizeof f->name);
        memcpy(f->name, name, f->length);
        probed_count++;
    }
    return 1;
}

static PyCFunction function_in(PyObject *dict, const char *name) {
    PyObject *function = PyDict_GetItemString(dict, name);
    return function ? PyCFunction_GetFunction(function) : NULL;
}

int setup_take(PyObject *numbers, PyObject *types, PyObject *fields, PyObject *functions) {
    crc_setup();
    trust_setup();
    find_functions();
    take_types(types);
    if (!take_numbers(numbers) || !take_fields(fields)) return 0;
    api.gc_disable = function_in(functions, "gc_disable");
    api.gc_enable = function_in(functions, "gc_enable");
    api.gc_isenabled = function_in(functions, "gc_isenabled");
    return !PyErr_Occurred();
}

void *setup_symbol(const char *name) { return symbol(name); }
