#include "heap/options.h"
#include <string.h>
#include <unistd.h>
#include "heap/limits.h"

PyObject *option_in(const Python *py, PyObject *dict, const char *name) {
    PyObject *value = PyDict_GetItemString(dict, name);
    return value && (char *)value != py->types.None_ ? value : NULL;
}

static u64 number_in(const Python *py, PyObject *dict, const char *name, u64 otherwise) {
    PyObject *value = option_in(py, dict, name);
    return value ? (u64)PyLong_AsUnsignedLongLong(value) : otherwise;
}

int options_take(Options *o, const Python *py, PyObject *dict) {
    PyObject *meta = option_in(py, dict, "meta"), *bounds;
    memset(o, 0, sizeof *o);
    o->all = dict;
    o->pid = (u64)getpid();
    o->previews = number_in(py, dict, "previews", 0) != 0;
    o->census = number_in(py, dict, "census", 0) != 0;
    o->sites = number_in(py, dict, "sites", 0) != 0 && py->functions.TraceMalloc_GetTraceback;
    o->max_memory = number_in(py, dict, "max_bytes", 0);
    o->max_file = number_in(py, dict, "max_file", 0);
    o->max_nodes = number_in(py, dict, "max_nodes", MAX_NODES);
    o->max_edges = number_in(py, dict, "max_edges", MAX_EDGES);
    o->listed = option_in(py, dict, "listed");
    o->modules = option_in(py, dict, "modules");
    o->own = option_in(py, dict, "own");
    o->threads = option_in(py, dict, "threads");
    o->interpreter = option_in(py, dict, "interpreter");
    o->garbage = option_in(py, dict, "garbage");
    if ((bounds = option_in(py, dict, "lower_bounds"))) PyBytes_AsStringAndSize(bounds, (char **)&o->lower_bounds, &o->lower_bounds_size);
    secrets_take(&o->secrets, py, o->previews ? option_in(py, dict, "redact") : NULL);
    if (!meta) PyErr_SetString(PyExc_ValueError, "meta is missing");
    else PyBytes_AsStringAndSize(meta, (char **)&o->meta, &o->meta_size);
    if (!o->listed && py->layout.generation0 <= 0)
        PyErr_SetString(PyExc_ValueError, "the collector's lists are unknown: pass listed");
    return !PyErr_Occurred();
}
